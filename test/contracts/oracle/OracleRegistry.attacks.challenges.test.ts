import { expect } from 'chai'
import {
  answered,
  answeredTwice,
  BOND,
  CHALLENGEABLE,
  expired,
  failed,
  gains,
  HALF,
  MIN_BOND,
  open,
  SLASH,
  three,
  type Asked,
} from './challenges.ts'
import {
  ANSWER,
  ANSWER_STANDING as STANDING,
  ask,
  challenge,
  failureData,
  fallSilent,
  feeOf,
  loadFixture,
  mature,
  mineUpTo,
  now,
  ONE,
  OTHER,
  REASON,
  rule,
  RULING,
  STATE,
  TWO,
  vote,
} from './world.ts'

const NOBODY = '0x0000000000000000000000000000000000000000'

describe('OracleRegistry under attack, by challenges', () => {
  /** The requester challenges the first answer of its own request. */
  const challengesItself = ({ registry, client, id }: Asked, bond: bigint) =>
    client.act(registry.interface.encodeFunctionData('challenge', [id, 0, '0x']), { value: bond })

  describe('E 9, A 14: requester challenges itself with a silent arbiter', () => {
    for (const { name, reach, share, escrow } of CHALLENGEABLE) {
      for (const bond of [undefined, BOND]) {
        it(`nets nothing in ${name}, with ${bond ? 'any' : 'the least'} bond: the operators are paid all the same`, async () => {
          const fixture = await loadFixture(reach)
          const { registry, id } = fixture
          const paid = bond ?? (await registry.bondFor(id, 0))
          await challengesItself(fixture, paid)
          expect(await gains(fixture, () => fallSilent(fixture, id))).to.deep.equal({
            requester: paid + escrow,
            'operator 1': share,
            'operator 2': share,
          })
        })
      }
    }

    it('has spent the fees of what was answered when all is over: net ≤ 0', async () => {
      const fixture = await loadFixture(answeredTwice)
      const { registry, client, rules, id } = fixture
      const bond = await registry.bondFor(id, 0)
      await challengesItself(fixture, bond)
      await fallSilent(fixture, id)
      const spent = feeOf(rules, TWO) + bond
      expect((await registry.creditOf(client)) - spent).to.equal(-feeOf(rules, TWO))
    })
  })

  describe('E 9, A 14: a liar challenges itself first', () => {
    it('at least half of the slash is gone when the arbiter upholds', async () => {
      const fixture = await loadFixture(answered)
      const { registry, owners, id } = fixture
      const bond = await registry.bondFor(id, 0)
      const before = (await registry.getOperator(1n)).stake + (await registry.getOperator(2n)).stake
      await challenge(fixture, id, 0, owners[0])
      const all = await gains(fixture, () => rule(fixture, id, 0, RULING.Upheld))
      const after = (await registry.getOperator(1n)).stake + (await registry.getOperator(2n)).stake
      expect(all).to.deep.equal({ requester: 960_960n, 'operator 1': bond + 2n * HALF, sink: 2n * (SLASH - HALF) })
      expect(before - after).to.equal(2n * SLASH)
      expect(2n * all.sink >= 2n * SLASH).to.equal(true)
    })

    it('earns nothing but its own bond back when the arbiter rejects, and less than it', async () => {
      const fixture = await loadFixture(answered)
      const { owners, id } = fixture
      await challenge(fixture, id, 0, owners[0], { bond: BOND })
      expect(await gains(fixture, () => rule(fixture, id, 0, RULING.Rejected))).to.deep.equal({
        ...{ 'operator 1': (BOND - 1n) / 2n, 'operator 2': (BOND - 1n) / 2n, sink: 1n },
      })
    })

    it('badly, and bars the arbiter from a second look; not the chain', async () => {
      const fixture = await loadFixture(answered)
      const { registry, evidence, owners, stranger, id } = fixture
      await challenge(fixture, id, 0, owners[0])
      await rule(fixture, id, 0, RULING.Rejected)
      await expect(challenge(fixture, id, 0, stranger))
        .to.be.revertedWithCustomError(registry, 'AlreadyChallenged')
        .withArgs(id, 0n)
      await evidence.setRefuted(OTHER, true)
      await expect(registry.connect(stranger).refute(id, 0, OTHER)).to.emit(registry, 'Refuted')
    })

    it('to shut out others: theirs waits no longer than its own is open, to the epoch', async () => {
      const fixture = await loadFixture(answeredTwice)
      const { registry, owners, stranger, id } = fixture
      const { matureEpoch } = await registry.getAnswer(id, 0)
      await mineUpTo(matureEpoch - 1n)
      await challenge(fixture, id, 1, owners[1])
      await expect(challenge(fixture, id, 0, stranger))
        .to.be.revertedWithCustomError(registry, 'ChallengeOpen')
        .withArgs(id, 1n)
      await fallSilent(fixture, id)
      const moved = (await registry.getAnswer(id, 0)).matureEpoch
      expect(moved - matureEpoch).to.equal((await now()) - matureEpoch)
    })
  })

  describe('A 11: late challenge of an early stage', () => {
    it('undoes every later answer with it', async () => {
      const fixture = await loadFixture(answeredTwice)
      const { registry, stranger, id } = fixture
      const { matureEpoch } = await registry.getAnswer(id, 0)
      await mineUpTo(matureEpoch - 1n)
      await challenge(fixture, id, 0, stranger)
      await rule(fixture, id, 0, RULING.Upheld)
      for (const stage of [0, 1]) expect((await registry.getAnswer(id, stage)).standing).to.equal(STANDING.Undone)
    })

    it('comes in time for every later answer: none is mature before the one it follows', async () => {
      const fixture = await loadFixture(open)
      const { registry, stranger, id } = fixture
      await challenge(fixture, id, 0, stranger)
      await rule(fixture, id, 0, RULING.Rejected)
      await vote(fixture, id, 1, [0, 1], OTHER)
      const [first, second] = [await registry.getAnswer(id, 0), await registry.getAnswer(id, 1)]
      expect(second.matureEpoch >= first.matureEpoch).to.equal(true)
    })
  })

  describe('a liar challenges a later stage', () => {
    it('to let the earlier one mature: its clock stands still as well', async () => {
      const fixture = await loadFixture(answeredTwice)
      const { registry, owners, stranger, arbiter, id } = fixture
      const { matureEpoch } = await registry.getAnswer(id, 0)
      await challenge(fixture, id, 1, owners[1])
      const { openedEpoch } = await registry.getChallenge(id)
      await arbiter.rule(NOBODY, id, 1, RULING.Rejected)
      await mineUpTo(matureEpoch + 5n)
      await registry.resolve(id)
      const closed = await now()

      const left = (await registry.getAnswer(id, 0)).matureEpoch - closed
      expect(left).to.equal(matureEpoch - openedEpoch)
      await mineUpTo(closed + left - 1n)
      await challenge(fixture, id, 0, stranger)
      await rule(fixture, id, 0, RULING.Upheld)
      expect((await registry.getRequest(id)).state).to.equal(STATE.Refuted)
    })

    it('to have the fees of the earlier one: it is refuted all the same', async () => {
      const fixture = await loadFixture(answeredTwice)
      const { registry, owners, evidence, id } = fixture
      await evidence.setRefuted(OTHER, true)
      await challenge(fixture, id, 1, owners[0])
      await fallSilent(fixture, id)
      expect(await gains(fixture, () => registry.refute(id, 0, OTHER))).to.deep.equal({
        ...{ requester: 1_440_000n, owner: 2n * HALF, sink: 2n * (SLASH - HALF) },
      })
    })
  })

  describe('a liar refutes itself', () => {
    it('at least half of the slash is gone, and whoever had challenged has the bond back', async () => {
      const fixture = await loadFixture(answered)
      const { registry, owners, evidence, stranger, id } = fixture
      await evidence.setRefuted(OTHER, true)
      await challenge(fixture, id, 0, stranger, { bond: BOND })
      const all = await gains(fixture, () => registry.connect(owners[0]).refute(id, 0, OTHER))
      expect(all).to.deep.equal({
        ...{ requester: 960_960n, challenger: BOND, 'operator 1': 2n * HALF, sink: 2n * (SLASH - HALF) },
      })
      expect(2n * all.sink >= 2n * SLASH).to.equal(true)
    })
  })

  describe('a challenge while the request is Expired', () => {
    it('a false answer does not keep its fee because the deadline passed', async () => {
      const fixture = await loadFixture(expired)
      const { registry, stranger, id } = fixture
      await challenge(fixture, id, 0, stranger)
      const bond = 1_440_000n
      expect(await gains(fixture, () => rule(fixture, id, 0, RULING.Upheld))).to.deep.equal({
        ...{ requester: 1_440_000n, challenger: bond + 2n * HALF, sink: 2n * (SLASH - HALF) },
      })
      const { state, refunded } = await registry.getRequest(id)
      expect([state, refunded]).to.deep.equal([STATE.Expired, 4_322_880n])
    })

    it('nothing is refunded twice', async () => {
      const fixture = await loadFixture(expired)
      const { registry, stranger, id } = fixture
      await challenge(fixture, id, 0, stranger)
      await fallSilent(fixture, id)
      await expect(registry.refund(id)).to.be.revertedWithCustomError(registry, 'NotOpen').withArgs(id, STATE.Expired)
      await expect(registry.sync(id)).to.be.revertedWithCustomError(registry, 'NothingToSettle').withArgs(id)
    })
  })

  describe('A 18: clock-out', () => {
    it('challenging to run the deadline down: a rejected challenge gives every epoch back', async () => {
      const fixture = await three()
      const { registry, arbiter, stranger } = fixture
      const { id, deadline } = await ask(fixture, { job: TWO, epochs: 20n })
      await vote(fixture, id, 0, [0, 1], OTHER)
      await challenge(fixture, id, 0, stranger)
      const { openedEpoch } = await registry.getChallenge(id)
      await arbiter.rule(NOBODY, id, 0, RULING.Rejected)
      await mineUpTo(deadline + 10n)
      await registry.resolve(id)
      expect((await registry.getRequest(id)).deadlineEpoch - (await now())).to.equal(deadline - openedEpoch)
      await vote(fixture, id, 1, [0, 1], ANSWER)
      expect((await registry.getRequest(id)).state).to.equal(STATE.Answered)
    })

    it('challenging for ever: each stage once, and every lost bond is the operators’', async () => {
      const fixture = await loadFixture(answeredTwice)
      const { registry, stranger, id } = fixture
      for (const stage of [0, 1]) {
        await challenge(fixture, id, stage, stranger, { bond: 5_000_000n })
        await rule(fixture, id, stage, RULING.Rejected)
      }
      for (const stage of [0, 1]) {
        await expect(registry.connect(stranger).challenge(id, stage, '0x', { value: 5_000_000n }))
          .to.be.revertedWithCustomError(registry, 'AlreadyChallenged')
          .withArgs(id, BigInt(stage))
      }
      expect([await registry.creditOf(fixture.owners[0]), await registry.creditOf(fixture.owners[2])]).to.deep.equal([
        ...[2_500_000n, 2_500_000n],
      ])
    })
  })

  describe('A 16: a hash nobody can open', () => {
    it('anybody refutes from the event alone', async () => {
      const fixture = await loadFixture(answered)
      const { registry, evidence, stranger, id } = fixture
      const [event] = await registry.queryFilter(registry.filters.StageAnswered(id))
      await evidence.setRefuted(event.args.data, true)
      await expect(registry.connect(stranger).refute(id, event.args.stage, event.args.data)).to.emit(
        registry,
        'Refuted',
      )
    })
  })

  describe('A 20: slashing by the chain', () => {
    it('evidence that cannot tell, or fails, slashes nobody', async () => {
      const fixture = await loadFixture(answered)
      const { registry, evidence, id } = fixture
      await expect(registry.refute(id, 0, OTHER))
        .to.be.revertedWithCustomError(registry, 'NotRefuted')
        .withArgs(id, 0n)
      await evidence.setReverting(true)
      await expect(registry.refute(id, 0, OTHER)).to.be.revertedWithCustomError(evidence, 'CannotTell')
      await mature(fixture, id, 0)
      expect(await gains(fixture, () => registry.sync(id))).to.deep.equal({
        'operator 1': 480_480n,
        'operator 2': 480_480n,
      })
    })

    it('never slashes for a failure, or for an answer that is final', async () => {
      const fixture = await loadFixture(failed)
      const { registry, evidence, id } = fixture
      const data = failureData(REASON.NotFound)
      await evidence.setRefuted(data, true)
      await expect(registry.refute(id, 0, data))
        .to.be.revertedWithCustomError(registry, 'NotRefuted')
        .withArgs(id, 0n)
      const { id: next } = await ask(fixture, { job: ONE })
      await vote(fixture, next, 0, [0, 1], OTHER)
      await evidence.setRefuted(OTHER, true)
      await mature(fixture, next, 0)
      await expect(registry.refute(next, 0, OTHER)).to.be.revertedWithCustomError(registry, 'WindowClosed')
    })
  })

  describe('a challenge of nothing', () => {
    it('costs at least the least bond, also where the fees are dust', async () => {
      const fixture = await loadFixture(failed)
      expect(await fixture.registry.bondFor(fixture.id, 0)).to.equal(MIN_BOND)
    })
  })
})
