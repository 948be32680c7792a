import { expect } from 'chai'
import type { Result } from 'ethers'
import { historyOf, type OrderHistory, type SlotHistory } from './history.ts'
import { activeByDeal, anotherClaim, deal, minerOf, proveDeal, proveSector, sector, settle } from './replicas.ts'
import { claim, DAY, loadFixture, mineUpTo, otherSlot, PRICE, SAID, SINK } from './world.ts'

const WINDOW = 30n * DAY
const GAP = 7n * DAY

/** One of everything: claims that are abandoned, lapse, are proven in each way; pay, cuts, faults, a loss, a successor, an end. */
async function eventful() {
  const w = await activeByDeal()
  const { storage, claim: c, sps, deal: d, client } = w
  await storage.connect(w.stranger).topUp(c.orderId, { value: 3n * PRICE * 360n * DAY })
  await storage.setReplicas(c.orderId, 3n)
  await storage.setPrice(c.orderId, PRICE + 1n, 2n * PRICE)
  await storage.setSeed(c.orderId, '0x6162')
  await storage.withdrawFree(c.orderId, 5n)
  await storage.withdrawFor(client)
  const second = { ...w, claim: await claim(w, c, { sp: sps[1] }) }
  await proveSector(second, await sector(second))
  const third = await claim(w, c, { sp: sps[2] })
  await storage.connect(sps[2].worker).abandon(third.slot)
  const fourth = await claim(w, c, { sp: sps[3] })
  const miner = await minerOf(w)
  await miner.faultSector(d.sector)
  await settle(w, d, SAID.Faulty)
  await miner.recoverSector(d.sector)
  await settle(w, d)
  await settle(w, d)
  await mineUpTo(fourth.claimBy)
  await storage.lapse(fourth.slot)
  await mineUpTo(d.start + 5n * GAP)
  await storage.cut(c.slot)
  await settle(w, d)
  const other = await anotherClaim(w, sps[2], { seed: '0x' })
  await proveDeal(other, await deal(other))
  await storage.suspend(other.claim.orderId)
  await storage.resume(other.claim.orderId)
  await storage.cancel(other.claim.orderId)
  await (await minerOf(other)).terminateSector((await storage.getSlot(other.claim.slot)).sector)
  await mineUpTo((await storage.getSlot(other.claim.slot)).start)
  await settle(other, { location: '0x' }, SAID.None)
  await storage.connect(sps[1].worker).resign(second.claim.slot)
  const { end } = await storage.getSlot(c.slot)
  await mineUpTo(end - WINDOW)
  await claim(w, c, { slot: otherSlot(c.slot) })
  await mineUpTo(end)
  await settle(w, d)
  await storage.withdrawProvider(1000n)
  return { ...w, orders: [c.orderId, other.claim.orderId] }
}

describe('PerpetualStorage', () => {
  it('tells all that it knows by its events: orders, slots, credits and pay can be read from them alone', async () => {
    const w = await loadFixture(eventful)
    const { storage, client, stranger, sps, orders } = w

    const history = await historyOf(w)

    for (const orderId of orders) {
      const known = history.orders.get(orderId)!
      expect(pick(await storage.getOrder(orderId), known), `order ${orderId}`).to.deep.equal(known)
      for (const seen of await storage.slotsOf(orderId)) {
        const slot = history.slots.get(seen.slot)!
        expect(pick(seen, slot), `slot ${seen.slot}`).to.deep.equal(slot)
      }
    }
    for (const { address } of [client, stranger, ...sps.flatMap(({ owner, worker }) => [owner, worker])]) {
      expect(history.credits.get(address) ?? 0n, address).to.equal(await storage.creditOf(address))
    }
    expect([...history.credits].find(([account]) => account.toLowerCase() === SINK.toLowerCase())?.[1]).to.equal(
      await storage.creditOf(SINK),
    )
    for (const { miner } of sps) {
      expect(history.earned.get(miner) ?? 0n, `miner ${miner}`).to.equal(await storage.earnedOf(miner))
    }
    expect(history.slots.size).to.equal(5)
  })
})

/** Of a view, the fields that the history has too. */
function pick<T extends OrderHistory | SlotHistory>(view: unknown, like: T): T {
  const all = (view as Result).toObject()
  return Object.fromEntries(Object.keys(like).map((key) => [key, all[key]])) as T
}
