import { expect } from 'chai'
import {
  complete,
  fail,
  loadFixture,
  makeDeal,
  MINERS,
  mineUpTo,
  packed,
  packedWith,
  REASON,
  STAGE,
  STATE,
  storedPiece,
  submit,
  world,
} from './world.ts'

async function twoReplicas() {
  return packedWith({ replicas: 2n })
}

async function firstProven() {
  const w = await twoReplicas()
  await complete(w, w.id, w.deal, w.segment)
  return w
}

describe('PinningRequests', () => {
  describe('complete, refused', () => {
    context('by the request', () => {
      it('reverts with UnknownRequest for an id nobody asked for', async () => {
        const w = await loadFixture(packed)
        const { pinning, id, deal, segment } = w

        await expect(complete(w, id + 1n, deal, segment))
          .to.be.revertedWithCustomError(pinning, 'UnknownRequest')
          .withArgs(id + 1n)
      })

      it('reverts with NotCompletable while it is Requested or Pinned', async () => {
        const w = await loadFixture(world)
        const { pinning, registry, reporters } = w
        const { id } = await submit(w)
        const { deal, segment } = await storedPiece()
        const refused = async (state: bigint) =>
          expect(complete(w, id, deal, segment))
            .to.be.revertedWithCustomError(pinning, 'NotCompletable')
            .withArgs(id, state)

        await refused(STATE.Requested)
        for (const reporter of reporters.slice(0, 2)) {
          await registry.connect(reporter).report(id, STAGE.pinned, '0x' + '00'.repeat(31) + '01')
        }
        await refused(STATE.Pinned)
      })

      it('reverts with NotCompletable when it failed', async () => {
        const w = await loadFixture(packed)
        const { pinning, id, deal, segment } = w
        await fail(w, id, STAGE.stored, REASON.DealFailed)

        await expect(complete(w, id, deal, segment))
          .to.be.revertedWithCustomError(pinning, 'NotCompletable')
          .withArgs(id, STATE.Failed)
      })

      it('reverts with NotCompletable when it was cancelled', async () => {
        const w = await loadFixture(packed)
        const { pinning, requester, id, deal, segment } = w
        await pinning.connect(requester).cancel(id)

        await expect(complete(w, id, deal, segment))
          .to.be.revertedWithCustomError(pinning, 'NotCompletable')
          .withArgs(id, STATE.Cancelled)
      })

      it('reverts with NotCompletable when it is Stored', async () => {
        const w = await loadFixture(packed)
        const { pinning, id, deal, segment, aggregate } = w
        await complete(w, id, deal, segment)

        await expect(complete(w, id, await makeDeal(aggregate, { providerId: MINERS[1] }), segment))
          .to.be.revertedWithCustomError(pinning, 'NotCompletable')
          .withArgs(id, STATE.Stored)
      })

      it('reverts with DeadlinePassed one epoch after the deadline', async () => {
        const w = await loadFixture(packed)
        const { pinning, id, deadline, deal, segment } = w
        await mineUpTo(deadline)

        await expect(complete(w, id, deal, segment))
          .to.be.revertedWithCustomError(pinning, 'DeadlinePassed')
          .withArgs(deadline, deadline + 1n)
      })

      it('reverts with NotCompletable once its refund was booked', async () => {
        const w = await loadFixture(packed)
        const { pinning, id, deadline, deal, segment } = w
        await mineUpTo(deadline)
        await pinning.refund(id)

        await expect(complete(w, id, deal, segment))
          .to.be.revertedWithCustomError(pinning, 'NotCompletable')
          .withArgs(id, STATE.Expired)
      })

      it('reverts with NotCompletable when anyone had the registry refund it', async () => {
        const w = await loadFixture(packed)
        const { pinning, registry, stranger, id, deadline, deal, segment } = w
        await mineUpTo(deadline)
        await registry.connect(stranger).refund(id)

        await expect(complete(w, id, deal, segment))
          .to.be.revertedWithCustomError(pinning, 'NotCompletable')
          .withArgs(id, STATE.Expired)
      })
    })

    context('A 21: by what counts', () => {
      it('reverts with DealAlreadyCounted for the same deal again', async () => {
        const w = await loadFixture(firstProven)
        const { pinning, id, deal, segment } = w

        await expect(complete(w, id, deal, segment))
          .to.be.revertedWithCustomError(pinning, 'DealAlreadyCounted')
          .withArgs(id, deal.dealId)
      })

      it('reverts with DealAlreadyCounted for the same deal under another provider', async () => {
        const w = await loadFixture(firstProven)
        const { pinning, id, deal, segment } = w

        await expect(complete(w, id, { ...deal, providerId: MINERS[1] }, segment))
          .to.be.revertedWithCustomError(pinning, 'DealAlreadyCounted')
          .withArgs(id, deal.dealId)
      })

      it('reverts with ProviderAlreadyCounted for another deal of the same provider', async () => {
        const w = await loadFixture(firstProven)
        const { pinning, id, aggregate, segment } = w
        const second = await makeDeal(aggregate, { duration: 541n * 2_880n })

        await expect(complete(w, id, second, segment))
          .to.be.revertedWithCustomError(pinning, 'ProviderAlreadyCounted')
          .withArgs(id, MINERS[0])
      })
    })
  })
})
