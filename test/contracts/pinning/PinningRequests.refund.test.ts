import { expect } from 'chai'
import { pieceCid } from '../../helpers/podsi.ts'
import {
  complete,
  ethers,
  fail,
  FAILURE_FEE,
  FEE,
  loadFixture,
  mineUpTo,
  OTHER_CID,
  OTHER_PIECE,
  pack,
  packed,
  packedWith,
  PIECE,
  REASON,
  REGISTRY_STATE,
  REWARD,
  setBalance,
  STAGE,
  STAGE_FEES,
  STATE,
  submit,
  whileDeaf,
  world,
} from './world.ts'

/** What a request that the operators failed at its first stage gives back. */
const BACK = FEE - FAILURE_FEE + REWARD

async function requested() {
  const w = await world()
  return { ...w, ...(await submit(w)) }
}

async function failed() {
  const w = await requested()
  await fail(w, w.id, STAGE.pinned, REASON.NotFound)
  return w
}

async function expired() {
  const w = await requested()
  await mineUpTo(w.deadline)
  return w
}

/** One of three replicas is proven. */
async function storing() {
  const w = await packedWith({ replicas: 3n })
  await complete(w, w.id, w.deal, w.segment)
  return w
}

/** And the deadline has passed. */
async function expiredStoring() {
  const w = await storing()
  await mineUpTo(w.deadline)
  return w
}

async function mismatched() {
  const w = await world()
  const asked = await submit(w, { pieceCid: pieceCid(PIECE), pieceSize: PIECE.size })
  await pack(w, asked.id, OTHER_PIECE)
  return { ...w, ...asked }
}

describe('PinningRequests', () => {
  describe('refund', () => {
    context('when the operators failed the request', () => {
      it('books reward and unearned fees, whoever asks', async () => {
        const { pinning, stranger, requester, id } = await loadFixture(failed)
        expect(await pinning.connect(stranger).refund.staticCall(id)).to.equal(BACK)

        const tx = pinning.connect(stranger).refund(id)

        await expect(tx).to.emit(pinning, 'Refunded').withArgs(id, requester, BACK)
        await expect(tx).to.emit(pinning, 'Credited').withArgs(requester, id, BACK)
        await expect(tx).not.to.emit(pinning, 'Failed')
        expect(await pinning.creditOf(requester)).to.equal(BACK)
        expect(await pinning.creditOf(stranger)).to.equal(0n)
        expect((await pinning.getRequest(id)).reward).to.equal(0n)
      })

      it('draws the fees from the registry', async () => {
        const { pinning, registry, id } = await loadFixture(failed)

        await expect(pinning.refund(id)).to.changeEtherBalances(
          ethers,
          [pinning, registry],
          [FEE - FAILURE_FEE, FAILURE_FEE - FEE],
        )
        expect(await pinning.liabilities()).to.equal(BACK)
      })

      it('books the fees of unanswered stages only', async () => {
        const w = await loadFixture(packed)
        const { pinning, requester, id } = w
        await fail(w, id, STAGE.stored, REASON.DealFailed)

        await expect(pinning.refund(id))
          .to.emit(pinning, 'Refunded')
          .withArgs(id, requester, STAGE_FEES[2] - FAILURE_FEE + REWARD)
      })

      it('records a failure that was not delivered', async () => {
        const w = await loadFixture(requested)
        const { pinning, id } = w
        await whileDeaf(w, () => fail(w, id, STAGE.pinned, REASON.TooLarge))

        await expect(pinning.refund(id)).to.emit(pinning, 'Failed').withArgs(id, REASON.TooLarge)

        const { state, failReason } = await pinning.getRequest(id)
        expect([state, failReason]).to.deep.equal([STATE.Failed, REASON.TooLarge])
      })

      it('gives once', async () => {
        const { pinning, id } = await loadFixture(failed)
        await pinning.refund(id)

        await expect(pinning.refund(id))
          .to.be.revertedWithCustomError(pinning, 'NothingToRefund')
          .withArgs(id, STATE.Failed)
      })
    })

    context('when the deadline has passed', () => {
      it('ends the request in the registry and books everything', async () => {
        const { pinning, registry, requester, id } = await loadFixture(expired)

        const tx = pinning.refund(id)

        await expect(tx).to.emit(pinning, 'Expired').withArgs(id)
        await expect(tx).to.emit(registry, 'RequestExpired').withArgs(id, STAGE.pinned, FEE)
        await expect(tx)
          .to.emit(pinning, 'Refunded')
          .withArgs(id, requester, FEE + REWARD)
        expect((await pinning.getRequest(id)).state).to.equal(STATE.Expired)
      })

      it('shows Expired before anybody records it', async () => {
        const { pinning, id } = await loadFixture(requested)
        const { deadlineEpoch } = await pinning.getRequest(id)
        await mineUpTo(deadlineEpoch)
        expect((await pinning.getRequest(id)).state).to.equal(STATE.Requested)

        await mineUpTo(deadlineEpoch + 1n)
        expect((await pinning.getRequest(id)).state).to.equal(STATE.Expired)
      })

      it('books the same when a stranger had the registry refund it', async () => {
        const { pinning, registry, stranger, requester, id } = await loadFixture(expired)
        await registry.connect(stranger).refund(id)

        await expect(pinning.refund(id))
          .to.emit(pinning, 'Refunded')
          .withArgs(id, requester, FEE + REWARD)
      })

      it('books the same when a stranger had the registry pay it out', async () => {
        const { pinning, registry, stranger, requester, id } = await loadFixture(expired)
        await registry.connect(stranger).refund(id)
        await registry.connect(stranger).withdrawFor(pinning)

        await expect(pinning.refund(id)).to.changeEtherBalances(ethers, [pinning, registry], [0n, 0n])
        expect(await pinning.creditOf(requester)).to.equal(FEE + REWARD)
        await expect(pinning.withdrawFor(requester)).to.changeEtherBalances(
          ethers,
          [requester, pinning],
          [FEE + REWARD, -FEE - REWARD],
        )
      })

      it('gives once', async () => {
        const { pinning, id } = await loadFixture(expired)
        await pinning.refund(id)

        await expect(pinning.refund(id))
          .to.be.revertedWithCustomError(pinning, 'NothingToRefund')
          .withArgs(id, STATE.Expired)
      })

      it('keeps proven deals and gives back the rest', async () => {
        const { pinning, requester, owners, id, deal } = await loadFixture(expiredStoring)

        await expect(pinning.refund(id))
          .to.emit(pinning, 'Refunded')
          .withArgs(id, requester, 2n * REWARD + STAGE_FEES[2])

        const { state, proven } = await pinning.getRequest(id)
        expect([state, proven]).to.deep.equal([STATE.Expired, 1n])
        expect((await pinning.dealsOf(id)).map(({ dealId }) => dealId)).to.deep.equal([deal.dealId])
        expect(await pinning.creditOf(owners[0])).to.equal(REWARD / 2n)
      })
    })

    context('when the operators packed another piece than the one named', () => {
      it('books the reward at once and the fee of the last stage after the deadline', async () => {
        const { pinning, requester, id, deadline } = await loadFixture(mismatched)

        await expect(pinning.refund(id)).to.emit(pinning, 'Refunded').withArgs(id, requester, REWARD)
        await expect(pinning.refund(id))
          .to.be.revertedWithCustomError(pinning, 'NothingToRefund')
          .withArgs(id, STATE.Failed)
        await mineUpTo(deadline)
        const late = pinning.refund(id)

        await expect(late).to.emit(pinning, 'Refunded').withArgs(id, requester, STAGE_FEES[2])
        await expect(late).not.to.emit(pinning, 'Expired')
        expect(await pinning.creditOf(requester)).to.equal(REWARD + STAGE_FEES[2])
        expect((await pinning.getRequest(id)).state).to.equal(STATE.Failed)
      })

      it('leaves the deadline itself to the operators', async () => {
        const { pinning, registry, id, deadline } = await loadFixture(mismatched)
        await mineUpTo(deadline - 1n)

        await expect(pinning.refund(id)).to.emit(pinning, 'Refunded')

        expect((await registry.getRequest(id)).state).to.equal(REGISTRY_STATE.Open)
      })
    })

    context('when several requests of one asker are refunded', () => {
      it('books each its own', async () => {
        const w = await loadFixture(failed)
        const { pinning, requester, id } = w
        const second = await submit(w, { replicas: 2n }, { cid: OTHER_CID })
        await fail(w, second.id, STAGE.pinned, REASON.NotFound)

        await expect(pinning.refund(second.id))
          .to.emit(pinning, 'Refunded')
          .withArgs(second.id, requester, BACK + REWARD)
        await expect(pinning.refund(id)).to.emit(pinning, 'Refunded').withArgs(id, requester, BACK)

        expect(await pinning.liabilities()).to.equal(2n * BACK + REWARD)
        expect(await ethers.provider.getBalance(pinning)).to.equal(2n * BACK + REWARD)
      })
    })

    context('A 2: when native value was forced in', () => {
      it('books what is owed and not an attoFIL more', async () => {
        const { pinning, requester, id } = await loadFixture(failed)
        await setBalance(await pinning.getAddress(), 10n ** 18n)

        await pinning.refund(id)

        expect(await pinning.creditOf(requester)).to.equal(BACK)
        expect(await pinning.liabilities()).to.equal(BACK)
      })
    })

    it('reverts with UnknownRequest for an id nobody asked for', async () => {
      const { pinning } = await loadFixture(world)

      await expect(pinning.refund(1n)).to.be.revertedWithCustomError(pinning, 'UnknownRequest').withArgs(1n)
    })

    it('reverts with NothingToRefund while the request is open, the deadline included', async () => {
      const { pinning, id, deadline } = await loadFixture(requested)
      await mineUpTo(deadline - 1n)

      await expect(pinning.refund(id))
        .to.be.revertedWithCustomError(pinning, 'NothingToRefund')
        .withArgs(id, STATE.Requested)
    })

    it('reverts with NothingToRefund for what is Storing, up to the deadline', async () => {
      const { pinning, id, deadline } = await loadFixture(storing)
      await mineUpTo(deadline - 1n)

      await expect(pinning.refund(id))
        .to.be.revertedWithCustomError(pinning, 'NothingToRefund')
        .withArgs(id, STATE.Storing)
    })

    it('reverts with NothingToRefund for what is Packed', async () => {
      const { pinning, id } = await loadFixture(packed)

      await expect(pinning.refund(id))
        .to.be.revertedWithCustomError(pinning, 'NothingToRefund')
        .withArgs(id, STATE.Packed)
    })

    it('reverts with NothingToRefund for what is Stored, past the deadline too', async () => {
      const w = await loadFixture(packed)
      const { pinning, id, deadline, deal, segment } = w
      await complete(w, id, deal, segment)
      await mineUpTo(deadline)

      await expect(pinning.refund(id))
        .to.be.revertedWithCustomError(pinning, 'NothingToRefund')
        .withArgs(id, STATE.Stored)
    })

    it('reverts with NothingToRefund for what was cancelled', async () => {
      const { pinning, requester, id } = await loadFixture(requested)
      await pinning.connect(requester).cancel(id)

      await expect(pinning.refund(id))
        .to.be.revertedWithCustomError(pinning, 'NothingToRefund')
        .withArgs(id, STATE.Cancelled)
    })
  })
})
