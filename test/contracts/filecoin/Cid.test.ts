import { expect } from 'chai'
import { concat, hexlify } from 'ethers'
import { CID } from 'multiformats/cid'
import { connect } from '../../helpers/network.ts'

const { ethers, networkHelpers } = await connect()
const { loadFixture } = networkHelpers

const DIGEST = 'ab'.repeat(32)
const V0 = `0x1220${DIGEST}`
const V1 = `0x01701220${DIGEST}`

/** Cid.Fault */
const Fault = {
  Empty: 0,
  TooLong: 1,
  Truncated: 2,
  VarintTooLong: 3,
  VarintNotMinimal: 4,
  UnknownVersion: 5,
  TrailingBytes: 6,
}

describe('Cid', () => {
  async function deployed() {
    return ethers.deployContract('CidHarness')
  }

  const accepts = (title: string, cid: string, parts: [bigint, bigint, bigint, bigint]) =>
    it(`takes ${title}`, async () => {
      const harness = await loadFixture(deployed)
      expect(await harness.decode(cid)).to.deep.equal(parts)
      await harness.requireValid(cid)
    })

  const refuses = (title: string, cid: string, fault: keyof typeof Fault) =>
    it(`refuses ${title}: ${fault}`, async () => {
      const harness = await loadFixture(deployed)
      const shown = fault === 'TooLong' ? '0x' : cid
      for (const call of [() => harness.decode(cid), () => harness.requireValid(cid)]) {
        await expect(call()).to.be.revertedWithCustomError(harness, 'InvalidCid').withArgs(shown, Fault[fault])
      }
    })

  describe('what is a CID', () => {
    accepts('version 0', V0, [0n, 0x70n, 0x12n, 32n])
    accepts('version 1, dag-pb, sha2-256', V1, [1n, 0x70n, 0x12n, 32n])
    accepts('a piece CID', `0x0181e203922020${DIGEST}`, [1n, 0xf101n, 0x1012n, 32n])
    accepts('a raw block, identity hash', '0x015500026869', [1n, 0x55n, 0n, 2n])
    accepts('an empty identity hash', '0x01550000', [1n, 0x55n, 0n, 0n])
    accepts('a digest of 64 bytes', `0x01551340${DIGEST}${DIGEST}`, [1n, 0x55n, 0x13n, 64n])
    accepts('the longest, 128 bytes', `0x0155007c${'00'.repeat(124)}`, [1n, 0x55n, 0n, 124n])
    accepts('a codec of 63 bits', `0x01ffffffffffffffff7f1220${DIGEST}`, [1n, (1n << 63n) - 1n, 0x12n, 32n])

    for (const text of [
      'QmbWqxBEKC3P8tqsKc98xmWNzrzDtRLMiMPL8wBuTGsMnR',
      'bafybeib6lrvnuh7um4htzq4zrlqr654wpgxt5iy65hrcv6xkk2z7psj7s4',
      'baga6ea4seaqhig7zxtolhvxd7w66hi5ovnwuruh7svgs7futx5lthsjktgbmqci',
      'bafkqaaa',
    ]) {
      it(`reads ${text} as multiformats does`, async () => {
        const harness = await loadFixture(deployed)
        const { version, code, multihash, bytes } = CID.parse(text)
        expect(await harness.decode(hexlify(bytes))).to.deep.equal(
          [version, code, multihash.code, multihash.size].map(BigInt),
        )
      })
    }
  })

  describe('what is none', () => {
    refuses('nothing', '0x', 'Empty')
    refuses('129 bytes', `0x0155007d${'00'.repeat(125)}`, 'TooLong')
    refuses('100 kilobytes', `0x${'01'.repeat(100_000)}`, 'TooLong')
    refuses('version 0 that is a byte short', V0.slice(0, -2), 'UnknownVersion')
    refuses('version 0 that is a byte long', `${V0}00`, 'UnknownVersion')
    refuses('a multihash of 34 bytes other than sha2-256', `0x1320${DIGEST}`, 'UnknownVersion')
    refuses('version 2', V1.replace('0x01', '0x02'), 'UnknownVersion')
    refuses('version 3', V1.replace('0x01', '0x03'), 'UnknownVersion')
    refuses('the CID of an actor’s CBOR, with its 00', `0x00${V1.slice(2)}`, 'UnknownVersion')
    refuses(
      'text',
      hexlify(Buffer.from('bafybeib6lrvnuh7um4htzq4zrlqr654wpgxt5iy65hrcv6xkk2z7psj7s4')),
      'UnknownVersion',
    )
    refuses('a digest that is a byte short', V1.slice(0, -2), 'Truncated')
    refuses('a byte behind the digest', concat([V1, '0x00']), 'TrailingBytes')
    refuses('a digest length of 2^63 − 1', '0x017012ffffffffffffffff7f', 'Truncated')
    refuses('a version of two bytes', `0x8100701220${DIGEST}`, 'VarintNotMinimal')
    refuses('a codec with a zero on top', `0x01f0001220${DIGEST}`, 'VarintNotMinimal')
    refuses('a varint of ten bytes', `0x0180808080808080808001${'00'.repeat(20)}`, 'VarintTooLong')
    refuses('a varint without an end', `0x01${'ff'.repeat(20)}`, 'VarintTooLong')

    for (const [part, end] of [
      ['version', '0x81'],
      ['codec', '0x01'],
      ['codec, amid', '0x0181'],
      ['hash', '0x0170'],
      ['digest length', '0x017012'],
      ['digest', '0x01701220'],
    ] as const) {
      refuses(`one that ends before its ${part}`, end, 'Truncated')
    }
  })
})
