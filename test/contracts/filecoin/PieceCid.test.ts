import { expect } from 'chai'
import { hexlify } from 'ethers'
import { CID } from 'multiformats/cid'
import { connect } from '../../helpers/network.ts'

const { ethers, networkHelpers } = await connect()
const { loadFixture } = networkHelpers

const DIGEST = `0x${'ab'.repeat(31)}07`
const bare = DIGEST.slice(2)
const V1 = `0x0181e203922020${bare}`

/** A piece CID v2: `padding` is a varint in hex. */
const v2 = (padding: string, height: string, length = 33 + padding.length / 2) =>
  `0x01559120${length.toString(16).padStart(2, '0')}${padding}${height}${bare}`

describe('PieceCid', () => {
  async function deployed() {
    return ethers.deployContract('PieceCidHarness')
  }

  describe('encode', () => {
    it('puts the header before the digest', async () => {
      const harness = await loadFixture(deployed)
      expect(await harness.encode(DIGEST)).to.equal(V1)
    })

    it('gives what multiformats prints as baga…', async () => {
      const harness = await loadFixture(deployed)
      const text = 'baga6ea4seaqhig7zxtolhvxd7w66hi5ovnwuruh7svgs7futx5lthsjktgbmqci'
      const cid = CID.parse(text)
      expect(await harness.encode(cid.multihash.digest)).to.equal(hexlify(cid.bytes))
    })
  })

  describe('decode', () => {
    it('returns the digest', async () => {
      const harness = await loadFixture(deployed)
      expect(await harness.decode(V1)).to.equal(DIGEST)
    })

    for (const [title, cid] of [
      ['nothing', '0x'],
      ['38 bytes', V1.slice(0, -2)],
      ['the 40 bytes of an actor’s CBOR', `0x00${V1.slice(2)}`],
      ['a byte more', `${V1}00`],
      ['another codec', V1.replace('0181e203', '0181e202')],
      ['another hash', V1.replace('922020', '912020')],
      ['another digest length', V1.replace('922020', '92201f')],
      ['a piece CID v2', v2('00', '02')],
    ] as const) {
      it(`refuses ${title}`, async () => {
        const harness = await loadFixture(deployed)
        await expect(harness.decode(cid)).to.be.revertedWithCustomError(harness, 'NotAPieceCid').withArgs(cid)
      })
    }
  })

  describe('decodeV2 (FRC-0069)', () => {
    for (const [title, cid, size] of [
      ['the smallest tree, 128 bytes', v2('00', '02'), 128n],
      ['a padding of one byte less than the payload’s room', v2('7e', '02'), 128n],
      ['a padding of two bytes', v2('fd01', '03'), 256n],
      ['32 GiB', v2('00', '1e'), 1n << 35n],
      ['a padding of nine bytes', v2('ffffffffffffffff7e', '3a'), 1n << 63n],
    ] as const) {
      it(`takes ${title}`, async () => {
        const harness = await loadFixture(deployed)
        expect(await harness.decodeV2(cid)).to.deep.equal([DIGEST, size])
      })
    }

    it('finds the root and size that version 1 has for the same 1000 bytes', async () => {
      const harness = await loadFixture(deployed)
      const version2 = CID.parse('bafkzcibccacyb5amm3uy3fv4vcq4mpmpelezctzlc4pl7okk4bckwoq2k6kxsey')
      const version1 = CID.parse('baga6ea4seaqib5amm3uy3fv4vcq4mpmpelezctzlc4pl7okk4bckwoq2k6kxsey')
      expect(await harness.decodeV2(version2.bytes)).to.deep.equal([hexlify(version1.multihash.digest), 1024n])
    })

    for (const [title, cid] of [
      ['nothing', '0x'],
      ['a v1', V1],
      ['a v1 with a padding’s worth more', `${V1}00`],
      ['another codec', v2('00', '02').replace('0x0155', '0x0170')],
      ['another hash', v2('00', '02').replace('9120', '9220')],
      ['a digest length of one less', v2('00', '02', 33)],
      ['a digest length of one more', v2('00', '02', 35)],
      ['no padding at all', `0x0155912021${'02'}${bare}`],
      ['a tree of one level', v2('00', '01')],
      ['a tree whose size needs 65 bits', v2('00', '3b')],
      ['a padding as large as the payload’s room', v2('7f', '02')],
      ['a padding that is not minimal', v2('8000', '02')],
      ['a padding with no end', v2('80', '02')],
      ['a padding that ends early', v2('0000', '02')],
      ['a padding of ten bytes', v2('ffffffffffffffffff01', '3a')],
      ['a padding of 41 bytes, whose one bit lies beyond a word', v2(`${'80'.repeat(40)}01`, '02')],
      ['a padding of 200 bytes', v2('80'.repeat(200), '02')],
    ] as const) {
      it(`refuses ${title}`, async () => {
        const harness = await loadFixture(deployed)
        await expect(harness.decodeV2(cid)).to.be.revertedWithCustomError(harness, 'NotAPieceCid').withArgs(cid)
      })
    }
  })

  describe('isPieceSize', () => {
    it('is true for powers of two from 128', async () => {
      const harness = await loadFixture(deployed)
      for (let size = 128n; size < 1n << 64n; size <<= 1n) expect(await harness.isPieceSize(size)).to.equal(true)
    })

    it('is false for 0, for what is smaller and for what is no power of two', async () => {
      const harness = await loadFixture(deployed)
      for (const size of [0n, 1n, 2n, 64n, 127n, 129n, 192n, (1n << 35n) + 128n, (1n << 64n) - 1n]) {
        expect(await harness.isPieceSize(size)).to.equal(false)
      }
    })
  })
})
