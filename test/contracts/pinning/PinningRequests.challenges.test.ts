import { expect } from 'chai'
import { onChain, pieceCid } from '../../helpers/podsi.ts'
import {
  answer,
  answerFinally,
  challenge,
  challengeable,
  complete,
  deliver,
  ethers,
  fail,
  failureData,
  fallSilent,
  loadFixture,
  mineUpTo,
  now,
  OTHER_PIECE,
  pack,
  packedAnswer,
  PIECE,
  pinnedAnswer,
  REASON,
  REGISTRY_STATE,
  REWARD,
  rule,
  RULING,
  STAGE,
  STAGE_FEES,
  STATE,
  storedPiece,
  submit,
} from './world.ts'

const PACKED = packedAnswer(onChain(PIECE))

/** *Pinned* is final, *Packed* has its quorum and is challenged by a stranger; a deal for its piece runs. */
async function challenged() {
  const w = await challengeable()
  const asked = await submit(w)
  await answerFinally(w, asked.id, STAGE.pinned, pinnedAnswer())
  const stored = await storedPiece()
  await answer(w, asked.id, STAGE.packed, PACKED)
  await challenge(w, asked.id, STAGE.packed, w.stranger)
  return { ...w, ...asked, ...stored, opened: await now() }
}

async function refuted() {
  const w = await challenged()
  await rule(w, w.id, STAGE.packed, RULING.Upheld)
  return w
}

async function undecided() {
  const w = await challenged()
  await fallSilent(w, w.id)
  return w
}

/** One of two replicas is proven when the operators give up, and are challenged for it. */
async function givenUpStoring() {
  const w = await challengeable()
  const asked = await submit(w, { replicas: 2n })
  await pack(w, asked.id)
  const stored = await storedPiece()
  await complete(w, asked.id, stored.deal, stored.segment)
  await fail(w, asked.id, STAGE.stored, REASON.DealFailed)
  await challenge(w, asked.id, STAGE.stored, w.stranger)
  return { ...w, ...asked, ...stored }
}

/** The operators packed another piece than the one named, and then gave up; that is challenged. */
async function mismatched() {
  const w = await challengeable()
  const asked = await submit(w, { pieceCid: pieceCid(PIECE), pieceSize: PIECE.size })
  await pack(w, asked.id, OTHER_PIECE)
  await fail(w, asked.id, STAGE.stored, REASON.DealFailed)
  await challenge(w, asked.id, STAGE.stored, w.stranger)
  return { ...w, ...asked }
}

describe('PinningRequests', () => {
  describe('while a challenge is open', () => {
    it('cancel reverts with UnderChallenge and changes nothing', async () => {
      const { pinning, requester, id } = await loadFixture(challenged)

      await expect(pinning.connect(requester).cancel(id))
        .to.be.revertedWithCustomError(pinning, 'UnderChallenge')
        .withArgs(id, STAGE.packed)

      const { state, reward } = await pinning.getRequest(id)
      expect([state, reward]).to.deep.equal([STATE.Pinned, REWARD])
      expect(await pinning.creditOf(requester)).to.equal(0n)
    })

    it('complete is refused', async () => {
      const w = await loadFixture(challenged)
      const { pinning, id, deal, segment } = w

      await expect(complete(w, id, deal, segment))
        .to.be.revertedWithCustomError(pinning, 'NotCompletable')
        .withArgs(id, STATE.Pinned)
    })

    it('the answer is taken from nobody', async () => {
      const { pinning, registry, id } = await loadFixture(challenged)
      await mineUpTo((await registry.getAnswer(id, STAGE.packed)).matureEpoch + 1n)

      await expect(pinning.sync(id, STAGE.packed, PACKED))
        .to.be.revertedWithCustomError(pinning, 'NotFinal')
        .withArgs(id, STAGE.packed)
      await expect(registry.deliver(id, STAGE.packed, PACKED))
        .to.be.revertedWithCustomError(registry, 'UnderChallenge')
        .withArgs(id, STAGE.packed)
    })

    it('refund reverts with NothingToRefund up to the deadline', async () => {
      const { pinning, id } = await loadFixture(challenged)

      await expect(pinning.refund(id))
        .to.be.revertedWithCustomError(pinning, 'NothingToRefund')
        .withArgs(id, STATE.Pinned)
    })

    context('past the deadline', () => {
      async function overtime() {
        const w = await challengeable()
        const asked = await submit(w)
        await answerFinally(w, asked.id, STAGE.pinned, pinnedAnswer())
        const stored = await storedPiece()
        await mineUpTo(asked.deadline - 6n)
        await answer(w, asked.id, STAGE.packed, PACKED)
        await challenge(w, asked.id, STAGE.packed, w.stranger)
        const opened = await now()
        await mineUpTo(asked.deadline + 5n)
        return { ...w, ...asked, ...stored, opened }
      }

      it('shows the request as it stands: its deadline stands still', async () => {
        const { pinning, id } = await loadFixture(overtime)

        expect((await pinning.getRequest(id)).state).to.equal(STATE.Pinned)
      })

      it('refund reverts with UnderChallenge, and cancel too', async () => {
        const { pinning, requester, id } = await loadFixture(overtime)

        for (const call of [pinning.refund(id), pinning.connect(requester).cancel(id)]) {
          await expect(call).to.be.revertedWithCustomError(pinning, 'UnderChallenge').withArgs(id, STAGE.packed)
        }
        expect((await pinning.getRequest(id)).state).to.equal(STATE.Pinned)
      })

      it('A 18: a challenge that is rejected puts the deadline off by as long as it was open', async () => {
        const w = await loadFixture(overtime)
        const { pinning, id, deadline, opened } = w

        await rule(w, id, STAGE.packed, RULING.Rejected)

        const { state, deadlineEpoch } = await pinning.getRequest(id)
        expect([state, deadlineEpoch]).to.deep.equal([STATE.Pinned, deadline + (await now()) - opened])
        await mineUpTo(deadlineEpoch + 1n)
        expect((await pinning.getRequest(id)).state).to.equal(STATE.Expired)
      })
    })
  })

  describe('after a challenge', () => {
    context('that was rejected', () => {
      it('Packed is delivered when the rest of its window is over, and the deal is paid', async () => {
        const w = await loadFixture(challenged)
        const { pinning, owners, id, deal, segment } = w
        await rule(w, id, STAGE.packed, RULING.Rejected)
        await expect(pinning.sync(id, STAGE.packed, PACKED)).to.be.revertedWithCustomError(pinning, 'NotFinal')

        await deliver(w, id, STAGE.packed, PACKED)
        await complete(w, id, deal, segment)

        expect((await pinning.getRequest(id)).state).to.equal(STATE.Stored)
        expect(await pinning.creditOf(owners[0])).to.equal(REWARD / 2n)
      })
    })

    for (const { how, fixture, state, event } of [
      { how: 'that was upheld', fixture: refuted, state: STATE.Refuted, event: 'Refuted' },
      { how: 'that nobody ruled on', fixture: undecided, state: STATE.Undecided, event: 'Undecided' },
    ]) {
      context(how, () => {
        const back = STAGE_FEES[1] + STAGE_FEES[2] + REWARD

        it(`shows ${event} at once, and refund records it and books the rest`, async () => {
          const { pinning, registry, stranger, requester, id } = await loadFixture(fixture)
          expect((await pinning.getRequest(id)).state).to.equal(state)

          const tx = pinning.connect(stranger).refund(id)

          await expect(tx).to.emit(pinning, event).withArgs(id)
          await expect(tx).to.emit(pinning, 'Refunded').withArgs(id, requester, back)
          await expect(tx).to.changeEtherBalances(ethers, [pinning, registry], [back - REWARD, REWARD - back])
          expect(await pinning.creditOf(requester)).to.equal(back)
          expect(await pinning.liabilities()).to.equal(back)
          expect((await pinning.getRequest(id)).state).to.equal(state)
        })

        it('gives once', async () => {
          const { pinning, id } = await loadFixture(fixture)
          await pinning.refund(id)

          await expect(pinning.refund(id)).to.be.revertedWithCustomError(pinning, 'NothingToRefund').withArgs(id, state)
        })

        it('books the same when a stranger had the registry pay it out', async () => {
          const { pinning, registry, requester, id } = await loadFixture(fixture)
          await registry.withdrawFor(pinning)

          await pinning.refund(id)

          await expect(pinning.withdrawFor(requester)).to.changeEtherBalances(
            ethers,
            [requester, pinning],
            [back, -back],
          )
        })

        it('takes no deal, and nothing can be cancelled', async () => {
          const w = await loadFixture(fixture)
          const { pinning, requester, id, deal, segment } = w

          await expect(complete(w, id, deal, segment))
            .to.be.revertedWithCustomError(pinning, 'NotCompletable')
            .withArgs(id, state)
          await expect(pinning.connect(requester).cancel(id))
            .to.be.revertedWithCustomError(pinning, 'NotCancellable')
            .withArgs(id, state)
        })

        it('takes no answer that was undone', async () => {
          const { pinning, registry, id } = await loadFixture(fixture)

          await expect(pinning.sync(id, STAGE.packed, PACKED)).to.be.revertedWithCustomError(pinning, 'NotFinal')
          await expect(registry.deliver(id, STAGE.packed, PACKED)).to.be.revertedWithCustomError(registry, 'NotDue')
        })
      })
    }

    context('of a failure, when a deal is proven already', () => {
      it('refuses deals meanwhile, and keeps and pays the proven one when the failure was false', async () => {
        const w = await loadFixture(givenUpStoring)
        const { pinning, requester, owners, id, deal, segment } = w
        await expect(complete(w, id, deal, segment))
          .to.be.revertedWithCustomError(pinning, 'NotCompletable')
          .withArgs(id, STATE.Failed)
        await rule(w, id, STAGE.stored, RULING.Upheld)

        await expect(pinning.refund(id))
          .to.emit(pinning, 'Refunded')
          .withArgs(id, requester, STAGE_FEES[2] + REWARD)

        const { state, proven, reward } = await pinning.getRequest(id)
        expect([state, proven, reward]).to.deep.equal([STATE.Refuted, 1n, 0n])
        expect(await pinning.creditOf(owners[0])).to.equal(REWARD / 2n)
      })
    })

    context('of a failure of what had failed here before, by another piece than the one named', () => {
      it('becomes Refuted with the registry, and every attoFIL comes back once', async () => {
        const w = await loadFixture(mismatched)
        const { pinning, registry, requester, id } = w
        await pinning.refund(id)
        expect((await pinning.getRequest(id)).failReason).to.equal(REASON.PieceMismatch)
        await rule(w, id, STAGE.stored, RULING.Upheld)

        await expect(pinning.refund(id)).to.emit(pinning, 'Refuted').withArgs(id)

        expect((await registry.getRequest(id)).state).to.equal(REGISTRY_STATE.Refuted)
        expect(await pinning.creditOf(requester)).to.equal(STAGE_FEES[2] + REWARD)
      })

      it('stays Failed when the failure was true', async () => {
        const w = await loadFixture(mismatched)
        const { pinning, id } = w
        await rule(w, id, STAGE.stored, RULING.Rejected)
        await deliver(w, id, STAGE.stored, failureData(REASON.DealFailed))

        const { state, failReason } = await pinning.getRequest(id)
        expect([state, failReason]).to.deep.equal([STATE.Failed, REASON.PieceMismatch])
      })
    })
  })
})
