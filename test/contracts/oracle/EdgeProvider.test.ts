import { expect } from 'chai'
import { AbiCoder, ZeroHash } from 'ethers'
import { edgeWorld, ethers, GIB, JOB, loadFixture, PROVIDER } from './edge-world.ts'

const abi = AbiCoder.defaultAbiCoder()
const DIGEST = `0x${'d1'.repeat(32)}`
const CID = '0x0155122000'
const LINK = '0x2f697034'

describe('EdgeProvider', () => {
  const deployed = () => edgeWorld()

  it('knows its registry, its provider and the jobs', async () => {
    const { registry, edge } = await loadFixture(deployed)
    expect([await edge.registry(), await edge.providerId()]).to.deep.equal([await registry.getAddress(), PROVIDER])
    const jobs = [edge.PIN(), edge.STORE(), edge.STATUS(), edge.FETCH(), edge.PACK()]
    expect(await Promise.all(jobs)).to.deep.equal([1n, 2n, 3n, 4n, 5n])
  })

  describe('quote', () => {
    it("is the registry's", async () => {
      const { registry, edge } = await loadFixture(deployed)
      for (const job of Object.values(JOB)) {
        for (const maxBytes of [1n, GIB]) {
          expect(await edge.quote(job, maxBytes)).to.equal(await registry.quote(PROVIDER, job, maxBytes))
        }
      }
    })

    it('refuses an unknown job', async () => {
      const { registry, edge } = await loadFixture(deployed)
      await expect(edge.quote(9, GIB)).to.be.revertedWithCustomError(registry, 'UnknownJob').withArgs(PROVIDER, 9n)
    })
  })

  const store = [CID, LINK, 3n, 518_400n, true, DIGEST, 2048n] as const
  const status = [7n, 2n, 1000n, DIGEST, 2048n, 90n, 100n, -1n] as const
  const kinds = {
    Pin: { type: 'tuple(bytes,bytes)', value: [CID, LINK], args: [CID, LINK] },
    Pack: { type: 'tuple(bytes,bytes)', value: [CID, LINK], args: [CID, LINK] },
    Store: { type: 'tuple(bytes,bytes,uint16,uint64,bool,bytes32,uint64)', value: store, args: [store] },
    Fetch: { type: 'tuple(bytes,bytes)', value: [LINK, CID], args: [LINK, CID] },
    Status: { type: 'tuple(uint64)', value: [7n], args: [7n] },
    Pinned: { type: 'tuple(uint64)', value: [99n], args: [[99n]] },
    Fetched: { type: 'tuple(uint64)', value: [1n << 40n], args: [[1n << 40n]] },
    Packed: { type: 'tuple(bytes32,uint64,uint64)', value: [DIGEST, 2048n, 99n], args: [[DIGEST, 2048n, 99n]] },
    Reported: {
      type: 'tuple(uint64,uint8,uint64,bytes32,uint64,int64,int64,int64)',
      value: status,
      args: [status],
    },
  } as const

  for (const [kind, { type, value, args }] of Object.entries(kinds)) {
    const encoding = abi.encode([type], [value])

    describe(`encode${kind} and decode${kind}`, () => {
      it('write the struct as abi.encode does, and read it back', async () => {
        const { edge } = await loadFixture(deployed)
        expect(await edge.getFunction(`encode${kind}`).staticCall(...args)).to.equal(encoding)
        expect(await edge.getFunction(`decode${kind}`).staticCall(encoding)).to.deep.equal(value)
      })

      it('refuse bytes to spare', async () => {
        const { edge } = await loadFixture(deployed)
        const length = BigInt((encoding.length - 2) / 2)
        await expect(edge.getFunction(`decode${kind}`).staticCall(`${encoding}00`))
          .to.be.revertedWithCustomError(edge, 'WrongLength')
          .withArgs(length, length + 1n)
      })

      it('refuse bytes that are missing', async () => {
        const { edge } = await loadFixture(deployed)
        await expect(edge.getFunction(`decode${kind}`).staticCall(encoding.slice(0, -2))).to.revert(ethers)
        await expect(edge.getFunction(`decode${kind}`).staticCall('0x')).to.revert(ethers)
      })
    })
  }

  it('refuses numbers that do not fit their type', async () => {
    const { edge } = await loadFixture(deployed)
    await expect(edge.decodePinned(abi.encode(['uint256'], [1n << 64n]))).to.revert(ethers)
    await expect(edge.decodeReported(abi.encode(Array(8).fill('uint256'), [7, 5, 0, ZeroHash, 0, 0, 0, 0]))).to.revert(
      ethers,
    )
  })
})
