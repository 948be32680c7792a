import { expect } from 'chai'
import { activeByDeal, deal, proveDeal } from './replicas.ts'
import {
  claim,
  claimed,
  DAY,
  loadFixture,
  mineUpTo,
  open,
  otherSlot,
  PIECE,
  PRICE,
  slotId,
  STATE,
  world,
} from './world.ts'

const MAX_TERM = 360n * DAY
const GAP = 7n * DAY
const YEAR = 365n * DAY
const WINDOW = 30n * DAY

/** Three orders of two replicas; the second is suspended. */
async function three() {
  const w = await world()
  const orders = [await open(w), await open(w), await open(w)]
  await w.storage.suspend(2n)
  return { ...w, orders }
}

describe('PerpetualStorage', () => {
  describe('openSlots', () => {
    it('shows what can be claimed in all orders, with all that a claim names', async () => {
      const { storage, orders } = await loadFixture(three)
      const [slots, next] = await storage.openSlots(0n, 200n)

      expect(slots.map(({ slot }) => slot)).to.deep.equal([
        ...[slotId(1n, 0), slotId(1n, 1), slotId(3n, 0), slotId(3n, 1)],
      ])
      expect(next).to.equal(0n)
      const { collateral } = orders[0].terms
      const [first] = slots
      expect([first.nonce, first.orderVersion, first.incumbent, first.incumbentOnlyUntil]).to.deep.equal([
        1n,
        1n,
        0n,
        0n,
      ])
      expect([first.pieceSize, first.price, first.collateral, first.maxTermEpochs]).to.deep.equal([
        ...[BigInt(PIECE.size), PRICE, collateral, MAX_TERM],
      ])
    })

    it('pages by orders: never within one, about as many as asked for', async () => {
      const { storage } = await loadFixture(three)

      const [first, next] = await storage.openSlots(0n, 1n)
      const [second, after] = await storage.openSlots(next, 1n)

      expect([first.length, next]).to.deep.equal([2, 2n])
      expect(second.map(({ slot }) => slot)).to.deep.equal([slotId(3n, 0), slotId(3n, 1)])
      expect(after).to.equal(0n)
    })

    it('shows nothing beyond the last order, or when asked for nothing', async () => {
      const { storage } = await loadFixture(three)

      expect((await storage.openSlots(4n, 10n))[0]).to.deep.equal([])
      expect((await storage.openSlots(0n, 0n))[0]).to.deep.equal([])
      expect((await storage.openSlots(0n, 1_000n))[0]).to.have.length(4)
    })
  })

  describe('openSlotsOf', () => {
    it('shows no more than the free money covers', async () => {
      const w = await loadFixture(world)
      const { orderId } = await open(w, { replicas: 3n, deposit: 2n * PRICE * MAX_TERM })

      const { slots } = await w.storage.openSlotsOf(orderId)

      expect(slots.map(({ slot }) => slot)).to.deep.equal([slotId(orderId, 0), slotId(orderId, 1)])
    })

    it('says when the next slot opens by time alone, while none is open', async () => {
      const w = await loadFixture(world)
      const order = await open(w, { replicas: 1n })
      const c = await claim(w, order)
      const whileClaimed = await w.storage.openSlotsOf(order.orderId)
      await proveDeal({ ...w, claim: c }, await deal({ ...w, claim: c }, { startIn: 10n }))
      const { end } = await w.storage.getSlot(c.slot)
      const whileActive = await w.storage.openSlotsOf(order.orderId)
      await w.storage.suspend(order.orderId)
      const suspended = await w.storage.openSlotsOf(order.orderId)

      expect([whileClaimed.slots.length, whileClaimed.nextEpoch]).to.deep.equal([0, c.claimBy + 1n])
      expect([whileActive.slots.length, whileActive.nextEpoch]).to.deep.equal([0, end - WINDOW])
      expect(suspended.nextEpoch).to.equal(0n)
    })

    it('shows a successor before vacancies', async () => {
      const w = await loadFixture(activeByDeal)
      const { end } = await w.storage.getSlot(w.claim.slot)
      await mineUpTo(end - WINDOW)

      const { slots } = await w.storage.openSlotsOf(w.claim.orderId)

      expect(slots.map(({ slot, incumbent }) => [slot, incumbent])).to.deep.equal([
        [otherSlot(w.claim.slot), 1000n],
        [slotId(w.claim.orderId, 1), 0n],
      ])
    })

    it('reverts with UnknownOrder', async () => {
      const { storage } = await loadFixture(world)

      await expect(storage.openSlotsOf(1n)).to.be.revertedWithCustomError(storage, 'UnknownOrder').withArgs(1n)
    })
  })

  describe('slotsOf', () => {
    it('lists the seats that were ever claimed', async () => {
      const w = await loadFixture(claimed)
      const second = await claim(w, w.claim, { sp: w.sps[1] })

      const slots = await w.storage.slotsOf(w.claim.orderId)

      expect(slots.map(({ slot, provider }) => [slot, provider])).to.deep.equal([
        [w.claim.slot, 1000n],
        [second.slot, 1001n],
      ])
    })
  })

  describe('slotsOfProvider', () => {
    it('shows what is to be proven and settled by when, of what is live', async () => {
      const w = await loadFixture(activeByDeal)
      const { storage, claim: c, deal: d, sps } = w
      const order = await open(w)
      const second = await claim(w, order)
      const third = await claim(w, await open(w))
      await storage.connect(sps[0].worker).abandon(third.slot)

      const [slots, total] = await storage.slotsOfProvider(1000n, 0n, 200n)

      expect(total).to.equal(3n)
      expect(slots.map(({ slot, state, settleBy, claimBy }) => [slot, state, settleBy, claimBy])).to.deep.equal([
        [c.slot, STATE.Active, d.start + GAP, c.claimBy],
        [second.slot, STATE.Claimed, 0n, second.claimBy],
      ])
    })

    it('shows a seat once, by the claim that holds it', async () => {
      const w = await loadFixture(claimed)
      const { storage, claim: c, sps } = w
      await storage.connect(sps[0].worker).abandon(c.slot)
      await claim(w, c)

      const [slots, total] = await storage.slotsOfProvider(1000n, 0n, 200n)
      const [later] = await storage.slotsOfProvider(1000n, 1n, 1n)

      expect([slots.length, slots[0].nonce, total, later.length]).to.deep.equal([1, 2n, 2n, 1])
    })
  })

  describe('payPerGibYear', () => {
    it('is the price for a year, per GiB of the piece', async () => {
      const w = await loadFixture(world)
      const { orderId } = await open(w)

      expect(await w.storage.payPerGibYear(orderId)).to.equal((PRICE * YEAR * (1n << 30n)) / BigInt(PIECE.size))
    })
  })

  describe('ordersOf', () => {
    it('lists a client’s orders by pages', async () => {
      const { storage, client, stranger } = await loadFixture(three)

      expect(await storage.ordersOf(client, 0n, 2n)).to.deep.equal([1n, 2n])
      expect(await storage.ordersOf(client, 2n, 2n)).to.deep.equal([3n])
      expect(await storage.ordersOf(stranger, 0n, 2n)).to.deep.equal([])
      expect(await storage.orderCount()).to.equal(3n)
    })
  })
})
