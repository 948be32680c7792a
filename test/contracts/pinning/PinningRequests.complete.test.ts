import { expect } from 'chai'
import { localMarket } from '../../helpers/actors.ts'
import { aggregateOf, namedPiece, onChain, pieceCid } from '../../helpers/podsi.ts'
import {
  CID,
  complete,
  FEE,
  inOneBlock,
  lastRequest,
  LINK,
  loadFixture,
  makeDeal,
  MARKET,
  MIN_TERM,
  MINERS,
  mineUpTo,
  now,
  OTHER_CID,
  OTHER_PIECE,
  pack,
  packed,
  packedWith,
  PIECE,
  REGISTRY_STATE,
  REWARD,
  STAGE_FEES,
  STATE,
  storedPiece,
  submit,
  terms,
  world,
} from './world.ts'

const FAR = 3_000_000n

async function threeReplicas() {
  return packedWith({ replicas: 3n })
}

async function packedForNothing() {
  return packedWith({ rewardPerReplica: 0n })
}

async function withLongDeadline() {
  return packedWith({ deadlineEpoch: FAR })
}

async function withShortTerm() {
  return packedWith({ deadlineEpoch: FAR, minTermEpochs: 1n })
}

async function withExistingDeal() {
  const w = await world()
  return { ...w, existing: await storedPiece() }
}

describe('PinningRequests', () => {
  describe('complete', () => {
    context('when the only deal is shown', () => {
      it('makes the request Stored and says so', async () => {
        const w = await loadFixture(packed)
        const { pinning, id, deal, segment, aggregate } = w
        const { digest, size } = onChain(aggregate)

        const tx = complete(w, id, deal, segment)

        await expect(tx).to.emit(pinning, 'CompleteAggregatorRequest').withArgs(id, deal.dealId)
        await expect(tx)
          .to.emit(pinning, 'ReplicaProven')
          .withArgs(id, deal.dealId, deal.providerId, deal.end, digest, size)
        await expect(tx).to.emit(pinning, 'Stored').withArgs(id)
        const request = await pinning.getRequest(id)
        expect([request.state, request.proven, request.reward]).to.deep.equal([STATE.Stored, 1n, 0n])
      })

      it('keeps the deal as it was proven', async () => {
        const w = await loadFixture(packed)
        const { pinning, id, deal, segment, aggregate } = w
        await complete(w, id, deal, segment)

        const { digest, size } = onChain(aggregate)
        expect((await pinning.dealsOf(id)).map((shown) => [...shown])).to.deep.equal([
          [deal.dealId, deal.providerId, MARKET, await now(), deal.start, deal.end, size, digest],
        ])
      })

      it('returns the aggregate', async () => {
        const w = await loadFixture(packed)
        const { pinning, id, deal, segment, aggregate } = w
        const { proof, verifierData } = segment

        const aux = await pinning.complete.staticCall(id, MARKET, deal.dealId, deal.providerId, proof, verifierData)

        expect([...aux]).to.deep.equal([pieceCid(aggregate), aggregate.size])
      })

      it('concludes the request in the registry, which pays for its last stage', async () => {
        const w = await loadFixture(packed)
        const { registry, id, deal, segment, owners } = w
        const before = await registry.creditOf(owners[0])

        await expect(complete(w, id, deal, segment))
          .to.emit(registry, 'RequestConcluded')
          .withArgs(id, 2n)

        expect((await registry.getRequest(id)).state).to.equal(REGISTRY_STATE.Answered)
        expect(await registry.creditOf(owners[0])).to.equal(before + STAGE_FEES[2] / 2n)
      })

      it('pays the operators that packed the piece, not who shows the deal', async () => {
        const w = await loadFixture(packed)
        const { pinning, id, deal, segment, owners, stranger } = w

        const tx = complete(w, id, deal, segment)

        await expect(tx)
          .to.emit(pinning, 'Credited')
          .withArgs(owners[0], id, REWARD / 2n)
        await expect(tx)
          .to.emit(pinning, 'Credited')
          .withArgs(owners[1], id, REWARD / 2n)
        expect(await pinning.creditOf(owners[0])).to.equal(REWARD / 2n)
        expect(await pinning.creditOf(owners[1])).to.equal(REWARD / 2n)
        expect(await pinning.creditOf(owners[2])).to.equal(0n)
        expect(await pinning.creditOf(stranger)).to.equal(0n)
        expect(await pinning.liabilities()).to.equal(REWARD)
      })

      it('pays nothing where nothing was promised', async () => {
        const w = await loadFixture(packedForNothing)
        const { pinning, id, deal, segment } = w

        await expect(complete(w, id, deal, segment)).not.to.emit(pinning, 'Credited')

        expect(await pinning.liabilities()).to.equal(0n)
      })
    })

    context('A 22: when a proof is copied from the pool and sent first', () => {
      it('pays the same operators and leaves nothing for the second', async () => {
        const w = await loadFixture(packed)
        const { pinning, id, deal, segment, owners, stranger } = w
        await complete(w, id, deal, segment, { from: stranger })

        await expect(complete(w, id, deal, segment, { from: owners[0] }))
          .to.be.revertedWithCustomError(pinning, 'NotCompletable')
          .withArgs(id, STATE.Stored)
        expect(await pinning.creditOf(stranger)).to.equal(0n)
        expect(await pinning.creditOf(owners[0])).to.equal(REWARD / 2n)
      })
    })

    context('when several replicas were asked for', () => {
      it('is Storing from the first deal and Stored with the last', async () => {
        const w = await loadFixture(threeReplicas)
        const { pinning, registry, id, aggregate, segment } = w
        const states = []
        for (const providerId of MINERS) {
          await complete(w, id, await makeDeal(aggregate, { providerId }), segment)
          const { state, proven, reward } = await pinning.getRequest(id)
          states.push([state, proven, reward])
        }

        expect(states).to.deep.equal([
          [STATE.Storing, 1n, 2n * REWARD],
          [STATE.Storing, 2n, REWARD],
          [STATE.Stored, 3n, 0n],
        ])
        expect((await registry.getRequest(id)).state).to.equal(REGISTRY_STATE.Answered)
      })

      it('says neither Stored nor concludes before the last', async () => {
        const w = await loadFixture(threeReplicas)
        const { pinning, registry, id, deal, segment } = w

        const tx = complete(w, id, deal, segment)

        await expect(tx).not.to.emit(pinning, 'Stored')
        await expect(tx).not.to.emit(registry, 'RequestConcluded')
      })

      it('accepts deals for different aggregates of the same piece', async () => {
        const w = await loadFixture(threeReplicas)
        const { pinning, id, deal, segment } = w
        await complete(w, id, deal, segment)
        const other = aggregateOf([namedPiece('first'), PIECE], [])
        const second = await makeDeal(other.aggregate, { providerId: MINERS[1] })

        await complete(w, id, second, other.segments[1])

        expect((await pinning.getRequest(id)).proven).to.equal(2n)
      })
    })

    context('A 21: when the pieces of two requests share one deal', () => {
      it('counts the deal once for each', async () => {
        const w = await loadFixture(world)
        const { pinning, owners } = w
        const first = await submit(w)
        const second = await submit(w, {}, { cid: OTHER_CID })
        await pack(w, first.id, PIECE)
        await pack(w, second.id, OTHER_PIECE)
        const { aggregate, segments } = aggregateOf([PIECE, OTHER_PIECE], [])
        const deal = await makeDeal(aggregate)

        await complete(w, first.id, deal, segments[0])
        await complete(w, second.id, deal, segments[1])

        expect((await pinning.getRequest(first.id)).state).to.equal(STATE.Stored)
        expect((await pinning.getRequest(second.id)).state).to.equal(STATE.Stored)
        expect(await pinning.creditOf(owners[0])).to.equal(REWARD)
      })
    })

    context('A 21: when existing deals are allowed', () => {
      it('counts a deal that was activated before the request', async () => {
        const w = await loadFixture(withExistingDeal)
        const { pinning, existing } = w
        const { id } = await submit(w, { allowExistingDeals: true })
        await pack(w, id)

        await complete(w, id, existing.deal, existing.segment)

        expect((await pinning.getRequest(id)).state).to.equal(STATE.Stored)
      })
    })

    context('at the edges of what is accepted', () => {
      it('takes a deal at the deadline', async () => {
        const w = await loadFixture(packed)
        const { pinning, id, deadline, deal, segment } = w
        await mineUpTo(deadline - 1n)

        await expect(complete(w, id, deal, segment)).to.emit(pinning, 'Stored')
      })

      it('takes a deal that runs on for exactly the least term', async () => {
        const w = await loadFixture(withLongDeadline)
        const { pinning, id, deal, segment } = w
        await mineUpTo(deal.end - MIN_TERM - 1n)

        await expect(complete(w, id, deal, segment)).to.emit(pinning, 'Stored')
      })

      it('takes a deal in its first epoch', async () => {
        const w = await loadFixture(packed)
        const { pinning, id, segment, aggregate } = w
        const deal = await makeDeal(aggregate, { startIn: 100n })
        await mineUpTo(deal.start - 1n)

        await expect(complete(w, id, deal, segment)).to.emit(pinning, 'Stored')
      })

      it('takes a deal in its last epoch when one epoch is asked for', async () => {
        const w = await loadFixture(withShortTerm)
        const { pinning, id, deal, segment } = w
        await mineUpTo(deal.end - 2n)

        await expect(complete(w, id, deal, segment)).to.emit(pinning, 'Stored')
      })

      it('takes a deal that is activated in the epoch of the request', async () => {
        const w = await loadFixture(world)
        const { pinning, registry, requester } = w
        const { aggregate, segments } = aggregateOf([PIECE])
        const deal = await makeDeal(aggregate, { startIn: 50n, active: false })
        const market = await localMarket()
        const given = await terms()
        await inOneBlock(async () => {
          await market.activate(deal.dealId, 1n)
          await pinning.connect(requester).submitWithTerms(CID, LINK, given, { value: FEE + REWARD })
        })
        const id = await lastRequest({ registry })
        await pack(w, id)
        await mineUpTo(deal.start)

        await expect(complete(w, id, deal, segments[0])).to.emit(pinning, 'Stored')
      })
    })
  })
})
