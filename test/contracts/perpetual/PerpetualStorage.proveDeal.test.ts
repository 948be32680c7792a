import { expect } from 'chai'
import { toUtf8Bytes } from 'ethers'
import { localMarket, MIN_DURATION } from '../../helpers/actors.ts'
import { anotherClaim, deal, minerOf, proveDeal } from './replicas.ts'
import {
  claimed,
  claimedWith,
  DAY,
  KIND,
  LIVENESS,
  loadFixture,
  MINERS,
  mineUpTo,
  networkHelpers,
  now,
  OTHER_PIECE,
  PIECE,
  PRICE,
  STATE,
} from './world.ts'

const MAX_TERM = 360n * DAY
const unlabelled = { label: '0x' }

/** A deal of 200 days: longer than the least term, shorter than the longest. */
const SHORT = 200n * DAY

const endingOrder = async () => claimedWith({ endEpoch: (await now()) + 100n + 7n * DAY + MIN_DURATION })
/** The least size of a verified deal. */
const MEBIBYTE = 1n << 20n
const claimedOfMebibyte = () => claimedWith({ pieceSize: MEBIBYTE })
const watchingDealsOnly = () => claimedWith({ terms: { liveness: LIVENESS.Deal } })

describe('PerpetualStorage', () => {
  describe('proveDeal', () => {
    context('when the deal is labelled with the slot', () => {
      it('binds the deal and makes the slot active, whoever shows it', async () => {
        const w = await loadFixture(claimed)
        const { storage, claim: c, stranger } = w
        const d = await deal(w)

        const tx = proveDeal(w, d, stranger)

        await expect(tx)
          .to.emit(storage, 'SlotBound')
          .withArgs(c.slot, c.sp.miner, c.nonce, KIND.Deal, d.dealId, d.sector, 0n)
        await expect(tx)
          .to.emit(storage, 'SlotProven')
          .withArgs(c.slot, c.sp.miner, c.nonce, KIND.Deal, d.dealId, d.sector, d.start, d.start + MAX_TERM, 0n)
        const slot = await storage.getSlot(c.slot)
        expect([slot.state, slot.kind, slot.dealId, slot.sector]).to.deep.equal([
          STATE.Active,
          KIND.Deal,
          d.dealId,
          d.sector,
        ])
      })

      it('is paid from the deal’s start while that is ahead', async () => {
        const w = await loadFixture(claimed)
        const d = await deal(w, { startIn: 1_000n })
        await proveDeal(w, d)
        const { start, end, provenTo, settleBy, paid } = await w.storage.getSlot(w.claim.slot)
        expect([start, end, provenTo, paid]).to.deep.equal([d.start, d.start + MAX_TERM, d.start, 0n])
        expect(settleBy).to.equal(d.start + 7n * DAY)
      })

      it('is paid from now on once the deal has begun', async () => {
        const w = await loadFixture(claimed)
        const d = await deal(w, { startIn: 10n })
        await mineUpTo(d.start + 500n)
        await proveDeal(w, d)
        const { start, end, provenTo } = await w.storage.getSlot(w.claim.slot)
        expect([start, end, provenTo]).to.deep.equal([d.start + 501n, d.start + 501n + MAX_TERM, d.start + 501n])
      })

      it('gives back what a deal shorter than the longest term leaves over', async () => {
        const w = await loadFixture(claimed)
        const { storage, claim: c } = w
        const before = await storage.getOrder(c.orderId)
        const d = await deal(w, { duration: SHORT })
        const returned = PRICE * (MAX_TERM - SHORT)

        await expect(proveDeal(w, d))
          .to.emit(storage, 'SlotProven')
          .withArgs(c.slot, c.sp.miner, c.nonce, KIND.Deal, d.dealId, d.sector, d.start, d.end, returned)

        const after = await storage.getOrder(c.orderId)
        expect(before.reserved).to.equal(PRICE * MAX_TERM)
        expect(after.reserved).to.equal(PRICE * SHORT)
        expect(after.free - before.free).to.equal(returned)
      })

      it('credits the client with it when the order is cancelled', async () => {
        const w = await loadFixture(claimed)
        const { storage, claim: c, client } = w
        await storage.cancel(c.orderId)
        const credit = await storage.creditOf(client)
        const d = await deal(w, { duration: SHORT })
        const returned = PRICE * (MAX_TERM - SHORT)

        await expect(proveDeal(w, d)).to.emit(storage, 'Credited').withArgs(client.address, c.orderId, returned)

        expect((await storage.creditOf(client)) - credit).to.equal(returned)
        expect((await storage.getOrder(c.orderId)).free).to.equal(0n)
      })

      it('ends with the order', async () => {
        const w = await loadFixture(endingOrder)
        const { storage, claim: c } = w
        const d = await deal(w)
        await proveDeal(w, d)
        const { end, orderEnd } = await storage.getSlot(c.slot)
        expect(end).to.equal(orderEnd)
        expect((await storage.getOrder(c.orderId)).reserved).to.equal(PRICE * (orderEnd - d.start))
      })

      it('leaves the collateral where it is, and one claim less to be proven', async () => {
        const w = await loadFixture(claimed)
        const { storage, claim: c } = w
        const before = await storage.liabilities()
        await proveDeal(w, await deal(w))
        expect(await storage.liabilities()).to.equal(before)
        expect((await storage.getSlot(c.slot)).collateral).to.equal(c.collateral)
      })

      it('counts a verified deal as any other', async () => {
        const w = await loadFixture(claimedOfMebibyte)
        const d = await deal(w, { verified: true, piece: { ...PIECE, size: MEBIBYTE } })
        await expect(proveDeal(w, d)).to.emit(w.storage, 'SlotProven')
      })
    })

    context('when the deal does not name the slot', () => {
      for (const [who, pick] of [
        ['the owner', 'owner'],
        ['the worker', 'worker'],
      ] as const) {
        it(`takes it from ${who} of its provider`, async () => {
          const w = await loadFixture(claimed)
          const d = await deal(w, unlabelled)
          await expect(proveDeal(w, d, w.claim.sp[pick])).to.emit(w.storage, 'SlotProven')
        })
      }

      for (const [what, label] of [
        ['no label', ''],
        ['the label of the slot’s next claim', '256/2'],
        ['the label of another slot', '257/1'],
        ['the slot alone', '256'],
        ['the label in another spelling', '0256/1'],
      ] as const) {
        it(`takes one with ${what} from nobody else`, async () => {
          const w = await loadFixture(claimed)
          const { storage, stranger, client, sps, claim: c } = w
          const d = await deal(w, { label: `0x${Buffer.from(toUtf8Bytes(label)).toString('hex')}` })
          for (const from of [stranger, client, sps[1].worker]) {
            await expect(proveDeal(w, d, from))
              .to.be.revertedWithCustomError(storage, 'NotTheProviders')
              .withArgs(c.slot, d.dealId)
          }
        })
      }
    })

    context('when the time is over or not enough', () => {
      it('takes it at the last epoch of the claim', async () => {
        const w = await loadFixture(claimed)
        const d = await deal(w)
        await mineUpTo(w.claim.claimBy - 1n)
        await expect(proveDeal(w, d)).to.emit(w.storage, 'SlotProven')
      })

      it('reverts with ClaimOver one epoch later', async () => {
        const w = await loadFixture(claimed)
        const { storage, claim: c } = w
        const d = await deal(w)
        await mineUpTo(c.claimBy)
        await expect(proveDeal(w, d))
          .to.be.revertedWithCustomError(storage, 'ClaimOver')
          .withArgs(c.claimBy, c.claimBy + 1n)
      })

      it('takes a deal that starts at the last epoch of the claim, none that starts later', async () => {
        const w = await loadFixture(claimed)
        const { storage, claim: c } = w
        const untilClaimBy = c.claimBy - (await now())
        const late = await deal(w, { startIn: untilClaimBy + 1n })
        expect(late.start).to.equal(c.claimBy + 1n)
        await expect(proveDeal(w, late))
          .to.be.revertedWithCustomError(storage, 'StartsTooLate')
          .withArgs(c.claimBy, c.claimBy + 1n)
        const inTime = await deal(w, { startIn: c.claimBy - (await now()) })
        await expect(proveDeal(w, inTime)).to.emit(storage, 'SlotProven')
      })

      it('takes the least term, and reverts with SlotTermTooShort for an epoch less', async () => {
        const w = await loadFixture(claimed)
        const { storage } = w
        const d = await deal(w, { duration: MIN_DURATION, startIn: 50n })
        const snapshot = await networkHelpers.takeSnapshot()
        await mineUpTo(d.start - 1n)
        await expect(proveDeal(w, d)).to.emit(storage, 'SlotProven')
        await snapshot.restore()
        await mineUpTo(d.start)
        await expect(proveDeal(w, d))
          .to.be.revertedWithCustomError(storage, 'SlotTermTooShort')
          .withArgs(MIN_DURATION, MIN_DURATION - 1n)
      })

      it('reverts with SlotTermTooShort for a deal whose end has passed', async () => {
        const w = await loadFixture(claimed)
        const d = await deal(w, { duration: MIN_DURATION })
        await mineUpTo(d.end)
        const later = await anotherClaim(w)
        await expect(proveDeal(later, d))
          .to.be.revertedWithCustomError(w.storage, 'SlotTermTooShort')
          .withArgs(MIN_DURATION, 0n)
      })
    })

    context('when the sector is not shown to be active', () => {
      it('reverts with SectorNotActive for a faulty one', async () => {
        const w = await loadFixture(claimed)
        const d = await deal(w)
        await (await minerOf(w)).faultSector(d.sector)
        await expect(proveDeal(w, d))
          .to.be.revertedWithCustomError(w.storage, 'SectorNotActive')
          .withArgs(w.claim.sp.miner, d.sector)
      })

      it('reverts with SectorNotActive for another location', async () => {
        const w = await loadFixture(claimed)
        const d = await deal(w)
        for (const location of ['0x821700', '0x822020', '0x', d.location.replace('00', '01')]) {
          await expect(proveDeal(w, { ...d, location }))
            .to.be.revertedWithCustomError(w.storage, 'SectorNotActive')
            .withArgs(w.claim.sp.miner, d.sector)
        }
      })

      it('takes both in an order that watches deals alone', async () => {
        const w = await loadFixture(watchingDealsOnly)
        const d = await deal(w)
        await (await minerOf(w)).faultSector(d.sector)
        await expect(proveDeal(w, { ...d, location: '0x' })).to.emit(w.storage, 'SlotProven')
      })
    })

    context('when the deal is another', () => {
      it('reverts with DealUnknown for one that was never published', async () => {
        const w = await loadFixture(claimed)
        await expect(proveDeal(w, { dealId: 99n, location: '0x' }))
          .to.be.revertedWithCustomError(w.storage, 'DealUnknown')
          .withArgs(99n)
      })

      it('reverts with DealRemoved for one that was terminated', async () => {
        const w = await loadFixture(claimed)
        const d = await deal(w)
        await (await localMarket()).terminate(d.dealId)
        await expect(proveDeal(w, d)).to.be.revertedWithCustomError(w.storage, 'DealRemoved').withArgs(d.dealId)
      })

      it('reverts with DealNotActive for one in no sector yet', async () => {
        const w = await loadFixture(claimed)
        const d = await deal(w, { active: false })
        await expect(proveDeal(w, d)).to.be.revertedWithCustomError(w.storage, 'DealNotActive').withArgs(d.dealId)
      })

      it('reverts with WrongAggregate for another piece, or another size', async () => {
        const w = await loadFixture(claimed)
        const { storage } = w
        const { pieceDigest, pieceSize } = await storage.getOrder(w.claim.orderId)
        const other = await deal(w, { piece: OTHER_PIECE })
        await expect(proveDeal(w, other))
          .to.be.revertedWithCustomError(storage, 'WrongAggregate')
          .withArgs(pieceDigest, pieceSize, `0x${Buffer.from(OTHER_PIECE.digest).toString('hex')}`, OTHER_PIECE.size)
        const larger = await deal(w, {
          piece: { digest: Uint8Array.from(Buffer.from(pieceDigest.slice(2), 'hex')), size: 2n * pieceSize },
        })
        await expect(proveDeal(w, larger))
          .to.be.revertedWithCustomError(storage, 'WrongAggregate')
          .withArgs(pieceDigest, pieceSize, pieceDigest, 2n * pieceSize)
      })

      it('reverts with WrongProvider for another storage provider’s', async () => {
        const w = await loadFixture(claimed)
        const d = await deal(w, { miner: MINERS[1] })
        await expect(proveDeal(w, d))
          .to.be.revertedWithCustomError(w.storage, 'WrongProvider')
          .withArgs(MINERS[0], MINERS[1])
      })
    })
  })
})
