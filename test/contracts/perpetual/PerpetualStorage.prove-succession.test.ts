import { expect } from 'chai'
import {
  activeByDeal,
  activeBySector,
  deal,
  LONG,
  minerOf,
  proveDeal,
  proveExtension,
  proveSector,
  sector,
} from './replicas.ts'
import {
  claim,
  DAY,
  loadFixture,
  MINERS,
  mineUpTo,
  now,
  open,
  otherSlot,
  SAID,
  STATE,
  type Claimed,
  type Provider,
  type World,
} from './world.ts'

const MAX_TERM = 360n * DAY
const RENEWAL = 30n * DAY

/** In the renewal window of the slot's replica, `sp` claims the successor. */
async function succeededBy<W extends World & { claim: Claimed }>(w: W, sp: Provider) {
  const { end } = await w.storage.getSlot(w.claim.slot)
  await mineUpTo(sp === w.claim.sp ? end - RENEWAL : end - RENEWAL / 2n)
  const successor = await claim(w, w.claim, { slot: otherSlot(w.claim.slot), sp })
  return { ...w, first: w.claim, claim: successor, oldEnd: end }
}

async function bySame() {
  const w = await activeByDeal()
  return succeededBy(w, w.sps[0])
}

async function byOther() {
  const w = await activeByDeal()
  return succeededBy(w, w.sps[1])
}

/** The same provider's successor is active in the extended sector of the replica before it. */
async function extended() {
  const w = await activeBySector()
  const s = await succeededBy(w, w.sps[0])
  await (await minerOf(s)).commitSector(s.sector.number, s.oldEnd + LONG)
  await proveExtension(s, s.sector.location)
  return s
}

const settleAt = ({ storage, stranger }: World, slot: bigint, location: string) =>
  storage.connect(stranger).settle(slot, SAID.Active, location)

describe('PerpetualStorage', () => {
  describe('a successor’s proof', () => {
    context('when the provider before it succeeds itself', () => {
      it('is paid from the old end on, by a new deal', async () => {
        const w = await loadFixture(bySame)
        const { storage, claim: c, oldEnd } = w
        const d = await deal(w, { startIn: 50n })
        await proveDeal(w, d)
        const slot = await storage.getSlot(c.slot)
        expect([slot.state, slot.start, slot.provenTo, slot.end]).to.deep.equal([
          STATE.Active,
          oldEnd,
          oldEnd,
          oldEnd + MAX_TERM,
        ])
      })

      it('is paid from the old end on, by a new sector', async () => {
        const w = await loadFixture(bySame)
        await proveSector(w, await sector(w, { number: 70n }))
        const slot = await w.storage.getSlot(w.claim.slot)
        expect([slot.start, slot.end]).to.deep.equal([w.oldEnd, w.oldEnd + MAX_TERM])
      })

      it('may go on in the same sector by a second deal there', async () => {
        const w = await loadFixture(bySame)
        const { storage, deal: old } = w
        const d = await deal(w, { startIn: 50n, sector: old.sector })
        await expect(proveDeal(w, d)).to.emit(storage, 'SlotProven')
        expect((await storage.getSlot(w.claim.slot)).start).to.equal(w.oldEnd)
      })

      it('is paid from now on when the replica before it is no more', async () => {
        const w = await loadFixture(bySame)
        const { storage, first, claim: c } = w
        await storage.connect(first.sp.worker).resign(first.slot)
        await proveSector(w, await sector(w, { number: 70n }))
        expect((await storage.getSlot(c.slot)).start).to.equal(await now())
      })
    })

    context('when another provider succeeds it', () => {
      it('is paid from now on: the new replica is there before the old one goes', async () => {
        const w = await loadFixture(byOther)
        const { storage, claim: c, oldEnd } = w
        await proveSector(w, await sector(w, { number: 70n }))
        const slot = await storage.getSlot(c.slot)
        expect(slot.start).to.equal(await now())
        expect(slot.start).to.be.lessThan(oldEnd)
        expect((await storage.getSlot(w.first.slot)).state).to.equal(STATE.Active)
      })

      it('has the sectors of its own: the same number at two miners is two sectors', async () => {
        const w = await loadFixture(byOther)
        const { storage, deal: old } = w
        await proveSector(w, await sector(w, { number: old.sector }))
        const slots = [await storage.getSlot(w.first.slot), await storage.getSlot(w.claim.slot)]
        expect(slots.map(({ state, provider, sector: number }) => [state, provider, number])).to.deep.equal([
          [STATE.Active, MINERS[0], old.sector],
          [STATE.Active, MINERS[1], old.sector],
        ])
      })
    })

    context('when the replica goes on in an extended sector', () => {
      it('stays paid for once after the first term is over: for no third slot', async () => {
        const w = await loadFixture(extended)
        const { storage, claim: c, first, oldEnd, sector: s } = w
        await mineUpTo(oldEnd)
        await settleAt(w, first.slot, s.location)
        expect((await storage.getSlot(first.slot)).state).to.equal(STATE.Ended)

        const third = { ...w, claim: await claim(w, await open(w)) }
        const d = await deal(third, { sector: s.number })
        await expect(proveDeal(third, d))
          .to.be.revertedWithCustomError(storage, 'ReplicaAlreadyPaid')
          .withArgs(MINERS[0], s.number, c.slot)
      })

      it('is free again once the successor is over', async () => {
        const w = await loadFixture(extended)
        const { storage, claim: c, first, oldEnd, sector: s } = w
        await mineUpTo(oldEnd)
        await settleAt(w, first.slot, s.location)
        await storage.connect(c.sp.worker).resign(c.slot)
        const third = { ...w, claim: await claim(w, await open(w)) }
        const d = await deal(third, { sector: s.number })
        await expect(proveDeal(third, d)).to.emit(storage, 'SlotProven')
      })

      it('is the first term’s again when the successor leaves before that is over', async () => {
        const w = await loadFixture(extended)
        const { storage, claim: c, first, sector: s } = w
        await storage.connect(c.sp.worker).resign(c.slot)
        const third = { ...w, claim: await claim(w, await open(w)) }
        const d = await deal(third, { sector: s.number })
        await expect(proveDeal(third, d))
          .to.be.revertedWithCustomError(storage, 'ReplicaAlreadyPaid')
          .withArgs(MINERS[0], s.number, first.slot)
      })

      it('is paid once while both are active: an order beside it gets nothing', async () => {
        const w = await loadFixture(extended)
        const { storage, claim: c, sector: s } = w
        const third = { ...w, claim: await claim(w, await open(w)) }
        const d = await deal(third, { sector: s.number })
        await expect(proveDeal(third, d))
          .to.be.revertedWithCustomError(storage, 'ReplicaAlreadyPaid')
          .withArgs(MINERS[0], s.number, c.slot)
      })

      it('holds on to it when the replica before it is resigned', async () => {
        const w = await loadFixture(extended)
        const { storage, claim: c, first, oldEnd, sector: s } = w
        await storage.connect(first.sp.worker).resign(first.slot)
        await mineUpTo(oldEnd + 99n)
        await settleAt(w, c.slot, s.location)
        const slot = await storage.getSlot(c.slot)
        expect([slot.state, slot.paid]).to.deep.equal([STATE.Active, c.price * ((await now()) - oldEnd)])
      })
    })
  })
})
