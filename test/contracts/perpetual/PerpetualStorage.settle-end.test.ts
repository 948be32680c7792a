import { expect } from 'chai'
import { moved } from './money.ts'
import { activeByDeal, activeBySector, deal, minerOf, proveDeal, settle } from './replicas.ts'
import { claimed, DAY, loadFixture, mineUpTo, PRICE, SAID, STATE } from './world.ts'

const GAP = 7n * DAY
const GRACE = 7n * DAY

/** A replica that was settled half a gap before its end, and is at its end. */
async function atTheEnd() {
  const w = await activeByDeal()
  const { end } = await w.storage.getSlot(w.claim.slot)
  await mineUpTo(end - GAP / 2n - 1n)
  await settle(w, w.deal)
  await mineUpTo(end - 1n)
  return { ...w, end, tail: (GAP / 2n) * PRICE }
}

/** A replica at the end of its deal, settled half a gap before; somebody had the market settle the deal. */
async function whenTheDealIsSettled() {
  const w = await claimed()
  const made = await deal(w, { startIn: 10n, duration: 200n * DAY })
  await proveDeal(w, made)
  await mineUpTo(made.end - GAP / 2n - 1n)
  await settle(w, made)
  await mineUpTo(made.end)
  await w.market.settle([made.dealId])
  return { ...w, deal: made, tail: (GAP / 2n) * PRICE }
}

async function bySectorAtTheEnd() {
  const w = await activeBySector()
  const { end } = await w.storage.getSlot(w.claim.slot)
  await mineUpTo(end - 1n)
  return { ...w, end }
}

describe('PerpetualStorage', () => {
  describe('settle', () => {
    context('from the end on', () => {
      it('pays the tail and gives the collateral back while the deal can be read', async () => {
        const w = await loadFixture(atTheEnd)
        const { storage, claim: c, tail, end } = w

        const change = await moved(w, c.orderId, async () => {
          const tx = settle(w, { location: '0x' }, SAID.None)
          await expect(tx).to.emit(storage, 'SlotPaid').withArgs(c.slot, c.sp.miner, c.nonce, end, tail)
          await expect(tx)
            .to.emit(storage, 'SlotClosed')
            .withArgs(c.slot, c.sp.miner, c.nonce, STATE.Ended, 0n, c.collateral, 0n, 0n, 0n)
        })

        expect(change).to.deep.equal({ reserved: -tail, earned: tail, worker: c.collateral })
      })

      it('pays one gap of the tail at most', async () => {
        const w = await loadFixture(activeByDeal)
        const { storage, claim: c, deal: d } = w
        const { end } = await storage.getSlot(c.slot)
        await mineUpTo(end + 50n)

        const change = await moved(w, c.orderId, () => settle(w, d))

        const term = (end - d.start) * PRICE
        const paid = GAP * PRICE
        expect(change).to.deep.equal({ free: term - paid, reserved: -term, earned: paid, worker: c.collateral })
      })

      it('gives the tail to the order when the replica was last shown faulty', async () => {
        const w = await loadFixture(activeByDeal)
        const { storage, claim: c, deal: d } = w
        const { end } = await storage.getSlot(c.slot)
        await (await minerOf(w)).faultSector(d.sector)
        await mineUpTo(end - 101n)
        await settle(w, d, SAID.Faulty)
        await mineUpTo(end)

        const change = await moved(w, c.orderId, () => settle(w, { location: '0x' }, SAID.None))

        expect(change).to.deep.equal({ free: 100n * PRICE, reserved: -100n * PRICE, worker: c.collateral })
      })

      it('E 3: pays the tail by the living sector when somebody settled the deal', async () => {
        const w = await loadFixture(whenTheDealIsSettled)
        const { claim: c, tail, deal: d } = w

        const change = await moved(w, c.orderId, () => settle(w, d))

        expect(change).to.deep.equal({ reserved: -tail, earned: tail, worker: c.collateral })
      })

      it('E 3: gives the tail to the order and the collateral back when deal and sector are gone', async () => {
        const w = await loadFixture(whenTheDealIsSettled)
        const { storage, claim: c, tail, deal: d } = w
        await (await minerOf(w)).terminateSector(d.sector)
        for (const said of [SAID.None, SAID.Active, SAID.Dead]) {
          await expect(settle(w, d, said))
            .to.be.revertedWithCustomError(storage, 'Unproven')
            .withArgs(c.slot)
        }
        await mineUpTo(d.end + GRACE)

        const change = await moved(w, c.orderId, () => settle(w, d, SAID.Dead))

        expect(change).to.deep.equal({ free: tail, reserved: -tail, worker: c.collateral })
        expect((await storage.getSlot(c.slot)).state).to.equal(STATE.Ended)
      })

      it('E 4: terminated a day before the end and shown only after, it loses the tail, not the collateral', async () => {
        const w = await loadFixture(atTheEnd)
        const { storage, claim: c, tail, deal: d, end } = w
        await (await minerOf(w)).terminateSector(d.sector)

        await expect(settle(w, d, SAID.Dead))
          .to.be.revertedWithCustomError(storage, 'Unproven')
          .withArgs(c.slot)
        await expect(settle(w, d, SAID.None))
          .to.be.revertedWithCustomError(storage, 'Unproven')
          .withArgs(c.slot)
        await mineUpTo(end + GRACE)
        const change = await moved(w, c.orderId, () => settle(w, d, SAID.None))

        expect(change).to.deep.equal({ free: tail, reserved: -tail, worker: c.collateral })
        expect((await storage.getSlot(c.slot)).state).to.equal(STATE.Ended)
      })

      it('takes a living sector of direct data as evidence, and no other word', async () => {
        const w = await loadFixture(bySectorAtTheEnd)
        const { storage, claim: c } = w

        for (const said of [SAID.None, SAID.Faulty, SAID.Dead]) {
          await expect(settle(w, w.sector, said))
            .to.be.revertedWithCustomError(storage, 'Unproven')
            .withArgs(c.slot)
        }
        await expect(settle(w, w.sector)).to.emit(storage, 'SlotPaid')

        expect((await storage.getSlot(c.slot)).state).to.equal(STATE.Ended)
      })

      it('takes a fault for no evidence of life', async () => {
        const w = await loadFixture(bySectorAtTheEnd)
        await (await minerOf(w)).faultSector(w.sector.number)

        await expect(settle(w, w.sector, SAID.Faulty))
          .to.be.revertedWithCustomError(w.storage, 'Unproven')
          .withArgs(w.claim.slot)
      })

      it('is settled once', async () => {
        const w = await loadFixture(atTheEnd)
        await settle(w, w.deal)

        await expect(settle(w, w.deal))
          .to.be.revertedWithCustomError(w.storage, 'WrongSlotState')
          .withArgs(w.claim.slot, STATE.Ended)
      })
    })
  })
})
