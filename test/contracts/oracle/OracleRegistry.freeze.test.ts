import { expect } from 'chai'
import { act, answeredTwice, cancelled, expired, gains, open, three, type Asked } from './challenges.ts'
import {
  ANSWER,
  ANSWER_STANDING as STANDING,
  ask,
  challenge,
  deliver,
  loadFixture,
  mature,
  mineUpTo,
  now,
  OTHER,
  REASON,
  rule,
  RULING,
  STATE,
  THREE,
  TWO,
  vote,
} from './world.ts'

const NOBODY = '0x0000000000000000000000000000000000000000'

describe('OracleRegistry', () => {
  const challengedAt = (reach: () => Promise<Asked>, stage: number) => async () => {
    const fixture = await reach()
    const { matureEpoch } = await fixture.registry.getAnswer(fixture.id, stage)
    const { deadlineEpoch } = await fixture.registry.getRequest(fixture.id)
    await challenge(fixture, fixture.id, stage, fixture.stranger)
    return { ...fixture, matureEpoch, deadlineEpoch, openedEpoch: await now() }
  }
  const openChallenged = challengedAt(open, 0)
  const twiceChallenged = challengedAt(answeredTwice, 1)

  /** Two of three stages are answered, the third is the requester's to conclude. */
  async function concludable() {
    const fixture = await three()
    const asked = { ...fixture, ...(await ask(fixture, { job: THREE })) }
    for (const stage of [0, 1]) await vote(asked, asked.id, stage, [0, 1], OTHER)
    return asked
  }
  const concludableChallenged = challengedAt(concludable, 1)

  /** The arbiter rejects in exactly epoch `epoch`. */
  async function rejectAt(fixture: Asked, stage: number, epoch: bigint) {
    const { registry, arbiter, id } = fixture
    await arbiter.rule(NOBODY, id, stage, RULING.Rejected)
    if ((await now()) < epoch - 1n) await mineUpTo(epoch - 1n)
    await registry.resolve(id)
    expect(await now()).to.equal(epoch)
  }

  describe('while a challenge is open', () => {
    it('nothing is voted, taken back or refunded', async () => {
      const fixture = await loadFixture(openChallenged)
      const { registry, reporters, id } = fixture
      for (const call of [
        registry.connect(reporters[0]).report(id, 1, ANSWER),
        registry.connect(reporters[0]).reportFailure(id, 1, REASON.NotFound),
        act(fixture, 'cancel', id),
        registry.refund(id),
      ]) {
        await expect(call).to.be.revertedWithCustomError(registry, 'UnderChallenge').withArgs(id, 0n)
      }
    })

    it('nothing is refunded after the deadline either', async () => {
      const fixture = await loadFixture(openChallenged)
      const { registry, id, deadlineEpoch } = fixture
      await mineUpTo(deadlineEpoch + 1n)
      await expect(registry.refund(id)).to.be.revertedWithCustomError(registry, 'UnderChallenge').withArgs(id, 0n)
    })

    it('nothing is concluded', async () => {
      const fixture = await loadFixture(concludableChallenged)
      const { registry, id } = fixture
      await mineUpTo(fixture.matureEpoch + 1n)
      await expect(act(fixture, 'conclude', id))
        .to.be.revertedWithCustomError(registry, 'UnderChallenge')
        .withArgs(id, 1n)
    })

    it('nothing matures that was not mature when it was opened, whichever stage is challenged', async () => {
      const fixture = await loadFixture(twiceChallenged)
      const { registry, id } = fixture
      await mineUpTo((await registry.getChallenge(id)).deadlineEpoch + 100n)
      for (const stage of [0, 1]) {
        expect((await registry.getAnswer(id, stage)).standing).to.equal(STANDING.Challenged)
      }
      await expect(registry.sync(id)).to.be.revertedWithCustomError(registry, 'NothingToSettle').withArgs(id)
      await expect(registry.deliver(id, 0, OTHER))
        .to.be.revertedWithCustomError(registry, 'UnderChallenge')
        .withArgs(id, 1n)
      expect((await registry.getOperator(1n)).locked).to.equal(1_000_001n)
    })

    it('what was mature before it was opened is paid and delivered', async () => {
      const fixture = await three()
      const { registry, stranger } = fixture
      const { id } = await ask(fixture, { job: TWO })
      await vote(fixture, id, 0, [0, 1], OTHER)
      await mature(fixture, id, 0)
      await vote(fixture, id, 1, [0, 1], OTHER)
      await challenge(fixture, id, 1, stranger)
      expect((await registry.getAnswer(id, 0)).standing).to.equal(STANDING.Final)
      expect((await registry.getAnswer(id, 1)).standing).to.equal(STANDING.Challenged)
      expect(await gains(fixture, () => registry.deliver(id, 0, OTHER))).to.deep.equal({
        ...{ 'operator 1': 720_000n, 'operator 2': 720_000n },
      })
      await expect(registry.deliver(id, 1, OTHER))
        .to.be.revertedWithCustomError(registry, 'UnderChallenge')
        .withArgs(id, 1n)
    })

    it('an answer in its last epoch is held up with the rest', async () => {
      const fixture = await three()
      const { registry, stranger } = fixture
      const { id } = await ask(fixture, { job: TWO })
      await vote(fixture, id, 0, [0, 1], OTHER)
      const { matureEpoch } = await registry.getAnswer(id, 0)
      await mineUpTo(matureEpoch - 3n)
      await vote(fixture, id, 1, [0, 1], OTHER)
      await challenge(fixture, id, 1, stranger)
      expect((await registry.getChallenge(id)).openedEpoch).to.equal(matureEpoch)
      await mineUpTo(matureEpoch + 1n)
      expect((await registry.getAnswer(id, 0)).standing).to.equal(STANDING.Challenged)
      await expect(registry.sync(id)).to.be.revertedWithCustomError(registry, 'NothingToSettle').withArgs(id)
    })
  })

  describe('when the challenge was rejected', () => {
    for (const [title, frozen] of [
      ['at once', 2n],
      ['at the last epoch of the arbiter', 50n],
    ] as const) {
      it(`${title}, the deadline and the window move by the epochs that stood still, ${frozen}`, async () => {
        const fixture = await loadFixture(openChallenged)
        const { registry, id, openedEpoch, matureEpoch, deadlineEpoch } = fixture
        await rejectAt(fixture, 0, openedEpoch + frozen)
        expect((await registry.getAnswer(id, 0)).matureEpoch).to.equal(matureEpoch + frozen)
        expect((await registry.getRequest(id)).deadlineEpoch).to.equal(deadlineEpoch + frozen)
      })
    }

    it('every answer that was not mature moves, the one before the challenged one too', async () => {
      const fixture = await loadFixture(twiceChallenged)
      const { registry, id, openedEpoch } = fixture
      const before = [await registry.getAnswer(id, 0), await registry.getAnswer(id, 1)]
      await rejectAt(fixture, 1, openedEpoch + 17n)
      for (const stage of [0, 1]) {
        expect((await registry.getAnswer(id, stage)).matureEpoch).to.equal(before[stage].matureEpoch + 17n)
      }
    })

    it('what was mature before does not', async () => {
      const fixture = await three()
      const { registry, stranger } = fixture
      const { id } = await ask(fixture, { job: TWO })
      await vote(fixture, id, 0, [0, 1], OTHER)
      await mature(fixture, id, 0)
      const { matureEpoch } = await registry.getAnswer(id, 0)
      await vote(fixture, id, 1, [0, 1], OTHER)
      await challenge(fixture, id, 1, stranger)
      await rule(fixture, id, 1, RULING.Rejected)
      expect((await registry.getAnswer(id, 0)).matureEpoch).to.equal(matureEpoch)
      expect((await registry.getAnswer(id, 1)).matureEpoch > matureEpoch).to.equal(true)
    })

    it('a request that is over keeps its deadline; the window moves', async () => {
      for (const reach of [cancelled, expired, answeredTwice]) {
        const fixture = await challengedAt(reach, 0)()
        const { registry, id, openedEpoch, matureEpoch, deadlineEpoch } = fixture
        await rejectAt(fixture, 0, openedEpoch + 9n)
        expect((await registry.getRequest(id)).deadlineEpoch).to.equal(deadlineEpoch)
        expect((await registry.getAnswer(id, 0)).matureEpoch).to.equal(matureEpoch + 9n)
      }
    })

    it('votes are taken up to the new deadline, refunds after it', async () => {
      const fixture = await loadFixture(openChallenged)
      const { registry, reporters, id, openedEpoch, deadlineEpoch } = fixture
      await rejectAt(fixture, 0, openedEpoch + 40n)
      const deadline = deadlineEpoch + 40n
      await mineUpTo(deadline - 2n)
      await expect(registry.refund(id))
        .to.be.revertedWithCustomError(registry, 'DeadlineNotPassed')
        .withArgs(deadline, deadline - 1n)
      await mineUpTo(deadline - 1n)
      await registry.connect(reporters[0]).report.staticCall(id, 1, ANSWER, { blockTag: 'pending' })
      await mineUpTo(deadline)
      await expect(registry.connect(reporters[0]).report(id, 1, ANSWER))
        .to.be.revertedWithCustomError(registry, 'DeadlinePassed')
        .withArgs(deadline, deadline + 1n)
      await expect(registry.refund(id)).to.emit(registry, 'RequestExpired').withArgs(id, 1n, 2_882_880n)
    })

    it('and the deadline had passed before it was opened, it is not given back', async () => {
      const fixture = await three()
      const { registry, stranger, reporters } = fixture
      const { id, deadline } = await ask(fixture, { job: TWO, epochs: 20n })
      await vote(fixture, id, 0, [0, 1], OTHER)
      await mineUpTo(deadline + 1n)
      await challenge(fixture, id, 0, stranger)
      await rejectAt({ ...fixture, id, deadline }, 0, (await now()) + 40n)
      expect((await registry.getRequest(id)).deadlineEpoch).to.equal(deadline + 40n)
      await expect(registry.connect(reporters[0]).report(id, 1, ANSWER))
        .to.be.revertedWithCustomError(registry, 'DeadlinePassed')
        .withArgs(deadline + 40n, (await now()) + 1n)
      await expect(registry.refund(id)).to.emit(registry, 'RequestExpired')
    })

    it('the answer is final after what was left of its window, to the epoch', async () => {
      const fixture = await loadFixture(openChallenged)
      const { registry, id, openedEpoch, matureEpoch } = fixture
      await rejectAt(fixture, 0, openedEpoch + 40n)
      await mineUpTo(matureEpoch + 39n)
      await expect(registry.deliver(id, 0, OTHER))
        .to.be.revertedWithCustomError(registry, 'NotMature')
        .withArgs(matureEpoch + 40n, matureEpoch + 40n)
      await mineUpTo(matureEpoch + 40n)
      await expect(registry.deliver(id, 0, OTHER))
        .to.emit(registry, 'Delivered')
        .withArgs(id, 0n)
    })

    it('what is asked can be answered to its end', async () => {
      const fixture = await loadFixture(openChallenged)
      const { registry, id, openedEpoch } = fixture
      await rejectAt(fixture, 0, openedEpoch + 10n)
      await vote(fixture, id, 1, [0, 1], OTHER)
      for (const stage of [0, 1]) await deliver(fixture, id, stage, OTHER)
      const { state, settled } = await registry.getRequest(id)
      expect([state, settled]).to.deep.equal([STATE.Answered, 2n])
      expect((await registry.getOperator(3n)).locked).to.equal(0n)
    })

    it('a request that the requester concludes can be concluded', async () => {
      const fixture = await loadFixture(concludableChallenged)
      const { registry, id, openedEpoch, matureEpoch } = fixture
      await rejectAt(fixture, 1, openedEpoch + 10n)
      await mineUpTo(matureEpoch + 10n)
      await expect(act(fixture, 'conclude', id))
        .to.emit(registry, 'RequestConcluded')
        .withArgs(id, 2n)
    })
  })
})
