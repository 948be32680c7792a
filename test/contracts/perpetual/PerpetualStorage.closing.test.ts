import { expect } from 'chai'
import { moved } from './money.ts'
import { activeByDeal, deal, minerOf, proveDeal, settle } from './replicas.ts'
import { claim, claimed, claimedWith, DAY, loadFixture, mineUpTo, now, otherSlot, PRICE, SAID, STATE } from './world.ts'

const MAX_TERM = 360n * DAY
const GAP = 7n * DAY
const GRACE = 7n * DAY
const WINDOW = 30n * DAY
const FETCH = DAY

async function cancelledClaim() {
  const w = await claimed()
  await w.storage.cancel(w.claim.orderId)
  return w
}

/** A replica one epoch before its end, settled just before. */
async function beforeTheEnd() {
  const w = await activeByDeal()
  const { end } = await w.storage.getSlot(w.claim.slot)
  await mineUpTo(end - 3n)
  await settle(w, w.deal)
  return { ...w, end }
}

describe('PerpetualStorage', () => {
  describe('abandon', () => {
    it('gives the reservation back to the order, the collateral less 5 % to its poster, the fee to the sink', async () => {
      const w = await loadFixture(claimed)
      const { storage, claim: c } = w
      const fee = (c.collateral * 5n) / 100n

      const change = await moved(w, c.orderId, async () => {
        await expect(storage.connect(c.sp.owner).abandon(c.slot))
          .to.emit(storage, 'SlotClosed')
          .withArgs(c.slot, 1000n, 1n, STATE.Abandoned, PRICE * MAX_TERM, c.collateral - fee, 0n, 0n, fee)
      })

      const reserved = PRICE * MAX_TERM
      expect(change).to.deep.equal({ free: reserved, reserved: -reserved, worker: c.collateral - fee, sink: fee })
      expect((await storage.getSlot(c.slot)).state).to.equal(STATE.Abandoned)
    })

    it('is possible up to the last epoch of the time to fetch, and not after', async () => {
      const w = await loadFixture(claimed)
      const { storage, claim: c } = w
      const last = c.claimedEpoch + FETCH
      await mineUpTo(last)

      await expect(storage.connect(c.sp.worker).abandon(c.slot))
        .to.be.revertedWithCustomError(storage, 'FetchWindowOver')
        .withArgs(last, last + 1n)
    })

    it('is possible at the last epoch of the time to fetch', async () => {
      const w = await loadFixture(claimed)
      await mineUpTo(w.claim.claimedEpoch + FETCH - 1n)

      await w.storage.connect(w.claim.sp.worker).abandon(w.claim.slot)

      expect((await w.storage.getSlot(w.claim.slot)).state).to.equal(STATE.Abandoned)
    })

    it('is no way out of a lapse, where the claim’s time is shorter than the time to fetch', async () => {
      const terms = { claimEpochs: 14n * DAY, fetchEpochs: 14n * DAY }
      const w = await loadFixture(() => claimedWith({ terms }))
      await proveDeal(w, await deal(w, { startIn: 10n }))
      const { end } = await w.storage.getSlot(w.claim.slot)
      await mineUpTo(end - 3n * DAY)
      const next = await claim(w, w.claim, { slot: otherSlot(w.claim.slot), sp: w.sps[1] })
      expect(next.claimBy).to.equal(end - DAY)
      await mineUpTo(next.claimBy)

      await expect(w.storage.connect(w.sps[1].worker).abandon(next.slot))
        .to.be.revertedWithCustomError(w.storage, 'FetchWindowOver')
        .withArgs(next.claimBy, next.claimBy + 1n)
    })

    it('is the provider’s alone', async () => {
      const w = await loadFixture(claimed)
      for (const from of [w.client, w.stranger, w.sps[1].worker]) {
        await expect(w.storage.connect(from).abandon(w.claim.slot))
          .to.be.revertedWithCustomError(w.storage, 'NotControlling')
          .withArgs(1000n, from.address)
      }
    })

    it('reverts with WrongSlotState for what is active', async () => {
      const w = await loadFixture(activeByDeal)

      await expect(w.storage.connect(w.claim.sp.worker).abandon(w.claim.slot))
        .to.be.revertedWithCustomError(w.storage, 'WrongSlotState')
        .withArgs(w.claim.slot, STATE.Active)
    })

    it('E 8: leaves the client nothing by a seed that is dead', async () => {
      const w = await loadFixture(claimed)
      const { claim: c } = w
      const reserved = PRICE * MAX_TERM

      const change = await moved(w, c.orderId, () => w.storage.connect(c.sp.worker).abandon(c.slot))

      expect(change.client).to.equal(undefined)
      expect(change.free).to.equal(reserved)
    })
  })

  describe('lapse', () => {
    it('gives the reservation back, sends the collateral to the sink, and bars the provider and its owner', async () => {
      const w = await loadFixture(claimed)
      const { storage, claim: c, stranger } = w
      const { owner } = await storage.getSlot(c.slot)
      await mineUpTo(c.claimBy)
      const until = c.claimBy + 1n + 30n * DAY

      const change = await moved(w, c.orderId, async () => {
        const tx = storage.connect(stranger).lapse(c.slot)
        await expect(tx)
          .to.emit(storage, 'SlotClosed')
          .withArgs(c.slot, 1000n, 1n, STATE.Lapsed, PRICE * MAX_TERM, 0n, 0n, 0n, c.collateral)
        await expect(tx).to.emit(storage, 'Barred').withArgs(c.orderId, 1000n, owner, until)
      })

      const reserved = PRICE * MAX_TERM
      expect(change).to.deep.equal({ free: reserved, reserved: -reserved, sink: c.collateral })
      expect(await storage.barredUntil(c.orderId, 1000n)).to.equal(until)
      expect(await storage.barredUntil(c.orderId, owner)).to.equal(until)
      expect(await storage.barredUntil(c.orderId, 1001n)).to.equal(0n)
    })

    it('gives the reservation to the client of a cancelled order', async () => {
      const w = await loadFixture(cancelledClaim)
      await mineUpTo(w.claim.claimBy)

      const change = await moved(w, w.claim.orderId, () => w.storage.lapse(w.claim.slot))

      const reserved = PRICE * MAX_TERM
      expect(change).to.deep.equal({ reserved: -reserved, client: reserved, sink: w.claim.collateral })
    })

    it('reverts with NotLapsed at the last epoch of the claim', async () => {
      const w = await loadFixture(claimed)
      await mineUpTo(w.claim.claimBy - 1n)

      await expect(w.storage.lapse(w.claim.slot))
        .to.be.revertedWithCustomError(w.storage, 'NotLapsed')
        .withArgs(w.claim.claimBy, w.claim.claimBy)
    })

    it('reverts with WrongSlotState for what is active, and for what has lapsed', async () => {
      const w = await loadFixture(activeByDeal)
      await expect(w.storage.lapse(w.claim.slot))
        .to.be.revertedWithCustomError(w.storage, 'WrongSlotState')
        .withArgs(w.claim.slot, STATE.Active)
      const second = await claim(w, w.claim, { sp: w.sps[1] })
      await mineUpTo(second.claimBy)
      await w.storage.lapse(second.slot)

      await expect(w.storage.lapse(second.slot))
        .to.be.revertedWithCustomError(w.storage, 'WrongSlotState')
        .withArgs(second.slot, STATE.Lapsed)
    })
  })

  describe('cut', () => {
    it('gives unproven time older than the gap back to the order', async () => {
      const w = await loadFixture(activeByDeal)
      const { storage, claim: c, deal: d } = w
      await mineUpTo(d.start + GAP + 4n)

      const change = await moved(w, c.orderId, async () => {
        await expect(storage.connect(w.stranger).cut(c.slot))
          .to.emit(storage, 'SlotCut')
          .withArgs(c.slot, 1000n, 1n, d.start + 5n, 5n * PRICE)
      })

      expect(change).to.deep.equal({ free: 5n * PRICE, reserved: -5n * PRICE })
      expect((await storage.getSlot(c.slot)).settleBy).to.equal(d.start + 5n + GAP)
    })

    it('reverts with NothingToCut at the last epoch of the gap', async () => {
      const w = await loadFixture(activeByDeal)
      await mineUpTo(w.deal.start + GAP - 1n)

      await expect(w.storage.cut(w.claim.slot))
        .to.be.revertedWithCustomError(w.storage, 'NothingToCut')
        .withArgs(w.claim.slot)
    })

    it('reverts with NothingToCut before a start that is ahead', async () => {
      const w = await loadFixture(claimed)
      await proveDeal(w, await deal(w, { startIn: 1_000n }))

      await expect(w.storage.cut(w.claim.slot))
        .to.be.revertedWithCustomError(w.storage, 'NothingToCut')
        .withArgs(w.claim.slot)
    })

    it('leaves the last gap before the end, however late it is called', async () => {
      const w = await loadFixture(activeByDeal)
      const { storage, claim: c, deal: d } = w
      const { end } = await storage.getSlot(c.slot)
      await mineUpTo(end + 100n * DAY)

      const change = await moved(w, c.orderId, () => storage.cut(c.slot))

      const amount = (end - GAP - d.start) * PRICE
      expect(change).to.deep.equal({ free: amount, reserved: -amount })
    })

    it('reverts with WrongSlotState for a claim', async () => {
      const w = await loadFixture(claimed)

      await expect(w.storage.cut(w.claim.slot))
        .to.be.revertedWithCustomError(w.storage, 'WrongSlotState')
        .withArgs(w.claim.slot, STATE.Claimed)
    })
  })

  describe('resign', () => {
    it('gives what is not proven and the collateral to the order, and no bounty', async () => {
      const w = await loadFixture(activeByDeal)
      const { storage, claim: c, deal: d } = w
      const { end } = await storage.getSlot(c.slot)
      await mineUpTo(d.start + 99n)
      await settle(w, d)
      const left = (end - d.start - 100n) * PRICE

      const change = await moved(w, c.orderId, async () => {
        await expect(storage.connect(c.sp.worker).resign(c.slot))
          .to.emit(storage, 'SlotClosed')
          .withArgs(c.slot, 1000n, 1n, STATE.Resigned, left, 0n, c.collateral, 0n, 0n)
      })

      expect(change).to.deep.equal({ free: left + c.collateral, reserved: -left })
      expect(await storage.earnedOf(1000n)).to.equal(100n * PRICE)
    })

    it('opens the seat at once', async () => {
      const w = await loadFixture(activeByDeal)
      await w.storage.connect(w.claim.sp.worker).resign(w.claim.slot)

      const next = await claim(w, w.claim, { slot: w.claim.slot, sp: w.sps[1] })

      expect(next.nonce).to.equal(2n)
    })

    it('is the provider’s alone', async () => {
      const w = await loadFixture(activeByDeal)
      for (const from of [w.client, w.stranger, w.sps[1].owner]) {
        await expect(w.storage.connect(from).resign(w.claim.slot))
          .to.be.revertedWithCustomError(w.storage, 'NotControlling')
          .withArgs(1000n, from.address)
      }
    })

    it('is possible at the last epoch of the term', async () => {
      const w = await loadFixture(beforeTheEnd)

      await w.storage.connect(w.claim.sp.worker).resign(w.claim.slot)

      expect((await w.storage.getSlot(w.claim.slot)).state).to.equal(STATE.Resigned)
    })

    it('reverts with TermOver at the end', async () => {
      const w = await loadFixture(beforeTheEnd)
      await mineUpTo(w.end - 1n)

      await expect(w.storage.connect(w.claim.sp.worker).resign(w.claim.slot))
        .to.be.revertedWithCustomError(w.storage, 'TermOver')
        .withArgs(w.end, w.end)
    })

    it('reverts with WrongSlotState for a claim', async () => {
      const w = await loadFixture(claimed)

      await expect(w.storage.connect(w.claim.sp.worker).resign(w.claim.slot))
        .to.be.revertedWithCustomError(w.storage, 'WrongSlotState')
        .withArgs(w.claim.slot, STATE.Claimed)
    })
  })

  describe('release', () => {
    it('A 27: needs no actor: the tail is the order’s, the collateral its poster’s', async () => {
      const w = await loadFixture(activeByDeal)
      const { storage, claim: c, deal: d } = w
      const { end } = await storage.getSlot(c.slot)
      await mineUpTo(end + GRACE - 1n)
      const left = (end - d.start) * PRICE

      const change = await moved(w, c.orderId, async () => {
        await expect(storage.connect(w.stranger).release(c.slot))
          .to.emit(storage, 'SlotClosed')
          .withArgs(c.slot, 1000n, 1n, STATE.Ended, left, c.collateral, 0n, 0n, 0n)
      })

      expect(change).to.deep.equal({ free: left, reserved: -left, worker: c.collateral })
    })

    it('reverts with NotReleasable one epoch early', async () => {
      const w = await loadFixture(activeByDeal)
      const { end } = await w.storage.getSlot(w.claim.slot)
      await mineUpTo(end + GRACE - 2n)

      await expect(w.storage.release(w.claim.slot))
        .to.be.revertedWithCustomError(w.storage, 'NotReleasable')
        .withArgs(end + GRACE, end + GRACE - 1n)
    })

    it('reverts with WrongSlotState for a claim, however old', async () => {
      const w = await loadFixture(claimed)
      await mineUpTo((await now()) + 2n * MAX_TERM)

      await expect(w.storage.release(w.claim.slot))
        .to.be.revertedWithCustomError(w.storage, 'WrongSlotState')
        .withArgs(w.claim.slot, STATE.Claimed)
    })
  })

  describe('a slot that is closed', () => {
    it('stays as it is, whatever is called', async () => {
      const w = await loadFixture(activeByDeal)
      const { storage, claim: c } = w
      await (await minerOf(w)).terminateSector(w.deal.sector)
      await settle(w, w.deal, SAID.None)
      const sp = storage.connect(c.sp.worker)

      for (const call of [
        () => sp.abandon(c.slot),
        () => sp.lapse(c.slot),
        () => sp.cut(c.slot),
        () => sp.resign(c.slot),
        () => sp.release(c.slot),
        () => proveDeal(w, w.deal),
      ]) {
        await expect(call()).to.be.revertedWithCustomError(storage, 'WrongSlotState').withArgs(c.slot, STATE.Lost)
      }
    })

    it('was never: no call knows a seat beyond the order’s', async () => {
      const { storage, claim: c } = await loadFixture(claimed)
      const slot = c.slot + 32n

      for (const call of [
        () => storage.abandon(slot),
        () => storage.lapse(slot),
        () => storage.cut(slot),
        () => storage.resign(slot),
        () => storage.release(slot),
        () => storage.getSlot(slot),
        () => storage.proveSector(slot, '0x'),
      ]) {
        await expect(call()).to.be.revertedWithCustomError(storage, 'UnknownSlot').withArgs(slot)
      }
    })
  })

  it('leaves nothing in a window: a successor is claimed while the old replica is still paid', async () => {
    const w = await loadFixture(activeByDeal)
    const { storage, claim: c } = w
    const { end } = await storage.getSlot(c.slot)
    await mineUpTo(end - WINDOW / 2n)
    const next = await claim(w, c, { slot: otherSlot(c.slot), sp: w.sps[1] })
    const live = await storage.slotsOf(c.orderId)

    expect(live.map(({ slot, state }) => [slot, state])).to.deep.equal([
      [c.slot, STATE.Active],
      [next.slot, STATE.Claimed],
    ])
  })
})
