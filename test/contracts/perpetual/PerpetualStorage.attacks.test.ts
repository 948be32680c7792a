import { expect } from 'chai'
import { moved } from './money.ts'
import {
  activeBySector,
  anotherClaim,
  deal,
  locationOf,
  minerOf,
  pieceOf,
  proveDeal,
  proveSector,
  sector,
  settle,
} from './replicas.ts'
import {
  claim,
  claimed,
  DAY,
  ethers,
  loadFixture,
  mineUpTo,
  newOrder,
  now,
  open,
  otherSlot,
  PIECE,
  PRICE,
  SAID,
  STATE,
  STATUS,
  world,
  type Claimed,
  type World,
} from './world.ts'

const MAX_TERM = 360n * DAY
const WINDOW = 30n * DAY

/** A replica in a sector, and the same provider's successor to it that goes on in that sector. */
async function extended() {
  const w = await activeBySector()
  const { storage, claim: c } = w
  const { end } = await storage.getSlot(c.slot)
  await mineUpTo(end - WINDOW)
  const next = await claim(w, c, { slot: otherSlot(c.slot) })
  await (await minerOf(w)).commitSector(w.sector.number, end + 540n * DAY)
  await storage.connect(c.sp.worker).proveExtension(next.slot, w.sector.location)
  return { ...w, next, end }
}

/** Three active replicas and one claim of one order. */
async function fourSlots() {
  const w = await world()
  const order = await open(w, { replicas: 4n, deposit: 5n * PRICE * MAX_TERM })
  const claims: Claimed[] = []
  for (const [at, sp] of w.sps.entries()) {
    const one = await claim(w, order, { sp })
    claims.push(one)
    if (at < 3) await proveSector({ ...w, claim: one }, await sector({ ...w, claim: one }, { number: BigInt(at) + 7n }))
  }
  return { ...w, order, claims, claim: claims[3] }
}

/** The deal of the claim's provider with the order's piece, in this sector. */
async function dealIn<W extends World & { claim: Claimed }>(w: W, number: bigint) {
  const made = await deal(w, { active: false })
  await w.market.activate(made.dealId, number)
  return { dealId: made.dealId, location: locationOf(number) }
}

describe('PerpetualStorage', () => {
  describe('attacks', () => {
    it('E 6: one sector tells the market and the contract, for two orders: the second is not paid', async () => {
      const w = await loadFixture(activeBySector)
      const other = await anotherClaim(w)
      const d = await dealIn(other, w.sector.number)

      await expect(proveDeal(other, d))
        .to.be.revertedWithCustomError(w.storage, 'ReplicaAlreadyPaid')
        .withArgs(1000n, w.sector.number, w.claim.slot)
    })

    it('E 6: one sector with the piece twice is not paid for two orders', async () => {
      const w = await loadFixture(claimed)
      const other = await anotherClaim(w)
      const pieces = [pieceOf(PIECE, w.claim.label), pieceOf(PIECE, other.claim.label)]
      const s = await sector(w, { pieces })
      await proveSector(w, s)

      await expect(proveSector(other, s))
        .to.be.revertedWithCustomError(w.storage, 'ReplicaAlreadyPaid')
        .withArgs(1000n, s.number, w.claim.slot)
    })

    it('A 28: a sector can be paid for again when its slot is closed', async () => {
      const w = await loadFixture(activeBySector)
      const other = await anotherClaim(w)
      const d = await dealIn(other, w.sector.number)
      await w.storage.connect(w.sps[0].worker).resign(w.claim.slot)

      await proveDeal(other, d)

      expect((await w.storage.getSlot(other.claim.slot)).sector).to.equal(w.sector.number)
    })

    it('A 28: a successor that leaves before it began does not free the sector of the replica that is paid', async () => {
      const w = await loadFixture(extended)
      const { storage, claim: c, next } = w
      await storage.connect(c.sp.worker).resign(next.slot)
      const other = await anotherClaim(w)
      const d = await dealIn(other, w.sector.number)

      await expect(proveDeal(other, d))
        .to.be.revertedWithCustomError(storage, 'ReplicaAlreadyPaid')
        .withArgs(1000n, w.sector.number, c.slot)
    })

    it('A 28: a replica that ends leaves the sector to its successor', async () => {
      const w = await loadFixture(extended)
      const { storage, claim: c, next, end } = w
      await mineUpTo(end)
      await settle(w, w.sector)
      const other = await anotherClaim(w)
      const d = await dealIn(other, w.sector.number)

      await expect(proveDeal(other, d))
        .to.be.revertedWithCustomError(storage, 'ReplicaAlreadyPaid')
        .withArgs(1000n, w.sector.number, next.slot)
      await storage.connect(c.sp.worker).resign(next.slot)
      await proveDeal(other, d)
    })

    it('A 36: who succeeds itself is paid for each epoch once', async () => {
      const w = await loadFixture(extended)
      const { storage, claim: c, next, end } = w
      expect((await storage.getSlot(next.slot)).start).to.equal(end)

      await expect(storage.settle(next.slot, SAID.Active, w.sector.location))
        .to.be.revertedWithCustomError(storage, 'NotStarted')
        .withArgs(end, (await now()) + 1n)
      await mineUpTo(end - 1n)
      const tail = await moved(w, c.orderId, () => settle(w, w.sector))
      await mineUpTo(end + 9n)
      const first = await moved(w, c.orderId, () => settle({ ...w, claim: next }, w.sector))

      expect(tail.earned).to.equal(7n * DAY * PRICE)
      expect(first.earned).to.equal(10n * PRICE)
    })

    it('E 7: a client that cancels gets exactly what is free, and all four providers are paid to their ends', async () => {
      const w = await loadFixture(fourSlots)
      const { storage, order, claims } = w
      const { free, reserved } = await storage.getOrder(order.orderId)

      const change = await moved(w, order.orderId, () => storage.cancel(order.orderId))
      expect(change).to.deep.equal({ free: -free, client: free })
      expect((await storage.getOrder(order.orderId)).reserved).to.equal(reserved)

      const s = await sector(w, { number: 20n })
      await proveSector(w, s)
      for (const one of claims) {
        const { sector: number, start, state } = await storage.getSlot(one.slot)
        expect(state).to.equal(STATE.Active)
        await settle({ ...w, claim: one }, { location: locationOf(number) })
        const { provenTo, paid } = await storage.getSlot(one.slot)
        expect(paid).to.equal((provenTo - start) * PRICE)
      }
      let end = 0n
      for (const one of claims) {
        const slot = await storage.getSlot(one.slot)
        if (slot.end > end) end = slot.end
      }
      await mineUpTo(end)
      for (const one of claims) {
        const { sector: number } = await storage.getSlot(one.slot)
        await settle({ ...w, claim: one }, { location: locationOf(number) })
        expect((await storage.getSlot(one.slot)).state).to.equal(STATE.Ended)
      }

      expect((await storage.getOrder(order.orderId)).reserved).to.equal(0n)
      expect((await storage.getOrder(order.orderId)).free).to.equal(0n)
    })

    it('A 35: a deal for the claim before proves nothing for the next, unless its provider shows it', async () => {
      const w = await loadFixture(claimed)
      const { storage, claim: c, stranger } = w
      const d = await deal(w)
      await storage.connect(c.sp.worker).abandon(c.slot)
      const next = await claim(w, c)

      await expect(proveDeal({ ...w, claim: next }, d, stranger))
        .to.be.revertedWithCustomError(storage, 'NotTheProviders')
        .withArgs(c.slot, d.dealId)
      await proveDeal({ ...w, claim: next }, d)
    })

    it('A 26: nobody makes a provider lose its collateral by settling its deal at the end', async () => {
      const w = await loadFixture(claimed)
      const { storage, claim: c } = w
      const d = await deal(w, { startIn: 10n, duration: 200n * DAY })
      await proveDeal(w, d)
      await mineUpTo(d.end)
      await w.market.settle([d.dealId])

      await expect(settle(w, { location: '0x' }, SAID.None))
        .to.be.revertedWithCustomError(storage, 'Unproven')
        .withArgs(c.slot)
      await mineUpTo(d.end + 7n * DAY)
      const change = await moved(w, c.orderId, () => settle(w, { location: '0x' }, SAID.None))

      expect(change.worker).to.equal(c.collateral)
      expect((await storage.getSlot(c.slot)).state).to.equal(STATE.Ended)
    })

    it('a payee that calls back draws its credit once', async () => {
      const w = await loadFixture(world)
      const { storage } = w
      const thief = await ethers.deployContract('Reentrant')
      const address = await thief.getAddress()
      const { orderId } = await open(w)
      await open(w)
      await storage.openFor(address, await newOrder(w), { value: PRICE * 180n * DAY })
      await thief.act(storage, storage.interface.encodeFunctionData('withdrawFree', [orderId + 2n, 100n]))
      const before = await ethers.provider.getBalance(storage)

      await thief.actTwice(storage, storage.interface.encodeFunctionData('withdraw'))

      expect([await thief.calls(), await thief.secondSucceeded()]).to.deep.equal([1n, false])
      expect(await ethers.provider.getBalance(storage)).to.equal(before - 100n)
      expect((await storage.getOrder(orderId)).status).to.equal(STATUS.Live)
    })
  })
})
