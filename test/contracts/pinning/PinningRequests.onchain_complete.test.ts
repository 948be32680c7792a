import { expect } from 'chai'
import { onChain } from '../../helpers/podsi.ts'
import {
  loadFixture,
  makeDeal,
  MARKET,
  MINERS,
  OTHER_PIECE,
  pack,
  PIECE,
  REWARD,
  STATE,
  submit,
  world,
} from './world.ts'

/** A request that is *Packed*, and a running deal for its piece as it is. */
async function packedDirect() {
  const w = await world()
  const { id } = await submit(w, { replicas: 2n })
  await pack(w, id)
  return { ...w, id, deal: await makeDeal(PIECE) }
}

describe('PinningRequests', () => {
  describe('onchain_complete', () => {
    it("A 24: counts a deal for the piece itself and pays the piece's operators", async () => {
      const { pinning, stranger, owners, id, deal } = await loadFixture(packedDirect)
      const { digest, size } = onChain(PIECE)

      const tx = pinning.connect(stranger).onchain_complete(id, MARKET, deal.dealId, deal.providerId)

      await expect(tx).to.emit(pinning, 'CompleteAggregatorRequest').withArgs(id, deal.dealId)
      await expect(tx)
        .to.emit(pinning, 'ReplicaProven')
        .withArgs(id, deal.dealId, deal.providerId, deal.end, digest, size)
      expect((await pinning.getRequest(id)).state).to.equal(STATE.Storing)
      expect(await pinning.creditOf(owners[0])).to.equal(REWARD / 2n)
    })

    it('makes the request Stored with the last replica', async () => {
      const { pinning, id, deal } = await loadFixture(packedDirect)
      const second = await makeDeal(PIECE, { providerId: MINERS[1] })
      await pinning.onchain_complete(id, MARKET, deal.dealId, deal.providerId)

      await expect(pinning.onchain_complete(id, MARKET, second.dealId, second.providerId))
        .to.emit(pinning, 'Stored')
        .withArgs(id)
    })

    it('A 24: reverts with WrongAggregate for a deal that stores something else', async () => {
      const { pinning, id } = await loadFixture(packedDirect)
      const other = await makeDeal(OTHER_PIECE)
      const [expected, actual] = [onChain(PIECE), onChain(OTHER_PIECE)]

      await expect(pinning.onchain_complete(id, MARKET, other.dealId, other.providerId))
        .to.be.revertedWithCustomError(pinning, 'WrongAggregate')
        .withArgs(expected.digest, expected.size, actual.digest, actual.size)
    })

    it('reverts with WrongAggregate for a deal with the piece at another size', async () => {
      const { pinning, id } = await loadFixture(packedDirect)
      const larger = await makeDeal({ ...PIECE, size: 4n * PIECE.size })
      const { digest, size } = onChain(PIECE)

      await expect(pinning.onchain_complete(id, MARKET, larger.dealId, larger.providerId))
        .to.be.revertedWithCustomError(pinning, 'WrongAggregate')
        .withArgs(digest, size, digest, 4n * size)
    })

    it('reverts with WrongMarketActor for a market that is not the built-in one', async () => {
      const { pinning, id, deal } = await loadFixture(packedDirect)

      await expect(pinning.onchain_complete(id, 6n, deal.dealId, deal.providerId))
        .to.be.revertedWithCustomError(pinning, 'WrongMarketActor')
        .withArgs(MARKET, 6n)
    })

    it('reverts with WrongProvider for a provider that does not hold the deal', async () => {
      const { pinning, id, deal } = await loadFixture(packedDirect)

      await expect(pinning.onchain_complete(id, MARKET, deal.dealId, MINERS[2]))
        .to.be.revertedWithCustomError(pinning, 'WrongProvider')
        .withArgs(MINERS[2], MINERS[0])
    })

    it('reverts with DealAlreadyCounted for the same deal again', async () => {
      const { pinning, id, deal } = await loadFixture(packedDirect)
      await pinning.onchain_complete(id, MARKET, deal.dealId, deal.providerId)

      await expect(pinning.onchain_complete(id, MARKET, deal.dealId, deal.providerId))
        .to.be.revertedWithCustomError(pinning, 'DealAlreadyCounted')
        .withArgs(id, deal.dealId)
    })
  })
})
