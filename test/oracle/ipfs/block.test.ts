import * as dagCbor from '@ipld/dag-cbor'
import * as dagJson from '@ipld/dag-json'
import * as dagPb from '@ipld/dag-pb'
import { expect } from 'chai'
import { CID } from 'multiformats/cid'
import * as raw from 'multiformats/codecs/raw'
import { create as createDigest } from 'multiformats/hashes/digest'
import { sha256, sha512 } from 'multiformats/hashes/sha2'
import { describe, it } from 'mocha'
import { linksOf, requireHash, requireReadable } from '../../../oracle/ipfs/block.ts'
import { BadBlock, DagTooLarge } from '../../../oracle/ipfs/errors.ts'
import { BLOCK_HASHES, digestOf } from '../../../oracle/proofs/block-hash.ts'
import { blockOf, cborNode, inlineCid, leaf, pbNode } from './fixtures.ts'

describe('requireReadable', () => {
  it('takes dag-pb, raw, dag-cbor and dag-json, hashed by any function a CAR is read with or not at all', async () => {
    const sha512Digest = await sha512.digest(Uint8Array.of(1))
    const { cid } = await leaf('x')

    for (const code of [raw.code, dagPb.code, dagCbor.code, dagJson.code])
      requireReadable(CID.createV1(code, cid.multihash))
    requireReadable(CID.createV1(raw.code, sha512Digest))
    for (const { code, algorithm } of BLOCK_HASHES)
      requireReadable(CID.createV1(raw.code, createDigest(code, digestOf({ algorithm }, Uint8Array.of(1)))))
    requireReadable(inlineCid('x'.repeat(128)))
    requireReadable(CID.createV0((await blockOf(dagPb.code, Uint8Array.of())).cid.multihash as never))
  })

  it('refuses another codec, another hash and a long identity digest', async () => {
    const { cid } = await leaf('x')

    expect(() => requireReadable(CID.createV1(0x78, cid.multihash))).to.throw(BadBlock, 'codec 0x78')
    expect(() => requireReadable(CID.createV1(raw.code, createDigest(0xb220, new Uint8Array(32))))).to.throw(
      BadBlock,
      'hash 0xb220',
    )
    expect(() => requireReadable(inlineCid('x'.repeat(129)))).to.throw(BadBlock, 'at most 128 bytes, got 129')
  })
})

describe('requireHash', () => {
  it('takes the bytes of the CID, of a truncated digest too', async () => {
    const { cid, bytes } = await leaf('content')
    const truncated = CID.createV1(raw.code, createDigest(sha256.code, cid.multihash.digest.subarray(0, 20)))

    requireHash(cid, bytes)
    requireHash(truncated, bytes)
  })

  it('refuses other bytes', async () => {
    const { cid } = await leaf('content')

    expect(() => requireHash(cid, Buffer.from('forged')))
      .to.throw(BadBlock, `${cid}: 6 bytes`)
      .with.property('reason', 'BadContent')
  })

  it('refuses a digest cut so short that a collision could be found', async () => {
    const { cid, bytes } = await leaf('content')
    const short = CID.createV1(raw.code, createDigest(sha256.code, cid.multihash.digest.subarray(0, 19)))

    expect(() => requireReadable(short)).to.throw(BadBlock, 'at least 20 bytes, got 19')
    expect(() => requireHash(short, bytes)).to.throw(BadBlock)
  })

  it('refuses a block over 4 MiB as too large', async () => {
    const { cid, bytes } = await leaf(new Uint8Array(4 * 1024 * 1024 + 1))

    expect(() => requireHash(cid, bytes))
      .to.throw(DagTooLarge)
      .with.property('reason', 'TooLarge')
  })
})

describe('linksOf', () => {
  it('gives none for raw bytes', async () => {
    const { cid, bytes } = await leaf('x')

    expect(linksOf(cid, bytes)).to.deep.equal([])
  })

  it('gives the links of dag-pb in their order, repetitions included', async () => {
    const [a, b] = [(await leaf('a')).cid, (await leaf('b')).cid]
    const { cid, bytes } = await pbNode([b, a, b])

    expect(linksOf(cid, bytes).map(String)).to.deep.equal([b, a, b].map(String))
  })

  it('gives the links of dag-cbor in the order of the bytes, also under keys that look like numbers', async () => {
    const [a, b, c] = [(await leaf('a')).cid, (await leaf('b')).cid, (await leaf('c')).cid]
    const { cid, bytes } = await cborNode({ a, '10': { deep: [b] }, '9': c })

    // canonical CBOR sorts keys by length, then by bytes: "9", "a", "10"
    expect(linksOf(cid, bytes).map(String)).to.deep.equal([c, a, b].map(String))
  })

  it('gives the links of dag-json in the order of the bytes, and does not take bytes for a link', async () => {
    const [a, b] = [(await leaf('a')).cid, (await leaf('b')).cid]
    const text = `{"a":{"/":"${a}"},"1":[{"/":"${b}"}],"z":{"/":{"bytes":"AQID"}},"/x":"${a}"}`
    const { cid, bytes } = await blockOf(dagJson.code, Buffer.from(text))

    expect(linksOf(cid, bytes).map(String)).to.deep.equal([a, b].map(String))
  })

  for (const code of [dagPb.code, dagCbor.code, dagJson.code]) {
    it(`refuses bytes that are not valid in codec 0x${code.toString(16)}`, async () => {
      const { cid, bytes } = await blockOf(code, Uint8Array.of(0xff, 0xff, 0xff))

      expect(() => linksOf(cid, bytes)).to.throw(BadBlock, `${cid}: not valid in its codec`)
    })
  }

  it('refuses nesting that no stack would hold', async () => {
    const { cid, bytes } = await blockOf(dagCbor.code, new Uint8Array(1_000_000).fill(0x81))

    expect(() => linksOf(cid, bytes)).to.throw(BadBlock)
  })
})
