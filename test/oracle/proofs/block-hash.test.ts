import { createHash } from 'node:crypto'
import { expect } from 'chai'
import { CID } from 'multiformats/cid'
import * as raw from 'multiformats/codecs/raw'
import { create as createDigest } from 'multiformats/hashes/digest'
import { describe, it } from 'mocha'
import { blockMatches, isKnownHash } from '../../../oracle/proofs/block-hash.ts'

const bytes = Buffer.from('content')
const cidOf = (code: number, digest: Uint8Array) => CID.createV1(raw.code, createDigest(code, digest))

describe('block hashes', () => {
  for (const [name, code, algorithm] of [
    ['sha1', 0x11, 'sha1'],
    ['sha2-256', 0x12, 'sha256'],
    ['sha2-512', 0x13, 'sha512'],
    ['blake2b-512', 0xb240, 'blake2b512'],
  ] as const) {
    it(`tell the bytes of a CID by ${name} from others`, () => {
      const cid = cidOf(code, createHash(algorithm).update(bytes).digest())

      expect(blockMatches(cid, bytes)).to.equal(true)
      expect(blockMatches(cid, Buffer.from('forged'))).to.equal(false)
    })
  }

  it('know the block that stands in its CID', () => {
    expect(blockMatches(cidOf(0, bytes), bytes)).to.equal(true)
    expect(blockMatches(cidOf(0, bytes), Buffer.from('forged'))).to.equal(false)
  })

  it('take a digest cut to 20 bytes, not a shorter one', () => {
    const digest = createHash('sha256').update(bytes).digest()

    expect(blockMatches(cidOf(0x12, digest.subarray(0, 20)), bytes)).to.equal(true)
    expect(blockMatches(cidOf(0x12, digest.subarray(0, 19)), bytes)).to.equal(false)
    expect(blockMatches(cidOf(0x12, new Uint8Array()), bytes)).to.equal(false)
  })

  it('match nothing by a function that is not known', () => {
    expect(isKnownHash(0xb220)).to.equal(false)
    expect(blockMatches(cidOf(0xb220, new Uint8Array(32)), bytes)).to.equal(false)
  })
})
