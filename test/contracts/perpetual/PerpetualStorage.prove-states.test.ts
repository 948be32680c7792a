import { expect } from 'chai'
import { aggregateOf } from '../../helpers/podsi.ts'
import {
  activeByDeal,
  activeBySector,
  deal,
  minerOf,
  proveAggregatedDeal,
  proveDeal,
  proveExtension,
  proveSector,
  sector,
} from './replicas.ts'
import {
  claim,
  claimed,
  loadFixture,
  MINERS,
  mineUpTo,
  now,
  open,
  otherSlot,
  PIECE,
  SAID,
  STATE,
  world,
  type Claimed,
  type World,
} from './world.ts'

type Setting = World & { claim: Claimed }

const GRACE = 20_160n

/** A slot of a new order that nobody claimed; what a claim would be shows where it is. */
async function never(): Promise<Setting> {
  const w = await claimed()
  return { ...w, claim: { ...w.claim, slot: w.claim.slot + 1n } }
}

async function abandoned(): Promise<Setting> {
  const w = await claimed()
  await w.storage.connect(w.claim.sp.worker).abandon(w.claim.slot)
  return w
}

async function lapsed(): Promise<Setting> {
  const w = await claimed()
  await mineUpTo(w.claim.claimBy)
  await w.storage.lapse(w.claim.slot)
  return w
}

async function lost(): Promise<Setting> {
  const w = await activeBySector()
  await (await minerOf(w)).terminateSector(w.sector.number)
  await w.storage.settle(w.claim.slot, SAID.Dead, w.sector.location)
  return w
}

async function resigned(): Promise<Setting> {
  const w = await activeByDeal()
  await w.storage.connect(w.claim.sp.worker).resign(w.claim.slot)
  return w
}

async function ended(): Promise<Setting> {
  const w = await activeByDeal()
  await mineUpTo((await w.storage.getSlot(w.claim.slot)).end)
  await w.storage.settle(w.claim.slot, SAID.Active, w.deal.location)
  return w
}

async function released(): Promise<Setting> {
  const w = await activeByDeal()
  await mineUpTo((await w.storage.getSlot(w.claim.slot)).end + GRACE)
  await w.storage.release(w.claim.slot)
  return w
}

/** Shows what would prove a claim: a deal that is active now, with all that belongs to it. */
const CALLS = {
  proveDeal: async (w: Setting) => proveDeal(w, await deal(w)),
  proveAggregatedDeal: async (w: Setting) => {
    const { aggregate, segments } = aggregateOf([PIECE])
    return proveAggregatedDeal(w, await deal(w, { piece: aggregate }), segments[0])
  },
  proveSector: async (w: Setting) => proveSector(w, await sector(w, { number: 900n })),
  proveExtension: async (w: Setting) => proveExtension(w, '0x820000'),
}

describe('PerpetualStorage', () => {
  describe('a proof in every state', () => {
    for (const [name, state, fixture] of [
      ['never claimed', STATE.None, never],
      ['active by a deal', STATE.Active, activeByDeal],
      ['active by a sector', STATE.Active, activeBySector],
      ['abandoned', STATE.Abandoned, abandoned],
      ['lapsed', STATE.Lapsed, lapsed],
      ['lost', STATE.Lost, lost],
      ['resigned', STATE.Resigned, resigned],
      ['ended', STATE.Ended, ended],
      ['released', STATE.Ended, released],
    ] as const) {
      context(`when the slot is ${name}`, () => {
        for (const [call, act] of Object.entries(CALLS)) {
          it(`${call} reverts with WrongSlotState and changes nothing`, async () => {
            const w: Setting = await loadFixture<Setting>(fixture)
            const { storage, claim: c } = w
            const look = async () => [await storage.getSlot(c.slot), await storage.getOrder(c.orderId)]
            const before = await look()
            await expect(act(w)).to.be.revertedWithCustomError(storage, 'WrongSlotState').withArgs(c.slot, state)
            expect(await look()).to.deep.equal(before)
          })
        }
      })
    }

    context('when the slot is claimed', () => {
      for (const call of ['proveDeal', 'proveAggregatedDeal', 'proveSector'] as const) {
        it(`${call} makes it active, and not a second time`, async () => {
          const w = await loadFixture(claimed)
          const { storage, claim: c } = w
          await expect(CALLS[call](w)).to.emit(storage, 'SlotProven')
          const before = await storage.getSlot(c.slot)
          await expect(CALLS.proveDeal(w))
            .to.be.revertedWithCustomError(storage, 'WrongSlotState')
            .withArgs(c.slot, STATE.Active)
          expect(await storage.getSlot(c.slot)).to.deep.equal(before)
        })
      }
    })

    context('when there is no such slot', () => {
      for (const [call, act] of Object.entries(CALLS)) {
        it(`${call} reverts with UnknownSlot`, async () => {
          const w = await loadFixture(claimed)
          const { storage, claim: c } = w
          for (const slot of [0n, 255n, c.slot + 32n, c.slot + 255n, c.slot + 256n, (1n << 256n) - 1n]) {
            await expect(act({ ...w, claim: { ...c, slot } }))
              .to.be.revertedWithCustomError(storage, 'UnknownSlot')
              .withArgs(slot)
          }
        })
      }
    })

    context('when the order is suspended or cancelled', () => {
      for (const [call, act] of Object.entries(CALLS).filter(([name]) => name !== 'proveExtension')) {
        it(`${call} goes on as before`, async () => {
          const w = await loadFixture(claimed)
          const { storage, claim: c } = w
          await storage.suspend(c.orderId)
          await storage.cancel(c.orderId)
          await expect(act(w)).to.emit(storage, 'SlotProven')
          expect((await storage.getSlot(c.slot)).state).to.equal(STATE.Active)
        })
      }
    })

    context('when the seat was used before', () => {
      it('begins anew: nothing of the earlier replica is left', async () => {
        const w = await loadFixture(lost)
        const { storage, sps } = w
        const again = { ...w, claim: await claim(w, w.claim, { slot: w.claim.slot, sp: sps[1] }) }
        const fresh = await storage.getSlot(w.claim.slot)
        expect([fresh.state, fresh.nonce, fresh.provider]).to.deep.equal([STATE.Claimed, 2n, MINERS[1]])
        expect([fresh.kind, fresh.dealId, fresh.sector, fresh.start, fresh.end, fresh.paid]).to.deep.equal([
          0n,
          0n,
          0n,
          0n,
          0n,
          0n,
        ])
        const d = await deal(again)
        await proveDeal(again, d)
        const slot = await storage.getSlot(w.claim.slot)
        expect([slot.state, slot.provenTo, slot.dealId]).to.deep.equal([STATE.Active, d.start, d.dealId])
      })

      it('keeps the other seat of the pair out of it', async () => {
        const w = await loadFixture(ended)
        const other = await w.storage.getSlot(otherSlot(w.claim.slot))
        expect([other.state, other.nonce]).to.deep.equal([STATE.None, 0n])
      })
    })
  })

  describe('a proof at the limits of the order', () => {
    it('gives back all of the term that the order’s end cuts off', async () => {
      const w = await loadFixture(world)
      const endEpoch = (await now()) + 7n * 2_880n + 518_400n + 5n
      const c = await claim(w, await open(w, { endEpoch, replicas: 1n }))
      const d = await deal({ ...w, claim: c }, { startIn: 5n })
      const before = await w.storage.getOrder(c.orderId)
      await proveDeal({ ...w, claim: c }, d)
      const after = await w.storage.getOrder(c.orderId)
      const { start, end } = await w.storage.getSlot(c.slot)
      expect(end).to.equal(endEpoch)
      expect(after.reserved).to.equal(c.price * (end - start))
      expect(after.free + after.reserved).to.equal(before.free + before.reserved)
    })

    it('keeps to the end that the order had when the slot was claimed', async () => {
      const w = await loadFixture(claimed)
      const { storage, claim: c } = w
      const d = await deal(w)
      await storage.setEnd(c.orderId, (await now()) + 10_000n)
      await proveDeal(w, d)
      const slot = await storage.getSlot(c.slot)
      expect([slot.orderEnd, slot.end - slot.start]).to.deep.equal([0n, 360n * 2_880n])
    })

    it('keeps to the price at which the slot was claimed', async () => {
      const w = await loadFixture(claimed)
      const { storage, claim: c } = w
      await storage.setPrice(c.orderId, c.price / 2n, c.price)
      const d = await deal(w)
      await proveDeal(w, d)
      expect((await storage.getSlot(c.slot)).price).to.equal(c.price)
      expect((await storage.getOrder(c.orderId)).reserved).to.equal(c.price * 360n * 2_880n)
    })
  })
})
