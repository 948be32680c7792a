import { expect } from 'chai'
import { MIN_DURATION } from '../../helpers/actors.ts'
import { aggregateOf, namedPiece, onChain } from '../../helpers/podsi.ts'
import { deal, proveAggregatedDeal, proveDeal, type DealTerms } from './replicas.ts'
import {
  claim,
  claimed,
  DAY,
  KIND,
  loadFixture,
  mineUpTo,
  MINERS,
  open,
  OTHER_PIECE,
  PIECE,
  STATE,
  type Claimed,
  type World,
} from './world.ts'

const MAX_TERM = 360n * DAY

/** A deal for an aggregate in which the order's piece lies beside another. */
async function aggregated(w: World & { claim: Claimed }, terms: DealTerms = {}) {
  const { aggregate, segments } = aggregateOf([PIECE, OTHER_PIECE])
  return { aggregate, segments, d: await deal(w, { piece: aggregate, ...terms }) }
}

describe('PerpetualStorage', () => {
  describe('proveAggregatedDeal', () => {
    context('when the piece is proven to lie in the deal’s aggregate', () => {
      it('binds the deal and makes the slot active', async () => {
        const w = await loadFixture(claimed)
        const { storage, claim: c, stranger } = w
        const { segments, d } = await aggregated(w)

        const tx = proveAggregatedDeal(w, d, segments[0], stranger)

        await expect(tx)
          .to.emit(storage, 'SlotBound')
          .withArgs(c.slot, c.sp.miner, c.nonce, KIND.Deal, d.dealId, d.sector, 0n)
        await expect(tx)
          .to.emit(storage, 'SlotProven')
          .withArgs(c.slot, c.sp.miner, c.nonce, KIND.Deal, d.dealId, d.sector, d.start, d.start + MAX_TERM, 0n)
        expect((await storage.getSlot(c.slot)).state).to.equal(STATE.Active)
      })

      it('takes it from a controlling address, whatever the label says, and from nobody else', async () => {
        const w = await loadFixture(claimed)
        const { storage, claim: c, stranger } = w
        const { segments, d } = await aggregated(w, { label: '0x' })
        await expect(proveAggregatedDeal(w, d, segments[0], stranger))
          .to.be.revertedWithCustomError(storage, 'NotTheProviders')
          .withArgs(c.slot, d.dealId)
        await expect(proveAggregatedDeal(w, d, segments[0], c.sp.owner)).to.emit(storage, 'SlotProven')
      })

      it('takes one deal for the pieces of two orders that lie in it', async () => {
        const w = await loadFixture(claimed)
        const { storage, sps } = w
        const { segments, d } = await aggregated(w)
        const second = await claim(w, await open(w, { ...pieceFields(), replicas: 1n }), { sp: sps[0] })
        await proveAggregatedDeal(w, d, segments[0])
        await expect(proveAggregatedDeal({ ...w, claim: second }, d, segments[1]))
          .to.emit(storage, 'SlotProven')
          .withArgs(second.slot, MINERS[0], 1n, KIND.Deal, d.dealId, d.sector, d.start, d.start + MAX_TERM, 0n)
      })
    })

    context('when the proof is another', () => {
      it('reverts with WrongAggregate for the proof of another aggregate', async () => {
        const w = await loadFixture(claimed)
        const { aggregate, d } = await aggregated(w)
        const other = aggregateOf([PIECE], [namedPiece('elsewhere')])
        const [shown, stored] = [onChain(other.aggregate), onChain(aggregate)]
        await expect(proveAggregatedDeal(w, d, other.segments[0]))
          .to.be.revertedWithCustomError(w.storage, 'WrongAggregate')
          .withArgs(shown.digest, shown.size, stored.digest, stored.size)
      })

      it('refuses the proof of the piece beside it', async () => {
        const w = await loadFixture(claimed)
        const { segments, d } = await aggregated(w)
        await expect(proveAggregatedDeal(w, d, segments[1])).to.be.revertedWithCustomError(w.storage, 'RootMismatch')
      })

      it('refuses a path with a node changed', async () => {
        const w = await loadFixture(claimed)
        const { segments, d } = await aggregated(w)
        const proof = structuredClone(segments[0].proof)
        proof.proofSubtree.path[0] = `0x${'11'.repeat(31)}00`
        await expect(proveAggregatedDeal(w, d, { proof })).to.be.revertedWithCustomError(w.storage, 'RootMismatch')
      })

      it('refuses a deal of the piece itself: that is proven by itself', async () => {
        const w = await loadFixture(claimed)
        const { segments } = await aggregated(w)
        const d = await deal(w)
        await expect(proveAggregatedDeal(w, d, segments[0])).to.be.revertedWithCustomError(w.storage, 'WrongAggregate')
        await expect(proveDeal(w, d)).to.emit(w.storage, 'SlotProven')
      })
    })

    context('when the deal does not do', () => {
      it('reverts as for a deal of the piece alone', async () => {
        const w = await loadFixture(claimed)
        const { storage, claim: c } = w
        const inactive = await aggregated(w, { active: false })
        await expect(proveAggregatedDeal(w, inactive.d, inactive.segments[0]))
          .to.be.revertedWithCustomError(storage, 'DealNotActive')
          .withArgs(inactive.d.dealId)
        const others = await aggregated(w, { miner: MINERS[1] })
        await expect(proveAggregatedDeal(w, others.d, others.segments[0]))
          .to.be.revertedWithCustomError(storage, 'WrongProvider')
          .withArgs(MINERS[0], MINERS[1])
        const brief = await aggregated(w, { duration: MIN_DURATION, startIn: 20n })
        await mineUpTo(brief.d.start + 9n)
        await expect(proveAggregatedDeal(w, brief.d, brief.segments[0]))
          .to.be.revertedWithCustomError(storage, 'SlotTermTooShort')
          .withArgs(MIN_DURATION, MIN_DURATION - 10n)
        const long = await aggregated(w, { startIn: 30n })
        await expect(proveAggregatedDeal(w, { ...long.d, location: '0x822020' }, long.segments[0]))
          .to.be.revertedWithCustomError(storage, 'SectorNotActive')
          .withArgs(MINERS[0], long.d.sector)
        await mineUpTo(c.claimBy)
        await expect(proveAggregatedDeal(w, long.d, long.segments[0]))
          .to.be.revertedWithCustomError(storage, 'ClaimOver')
          .withArgs(c.claimBy, c.claimBy + 1n)
      })
    })
  })
})

/** The other piece, as an order names it. */
function pieceFields() {
  const { digest, size } = onChain(OTHER_PIECE)
  return { pieceCid: `0x0181e203922020${digest.slice(2)}`, pieceSize: size }
}
