import { expect } from 'chai'
import {
  act,
  asked,
  challenge,
  creditsOf,
  fail,
  fallSilent,
  feeOf,
  loadFixture,
  mature,
  mine,
  mineUpTo,
  now,
  OTHER,
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
const TOTAL = feeOf({ ...rules(), quorum: 2 }, THREE)
const { minBond: BOND, slash: SLASH, minStake: STAKE } = rules({ windowEpochs: WINDOW })

describe('OracleRegistry, where answers can be challenged', () => {
  /** Stage 0 is answered by the first two. */
  const pinned = async () => {
    const fixture = await asked(2, 3, THREE, WINDOW)()
    await vote(fixture, fixture.id, 0, [0, 1])
    return fixture
  }
  /** Stages 0 and 1 are answered, by the first two and the last two. */
  const packed = async () => {
    const fixture = await pinned()
    await mine(5)
    await vote(fixture, fixture.id, 1, [1, 2])
    return fixture
  }

  describe('cancel', () => {
    it('pays the stage in progress with the answer before it, when that is final', async () => {
      const fixture = await loadFixture(pinned)
      const { registry, client, owners, id } = fixture
      await expect(act(fixture, 'cancel', id))
        .to.emit(registry, 'RequestCancelled')
        .withArgs(id, 1n, 2n * share(2))
      expect(await creditsOf(fixture, [...owners, client])).to.deep.equal([0n, 0n, 0n, 2n * share(2)])
      await mature(fixture, id, 0)
      const both = share(0) + share(1)
      await expect(registry.sync(id))
        .to.emit(registry, 'StageSettled')
        .withArgs(id, 0n, 2n * both)
      expect(await creditsOf(fixture, [...owners, client])).to.deep.equal([both, both, 0n, 2n * share(2)])
    })

    it('pays the stage in progress at once where the answer before it is settled', async () => {
      const fixture = await loadFixture(pinned)
      const { registry, client, owners, id } = fixture
      await mature(fixture, id, 0)
      await registry.sync(id)
      await act(fixture, 'cancel', id)
      const both = share(0) + share(1)
      expect(await creditsOf(fixture, [...owners, client])).to.deep.equal([both, both, 0n, 2n * share(2)])
      expect(await registry.liabilities()).to.equal(2n * (both + share(2)) + 3n * STAKE)
    })

    it('gives back, on top, both fees when that answer is refuted afterwards; the state stays', async () => {
      const fixture = await loadFixture(pinned)
      const { registry, client, stranger, owners, id } = fixture
      await act(fixture, 'cancel', id)
      expect(await registry.bondFor(id, 0)).to.equal(2n * (share(0) + share(1)))
      await challenge(fixture, id, 0, stranger)
      await rule(fixture, id, 0, RULING.Upheld)
      const { state, refunded, stage } = await registry.getRequest(id)
      expect([state, refunded, stage]).to.deep.equal([STATE.Cancelled, TOTAL, 0n])
      expect(await creditsOf(fixture, [...owners, client])).to.deep.equal([0n, 0n, 0n, TOTAL])
    })

    it('has the bond pay both fees when the arbiter is silent', async () => {
      const fixture = await loadFixture(pinned)
      const { registry, client, stranger, owners, id } = fixture
      await act(fixture, 'cancel', id)
      const both = share(0) + share(1)
      await registry.connect(stranger).challenge(id, 0, '0x', { value: 2n * both })
      await fallSilent(fixture, id)
      expect(await creditsOf(fixture, [...owners, client, stranger])).to.deep.equal([both, both, 0n, TOTAL, 0n])
    })

    it('pays nobody for the stage in progress when the answer before it is refuted and an earlier one stands', async () => {
      const fixture = await loadFixture(packed)
      const { registry, client, stranger, owners, id } = fixture
      await act(fixture, 'cancel', id)
      await challenge(fixture, id, 1, stranger)
      await rule(fixture, id, 1, RULING.Upheld)
      await mature(fixture, id, 0)
      await registry.sync(id)
      const [earned, back] = [share(0), 2n * (share(1) + share(2))]
      expect(await creditsOf(fixture, [...owners, client])).to.deep.equal([earned, earned, 0n, back])
    })

    it('is possible again after a rejected challenge', async () => {
      const fixture = await loadFixture(pinned)
      const { registry, stranger, id } = fixture
      await challenge(fixture, id, 0, stranger)
      await expect(act(fixture, 'cancel', id))
        .to.be.revertedWithCustomError(registry, 'UnderChallenge')
        .withArgs(id, 0n)
      await rule(fixture, id, 0, RULING.Rejected)
      await expect(act(fixture, 'cancel', id))
        .to.emit(registry, 'RequestCancelled')
        .withArgs(id, 1n, 2n * share(2))
    })
  })

  describe('conclude', () => {
    it('refuses in the last epoch in which the stage before can be challenged, not in the next', async () => {
      const fixture = await loadFixture(packed)
      const { registry, id } = fixture
      const { matureEpoch } = await registry.getAnswer(id, 1)
      await mineUpTo(matureEpoch - 1n)
      await expect(act(fixture, 'conclude', id))
        .to.be.revertedWithCustomError(registry, 'NotMature')
        .withArgs(matureEpoch, matureEpoch)
      await mineUpTo(matureEpoch)
      await expect(act(fixture, 'conclude', id))
        .to.emit(registry, 'RequestConcluded')
        .withArgs(id, 2n)
      expect(await now()).to.equal(matureEpoch + 1n)
    })

    it('pays all stages: those before by settling them', async () => {
      const fixture = await loadFixture(packed)
      const { registry, client, owners, id } = fixture
      await mature(fixture, id, 1)

      const concluding = act(fixture, 'conclude', id)

      for (const stage of [0, 1]) {
        await expect(concluding)
          .to.emit(registry, 'StageSettled')
          .withArgs(id, BigInt(stage), 2n * share(stage))
      }
      await expect(concluding).to.emit(registry, 'Credited').withArgs(owners[2], id, share(2))
      expect(await creditsOf(fixture, [...owners, client])).to.deep.equal([
        ...[share(0), share(0) + share(1) + share(2), share(1) + share(2), 0n],
      ])
      const { state, stage, settled, refunded } = await registry.getRequest(id)
      expect([state, stage, settled, refunded]).to.deep.equal([STATE.Answered, 3n, 3n, 0n])
    })

    it('cannot be challenged: nothing of it is left to undo', async () => {
      const fixture = await loadFixture(packed)
      const { registry, stranger, id } = fixture
      await mature(fixture, id, 1)
      await act(fixture, 'conclude', id)
      for (const stage of [0, 1, 2]) {
        await expect(registry.connect(stranger).challenge(id, stage, '0x', { value: TOTAL }))
          .to.be.revertedWithCustomError(registry, 'NotChallengeable')
          .withArgs(id, BigInt(stage))
      }
    })

    it('goes before votes for a failure that are too few; their stake is free', async () => {
      const fixture = await loadFixture(packed)
      const { registry, id } = fixture
      await fail(fixture, id, 2, [0], REASON.DealFailed)
      await mature(fixture, id, 1)
      await act(fixture, 'conclude', id)
      const { locked, agreed, dissented } = await registry.getOperator(1n)
      expect([locked, agreed, dissented]).to.deep.equal([0n, 1n, 0n])
    })
  })

  describe('refund', () => {
    it('waits while a challenge is open, and for as long again when it was rejected', async () => {
      const fixture = await loadFixture(pinned)
      const { registry, client, stranger, id, deadline } = fixture
      await challenge(fixture, id, 0, stranger)
      const opened = await now()
      await mineUpTo(opened + 20n)
      await expect(registry.refund(id)).to.be.revertedWithCustomError(registry, 'UnderChallenge').withArgs(id, 0n)
      await rule(fixture, id, 0, RULING.Rejected)
      const later = deadline + (await now()) - opened
      expect((await registry.getRequest(id)).deadlineEpoch).to.equal(later)

      await mineUpTo(later - 1n)
      await expect(registry.refund(id))
        .to.be.revertedWithCustomError(registry, 'DeadlineNotPassed')
        .withArgs(later, later)
      await mineUpTo(later)
      await expect(registry.refund(id))
        .to.emit(registry, 'RequestExpired')
        .withArgs(id, 1n, 2n * (share(1) + share(2)))
      expect(await registry.creditOf(client)).to.equal(2n * (share(1) + share(2)))
    })

    it('leaves the answers that can be challenged to their time', async () => {
      const fixture = await loadFixture(asked(2, 3, THREE, WINDOW))
      const { registry, client, owners, id, deadline } = fixture
      await mineUpTo(deadline - 2n)
      await vote(fixture, id, 0, [0, 1])
      expect(await now()).to.equal(deadline)
      await registry.refund(id)
      expect(await creditsOf(fixture, [...owners, client])).to.deep.equal([0n, 0n, 0n, 2n * (share(1) + share(2))])
      await mature(fixture, id, 0)
      await registry.sync(id)
      expect(await creditsOf(fixture, [...owners, client])).to.deep.equal([
        ...[share(0), share(0), 0n, 2n * (share(1) + share(2))],
      ])
      const { state, settled } = await registry.getRequest(id)
      expect([state, settled]).to.deep.equal([STATE.Expired, 1n])
    })

    it('is refused when a challenge ended the request: it gave everything back', async () => {
      for (const end of ['Upheld', 'Silent'] as const) {
        const fixture = await loadFixture(pinned)
        const { registry, client, stranger, id, deadline } = fixture
        await vote(fixture, id, 1, [2], OTHER)
        await challenge(fixture, id, 0, stranger, { bond: 10n * BOND })
        if (end === 'Upheld') await rule(fixture, id, 0, RULING.Upheld)
        else await fallSilent(fixture, id)
        expect(await registry.creditOf(client)).to.equal(TOTAL)
        await mineUpTo(deadline + 100n)
        await expect(registry.refund(id))
          .to.be.revertedWithCustomError(registry, 'NotOpen')
          .withArgs(id, end === 'Upheld' ? STATE.Refuted : STATE.Undecided)
        const { locked, stake } = await registry.getOperator(3n)
        expect([locked, stake]).to.deep.equal([0n, 10n * SLASH])
      }
    })
  })
})
