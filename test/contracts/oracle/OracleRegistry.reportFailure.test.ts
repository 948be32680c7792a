import { expect } from 'chai'
import {
  ANSWER_STANDING,
  answerHash,
  asked,
  challenge,
  creditsOf,
  deliver,
  DELIVERY,
  ethers,
  fail,
  failureData,
  feeOf,
  fieldsOf,
  JOBS,
  loadFixture,
  mineUpTo,
  now,
  ONE,
  REASON,
  rule,
  rules,
  RULING,
  shareOf,
  STATE,
  THREE,
  vote,
  WINDOW,
} from './world.ts'

const share = (stage: number) => shareOf(rules(), THREE, stage)
const failureFee = (job: number) => JOBS.find((entry) => entry.job === job)!.failureFee

describe('OracleRegistry', () => {
  describe('reportFailure', () => {
    for (const [name, reason] of Object.entries(REASON)) {
      it(`ends the request as Failed with ${name}, pays the failure fee, refunds the rest and delivers it`, async () => {
        const { registry, client, reporters, owners, id } = await loadFixture(asked(1, 1, ONE))
        const earned = failureFee(ONE)
        const back = feeOf(rules(), ONE) - earned

        const failing = await registry.connect(reporters[0]).reportFailure(id, 0, reason)

        const epoch = await now()
        const hash = answerHash(false, failureData(reason))
        await expect(failing).to.emit(registry, 'Voted').withArgs(id, 0n, 1n, hash)
        await expect(failing).to.emit(registry, 'RequestFailed').withArgs(id, 0n, reason, back, epoch)
        await expect(failing).to.emit(registry, 'Credited').withArgs(client, id, back)
        await expect(failing).to.emit(registry, 'StageSettled').withArgs(id, 0n, earned)
        await expect(failing).to.emit(registry, 'Credited').withArgs(owners[0], id, earned)
        await expect(failing).to.emit(registry, 'Delivered').withArgs(id, 0n)
        await expect(failing).not.to.emit(registry, 'StageAnswered')
        const { state, stage, settled, failReason, escrow, refunded } = await registry.getRequest(id)
        expect([state, stage, settled, failReason, escrow, refunded]).to.deep.equal([
          STATE.Failed,
          0n,
          1n,
          reason,
          0n,
          back,
        ])
        expect(fieldsOf(await registry.getAnswer(id, 0))).to.deep.equal({
          ...{ answerHash: hash, answeredEpoch: epoch, matureEpoch: epoch, ok: false },
          ...{ standing: ANSWER_STANDING.Final, delivery: DELIVERY.Done },
        })
        expect([await client.lastOk(), await client.lastData()]).to.deep.equal([false, failureData(reason)])
        expect((await registry.getOperator(1n)).agreed).to.equal(1n)
      })
    }

    it('refuses a reason that does not exist', async () => {
      const { registry, reporters, id } = await loadFixture(asked(1, 1, ONE))
      const data = registry.interface.encodeFunctionData('reportFailure', [id, 0, 4]).replace(/04$/, '05')
      await expect(reporters[0].sendTransaction({ to: registry, data })).to.revert(ethers)
    })

    context('after a stage was answered', () => {
      it('keeps what that stage earned, pays m failure fees and refunds the rest', async () => {
        const fixture = await loadFixture(asked(2, 3, THREE))
        const { registry, client, owners, id } = fixture
        await vote(fixture, id, 0, [0, 1])

        await fail(fixture, id, 1, [1, 2], REASON.TooLarge)

        const back = 2n * (share(1) + share(2) - failureFee(THREE))
        const { state, stage, settled, refunded } = await registry.getRequest(id)
        expect([state, stage, settled, refunded]).to.deep.equal([STATE.Failed, 1n, 2n, back])
        expect(await creditsOf(fixture, [client, ...owners])).to.deep.equal([
          back,
          share(0),
          share(0) + failureFee(THREE),
          failureFee(THREE),
        ])
        expect(await registry.agreeing(id, 1)).to.deep.equal([owners[1].address, owners[2].address])
        expect(await registry.liabilities()).to.equal(feeOf(fixture.rules, THREE))
      })
    })

    context('at the last stage of a job that its requester concludes', () => {
      it('is what operators can still say', async () => {
        const fixture = await loadFixture(asked(1, 1, THREE))
        const { registry, client, id } = fixture
        for (const stage of [0, 1]) await vote(fixture, id, stage, [0])

        await fail(fixture, id, 2, [0], REASON.DealFailed)

        const { state, stage, failReason, refunded } = await registry.getRequest(id)
        expect([state, stage, failReason, refunded]).to.deep.equal([
          STATE.Failed,
          2n,
          REASON.DealFailed,
          share(2) - failureFee(THREE),
        ])
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
        const views = await Promise.all([1n, 2n, 3n].map((operatorId) => registry.getOperator(operatorId)))
        expect(views.map(({ agreed, dissented }) => [agreed, dissented])).to.deep.equal([
          [0n, 1n],
          [1n, 0n],
          [1n, 0n],
        ])
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

    context('where answers can be challenged', () => {
      const failed = async () => {
        const fixture = await asked(2, 3, THREE, WINDOW)()
        const { id } = fixture
        await vote(fixture, id, 0, [0, 1])
        await fail(fixture, id, 1, [1, 2], REASON.NotFound)
        return fixture
      }
      const earned = 2n * failureFee(THREE)
      const back = 2n * (share(1) + share(2)) - earned

      it('refunds at once all but the failure fee, which waits with the stage before', async () => {
        const fixture = await loadFixture(failed)
        const { registry, client, owners, id } = fixture
        const { state, stage, settled, refunded } = await registry.getRequest(id)
        expect([state, stage, settled, refunded]).to.deep.equal([STATE.Failed, 1n, 0n, back])
        expect(await creditsOf(fixture, [client, ...owners])).to.deep.equal([back, 0n, 0n, 0n])
        const { standing, delivery, matureEpoch, ok } = await registry.getAnswer(id, 1)
        expect([standing, delivery, matureEpoch, ok]).to.deep.equal([
          ANSWER_STANDING.Challengeable,
          DELIVERY.Due,
          (await now()) + BigInt(WINDOW),
          false,
        ])
      })

      it('pays the failure fee when it is final, and delivers it after the answer before', async () => {
        const fixture = await loadFixture(failed)
        const { client, owners, id } = fixture
        await deliver(fixture, id, 0, '0xa115')
        await deliver(fixture, id, 1, failureData(REASON.NotFound))

        const fee = failureFee(THREE)
        expect(await creditsOf(fixture, [client, ...owners])).to.deep.equal([back, share(0), share(0) + fee, fee])
        expect([await client.calls(), await client.lastOk()]).to.deep.equal([2n, false])
      })

      it('gives the failure fee back too when the failure was false', async () => {
        const fixture = await loadFixture(failed)
        const { registry, client, stranger, id } = fixture
        await challenge(fixture, id, 1, stranger)
        await rule(fixture, id, 1, RULING.Upheld)

        const { state, stage, refunded } = await registry.getRequest(id)
        expect([state, stage, refunded]).to.deep.equal([STATE.Refuted, 1n, back + earned])
        expect(await registry.creditOf(client)).to.equal(back + earned)
        await mineUpTo((await registry.getAnswer(id, 0)).matureEpoch)
        await registry.sync(id)
        expect(await creditsOf(fixture, [fixture.owners[0]])).to.deep.equal([share(0)])
      })
    })
  })
})
