import { expect } from 'chai'
import { moved } from './money.ts'
import { activeByDeal, activeBySector, deal, minerOf, proveDeal, settle } from './replicas.ts'
import { claimed, claimedWith, DAY, KIND, LIVENESS, loadFixture, mineUpTo, now, PRICE, SAID, STATE } from './world.ts'

const GAP = 7n * DAY
const EVICT = 14n * DAY

/** A replica that is watched through its deal alone. */
async function watchedByDeal() {
  const w = await claimedWith({ terms: { liveness: LIVENESS.Deal } })
  const made = await deal(w, { startIn: 10n })
  await proveDeal(w, made)
  await mineUpTo(made.start)
  return { ...w, deal: made }
}

/** A replica of a cancelled order. */
async function ofCancelledOrder() {
  const w = await activeByDeal()
  await w.storage.cancel(w.claim.orderId)
  return w
}

/** A replica that was shown faulty `faultSince`. */
async function shownFaulty() {
  const w = await activeByDeal()
  await (await minerOf(w)).faultSector(w.deal.sector)
  const tx = await settle(w, w.deal, SAID.Faulty)
  return { ...w, faultSince: BigInt(tx.blockNumber!) }
}

describe('PerpetualStorage', () => {
  describe('settle', () => {
    context('when the slot cannot be settled', () => {
      it('reverts with UnknownSlot for an order or a seat that is not', async () => {
        const { storage, claim: c } = await loadFixture(claimed)

        for (const slot of [c.slot + 256n, c.slot + 32n, 0n]) {
          await expect(storage.settle(slot, SAID.Active, '0x'))
            .to.be.revertedWithCustomError(storage, 'UnknownSlot')
            .withArgs(slot)
        }
      })

      it('reverts with WrongSlotState while it is only claimed', async () => {
        const { storage, claim: c } = await loadFixture(claimed)

        await expect(storage.settle(c.slot, SAID.Active, '0x'))
          .to.be.revertedWithCustomError(storage, 'WrongSlotState')
          .withArgs(c.slot, STATE.Claimed)
      })

      it('reverts with NotStarted before the deal’s start', async () => {
        const w = await loadFixture(claimed)
        const d = await deal(w, { startIn: 100n })
        await proveDeal(w, d)
        const epoch = (await now()) + 1n

        await expect(settle(w, d)).to.be.revertedWithCustomError(w.storage, 'NotStarted').withArgs(d.start, epoch)
      })
    })

    context('when the sector is shown Active before the end', () => {
      it('pays the epochs since the last proof, whoever asks', async () => {
        const w = await loadFixture(activeByDeal)
        const { storage, claim: c, deal: d } = w
        await mineUpTo(d.start + 99n)

        const change = await moved(w, c.orderId, async () => {
          const tx = settle(w, d)
          await expect(tx)
            .to.emit(storage, 'SlotPaid')
            .withArgs(c.slot, c.sp.miner, c.nonce, d.start + 100n, 100n * PRICE)
          await expect(tx).not.to.emit(storage, 'SlotCut')
        })

        expect(change).to.deep.equal({ reserved: -100n * PRICE, earned: 100n * PRICE })
        const { provenTo, paid, state, settleBy } = await storage.getSlot(c.slot)
        expect([provenTo, paid, state]).to.deep.equal([d.start + 100n, 100n * PRICE, STATE.Active])
        expect(settleBy).to.equal(d.start + 100n + GAP)
      })

      it('pays nothing twice', async () => {
        const w = await loadFixture(activeByDeal)
        const { claim: c, deal: d } = w
        await mineUpTo(d.start + 99n)
        await settle(w, d)

        const change = await moved(w, c.orderId, () => settle(w, d))

        expect(change).to.deep.equal({ reserved: -PRICE, earned: PRICE })
      })

      it('pays a whole gap at its last epoch', async () => {
        const w = await loadFixture(activeByDeal)
        await mineUpTo(w.deal.start + GAP - 1n)

        const change = await moved(w, w.claim.orderId, () => settle(w, w.deal))

        expect(change).to.deep.equal({ reserved: -GAP * PRICE, earned: GAP * PRICE })
      })

      it('pays one gap at most: what is older is the order’s', async () => {
        const w = await loadFixture(activeByDeal)
        const { storage, claim: c, deal: d } = w
        await mineUpTo(d.start + GAP + 6n)

        const change = await moved(w, c.orderId, async () => {
          const tx = settle(w, d)
          await expect(tx)
            .to.emit(storage, 'SlotCut')
            .withArgs(c.slot, c.sp.miner, c.nonce, d.start + 7n, 7n * PRICE)
          await expect(tx)
            .to.emit(storage, 'SlotPaid')
            .withArgs(c.slot, c.sp.miner, c.nonce, d.start + GAP + 7n, GAP * PRICE)
        })

        expect(change).to.deep.equal({ free: 7n * PRICE, reserved: -(GAP + 7n) * PRICE, earned: GAP * PRICE })
      })

      it('gives what is older to the client when the order is cancelled, and still pays', async () => {
        const w = await loadFixture(ofCancelledOrder)
        const { claim: c, deal: d } = w
        await mineUpTo(d.start + GAP + 6n)

        const change = await moved(w, c.orderId, () => settle(w, d))

        expect(change).to.deep.equal({ client: 7n * PRICE, reserved: -(GAP + 7n) * PRICE, earned: GAP * PRICE })
      })

      it('pays a sector of direct data the same way', async () => {
        const w = await loadFixture(activeBySector)
        const { start, kind } = await w.storage.getSlot(w.claim.slot)
        await mineUpTo(start + 49n)

        const change = await moved(w, w.claim.orderId, () => settle(w, w.sector))

        expect(kind).to.equal(KIND.Sector)
        expect(change).to.deep.equal({ reserved: -50n * PRICE, earned: 50n * PRICE })
      })
    })

    context('when nothing is said of the sector', () => {
      it('pays where the order watches deals alone', async () => {
        const w = await loadFixture(watchedByDeal)
        await mineUpTo(w.deal.start + 9n)

        const change = await moved(w, w.claim.orderId, () => settle(w, { location: '0x' }, SAID.None))

        expect(change).to.deep.equal({ reserved: -10n * PRICE, earned: 10n * PRICE })
      })

      it('reverts with Unproven where it watches sectors', async () => {
        const w = await loadFixture(activeByDeal)

        await expect(settle(w, { location: '0x' }, SAID.None))
          .to.be.revertedWithCustomError(w.storage, 'Unproven')
          .withArgs(w.claim.slot)
      })
    })

    context('when what is said of the sector is not so', () => {
      for (const [name, said] of [
        ['Faulty', SAID.Faulty],
        ['Dead', SAID.Dead],
      ] as const) {
        it(`reverts with Unproven for ${name} of an active sector`, async () => {
          const w = await loadFixture(activeByDeal)

          await expect(settle(w, w.deal, said))
            .to.be.revertedWithCustomError(w.storage, 'Unproven')
            .withArgs(w.claim.slot)
        })
      }

      it('reverts with Unproven for Active of a faulty sector', async () => {
        const w = await loadFixture(activeByDeal)
        await (await minerOf(w)).faultSector(w.deal.sector)

        await expect(settle(w, w.deal)).to.be.revertedWithCustomError(w.storage, 'Unproven').withArgs(w.claim.slot)
      })

      it('reverts with Unproven for another place than the sector’s', async () => {
        const w = await loadFixture(activeByDeal)

        await expect(settle(w, { location: '0x821700' }))
          .to.be.revertedWithCustomError(w.storage, 'Unproven')
          .withArgs(w.claim.slot)
      })
    })

    context('when the sector is shown Faulty before the end', () => {
      it('gives the time since the last proof back to the order', async () => {
        const w = await loadFixture(activeByDeal)
        const { storage, claim: c, deal: d } = w
        await (await minerOf(w)).faultSector(d.sector)
        await mineUpTo(d.start + 29n)

        const change = await moved(w, c.orderId, async () => {
          await expect(settle(w, d, SAID.Faulty))
            .to.emit(storage, 'SlotFaulty')
            .withArgs(c.slot, c.sp.miner, c.nonce, d.start + 30n)
        })

        expect(change).to.deep.equal({ free: 30n * PRICE, reserved: -30n * PRICE })
        const { faultSince, provenTo, state } = await storage.getSlot(c.slot)
        expect([faultSince, provenTo, state]).to.deep.equal([d.start + 30n, d.start + 30n, STATE.Active])
      })

      it('is faulty from the first time it was shown', async () => {
        const w = await loadFixture(shownFaulty)
        await mineUpTo(w.faultSince + 50n)

        const tx = settle(w, w.deal, SAID.Faulty)

        await expect(tx).to.emit(w.storage, 'SlotCut')
        await expect(tx).not.to.emit(w.storage, 'SlotFaulty')
        expect((await w.storage.getSlot(w.claim.slot)).faultSince).to.equal(w.faultSince)
      })

      it('starts only the clock again when it is shown Active: what is before is the order’s', async () => {
        const w = await loadFixture(shownFaulty)
        const { storage, claim: c, deal: d, faultSince } = w
        await (await minerOf(w)).recoverSector(d.sector)
        await mineUpTo(faultSince + 39n)

        const recovered = await moved(w, c.orderId, async () => {
          const tx = settle(w, d)
          await expect(tx).to.emit(storage, 'SlotRecovered').withArgs(c.slot, c.sp.miner, c.nonce)
          await expect(tx)
            .to.emit(storage, 'SlotCut')
            .withArgs(c.slot, c.sp.miner, c.nonce, faultSince + 40n, 40n * PRICE)
        })
        await mineUpTo(faultSince + 59n)
        const paid = await moved(w, c.orderId, () => settle(w, d))

        expect(recovered).to.deep.equal({ free: 40n * PRICE, reserved: -40n * PRICE })
        expect(paid).to.deep.equal({ reserved: -20n * PRICE, earned: 20n * PRICE })
        expect((await storage.getSlot(c.slot)).faultSince).to.equal(0n)
      })

      it('stays one epoch before the order’s patience ends', async () => {
        const w = await loadFixture(shownFaulty)
        await mineUpTo(w.faultSince + EVICT - 2n)

        await settle(w, w.deal, SAID.Faulty)

        expect((await w.storage.getSlot(w.claim.slot)).state).to.equal(STATE.Active)
      })

      it('is lost when it ends: a tenth of the collateral is the caller’s, the rest the order’s', async () => {
        const w = await loadFixture(shownFaulty)
        const { claim: c, faultSince } = w
        const { end } = await w.storage.getSlot(c.slot)
        await mineUpTo(faultSince + EVICT - 1n)

        const change = await moved(w, c.orderId, () => settle(w, w.deal, SAID.Faulty))

        const left = (end - faultSince) * PRICE
        const bounty = c.collateral / 10n
        expect(change).to.deep.equal({ free: left + c.collateral - bounty, reserved: -left, stranger: bounty })
        expect((await w.storage.getSlot(c.slot)).state).to.equal(STATE.Lost)
      })
    })

    context('when the replica is gone before the end', () => {
      it('is lost by a deal that the market removed', async () => {
        const w = await loadFixture(activeByDeal)
        const { storage, claim: c, deal: d } = w
        const { end } = await storage.getSlot(c.slot)
        await (await minerOf(w)).terminateSector(d.sector)

        const left = (end - d.start) * PRICE
        const bounty = c.collateral / 10n
        const change = await moved(w, c.orderId, async () => {
          await expect(settle(w, { location: '0x' }, SAID.None))
            .to.emit(storage, 'SlotClosed')
            .withArgs(c.slot, c.sp.miner, c.nonce, STATE.Lost, left, 0n, c.collateral - bounty, bounty, 0n)
        })

        expect(change).to.deep.equal({ free: left + c.collateral - bounty, reserved: -left, stranger: bounty })
      })

      it('is lost by a dead sector of direct data', async () => {
        const w = await loadFixture(activeBySector)
        const { storage, claim: c, sector: s } = w
        await (await minerOf(w)).terminateSector(s.number)

        await expect(settle(w, s, SAID.Dead)).to.emit(storage, 'SlotClosed')

        expect((await storage.getSlot(c.slot)).state).to.equal(STATE.Lost)
      })

      it('is lost at the last epoch of its term', async () => {
        const w = await loadFixture(activeByDeal)
        const { end } = await w.storage.getSlot(w.claim.slot)
        await mineUpTo(end - 3n)
        await (await minerOf(w)).terminateSector(w.deal.sector)

        await settle(w, { location: '0x' }, SAID.None)

        expect((await w.storage.getSlot(w.claim.slot)).state).to.equal(STATE.Lost)
      })

      it('gives the client of a cancelled order what the slot leaves', async () => {
        const w = await loadFixture(ofCancelledOrder)
        const { storage, claim: c, deal: d } = w
        const { end } = await storage.getSlot(c.slot)
        await (await minerOf(w)).terminateSector(d.sector)

        const change = await moved(w, c.orderId, () => settle(w, { location: '0x' }, SAID.None))

        const left = (end - d.start) * PRICE
        const bounty = c.collateral / 10n
        expect(change).to.deep.equal({ client: left + c.collateral - bounty, reserved: -left, stranger: bounty })
      })

      it('opens the seat at once', async () => {
        const w = await loadFixture(activeByDeal)
        await (await minerOf(w)).terminateSector(w.deal.sector)
        await settle(w, { location: '0x' }, SAID.None)

        const { slots } = await w.storage.openSlotsOf(w.claim.orderId)

        expect(slots.map(({ slot, nonce }) => [slot, nonce])).to.deep.include([w.claim.slot, w.claim.nonce + 1n])
      })
    })

    it('E 5: a fault that a third party shows between two samples costs that interval, ten silent gaps all but one', async () => {
      const w = await loadFixture(activeByDeal)
      const { claim: c, deal: d, sps } = w
      await mineUpTo(d.start + 99n)
      await settle(w, d)
      await (await minerOf(w)).faultSector(d.sector)
      await mineUpTo(d.start + 149n)
      const shown = await moved(w, c.orderId, () => settle(w, d, SAID.Faulty, sps[1].owner))
      await (await minerOf(w)).recoverSector(d.sector)
      await mineUpTo(d.start + 199n)
      const recovered = await moved(w, c.orderId, () => settle(w, d))
      await mineUpTo(d.start + 199n + 10n * GAP)
      const silent = await moved(w, c.orderId, () => settle(w, d))

      expect(shown).to.deep.equal({ free: 50n * PRICE, reserved: -50n * PRICE })
      expect(recovered).to.deep.equal({ free: 50n * PRICE, reserved: -50n * PRICE })
      expect(silent).to.deep.equal({ free: 9n * GAP * PRICE, reserved: -10n * GAP * PRICE, earned: GAP * PRICE })
    })
  })
})
