import { expect } from 'chai'
import { attempt } from './attempt.ts'
import { moved } from './money.ts'
import { activeByDeal, deal, minerOf, proveDeal, settle } from './replicas.ts'
import {
  CEILING,
  claim,
  claimed,
  DAY,
  loadFixture,
  mine,
  mineUpTo,
  otherSlot,
  PRICE,
  SAID,
  slotId,
  STATE,
  type Provider,
} from './world.ts'

const MAX_TERM = 360n * DAY
const WINDOW = 30n * DAY
const CLAIM = 7n * DAY
const MARGIN = DAY

/** An active replica whose renewal window has just opened. */
async function inWindow() {
  const w = await activeByDeal()
  const { end } = await w.storage.getSlot(w.claim.slot)
  await mineUpTo(end - WINDOW - 1n)
  return { ...w, end, order: w.claim, next: otherSlot(w.claim.slot) }
}

describe('PerpetualStorage', () => {
  describe('claim', () => {
    context('when the seat was used before', () => {
      it('A 33: closes a lapsed claim on the way', async () => {
        const w = await loadFixture(claimed)
        const { storage, claim: c, sps } = w
        await mineUpTo(c.claimBy)
        const second = { nonce: 2n, miner: 1001n, from: sps[1].worker }

        const change = await moved(w, c.orderId, async () => {
          const tx = attempt({ ...w, order: c }, second)
          await expect(tx)
            .to.emit(storage, 'SlotClosed')
            .withArgs(c.slot, 1000n, 1n, STATE.Lapsed, PRICE * MAX_TERM, 0n, 0n, 0n, c.collateral)
          await expect(tx).to.emit(storage, 'Barred')
        })

        expect(change).to.deep.equal({ sink: c.collateral, liabilities: c.collateral })
        const taken = await storage.getSlot(c.slot)
        expect([taken.nonce, taken.provider, taken.state]).to.deep.equal([2n, 1001n, STATE.Claimed])
      })

      it('does not let the one that lapsed take it again', async () => {
        const w = await loadFixture(claimed)
        const { storage, claim: c } = w
        await mineUpTo(c.claimBy)

        await expect(attempt({ ...w, order: c }, { nonce: 2n })).to.be.revertedWithCustomError(
          storage,
          'ProviderBarred',
        )
      })

      it('releases a replica whose time for evidence is over', async () => {
        const w = await loadFixture(activeByDeal)
        const { storage, claim: c } = w
        const { end } = await storage.getSlot(c.slot)
        await mineUpTo(end + 7n * DAY)

        await expect(attempt({ ...w, order: c }, { nonce: 2n, miner: 1001n, from: w.sps[1].worker }))
          .to.emit(storage, 'SlotClosed')
          .withArgs(c.slot, 1000n, 1n, STATE.Ended, PRICE * MAX_TERM, c.collateral, 0n, 0n, 0n)

        const taken = await storage.getSlot(c.slot)
        expect([taken.start, taken.end, taken.provenTo, taken.paid, taken.dealId, taken.sector]).to.deep.equal([
          ...[0n, 0n, 0n, 0n, 0n, 0n],
        ])
      })

      it('begins anew: nothing of the fault or the pay before is left', async () => {
        const w = await loadFixture(activeByDeal)
        const { storage, claim: c, deal: d, sps } = w
        await mine(10)
        await settle(w, d)
        await (await minerOf(w)).faultSector(d.sector)
        await settle(w, d, SAID.Faulty)
        await storage.connect(sps[0].worker).resign(c.slot)

        await attempt({ ...w, order: c }, { nonce: 2n, miner: 1001n, from: sps[1].worker })

        const { faultSince, paid, start, end, provenTo } = await storage.getSlot(c.slot)
        expect([faultSince, paid, start, end, provenTo]).to.deep.equal([0n, 0n, 0n, 0n, 0n])
      })

      it('opens the pair’s other seat while evidence of the first may still come', async () => {
        const w = await loadFixture(activeByDeal)
        const { storage, claim: c, sps } = w
        const { end } = await storage.getSlot(c.slot)
        await mineUpTo(end)

        await expect(attempt({ ...w, order: c }, { nonce: 2n, miner: 1001n, from: sps[1].worker }))
          .to.be.revertedWithCustomError(storage, 'SlotNotOpen')
          .withArgs(c.slot, end + 7n * DAY)
        await attempt({ ...w, order: c }, { slot: otherSlot(c.slot), miner: 1001n, from: sps[1].worker })

        expect((await storage.getSlot(otherSlot(c.slot))).price).to.equal(PRICE)
      })
    })

    context('A 36: in the renewal window of a replica', () => {
      it('is not open one epoch before it', async () => {
        const w = await loadFixture(activeByDeal)
        const { storage, claim: c } = w
        const { end } = await storage.getSlot(c.slot)
        await mineUpTo(end - WINDOW - 2n)
        const slot = otherSlot(c.slot)

        await expect(attempt({ ...w, order: c }, { slot }))
          .to.be.revertedWithCustomError(storage, 'SlotNotOpen')
          .withArgs(slot, end - WINDOW)
      })

      it('is the incumbent’s alone in its first third, at the base price', async () => {
        const w = await loadFixture(inWindow)
        const { storage, next, end, sps } = w
        const onlyUntil = end - WINDOW + WINDOW / 3n

        await expect(attempt(w, { slot: next, miner: 1001n, from: sps[1].worker }))
          .to.be.revertedWithCustomError(storage, 'IncumbentOnly')
          .withArgs(next, 1000n, onlyUntil)
        await mineUpTo(onlyUntil - 2n)
        await expect(attempt(w, { slot: next, miner: 1001n, from: sps[1].worker }))
          .to.be.revertedWithCustomError(storage, 'IncumbentOnly')
          .withArgs(next, 1000n, onlyUntil)
      })

      it('is at the base price for the incumbent up to the last epoch of that third', async () => {
        const w = await loadFixture(inWindow)
        await mineUpTo(w.end - WINDOW + WINDOW / 3n - 2n)

        await attempt(w, { slot: w.next })

        expect((await w.storage.getSlot(w.next)).price).to.equal(PRICE)
      })

      it('lets the incumbent succeed itself', async () => {
        const w = await loadFixture(inWindow)

        await attempt(w, { slot: w.next })

        const taken = await w.storage.getSlot(w.next)
        expect([taken.provider, taken.price, taken.claimBy]).to.deep.equal([1000n, PRICE, taken.claimedEpoch + CLAIM])
      })

      it('is anybody’s from the second third on, at a price that rises to the ceiling', async () => {
        const w = await loadFixture(inWindow)
        const { storage, next, end, sps, order } = w
        await mineUpTo(end - WINDOW + WINDOW / 3n - 1n)
        const third = PRICE + ((CEILING - PRICE) * (WINDOW / 3n)) / WINDOW

        const before = await storage.openSlotsOf(order.orderId)
        await attempt(w, { slot: next, miner: 1001n, from: sps[1].worker, minPrice: third })

        const taken = await storage.getSlot(next)
        expect([taken.provider, taken.price]).to.deep.equal([1001n, third])
        const [successor] = before.slots
        expect([successor.slot, successor.incumbent, successor.incumbentOnlyUntil]).to.deep.equal([
          ...[next, 1000n, end - WINDOW + WINDOW / 3n],
        ])
      })

      it('rises by the epoch, rounded down, and is proven before the old end less a day', async () => {
        const w = await loadFixture(inWindow)
        const { storage, next, end, sps } = w
        await mineUpTo(end - 2n * DAY - 1n)
        const elapsed = WINDOW - 2n * DAY

        await attempt(w, { slot: next, miner: 1001n, from: sps[1].worker })

        const taken = await storage.getSlot(next)
        expect(taken.price).to.equal(PRICE + ((CEILING - PRICE) * elapsed) / WINDOW)
        expect(taken.claimBy).to.equal(end - MARGIN)
      })

      it('is not open when a claim had less than a day to be proven', async () => {
        const w = await loadFixture(inWindow)
        const { storage, next, end, sps } = w
        await mineUpTo(end - 2n * DAY)

        await expect(attempt(w, { slot: next, miner: 1001n, from: sps[1].worker }))
          .to.be.revertedWithCustomError(storage, 'SlotNotOpen')
          .withArgs(next, end)
      })

      it('reserves the risen price, and is not open while the order cannot', async () => {
        const w = await loadFixture(inWindow)
        const { storage, next, end, order } = w
        const { free } = await storage.getOrder(order.orderId)
        const epoch = end - WINDOW / 2n
        const half = PRICE + (CEILING - PRICE) / 2n
        await mineUpTo(epoch - 3n)
        await storage.withdrawFree(order.orderId, free - half * MAX_TERM + 1n)

        const second = { slot: next, miner: 1001n, from: w.sps[1].worker }
        await mineUpTo(epoch - 1n)
        await expect(attempt(w, second)).to.be.revertedWithCustomError(storage, 'SlotNotOpen')
      })

      it('does not count the replica that leaves as one more vacancy', async () => {
        const w = await loadFixture(inWindow)
        const { storage, order } = w
        await storage.setReplicas(order.orderId, 1n)

        const { slots } = await storage.openSlotsOf(order.orderId)

        expect(slots.map(({ slot }) => slot)).to.deep.equal([w.next])
        const vacancy = { slot: slotId(order.orderId, 1), miner: 1001n, from: w.sps[1].worker }
        await expect(attempt(w, vacancy))
          .to.be.revertedWithCustomError(storage, 'SlotNotOpen')
          .withArgs(vacancy.slot, w.end)
      })

      it('does not open when the order wants fewer replicas than are settled', async () => {
        const w = await loadFixture(activeByDeal)
        const { storage, claim: c, sps } = w
        const later = await anotherOf(w, sps[1])
        await storage.setReplicas(c.orderId, 1n)
        const { end } = await storage.getSlot(c.slot)
        expect(later.end).to.be.greaterThan(end)
        await mineUpTo(end - WINDOW + 5n)

        await expect(attempt({ ...w, order: c }, { slot: otherSlot(c.slot) })).to.be.revertedWithCustomError(
          storage,
          'SlotNotOpen',
        )
      })
    })
  })
})

/** The same order's next slot, active a little later by another provider's deal. */
async function anotherOf(w: Awaited<ReturnType<typeof activeByDeal>>, sp: Provider) {
  await mine(5_000)
  const second = { ...w, claim: await claim(w, w.claim, { sp }) }
  await proveDeal(second, await deal(second, { startIn: 10n }))
  return w.storage.getSlot(second.claim.slot)
}
