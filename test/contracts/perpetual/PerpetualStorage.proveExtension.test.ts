import { expect } from 'chai'
import { MIN_DURATION } from '../../helpers/actors.ts'
import { activeByDeal, activeBySector, minerOf, proveExtension, type Deal, type Sector } from './replicas.ts'
import {
  claim,
  DAY,
  KIND,
  loadFixture,
  mineUpTo,
  now,
  otherSlot,
  PRICE,
  SAID,
  STATE,
  type Claimed,
  type World,
} from './world.ts'

const MAX_TERM = 360n * DAY
const RENEWAL = 30n * DAY
/** A successor is proven so long before the end of the replica before it. */
const MARGIN = DAY

/** The first epoch of the renewal window has come, and the provider has claimed the successor of its own replica. */
async function succeeding<W extends World & { claim: Claimed }>(w: W) {
  const old = await w.storage.getSlot(w.claim.slot)
  await mineUpTo(old.end - RENEWAL)
  const successor = await claim(w, w.claim, { slot: otherSlot(w.claim.slot), sp: w.claim.sp })
  return { ...w, first: w.claim, claim: successor, oldEnd: old.end }
}

const afterSector = async () => succeeding(await activeBySector())
const afterDeal = async () => succeeding(await activeByDeal())

/** The provider commits a sector for longer. */
const extend = async (w: { claim: Claimed }, sector: bigint, until: bigint) =>
  (await minerOf(w)).commitSector(sector, until)

/** What stays in the sector, whichever way it got there. */
const placeOf = (w: { sector?: Sector; deal?: Deal }) => {
  if (w.sector) return { number: w.sector.number, location: w.sector.location }
  return { number: w.deal!.sector, location: w.deal!.location }
}

describe('PerpetualStorage', () => {
  describe('proveExtension', () => {
    for (const [what, fixture] of [
      ['direct data', afterSector],
      ['a deal', afterDeal],
    ] as const) {
      context(`when the sector of the same provider’s ${what} was committed for longer`, () => {
        it('binds that sector and goes on where the replica before it ends', async () => {
          const w = await loadFixture<Awaited<ReturnType<typeof afterSector>> | Awaited<ReturnType<typeof afterDeal>>>(
            fixture,
          )
          const { storage, claim: c, oldEnd } = w
          const { number, location } = placeOf(w)
          const expiration = oldEnd + 2n * MAX_TERM
          await extend(w, number, expiration)

          const tx = proveExtension(w, location)

          await expect(tx)
            .to.emit(storage, 'SlotBound')
            .withArgs(c.slot, c.sp.miner, c.nonce, KIND.Sector, 0n, number, expiration)
          await expect(tx)
            .to.emit(storage, 'SlotProven')
            .withArgs(c.slot, c.sp.miner, c.nonce, KIND.Sector, 0n, number, oldEnd, oldEnd + MAX_TERM, 0n)
          const slot = await storage.getSlot(c.slot)
          expect([slot.state, slot.start, slot.provenTo]).to.deep.equal([STATE.Active, oldEnd, oldEnd])
        })
      })
    }

    context('when the extension is shorter than the longest term', () => {
      it('ends with it, and gives back the rest', async () => {
        const w = await loadFixture(afterSector)
        const { storage, claim: c, oldEnd, sector } = w
        const until = oldEnd + MIN_DURATION
        await extend(w, sector.number, until)
        const returned = PRICE * (MAX_TERM - (until - oldEnd))
        await expect(proveExtension(w, sector.location))
          .to.emit(storage, 'SlotProven')
          .withArgs(c.slot, c.sp.miner, c.nonce, KIND.Sector, 0n, sector.number, oldEnd, until, returned)
      })

      it('reverts with SlotTermTooShort when what is added is less than a term', async () => {
        const w = await loadFixture(afterSector)
        const { storage, oldEnd, sector } = w
        const added = sector.commitment - oldEnd
        expect(added).to.equal(MIN_DURATION - 2n)
        await expect(proveExtension(w, sector.location))
          .to.be.revertedWithCustomError(storage, 'SlotTermTooShort')
          .withArgs(MIN_DURATION, added)
      })
    })

    context('when the replica before it goes on until its end', () => {
      it('is paid for no epoch twice', async () => {
        const w = await loadFixture(afterSector)
        const { storage, stranger, claim: c, first, oldEnd, sector } = w
        await extend(w, sector.number, oldEnd + 2n * MAX_TERM)
        await proveExtension(w, sector.location)
        await mineUpTo(oldEnd - 10n)
        await storage.connect(stranger).settle(first.slot, SAID.Active, sector.location)
        const earned = await storage.earnedOf(c.sp.miner)
        await expect(storage.connect(stranger).settle(c.slot, SAID.Active, sector.location))
          .to.be.revertedWithCustomError(storage, 'NotStarted')
          .withArgs(oldEnd, (await now()) + 1n)

        await mineUpTo(oldEnd + 99n)
        await storage.connect(stranger).settle(first.slot, SAID.Active, sector.location)
        await storage.connect(stranger).settle(c.slot, SAID.Active, sector.location)

        const old = await storage.getSlot(first.slot)
        expect([old.state, old.provenTo]).to.deep.equal([STATE.Ended, oldEnd])
        const tail = oldEnd - (oldEnd - 9n)
        expect((await storage.earnedOf(c.sp.miner)) - earned).to.equal(PRICE * (tail + (await now()) - oldEnd))
      })
    })

    context('when there is nothing to extend', () => {
      it('reverts with NothingToExtend for a slot that succeeds nobody', async () => {
        const w = await loadFixture(activeBySector)
        const { storage, sps, sector } = w
        const other = await claim(w, w.claim, { sp: sps[1] })
        await expect(proveExtension({ ...w, claim: other }, sector.location))
          .to.be.revertedWithCustomError(storage, 'NothingToExtend')
          .withArgs(other.slot)
      })

      it('reverts with NothingToExtend for another provider’s replica', async () => {
        const w = await loadFixture(activeBySector)
        const { storage, sps, sector } = w
        const { end } = await storage.getSlot(w.claim.slot)
        await mineUpTo(end - RENEWAL / 2n)
        const other = await claim(w, w.claim, { slot: otherSlot(w.claim.slot), sp: sps[1] })
        await expect(proveExtension({ ...w, claim: other }, sector.location))
          .to.be.revertedWithCustomError(storage, 'NothingToExtend')
          .withArgs(other.slot)
      })

      it('reverts with NothingToExtend once the replica before it is lost', async () => {
        const w = await loadFixture(afterSector)
        const { storage, stranger, claim: c, first, sector } = w
        await (await minerOf(w)).terminateSector(sector.number)
        await storage.connect(stranger).settle(first.slot, SAID.Dead, sector.location)
        await expect(proveExtension(w, sector.location))
          .to.be.revertedWithCustomError(storage, 'NothingToExtend')
          .withArgs(c.slot)
      })
    })

    context('when the sector is not shown to be active', () => {
      it('reverts with SectorNotActive while it is faulty', async () => {
        const w = await loadFixture(afterSector)
        const { storage, claim: c, oldEnd, sector } = w
        await extend(w, sector.number, oldEnd + MAX_TERM)
        await (await minerOf(w)).faultSector(sector.number)
        await expect(proveExtension(w, sector.location))
          .to.be.revertedWithCustomError(storage, 'SectorNotActive')
          .withArgs(c.sp.miner, sector.number)
      })

      it('reverts with SectorNotActive after a termination, although the expiration can still be read', async () => {
        const w = await loadFixture(afterSector)
        const { storage, claim: c, oldEnd, sector } = w
        await extend(w, sector.number, oldEnd + MAX_TERM)
        await (await minerOf(w)).terminateSector(sector.number)
        await expect(proveExtension(w, sector.location))
          .to.be.revertedWithCustomError(storage, 'SectorNotActive')
          .withArgs(c.sp.miner, sector.number)
      })

      it('reverts with ActorUnclear once the sector is gone', async () => {
        const w = await loadFixture(afterSector)
        const miner = await minerOf(w)
        await miner.terminateSector(w.sector.number)
        await miner.compactSector(w.sector.number)
        await expect(proveExtension(w, '0x822020'))
          .to.be.revertedWithCustomError(w.storage, 'ActorUnclear')
          .withArgs(17n)
      })
    })

    context('when another shows it, or too late', () => {
      it('reverts with NotControlling for whoever does not control the provider', async () => {
        const w = await loadFixture(afterSector)
        const { storage, stranger, client, sps, claim: c, oldEnd, sector } = w
        await extend(w, sector.number, oldEnd + MAX_TERM)
        for (const from of [stranger, client, sps[1].owner]) {
          await expect(proveExtension(w, sector.location, from))
            .to.be.revertedWithCustomError(storage, 'NotControlling')
            .withArgs(c.sp.miner, from.address)
        }
      })

      it('takes it at the last epoch of the claim, and reverts with ClaimOver one later', async () => {
        const w = await loadFixture(afterSector)
        const { storage, claim: c, oldEnd, sector } = w
        expect(c.claimBy).to.be.lessThan(oldEnd - MARGIN)
        await extend(w, sector.number, oldEnd + MAX_TERM)
        await mineUpTo(c.claimBy)
        await expect(proveExtension(w, sector.location))
          .to.be.revertedWithCustomError(storage, 'ClaimOver')
          .withArgs(c.claimBy, c.claimBy + 1n)
      })
    })
  })
})
