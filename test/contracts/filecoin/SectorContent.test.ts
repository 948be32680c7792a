import { expect } from 'chai'
import { concat } from 'ethers'
import { connect } from '../../helpers/network.ts'
import vectors from '../../vectors/actors.json' with { type: 'json' }

const { ethers, networkHelpers } = await connect()
const { loadFixture } = networkHelpers

const CID = `0x0181e203922020${'ab'.repeat(32)}`
const PIECE_SIZE = 1n << 35n
const COMMITMENT = 1_521_280n

/** [[sector 7, commitment epoch, [[piece, size, 00]]]] */
const ONE = vectors.SectorContentChanged.params
const SECTOR = `0x${ONE.slice(4)}`
const PIECE = `0x${SECTOR.slice(18)}`
const HEAD = SECTOR.slice(0, 16)

describe('SectorContent', () => {
  async function deployed() {
    return { harness: await ethers.deployContract('SectorContentHarness') }
  }

  describe('decode', () => {
    it('reads what a miner actor sends', async () => {
      const { harness } = await loadFixture(deployed)
      expect(await harness.decode(ONE)).to.deep.equal([[7n, COMMITMENT, [[CID, PIECE_SIZE, '0x00']]]])
    })

    it('reads several pieces of several sectors', async () => {
      const { harness } = await loadFixture(deployed)
      const params = concat(['0x83', HEAD, '0x82', PIECE, PIECE, SECTOR, HEAD, '0x80'])
      const piece = [CID, PIECE_SIZE, '0x00']
      expect(await harness.decode(params)).to.deep.equal([
        [7n, COMMITMENT, [piece, piece]],
        [7n, COMMITMENT, [piece]],
        [7n, COMMITMENT, []],
      ])
    })

    it('reads no sectors', async () => {
      const { harness } = await loadFixture(deployed)
      expect(await harness.decode('0x80')).to.deep.equal([])
    })

    it('reads a commitment epoch below zero as it is', async () => {
      const { harness } = await loadFixture(deployed)
      expect(await harness.decode('0x8183072080')).to.deep.equal([[7n, -1n, []]])
    })

    it('reads the shortest pieces that there are', async () => {
      const { harness } = await loadFixture(deployed)
      const piece = '83d82a41000040'
      expect(await harness.decode(`0x8183000082${piece}${piece}`)).to.deep.equal([
        [
          0n,
          0n,
          [
            ['0x', 0n, '0x'],
            ['0x', 0n, '0x'],
          ],
        ],
      ])
    })

    for (const [what, params, error, ...args] of [
      ['a sector of two parts', '0x8182071900ff80', 'CborWrongLength', 1n, 3n, 2n],
      ['a piece of four parts', ONE.replace('8183d82a', '8184d82a'), 'CborWrongLength', 9n, 3n, 4n],
      ['a payload that is text', `${ONE.slice(0, -4)}6100`, 'CborWrongType', 63n, 2n, 3n],
      ['a sector that is cut off', ONE.slice(0, -2), 'CborTruncated', 64n, 1n, 0n],
      ['bytes behind it', `${ONE}00`, 'CborTrailing', 65n, 66n],
      ['more sectors than the bytes can hold', `0x82${'83010180'}`, 'CborTruncated', 1n, 8n, 4n],
      ['more pieces than the bytes can hold', `0x8183010182${'83d82a41000040'}`, 'CborTruncated', 5n, 14n, 7n],
      ['2⁶⁴ − 1 sectors', '0x9bffffffffffffffff', 'CborTruncated', 9n, (1n << 64n) - 1n, 0n],
    ] as const) {
      it(`reverts with ${error} for ${what}`, async () => {
        const { harness } = await loadFixture(deployed)
        await expect(harness.decode(params))
          .to.be.revertedWithCustomError(harness, error)
          .withArgs(...args)
      })
    }
  })

  describe('encodeAccepted', () => {
    it('is what the miner actor takes for one accepted piece', async () => {
      const { harness } = await loadFixture(deployed)
      expect(await harness.encodeAccepted([[true]])).to.equal(vectors.SectorContentChanged.accepted)
    })

    it('nests the answers as the sectors and pieces came', async () => {
      const { harness } = await loadFixture(deployed)
      expect(await harness.encodeAccepted([[true, false], [], [false]])).to.equal('0x8382f5f48081f4')
      expect(await harness.encodeAccepted([])).to.equal('0x80')
    })

    it('writes longer heads where there are more', async () => {
      const { harness } = await loadFixture(deployed)
      const pieces = Array.from({ length: 300 }, (_, index) => index % 3 === 0)
      const flags = pieces.map((accepted) => (accepted ? 'f5' : 'f4')).join('')
      expect(await harness.encodeAccepted([pieces])).to.equal(`0x8199012c${flags}`)
      expect(await harness.encodeAccepted(Array.from({ length: 24 }, () => []))).to.equal(`0x9818${'80'.repeat(24)}`)
    })
  })
})
