import { expect } from 'chai'
import { onChain } from '../../helpers/podsi.ts'
import {
  answer,
  answerFinally,
  CAR_BYTES,
  challengeable,
  complete,
  deliver,
  FAILURE_FEE,
  failureData,
  fail,
  FEE,
  loadFixture,
  mature,
  mineUpTo,
  now,
  packedAnswer,
  PIECE,
  pinnedAnswer,
  REASON,
  REGISTRY_STATE,
  REWARD,
  STAGE,
  STAGE_FEES,
  STATE,
  storedPiece,
  submit,
  WINDOW,
  type Terms,
} from './world.ts'

const PACKED = packedAnswer(onChain(PIECE))

/** *Packed* has its quorum and can be challenged up to `matureEpoch`; a deal for its piece runs. */
async function packedSoon(changes: Partial<Terms> = {}) {
  const w = await challengeable()
  const asked = await submit(w, changes)
  await answerFinally(w, asked.id, STAGE.pinned, pinnedAnswer())
  await answer(w, asked.id, STAGE.packed, PACKED)
  const { matureEpoch } = await w.registry.getAnswer(asked.id, STAGE.packed)
  return { ...w, ...asked, matureEpoch, ...(await storedPiece()) }
}

const packed = () => packedSoon()

/** Every answer waits for its window, and nobody brought one. */
async function bothWaiting() {
  const w = await challengeable()
  const asked = await submit(w)
  await answer(w, asked.id, STAGE.pinned, pinnedAnswer())
  await answer(w, asked.id, STAGE.packed, PACKED)
  await mature(w, asked.id, STAGE.packed)
  return { ...w, ...asked }
}

async function failing() {
  const w = await challengeable()
  const asked = await submit(w)
  await fail(w, asked.id, STAGE.pinned, REASON.NotFound)
  return { ...w, ...asked }
}

describe('PinningRequests', () => {
  describe('where answers can be challenged', () => {
    it('A 23: complete before Packed is mature is refused, and nothing is paid', async () => {
      const w = await loadFixture(packed)
      const { pinning, registry, owners, id, matureEpoch, deal, segment } = w
      const before = await registry.creditOf(owners[0])
      await mineUpTo(matureEpoch - 1n)

      await expect(complete(w, id, deal, segment))
        .to.be.revertedWithCustomError(pinning, 'NotCompletable')
        .withArgs(id, STATE.Pinned)
      await expect(registry.deliver(id, STAGE.packed, PACKED))
        .to.be.revertedWithCustomError(registry, 'NotMature')
        .withArgs(matureEpoch, matureEpoch)
      await expect(pinning.sync(id, STAGE.packed, PACKED))
        .to.be.revertedWithCustomError(pinning, 'NotFinal')
        .withArgs(id, STAGE.packed)

      expect(await pinning.creditOf(owners[0])).to.equal(0n)
      expect(await registry.creditOf(owners[0])).to.equal(before)
      expect((await pinning.getRequest(id)).reward).to.equal(REWARD)
    })

    it('A 23: the epoch after it is mature, it is delivered, and complete pays those that agreed', async () => {
      const w = await loadFixture(packed)
      const { pinning, registry, owners, id, matureEpoch, deal, segment } = w
      await mineUpTo(matureEpoch)

      await expect(registry.deliver(id, STAGE.packed, PACKED))
        .to.emit(pinning, 'Packed')
        .withArgs(id, onChain(PIECE).digest, onChain(PIECE).size, CAR_BYTES)
      await expect(complete(w, id, deal, segment))
        .to.emit(pinning, 'Stored')
        .withArgs(id)

      expect(await pinning.creditOf(owners[0])).to.equal(REWARD / 2n)
      expect(await pinning.creditOf(owners[1])).to.equal(REWARD / 2n)
      expect(await registry.creditOf(owners[0])).to.equal(FEE / 2n)
    })

    it('A 22: pays the operators that packed the piece, whoever brings answer and proof', async () => {
      const w = await loadFixture(packed)
      const { pinning, owners, stranger, id, matureEpoch, deal, segment } = w
      await mineUpTo(matureEpoch)
      await pinning.connect(stranger).sync(id, STAGE.packed, PACKED)
      await complete(w, id, deal, segment, { from: stranger })

      expect(await pinning.creditOf(stranger)).to.equal(0n)
      expect(await pinning.creditOf(owners[0])).to.equal(REWARD / 2n)
    })

    context('when nobody has the registry deliver', () => {
      it('takes final answers from anyone, in order, and the registry’s own delivery changes nothing after that', async () => {
        const { pinning, registry, stranger, id } = await loadFixture(bothWaiting)
        const brought = pinning.connect(stranger)

        await expect(brought.sync(id, STAGE.packed, PACKED))
          .to.be.revertedWithCustomError(pinning, 'StageOutOfOrder')
          .withArgs(id, STAGE.pinned, STAGE.packed)
        await expect(brought.sync(id, STAGE.pinned, pinnedAnswer()))
          .to.emit(pinning, 'Pinned')
          .withArgs(id, CAR_BYTES)
        await expect(brought.sync(id, STAGE.packed, PACKED)).to.emit(pinning, 'Packed')

        const late = registry.deliver(id, STAGE.pinned, pinnedAnswer())
        await expect(late).to.emit(registry, 'Delivered').withArgs(id, STAGE.pinned)
        await expect(late).not.to.emit(pinning, 'Pinned')
        expect((await pinning.getRequest(id)).state).to.equal(STATE.Packed)
      })

      it('takes no other data, and no answer twice', async () => {
        const { pinning, registry, id } = await loadFixture(bothWaiting)
        const { answerHash } = await registry.getAnswer(id, STAGE.pinned)

        await expect(pinning.sync(id, STAGE.pinned, pinnedAnswer(CAR_BYTES + 1n)))
          .to.be.revertedWithCustomError(pinning, 'NotTheAnswer')
          .withArgs(answerHash, (actual: string) => actual !== answerHash)
        await pinning.sync(id, STAGE.pinned, pinnedAnswer())
        await expect(pinning.sync(id, STAGE.pinned, pinnedAnswer()))
          .to.be.revertedWithCustomError(pinning, 'StageOutOfOrder')
          .withArgs(id, STAGE.packed, STAGE.pinned)
      })

      it('takes nothing of a request that it did not ask', async () => {
        const { pinning, id } = await loadFixture(bothWaiting)

        await expect(pinning.sync(id + 1n, STAGE.pinned, pinnedAnswer()))
          .to.be.revertedWithCustomError(pinning, 'NeverAsked')
          .withArgs(id + 1n)
      })
    })

    context('when the operators fail the request', () => {
      it('shows Failed at once and records it when it is final', async () => {
        const w = await loadFixture(failing)
        const { pinning, id } = w
        expect((await pinning.getRequest(id)).state).to.equal(STATE.Failed)

        await expect(deliver(w, id, STAGE.pinned, failureData(REASON.NotFound)))
          .to.emit(pinning, 'Failed')
          .withArgs(id, REASON.NotFound)
      })

      it('gives back at once what no ruling can take', async () => {
        const w = await loadFixture(failing)
        const { pinning, requester, id } = w
        const back = FEE - FAILURE_FEE + REWARD

        await expect(pinning.refund(id)).to.emit(pinning, 'Refunded').withArgs(id, requester, back)

        await deliver(w, id, STAGE.pinned, failureData(REASON.NotFound))
        await expect(pinning.refund(id))
          .to.be.revertedWithCustomError(pinning, 'NothingToRefund')
          .withArgs(id, STATE.Failed)
      })
    })

    context('when Packed is mature only after the deadline', () => {
      async function late() {
        const w = await challengeable()
        const asked = await submit(w)
        await answerFinally(w, asked.id, STAGE.pinned, pinnedAnswer())
        const stored = await storedPiece()
        await mineUpTo(asked.deadline - 2n)
        await answer(w, asked.id, STAGE.packed, PACKED)
        return { ...w, ...asked, ...stored }
      }

      it('A 18: pays the operators for Packed and gives the rest back', async () => {
        const w = await loadFixture(late)
        const { pinning, registry, requester, owners, id, deadline, deal, segment } = w
        expect((await registry.getAnswer(id, STAGE.packed)).matureEpoch).to.equal(deadline + BigInt(WINDOW))
        await deliver(w, id, STAGE.packed, PACKED)

        await expect(complete(w, id, deal, segment))
          .to.be.revertedWithCustomError(pinning, 'DeadlinePassed')
          .withArgs(deadline, (await now()) + 1n)
        await expect(pinning.refund(id))
          .to.emit(pinning, 'Refunded')
          .withArgs(id, requester, STAGE_FEES[2] + REWARD)

        expect(await registry.creditOf(owners[0])).to.equal((STAGE_FEES[0] + STAGE_FEES[1]) / 2n)
        expect((await registry.getRequest(id)).state).to.equal(REGISTRY_STATE.Expired)
      })
    })
  })
})
