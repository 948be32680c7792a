import { expect } from 'chai'
import {
  act,
  ANSWER,
  ask,
  asked,
  challenge,
  fail,
  loadFixture,
  locksOf,
  mature,
  mineUpTo,
  ONE,
  OTHER,
  REASON,
  rule,
  rules,
  RULING,
  THREE,
  vote,
  WINDOW,
  world,
  type World,
} from './world.ts'

const { slash: SLASH, minStake: MIN_STAKE } = rules({ windowEpochs: WINDOW })

describe('OracleRegistry', () => {
  describe('the stake that votes lock', () => {
    it('is the slash of each vote, agreeing or not, until the answer is settled', async () => {
      const fixture = await loadFixture(asked(2, 3, THREE, WINDOW))
      const { registry, id } = fixture
      await vote(fixture, id, 0, [2], OTHER)
      expect(await locksOf(fixture)).to.deep.equal([0n, 0n, SLASH])
      await vote(fixture, id, 0, [0, 1])
      await vote(fixture, id, 1, [0])
      expect(await locksOf(fixture)).to.deep.equal([2n * SLASH, SLASH, SLASH])

      await mature(fixture, id, 0)
      await registry.sync(id)

      expect(await locksOf(fixture)).to.deep.equal([SLASH, 0n, 0n])
    })

    it('is nothing where answers are final at their quorum', async () => {
      const fixture = await loadFixture(asked(2, 3, THREE))
      await vote(fixture, fixture.id, 0, [0])
      expect(await locksOf(fixture)).to.deep.equal([0n, 0n, 0n])
    })

    it('is locked by a vote for a failure as well', async () => {
      const fixture = await loadFixture(asked(2, 3, ONE, WINDOW))
      await fail(fixture, fixture.id, 0, [1], REASON.NotFound)
      expect(await locksOf(fixture)).to.deep.equal([0n, SLASH, 0n])
    })

    const endings: [string, (fixture: World & { id: bigint; deadline: bigint }) => Promise<unknown>][] = [
      ['cancel', (fixture) => act(fixture, 'cancel', fixture.id)],
      [
        'refund',
        async (fixture) => {
          await mineUpTo(fixture.deadline)
          await fixture.registry.refund(fixture.id)
        },
      ],
    ]
    for (const [name, end] of endings) {
      it(`is freed by ${name} for the stage that was not answered, not for the one that was`, async () => {
        const fixture = await loadFixture(asked(2, 3, THREE, WINDOW * 10))
        await vote(fixture, fixture.id, 0, [0, 1])
        await vote(fixture, fixture.id, 1, [1])
        await vote(fixture, fixture.id, 1, [2], OTHER)

        await end(fixture)

        expect(await locksOf(fixture)).to.deep.equal([SLASH, SLASH, 0n])
      })
    }

    it('is freed by conclude, of every stage', async () => {
      const fixture = await loadFixture(asked(2, 3, THREE, WINDOW))
      const { id } = fixture
      await vote(fixture, id, 0, [0, 1])
      await vote(fixture, id, 1, [0, 2])
      await fail(fixture, id, 2, [1], REASON.DealFailed)
      expect(await locksOf(fixture)).to.deep.equal([2n * SLASH, 2n * SLASH, SLASH])
      await mature(fixture, id, 1)

      await act(fixture, 'conclude', id)

      expect(await locksOf(fixture)).to.deep.equal([0n, 0n, 0n])
    })

    context('when it does not suffice', () => {
      /** Stake for two votes and one attoFIL less than a third. */
      const meagre = async () => {
        const built = await world(1, 1, { windowEpochs: WINDOW, minStake: 2n * SLASH })
        await built.registry.addStake(1n, { value: SLASH - 1n })
        const ids = []
        for (let i = 0; i < 3; ++i) ids.push((await ask(built, { epochs: 1_000n })).id)
        return { ...built, ids }
      }

      it('refuses the vote, until something was freed', async () => {
        const fixture = await loadFixture(meagre)
        const { registry, reporters, ids } = fixture
        for (const id of ids.slice(0, 2)) await vote(fixture, id, 0, [0])
        await expect(registry.connect(reporters[0]).report(ids[2], 0, ANSWER))
          .to.be.revertedWithCustomError(registry, 'StakeExhausted')
          .withArgs(1n, SLASH, SLASH - 1n)

        await mature(fixture, ids[0], 0)
        await registry.sync(ids[0])

        await expect(registry.connect(reporters[0]).report(ids[2], 0, ANSWER)).to.emit(registry, 'StageAnswered')
        expect(await locksOf(fixture)).to.deep.equal([2n * SLASH])
      })

      it('takes it with one attoFIL more', async () => {
        const fixture = await loadFixture(meagre)
        const { registry, reporters, ids } = fixture
        for (const id of ids.slice(0, 2)) await vote(fixture, id, 0, [0])
        await registry.addStake(1n, { value: 1n })
        await expect(registry.connect(reporters[0]).report(ids[2], 0, ANSWER)).to.emit(registry, 'StageAnswered')
        expect(await locksOf(fixture)).to.deep.equal([3n * SLASH])
      })
    })

    context('when a slash left less than the least stake', () => {
      const jailed = async () => {
        const fixture = await asked(1, 1, ONE, WINDOW)()
        const other = await ask(fixture, { epochs: 1_000n })
        await vote(fixture, fixture.id, 0, [0])
        await challenge(fixture, fixture.id, 0, fixture.stranger)
        await rule(fixture, fixture.id, 0, RULING.Upheld)
        return { ...fixture, other: other.id }
      }

      it('jails the operator: no vote, however much is free', async () => {
        const { registry, reporters, other } = await loadFixture(jailed)
        expect((await registry.getOperator(1n)).jailed).to.equal(true)
        await expect(registry.connect(reporters[0]).report(other, 0, ANSWER))
          .to.be.revertedWithCustomError(registry, 'StakeExhausted')
          .withArgs(1n, MIN_STAKE, MIN_STAKE - SLASH)
      })

      it('lets it vote when it is topped up', async () => {
        const { registry, reporters, other } = await loadFixture(jailed)
        await registry.addStake(1n, { value: SLASH })
        await expect(registry.connect(reporters[0]).report(other, 0, ANSWER)).to.emit(registry, 'StageAnswered')
      })
    })
  })
})
