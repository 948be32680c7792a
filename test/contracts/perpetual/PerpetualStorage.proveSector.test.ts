import { expect } from 'chai'
import { MIN_DURATION } from '../../helpers/actors.ts'
import { deal, LONG, locationOf, minerOf, pieceOf, proveDeal, proveSector, sector } from './replicas.ts'
import { claimed, claimedWith, DAY, KIND, LIVENESS, loadFixture, mineUpTo, now, PIECE, PRICE, STATE } from './world.ts'

const MAX_TERM = 360n * DAY
const SHORT = 200n * DAY

const endingOrder = async () => claimedWith({ endEpoch: (await now()) + 100n + 7n * DAY + MIN_DURATION })
const watchingDealsOnly = () => claimedWith({ terms: { liveness: LIVENESS.Deal } })

describe('PerpetualStorage', () => {
  describe('proveSector', () => {
    context('when the miner told of the sector', () => {
      it('makes the slot active from now on, whoever asks', async () => {
        const w = await loadFixture(claimed)
        const { storage, claim: c, stranger } = w
        const s = await sector(w)

        const tx = await proveSector(w, s, stranger)

        const start = BigInt(tx.blockNumber!)
        await expect(tx)
          .to.emit(storage, 'SlotProven')
          .withArgs(c.slot, c.sp.miner, c.nonce, KIND.Sector, 0n, s.number, start, start + MAX_TERM, 0n)
        await expect(tx).not.to.emit(storage, 'SlotBound')
        const slot = await storage.getSlot(c.slot)
        expect([slot.state, slot.kind, slot.dealId, slot.sector]).to.deep.equal([
          STATE.Active,
          KIND.Sector,
          0n,
          s.number,
        ])
        expect([slot.start, slot.provenTo, slot.end]).to.deep.equal([start, start, start + MAX_TERM])
      })

      it('ends with the sector’s commitment, and gives back what is left over', async () => {
        const w = await loadFixture(claimed)
        const { storage, claim: c } = w
        const before = await storage.getOrder(c.orderId)
        const s = await sector(w, { committedFor: SHORT })

        const tx = await proveSector(w, s)

        const start = BigInt(tx.blockNumber!)
        const returned = PRICE * (MAX_TERM - (s.commitment - start))
        await expect(tx)
          .to.emit(storage, 'SlotProven')
          .withArgs(c.slot, c.sp.miner, c.nonce, KIND.Sector, 0n, s.number, start, s.commitment, returned)
        const after = await storage.getOrder(c.orderId)
        expect(after.free - before.free).to.equal(returned)
        expect(before.reserved - after.reserved).to.equal(returned)
      })

      it('ends with the order', async () => {
        const w = await loadFixture(endingOrder)
        await proveSector(w, await sector(w))
        const { end, orderEnd } = await w.storage.getSlot(w.claim.slot)
        expect(end).to.equal(orderEnd)
      })

      it('is at the sector that was told last', async () => {
        const w = await loadFixture(claimed)
        await sector(w)
        const last = await sector(w, { number: 8n, committedFor: SHORT })
        await expect(proveSector(w, { location: locationOf(7n) }))
          .to.be.revertedWithCustomError(w.storage, 'SectorNotActive')
          .withArgs(w.claim.sp.miner, 8n)
        await proveSector(w, last)
        const slot = await w.storage.getSlot(w.claim.slot)
        expect([slot.sector, slot.end]).to.deep.equal([8n, last.commitment])
      })

      it('gives way to a deal, as long as it is not active', async () => {
        const w = await loadFixture(claimed)
        const { storage, claim: c } = w
        await sector(w)
        const d = await deal(w, { sector: 9n })
        await expect(proveDeal(w, d))
          .to.emit(storage, 'SlotBound')
          .withArgs(c.slot, c.sp.miner, c.nonce, KIND.Deal, d.dealId, 9n, 0n)
        expect((await storage.getSlot(c.slot)).end).to.equal(d.start + MAX_TERM)
      })

      it('reverts with ClaimOver one epoch after the claim’s last', async () => {
        const w = await loadFixture(claimed)
        const { storage, claim: c } = w
        const s = await sector(w)
        await mineUpTo(c.claimBy)
        await expect(proveSector(w, s))
          .to.be.revertedWithCustomError(storage, 'ClaimOver')
          .withArgs(c.claimBy, c.claimBy + 1n)
      })

      it('takes it at the last epoch of the claim', async () => {
        const w = await loadFixture(claimed)
        const s = await sector(w)
        await mineUpTo(w.claim.claimBy - 1n)
        await expect(proveSector(w, s)).to.emit(w.storage, 'SlotProven')
      })
    })

    context('when the sector is not shown to be active', () => {
      it('reverts with SectorNotActive while it is faulty, and takes it after', async () => {
        const w = await loadFixture(claimed)
        const s = await sector(w)
        const miner = await minerOf(w)
        await miner.faultSector(s.number)
        await expect(proveSector(w, s))
          .to.be.revertedWithCustomError(w.storage, 'SectorNotActive')
          .withArgs(w.claim.sp.miner, s.number)
        await miner.recoverSector(s.number)
        await expect(proveSector(w, s)).to.emit(w.storage, 'SlotProven')
      })

      it('reverts with SectorNotActive for a terminated one', async () => {
        const w = await loadFixture(claimed)
        const s = await sector(w)
        await (await minerOf(w)).terminateSector(s.number)
        await expect(proveSector(w, s))
          .to.be.revertedWithCustomError(w.storage, 'SectorNotActive')
          .withArgs(w.claim.sp.miner, s.number)
      })

      it('looks at the sector also in an order that watches deals alone', async () => {
        const w = await loadFixture(watchingDealsOnly)
        const s = await sector(w)
        await expect(proveSector(w, { location: '0x822020' })).to.be.revertedWithCustomError(
          w.storage,
          'SectorNotActive',
        )
        await expect(proveSector(w, s)).to.emit(w.storage, 'SlotProven')
      })
    })

    context('when nothing was told', () => {
      it('reverts with NotBound', async () => {
        const w = await loadFixture(claimed)
        await expect(proveSector(w, { location: locationOf(7n) }))
          .to.be.revertedWithCustomError(w.storage, 'NotBound')
          .withArgs(w.claim.slot)
      })

      it('reverts with NotBound when the sector was told of for another claim', async () => {
        const w = await loadFixture(claimed)
        await sector(w, { pieces: [pieceOf(PIECE, '0x')] })
        await expect(proveSector(w, { location: locationOf(7n) }))
          .to.be.revertedWithCustomError(w.storage, 'NotBound')
          .withArgs(w.claim.slot)
      })
    })

    context('when the commitment is too short', () => {
      it('reverts with SlotTermTooShort', async () => {
        const w = await loadFixture(claimed)
        const s = await sector(w, { committedFor: MIN_DURATION })
        await mineUpTo((await now()) + 10n)
        await expect(proveSector(w, s))
          .to.be.revertedWithCustomError(w.storage, 'SlotTermTooShort')
          .withArgs(MIN_DURATION, s.commitment - (await now()) - 1n)
      })

      it('reverts with SlotTermTooShort for one that has passed, or is as long as an epoch can say', async () => {
        const w = await loadFixture(claimed)
        await sector(w, { committedFor: -1n })
        await expect(proveSector(w, { location: locationOf(7n) }))
          .to.be.revertedWithCustomError(w.storage, 'SlotTermTooShort')
          .withArgs(MIN_DURATION, 0n)
        const endless = await sector(w, { number: 8n, committedFor: (1n << 63n) - 1n - (await now()) - LONG })
        await expect(proveSector(w, endless)).to.emit(w.storage, 'SlotProven')
      })
    })
  })
})
