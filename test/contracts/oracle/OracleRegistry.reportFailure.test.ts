import { expect } from 'chai'
import {
  answerHash,
  asked,
  DELIVERY,
  ethers,
  fail,
  failureData,
  feeOf,
  JOBS,
  loadFixture,
  mineUpTo,
  now,
  ONE,
  REASON,
  STATE,
  THREE,
  vote,
} from './world.ts'

const FEES = JOBS.find((job) => job.job === THREE)!.stageFees

describe('OracleRegistry', () => {
  describe('reportFailure', () => {
    for (const [name, reason] of Object.entries(REASON)) {
      it(`ends the request as Failed with ${name}, refunds it and delivers the failure`, async () => {
        const { registry, client, reporters, owners, id } = await loadFixture(asked(1, 1, ONE))
        const fee = feeOf(ONE)

        const failing = await registry.connect(reporters[0]).reportFailure(id, 0, reason)

        const epoch = await now()
        const hash = answerHash(false, failureData(reason))
        await expect(failing).to.emit(registry, 'Voted').withArgs(id, 0n, 1n, hash)
        await expect(failing).to.emit(registry, 'RequestFailed').withArgs(id, 0n, reason, fee)
        await expect(failing).to.emit(registry, 'Credited').withArgs(client, id, fee)
        await expect(failing).to.emit(registry, 'Delivered').withArgs(id, 0n)
        await expect(failing).not.to.emit(registry, 'StageAnswered')
        const { state, stage, failReason, escrow, refunded } = await registry.getRequest(id)
        expect([state, stage, failReason, escrow, refunded]).to.deep.equal([STATE.Failed, 0n, reason, 0n, fee])
        expect(await registry.getAnswer(id, 0)).to.deep.equal([hash, epoch, epoch, false, DELIVERY.Done])
        expect([await client.lastOk(), await client.lastData()]).to.deep.equal([false, failureData(reason)])
        expect(await registry.creditOf(owners[0].address)).to.equal(0n)
        expect((await registry.getOperator(1n)).agreed).to.equal(1n)
      })
    }

    it('refuses a reason that does not exist', async () => {
      const { registry, reporters, id } = await loadFixture(asked(1, 1, ONE))
      const data = registry.interface.encodeFunctionData('reportFailure', [id, 0, 4]).replace(/04$/, '05')
      await expect(reporters[0].sendTransaction({ to: registry, data })).to.revert(ethers)
    })

    context('after a stage was answered', () => {
      it('keeps what that stage earned and refunds the rest', async () => {
        const fixture = await loadFixture(asked(2, 3, THREE))
        const { registry, client, owners, id } = fixture
        await vote(fixture, id, 0, [0, 1])

        await fail(fixture, id, 1, [1, 2], REASON.TooLarge)

        const { state, stage, refunded } = await registry.getRequest(id)
        expect([state, stage, refunded]).to.deep.equal([STATE.Failed, 1n, FEES[1] + FEES[2]])
        expect(await registry.creditOf(client)).to.equal(FEES[1] + FEES[2])
        expect(await registry.creditOf(owners[0].address)).to.equal(FEES[0] / 2n)
        expect(await registry.creditOf(owners[1].address)).to.equal(FEES[0] / 2n)
        expect(await registry.creditOf(owners[2].address)).to.equal(0n)
        expect(await registry.agreeing(id, 1)).to.deep.equal([owners[1].address, owners[2].address])
        expect(await registry.liabilities()).to.equal(feeOf(THREE))
      })
    })

    context('at the last stage of a job that its requester concludes', () => {
      it('is what operators can still say', async () => {
        const fixture = await loadFixture(asked(1, 1, THREE))
        const { registry, client, id } = fixture
        for (const stage of [0, 1]) await vote(fixture, id, stage, [0])

        await fail(fixture, id, 2, [0], REASON.DealFailed)

        const { state, stage, failReason, refunded } = await registry.getRequest(id)
        expect([state, stage, failReason, refunded]).to.deep.equal([STATE.Failed, 2n, REASON.DealFailed, FEES[2]])
        expect([await client.calls(), await client.lastOk()]).to.deep.equal([3n, false])
      })
    })

    context('when the operators name different reasons', () => {
      it('waits for m that agree', async () => {
        const fixture = await loadFixture(asked(2, 3, ONE))
        const { registry, id } = fixture
        await fail(fixture, id, 0, [0], REASON.NotFound)
        await fail(fixture, id, 0, [1], REASON.BadContent)
        expect((await registry.getRequest(id)).state).to.equal(STATE.Open)

        await fail(fixture, id, 0, [2], REASON.BadContent)

        const { state, failReason } = await registry.getRequest(id)
        expect([state, failReason]).to.deep.equal([STATE.Failed, REASON.BadContent])
        for (const [operator, agreed, dissented] of [
          [1n, 0n, 1n],
          [2n, 1n, 0n],
        ]) {
          const view = await registry.getOperator(operator)
          expect([view.agreed, view.dissented]).to.deep.equal([agreed, dissented])
        }
      })
    })

    it('is one vote per stage together with report', async () => {
      const fixture = await loadFixture(asked(2, 3, ONE))
      const { registry, reporters, id } = fixture
      await vote(fixture, id, 0, [0])
      await expect(registry.connect(reporters[0]).reportFailure(id, 0, REASON.NotFound))
        .to.be.revertedWithCustomError(registry, 'AlreadyVoted')
        .withArgs(id, 0n, 1n)
      await fail(fixture, id, 0, [1], REASON.NotFound)
      await expect(registry.connect(reporters[1]).report(id, 0, '0x'))
        .to.be.revertedWithCustomError(registry, 'AlreadyVoted')
        .withArgs(id, 0n, 2n)
    })

    it('is taken in the epoch of the deadline and refused in the next', async () => {
      const { registry, reporters, id, deadline } = await loadFixture(asked(2, 3, ONE))
      await mineUpTo(deadline - 1n)
      await expect(registry.connect(reporters[0]).reportFailure(id, 0, REASON.NotFound)).to.emit(registry, 'Voted')
      await expect(registry.connect(reporters[1]).reportFailure(id, 0, REASON.NotFound))
        .to.be.revertedWithCustomError(registry, 'DeadlinePassed')
        .withArgs(deadline, deadline + 1n)
    })
  })
})
