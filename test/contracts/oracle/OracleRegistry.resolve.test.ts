import { expect } from 'chai'
import {
  answered,
  answeredTwice,
  BOND,
  CHALLENGEABLE,
  gains,
  HALF,
  RULING_EPOCHS,
  SLASH,
  STAKE,
  three,
  type Asked,
} from './challenges.ts'
import {
  ANSWER_STANDING as STANDING,
  challenge,
  fallSilent,
  loadFixture,
  mineUpTo,
  rule,
  RULING,
  STATE,
} from './world.ts'

const UNKNOWN = 9n

describe('OracleRegistry', () => {
  /** Stage 0 is challenged by the stranger. */
  const challenged = (reach: () => Promise<Asked>) => {
    const fixture = async () => {
      const asked = await reach()
      await challenge(asked, asked.id, 0, asked.stranger, { bond: BOND })
      return asked
    }
    return fixture
  }
  const challengedAnswered = challenged(answered)
  const nobodyRules = '0x0000000000000000000000000000000000000000'

  const stakes = async ({ registry }: Asked) => {
    const all: bigint[][] = []
    for (const operatorId of [1n, 2n, 3n]) {
      const { stake, locked } = await registry.getOperator(operatorId)
      all.push([stake, locked])
    }
    return all
  }

  describe('resolve', () => {
    it('refuses an unknown request', async () => {
      const { registry } = await loadFixture(three)
      await expect(registry.resolve(UNKNOWN))
        .to.be.revertedWithCustomError(registry, 'UnknownRequest')
        .withArgs(UNKNOWN)
    })

    it('refuses a request that nobody challenged, and one whose challenge is closed', async () => {
      const fixture = await loadFixture(challengedAnswered)
      const { registry, id } = fixture
      await rule(fixture, id, 0, RULING.Rejected)
      await expect(registry.resolve(id)).to.be.revertedWithCustomError(registry, 'NoChallenge').withArgs(id)
      const other = await loadFixture(answered)
      await expect(other.registry.resolve(other.id))
        .to.be.revertedWithCustomError(other.registry, 'NoChallenge')
        .withArgs(other.id)
    })

    it('refuses while the arbiter has not ruled, up to the last epoch that it may', async () => {
      const { registry, id } = await loadFixture(challengedAnswered)
      const { deadlineEpoch, openedEpoch } = await registry.getChallenge(id)
      expect(deadlineEpoch - openedEpoch).to.equal(RULING_EPOCHS)
      await mineUpTo(deadlineEpoch - 1n)
      await expect(registry.resolve(id))
        .to.be.revertedWithCustomError(registry, 'NotRuled')
        .withArgs(deadlineEpoch, deadlineEpoch)
    })

    it('reads a ruling at that last epoch, whoever calls', async () => {
      const { registry, arbiter, id, owners, owner, stranger } = await loadFixture(challengedAnswered)
      const { deadlineEpoch } = await registry.getChallenge(id)
      await arbiter.rule(nobodyRules, id, 0, RULING.Upheld)
      for (const caller of [owner, owners[0], owners[2]]) await registry.connect(caller).resolve.staticCall(id)
      await mineUpTo(deadlineEpoch - 1n)
      await expect(registry.connect(stranger).resolve(id))
        .to.emit(registry, 'ChallengeClosed')
        .withArgs(id, 0n, RULING.Upheld, BOND, 0n)
    })

    it('does not read it one epoch later: that is silence', async () => {
      const { registry, arbiter, id } = await loadFixture(challengedAnswered)
      const { deadlineEpoch } = await registry.getChallenge(id)
      await arbiter.rule(nobodyRules, id, 0, RULING.Upheld)
      await mineUpTo(deadlineEpoch)
      await expect(registry.resolve(id))
        .to.emit(registry, 'ChallengeClosed')
        .withArgs(id, 0n, RULING.Silent, BOND - 960_960n, 960_960n)
    })

    it('reads a ruling once: what the arbiter says later changes nothing', async () => {
      const fixture = await loadFixture(challengedAnswered)
      const { registry, arbiter, id } = fixture
      await rule(fixture, id, 0, RULING.Rejected)
      await expect(arbiter.rule(registry, id, 0, RULING.Upheld))
        .to.be.revertedWithCustomError(registry, 'NoChallenge')
        .withArgs(id)
    })

    for (const { name, reach, state, share, escrow, ends } of CHALLENGEABLE) {
      const fixtureOf = challenged(reach)

      context(`when the request is ${name} and the answer was false`, () => {
        it('takes the slash of those that agreed, pays the challenger and refunds the requester', async () => {
          const fixture = await loadFixture(fixtureOf)
          expect(await gains(fixture, () => rule(fixture, fixture.id, 0, RULING.Upheld))).to.deep.equal({
            requester: 2n * share + escrow,
            challenger: BOND + 2n * HALF,
            sink: 2n * (SLASH - HALF),
          })
          expect(await stakes(fixture)).to.deep.equal([
            [STAKE - SLASH, 0n],
            [STAKE - SLASH, 0n],
            [STAKE, 0n],
          ])
        })

        it(`says so; the request is ${ends ? 'Refuted' : name}`, async () => {
          const { registry, arbiter, stranger, id } = await loadFixture(fixtureOf)
          const { refunded } = await registry.getRequest(id)
          const ruling = arbiter.rule(registry, id, 0, RULING.Upheld)
          await expect(ruling).to.emit(registry, 'ChallengeClosed').withArgs(id, 0n, RULING.Upheld, BOND, 0n)
          await expect(ruling)
            .to.emit(registry, 'AnswerUndone')
            .withArgs(id, 0n, RULING.Upheld, 2n * share + escrow)
          for (const operatorId of [1n, 2n]) {
            await expect(ruling).to.emit(registry, 'Slashed').withArgs(operatorId, id, 0n, SLASH, HALF)
          }
          await expect(ruling).to.emit(registry, 'Credited').withArgs(stranger.address, id, BOND)
          const view = await registry.getRequest(id)
          expect([view.state, view.stage, view.settled, view.challenged]).to.deep.equal([
            ...[ends ? STATE.Refuted : state, 0n, 0n, false],
          ])
          expect([view.escrow, view.refunded]).to.deep.equal([0n, refunded + 2n * share + escrow])
          expect((await registry.getAnswer(id, 0)).standing).to.equal(STANDING.Undone)
        })
      })

      context(`when the request is ${name} and the answer was true`, () => {
        it('gives the bond to those that agreed; what cannot be shared goes to the sink', async () => {
          const fixture = await loadFixture(fixtureOf)
          const before = await stakes(fixture)
          expect(await gains(fixture, () => rule(fixture, fixture.id, 0, RULING.Rejected))).to.deep.equal({
            ...{ 'operator 1': 2_500_000n, 'operator 2': 2_500_000n, sink: 1n },
          })
          expect(await stakes(fixture)).to.deep.equal(before)
        })

        it('says so; the request and its answer are what they were', async () => {
          const { registry, arbiter, id } = await loadFixture(fixtureOf)
          const before = await registry.getRequest(id)
          const ruling = arbiter.rule(registry, id, 0, RULING.Rejected)
          await expect(ruling)
            .to.emit(registry, 'ChallengeClosed')
            .withArgs(id, 0n, RULING.Rejected, 0n, BOND - 1n)
          await expect(ruling).not.to.emit(registry, 'AnswerUndone')
          const after = await registry.getRequest(id)
          expect([after.state, after.stage, after.escrow, after.refunded, after.challenged]).to.deep.equal([
            ...[before.state, before.stage, before.escrow, before.refunded, false],
          ])
          expect((await registry.getAnswer(id, 0)).standing).to.equal(STANDING.Challengeable)
        })
      })

      context(`when the request is ${name} and the arbiter is silent`, () => {
        it('refunds the requester, pays the operators from the bond and gives back the rest; nobody is slashed', async () => {
          const fixture = await loadFixture(fixtureOf)
          expect(await gains(fixture, () => fallSilent(fixture, fixture.id))).to.deep.equal({
            requester: 2n * share + escrow,
            challenger: BOND - 2n * share,
            'operator 1': share,
            'operator 2': share,
          })
          for (const stake of await stakes(fixture)) expect(stake).to.deep.equal([STAKE, 0n])
        })

        it(`says so; the request is ${ends ? 'Undecided' : name}`, async () => {
          const fixture = await loadFixture(fixtureOf)
          const { registry, id } = fixture
          const closing = fallSilent(fixture, id)
          await expect(closing)
            .to.emit(registry, 'ChallengeClosed')
            .withArgs(id, 0n, RULING.Silent, BOND - 2n * share, 2n * share)
          await expect(closing)
            .to.emit(registry, 'AnswerUndone')
            .withArgs(id, 0n, RULING.Silent, 2n * share + escrow)
          await expect(closing).not.to.emit(registry, 'Slashed')
          const view = await registry.getRequest(id)
          expect([view.state, view.stage, view.challenged]).to.deep.equal([ends ? STATE.Undecided : state, 0n, false])
          expect((await registry.getAnswer(id, 0)).standing).to.equal(STANDING.Undone)
        })
      })
    }

    context('when two stages are answered and the first is challenged', () => {
      const bond = 4_322_880n
      const first = async () => {
        const asked = await answeredTwice()
        await challenge(asked, asked.id, 0, asked.stranger)
        return asked
      }

      it('Upheld undoes both; who agreed on the second only is not slashed', async () => {
        const fixture = await loadFixture(first)
        expect(await gains(fixture, () => rule(fixture, fixture.id, 0, RULING.Upheld))).to.deep.equal({
          requester: bond,
          challenger: bond + 2n * HALF,
          sink: 2n * (SLASH - HALF),
        })
        expect(await stakes(fixture)).to.deep.equal([
          [STAKE - SLASH, 0n],
          [STAKE - SLASH, 0n],
          [STAKE, 0n],
        ])
        expect((await fixture.registry.getAnswer(fixture.id, 1)).standing).to.equal(STANDING.Undone)
      })

      it('Rejected gives the bond to those that agreed on the first', async () => {
        const fixture = await loadFixture(first)
        expect(await gains(fixture, () => rule(fixture, fixture.id, 0, RULING.Rejected))).to.deep.equal({
          'operator 1': bond / 2n,
          'operator 2': bond / 2n,
        })
      })

      it('Silent pays the operators of both', async () => {
        const fixture = await loadFixture(first)
        expect(await gains(fixture, () => fallSilent(fixture, fixture.id))).to.deep.equal({
          requester: bond,
          'operator 1': 720_000n,
          'operator 2': 720_000n + 1_441_440n,
          'operator 3': 1_441_440n,
        })
      })
    })

    context('when two stages are answered and the second is challenged', () => {
      const bond = 2_882_880n
      const second = async () => {
        const asked = await answeredTwice()
        await challenge(asked, asked.id, 1, asked.stranger)
        return asked
      }

      for (const [name, ruling, expected, slashed] of [
        ['Upheld', RULING.Upheld, { requester: bond, challenger: bond + 2n * HALF, sink: 2n * (SLASH - HALF) }, SLASH],
        ['Silent', RULING.Silent, { requester: bond, 'operator 2': bond / 2n, 'operator 3': bond / 2n }, 0n],
      ] as const) {
        it(`${name} undoes the second only: the first runs on, and is paid when it is mature`, async () => {
          const fixture = await loadFixture(second)
          const { registry, id } = fixture
          expect(
            await gains(fixture, () =>
              ruling === RULING.Upheld ? rule(fixture, id, 1, ruling) : fallSilent(fixture, id),
            ),
          ).to.deep.equal(expected)
          expect(await stakes(fixture)).to.deep.equal([
            [STAKE, SLASH],
            [STAKE - slashed, SLASH],
            [STAKE - slashed, 0n],
          ])
          const view = await registry.getRequest(id)
          expect([view.stage, view.state]).to.deep.equal([
            1n,
            ruling === RULING.Upheld ? STATE.Refuted : STATE.Undecided,
          ])

          await mineUpTo((await registry.getAnswer(id, 0)).matureEpoch)

          expect(await gains(fixture, () => registry.sync(id))).to.deep.equal({
            'operator 1': 720_000n,
            'operator 2': 720_000n,
          })
          expect((await registry.getAnswer(id, 0)).standing).to.equal(STANDING.Final)
          expect((await stakes(fixture)).map(([, locked]) => locked)).to.deep.equal([0n, 0n, 0n])
        })
      }
    })
  })
})
