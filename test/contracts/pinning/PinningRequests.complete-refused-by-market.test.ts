import { expect } from 'chai'
import { activateDeal, localMarket } from '../../helpers/actors.ts'
import { aggregateOf } from '../../helpers/podsi.ts'
import {
  complete,
  loadFixture,
  makeDeal,
  MARKET,
  MIN_TERM,
  MINERS,
  mineUpTo,
  now,
  pack,
  packed,
  packedWith,
  PIECE,
  submit,
  world,
} from './world.ts'

const FAR = 3_000_000n

async function withShortTerm() {
  return packedWith({ deadlineEpoch: FAR, minTermEpochs: 1n })
}

async function withLongDeadline() {
  return packedWith({ deadlineEpoch: FAR })
}

describe('PinningRequests', () => {
  describe('complete, refused', () => {
    context('by the market', () => {
      it('reverts with WrongMarketActor for a market that is not the built-in one', async () => {
        const w = await loadFixture(packed)
        const { pinning, id, deal, segment } = w

        for (const marketActorId of [0n, 4n, 6n, 1000n]) {
          await expect(complete(w, id, deal, segment, { marketActorId }))
            .to.be.revertedWithCustomError(pinning, 'WrongMarketActor')
            .withArgs(MARKET, marketActorId)
        }
      })

      it('reverts with DealUnknown for a deal that was never published', async () => {
        const w = await loadFixture(packed)
        const { pinning, id, deal, segment } = w
        const dealId = deal.dealId + 1n

        await expect(complete(w, id, { ...deal, dealId }, segment))
          .to.be.revertedWithCustomError(pinning, 'DealUnknown')
          .withArgs(dealId)
      })

      it('reverts with WrongProvider for a provider that does not hold the deal', async () => {
        const w = await loadFixture(packed)
        const { pinning, id, deal, segment } = w

        await expect(complete(w, id, { ...deal, providerId: MINERS[1] }, segment))
          .to.be.revertedWithCustomError(pinning, 'WrongProvider')
          .withArgs(MINERS[1], MINERS[0])
      })

      it('reverts with DealNotActive for a deal that is in no sector yet', async () => {
        const w = await loadFixture(packed)
        const { pinning, id, aggregate, segment } = w
        const deal = await makeDeal(aggregate, { providerId: MINERS[1], active: false, startIn: 20n })

        await expect(complete(w, id, deal, segment))
          .to.be.revertedWithCustomError(pinning, 'DealNotActive')
          .withArgs(deal.dealId)
      })

      it('reverts with DealRemoved for a deal that was terminated', async () => {
        const w = await loadFixture(packed)
        const { pinning, id, deal, segment } = w
        await (await localMarket()).terminate(deal.dealId)

        await expect(complete(w, id, deal, segment))
          .to.be.revertedWithCustomError(pinning, 'DealRemoved')
          .withArgs(deal.dealId)
      })

      it('A 21: reverts with DealTooOld for a deal that was activated before the request', async () => {
        const w = await loadFixture(world)
        const { pinning } = w
        const { aggregate, segments } = aggregateOf([PIECE])
        const deal = await makeDeal(aggregate, { startIn: 50n, active: false })
        await activateDeal(deal.dealId)
        const activated = await now()
        const { id } = await submit(w)
        await pack(w, id)
        await mineUpTo(deal.start)

        await expect(complete(w, id, deal, segments[0]))
          .to.be.revertedWithCustomError(pinning, 'DealTooOld')
          .withArgs(activated + 1n, activated)
      })

      it('A 22: reverts with DealNotStarted one epoch before the start', async () => {
        const w = await loadFixture(packed)
        const { pinning, id, aggregate, segment } = w
        const deal = await makeDeal(aggregate, { providerId: MINERS[1], startIn: 100n })
        await mineUpTo(deal.start - 2n)

        await expect(complete(w, id, deal, segment))
          .to.be.revertedWithCustomError(pinning, 'DealNotStarted')
          .withArgs(deal.start, deal.start - 1n)
      })

      it('A 22: reverts with DealExpired from the end on, though the market answers as if it ran', async () => {
        const w = await loadFixture(withShortTerm)
        const { pinning, id, deal, segment } = w
        await mineUpTo(deal.end - 1n)

        await expect(complete(w, id, deal, segment))
          .to.be.revertedWithCustomError(pinning, 'DealExpired')
          .withArgs(deal.end, deal.end)
      })

      it('A 22: reverts with TermTooShort when less than the least term is left', async () => {
        const w = await loadFixture(withLongDeadline)
        const { pinning, id, deal, segment } = w
        await mineUpTo(deal.end - MIN_TERM)

        await expect(complete(w, id, deal, segment))
          .to.be.revertedWithCustomError(pinning, 'TermTooShort')
          .withArgs(MIN_TERM, MIN_TERM - 1n)
      })
    })
  })
})
