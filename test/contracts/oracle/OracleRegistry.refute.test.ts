import { expect } from 'chai'
import { ZeroAddress } from 'ethers'
import {
  answered,
  answeredTwice,
  BOND,
  CHALLENGEABLE,
  failed,
  gains,
  HALF,
  open,
  SLASH,
  STAKE,
  three,
  type Asked,
} from './challenges.ts'
import {
  ANSWER,
  ANSWER_STANDING as STANDING,
  answerHash,
  ask,
  asked,
  challenge,
  failureData,
  loadFixture,
  mature,
  mineUpTo,
  ONE,
  OTHER,
  REASON,
  rule,
  RULING,
  STATE,
  vote,
  WINDOW,
  world,
} from './world.ts'

const UNKNOWN = 9n
const SINK = 2n * (SLASH - HALF)

describe('OracleRegistry', () => {
  /** The evidence says that OTHER is false. */
  const refutable = (reach: () => Promise<Asked>) => async () => {
    const fixture = await reach()
    await fixture.evidence.setRefuted(OTHER, true)
    return fixture
  }
  const refutableAnswered = refutable(answered)
  const refutableTwice = refutable(answeredTwice)
  /** …and the stranger's challenge of a stage of two is open. */
  const challengedAt = (stage: number) => async () => {
    const fixture = await refutableTwice()
    await challenge(fixture, fixture.id, stage, fixture.stranger, { bond: 5_000_000n })
    return fixture
  }
  const firstChallenged = challengedAt(0)
  const secondChallenged = challengedAt(1)

  const refute = ({ registry, stranger, id }: Asked, stage = 0, data = OTHER) =>
    registry.connect(stranger).refute(id, stage, data)

  describe('refute', () => {
    for (const { name, reach, state, share, escrow, ends } of CHALLENGEABLE.filter((each) => each.reach !== failed)) {
      const fixtureOf = refutable(reach)

      context(`when the request is ${name}`, () => {
        it('takes the slash of those that agreed: half to the caller, half to the sink; refunds the requester', async () => {
          const fixture = await loadFixture(fixtureOf)
          expect(await gains(fixture, () => refute(fixture))).to.deep.equal({
            ...{ requester: 2n * share + escrow, challenger: 2n * HALF, sink: SINK },
          })
          for (const [operatorId, slash] of [
            [1n, SLASH],
            [2n, SLASH],
            [3n, 0n],
          ]) {
            const { stake, locked } = await fixture.registry.getOperator(operatorId)
            expect([stake, locked]).to.deep.equal([STAKE - slash, 0n])
          }
        })

        it(`says so; the request is ${ends ? 'Refuted' : name}`, async () => {
          const fixture = await loadFixture(fixtureOf)
          const { registry, stranger, id } = fixture
          const refuting = refute(fixture)
          await expect(refuting).to.emit(registry, 'Refuted').withArgs(id, 0n, stranger.address)
          await expect(refuting)
            .to.emit(registry, 'AnswerUndone')
            .withArgs(id, 0n, RULING.Upheld, 2n * share + escrow)
          for (const operatorId of [1n, 2n]) {
            await expect(refuting).to.emit(registry, 'Slashed').withArgs(operatorId, id, 0n, SLASH, HALF)
          }
          await expect(refuting).not.to.emit(registry, 'ChallengeClosed')
          expect((await registry.getRequest(id)).state).to.equal(ends ? STATE.Refuted : state)
          expect((await registry.getAnswer(id, 0)).standing).to.equal(STANDING.Undone)
        })
      })
    }

    it('is for anybody', async () => {
      const { registry, owner, owners, id } = await loadFixture(refutableAnswered)
      for (const caller of [owner, owners[0], owners[2]]) {
        await registry.connect(caller).refute.staticCall(id, 0, OTHER)
      }
    })

    context('when there is nothing to refute', () => {
      it('refuses an unknown request', async () => {
        const { registry } = await loadFixture(three)
        await expect(registry.refute(UNKNOWN, 0, OTHER))
          .to.be.revertedWithCustomError(registry, 'UnknownRequest')
          .withArgs(UNKNOWN)
      })

      it('refuses a stage that has no answer', async () => {
        const fixture = await loadFixture(open)
        for (const stage of [1, 2, 255]) {
          await expect(refute(fixture, stage))
            .to.be.revertedWithCustomError(fixture.registry, 'NotChallengeable')
            .withArgs(fixture.id, BigInt(stage))
        }
      })

      it('refuses an answer that is mature, settled or not', async () => {
        const fixture = await loadFixture(refutableAnswered)
        const { registry, id } = fixture
        const { matureEpoch } = await registry.getAnswer(id, 0)
        await mineUpTo(matureEpoch - 1n)
        await registry.refute.staticCall(id, 0, OTHER, { blockTag: 'pending' })
        await mineUpTo(matureEpoch)
        await expect(refute(fixture))
          .to.be.revertedWithCustomError(registry, 'WindowClosed')
          .withArgs(matureEpoch, matureEpoch + 1n)
        await registry.sync(id)
        await expect(refute(fixture)).to.be.revertedWithCustomError(registry, 'NotChallengeable').withArgs(id, 0n)
      })

      it('refuses an answer that was final at its quorum', async () => {
        const fixture = await loadFixture(asked(1, 1, ONE))
        await vote(fixture, fixture.id, 0, [0], OTHER)
        await expect(refute(fixture))
          .to.be.revertedWithCustomError(fixture.registry, 'NotChallengeable')
          .withArgs(fixture.id, 0n)
      })

      it('refuses an answer that is undone already', async () => {
        const fixture = await loadFixture(refutableAnswered)
        await refute(fixture)
        await expect(refute(fixture))
          .to.be.revertedWithCustomError(fixture.registry, 'NotChallengeable')
          .withArgs(fixture.id, 0n)
      })

      it('refuses where the version names no evidence', async () => {
        const fixture = await world(2, 3, { windowEpochs: WINDOW, evidence: ZeroAddress })
        const { id } = await ask(fixture)
        await vote(fixture, id, 0, [0, 1], OTHER)
        await expect(fixture.registry.refute(id, 0, OTHER))
          .to.be.revertedWithCustomError(fixture.registry, 'NoEvidenceContract')
          .withArgs(1n, 1n)
      })

      it('refuses other data than the answer', async () => {
        const fixture = await loadFixture(refutableAnswered)
        await expect(refute(fixture, 0, ANSWER))
          .to.be.revertedWithCustomError(fixture.registry, 'WrongAnswer')
          .withArgs(answerHash(true, OTHER), answerHash(true, ANSWER))
      })

      it('refuses what the evidence does not refute', async () => {
        const fixture = await loadFixture(answered)
        await expect(refute(fixture))
          .to.be.revertedWithCustomError(fixture.registry, 'NotRefuted')
          .withArgs(fixture.id, 0n)
      })

      it('refuses a failure, whatever the evidence says: that nobody could is not on the chain', async () => {
        const fixture = await loadFixture(failed)
        const data = failureData(REASON.NotFound)
        await fixture.evidence.setRefuted(data, true)
        await expect(refute(fixture, 0, data))
          .to.be.revertedWithCustomError(fixture.registry, 'NotRefuted')
          .withArgs(fixture.id, 0n)
      })

      it('fails as the evidence fails, and leaves the challenge to the arbiter', async () => {
        const fixture = await loadFixture(refutableAnswered)
        const { registry, evidence, stranger, id } = fixture
        await evidence.setReverting(true)
        await expect(refute(fixture)).to.be.revertedWithCustomError(evidence, 'CannotTell').withArgs()
        await expect(challenge(fixture, id, 0, stranger)).to.emit(registry, 'Challenged')
      })
    })

    context('when the evidence speaks later than the challenge', () => {
      it('ends a challenge of the same stage: its bond goes back', async () => {
        const fixture = await loadFixture(firstChallenged)
        const { registry, owner, stranger, id } = fixture
        const refuting = registry.connect(owner).refute(id, 0, OTHER)
        await expect(refuting).to.emit(registry, 'ChallengeClosed').withArgs(id, 0n, RULING.Upheld, 5_000_000n, 0n)
        await expect(refuting).to.emit(registry, 'Refuted').withArgs(id, 0n, owner.address)
        expect(await registry.creditOf(stranger)).to.equal(5_000_000n)
        expect(await registry.creditOf(owner)).to.equal(2n * HALF)
        const { open: isOpen, ruling } = await registry.getChallenge(id)
        expect([isOpen, ruling]).to.deep.equal([false, RULING.Upheld])
        await expect(registry.resolve(id)).to.be.revertedWithCustomError(registry, 'NoChallenge').withArgs(id)
      })

      it('ends a challenge of a later stage, which falls with this one: its bond goes back', async () => {
        const fixture = await loadFixture(secondChallenged)
        const { registry, owner, id } = fixture
        expect(await gains(fixture, () => registry.connect(owner).refute(id, 0, OTHER))).to.deep.equal({
          ...{ requester: 4_322_880n, challenger: 5_000_000n, owner: 2n * HALF, sink: SINK },
        })
        const { state, stage, challenged } = await registry.getRequest(id)
        expect([state, stage, challenged]).to.deep.equal([STATE.Refuted, 0n, false])
      })

      it('waits for a challenge of an earlier stage', async () => {
        const fixture = await loadFixture(firstChallenged)
        await expect(refute(fixture, 1))
          .to.be.revertedWithCustomError(fixture.registry, 'ChallengeOpen')
          .withArgs(fixture.id, 0n)
      })

      it('refutes what the arbiter let stand', async () => {
        const fixture = await loadFixture(refutableAnswered)
        const { registry, id } = fixture
        await challenge(fixture, id, 0, fixture.stranger, { bond: BOND })
        await rule(fixture, id, 0, RULING.Rejected)
        expect(await gains(fixture, () => refute(fixture))).to.deep.equal({
          ...{ requester: 960_960n, challenger: 2n * HALF, sink: SINK },
        })
        expect((await registry.getRequest(id)).state).to.equal(STATE.Refuted)
      })

      it('refutes while a challenge holds the answer up beyond its window', async () => {
        const fixture = await loadFixture(secondChallenged)
        const { registry, id } = fixture
        await mineUpTo((await registry.getAnswer(id, 0)).matureEpoch + 5n)
        await expect(refute(fixture, 0)).to.emit(registry, 'Refuted')
      })
    })

    context('when the second of two stages is refuted', () => {
      it('undoes that one only', async () => {
        const fixture = await loadFixture(refutableTwice)
        const { registry, id } = fixture
        expect(await gains(fixture, () => refute(fixture, 1))).to.deep.equal({
          ...{ requester: 2_882_880n, challenger: 2n * HALF, sink: SINK },
        })
        const { state, stage } = await registry.getRequest(id)
        expect([state, stage]).to.deep.equal([STATE.Refuted, 1n])
        await mature(fixture, id, 0)
        expect(await gains(fixture, () => registry.sync(id))).to.deep.equal({
          ...{ 'operator 1': 720_000n, 'operator 2': 720_000n },
        })
      })

      it('does not save the first: that can be refuted next, and the request stays Refuted', async () => {
        const fixture = await loadFixture(refutableTwice)
        await refute(fixture, 1)
        expect(await gains(fixture, () => refute(fixture, 0))).to.deep.equal({
          ...{ requester: 1_440_000n, challenger: 2n * HALF, sink: SINK },
        })
        const { state, stage } = await fixture.registry.getRequest(fixture.id)
        expect([state, stage]).to.deep.equal([STATE.Refuted, 0n])
      })
    })
  })
})
