import { expect } from 'chai'
import { ZeroAddress } from 'ethers'
import {
  act,
  ANSWER,
  answerHash,
  ANSWER_STANDING,
  asked,
  challenge,
  creditsOf,
  DELIVERY,
  fail,
  failureData,
  fallSilent,
  feeOf,
  loadFixture,
  mature,
  mine,
  mineUpTo,
  MODE,
  now,
  ONE,
  OTHER,
  REASON,
  rule,
  rules,
  RULING,
  STATE,
  TWO,
  vote,
  WINDOW,
} from './world.ts'

const { minBond: BOND, slash: SLASH } = rules({ windowEpochs: WINDOW })

describe('OracleRegistry', () => {
  const early = async () => {
    const fixture = await asked(2, 3, TWO, WINDOW)()
    await act(fixture, 'allowEarly', fixture.id)
    return fixture
  }
  /** Both answers were delivered early. */
  const delivered = async () => {
    const fixture = await early()
    await vote(fixture, fixture.id, 0, [0, 1])
    await vote(fixture, fixture.id, 1, [0, 1], OTHER)
    return fixture
  }

  describe('allowEarly', () => {
    it('is noted and told', async () => {
      const fixture = await loadFixture(asked(2, 3, TWO, WINDOW))
      const { registry, id } = fixture
      await expect(act(fixture, 'allowEarly', id))
        .to.emit(registry, 'EarlyAllowed')
        .withArgs(id)
      expect((await registry.getRequest(id)).early).to.equal(true)
    })

    it('is once', async () => {
      const fixture = await loadFixture(early)
      await expect(act(fixture, 'allowEarly', fixture.id))
        .to.be.revertedWithCustomError(fixture.registry, 'AlreadyEarly')
        .withArgs(fixture.id)
    })

    it('is for the requester only', async () => {
      const { registry, client, owner, reporters, stranger, id } = await loadFixture(asked(2, 3, TWO, WINDOW))
      for (const caller of [owner, reporters[0], stranger]) {
        await expect(registry.connect(caller).allowEarly(id))
          .to.be.revertedWithCustomError(registry, 'NotRequester')
          .withArgs(client, caller)
      }
    })

    it('refuses a request that is over, and an unknown one', async () => {
      const fixture = await loadFixture(asked(2, 3, ONE, WINDOW))
      const { registry, id } = fixture
      await vote(fixture, id, 0, [0, 1])
      await expect(act(fixture, 'allowEarly', id))
        .to.be.revertedWithCustomError(registry, 'NotOpen')
        .withArgs(id, STATE.Answered)
      await expect(act(fixture, 'allowEarly', 9n))
        .to.be.revertedWithCustomError(registry, 'UnknownRequest')
        .withArgs(9n)
    })
  })

  describe('an early answer', () => {
    it('is delivered at its quorum; it is paid and freed when it is final', async () => {
      const fixture = await loadFixture(early)
      const { registry, client, owners, reporters, id } = fixture
      await vote(fixture, id, 0, [0])

      const reporting = await registry.connect(reporters[1]).report(id, 0, ANSWER)

      await expect(reporting).to.emit(registry, 'Delivered').withArgs(id, 0n)
      await expect(reporting).not.to.emit(registry, 'StageSettled')
      expect([await client.calls(), await client.lastData()]).to.deep.equal([1n, ANSWER])
      const { standing, delivery } = await registry.getAnswer(id, 0)
      expect([standing, delivery]).to.deep.equal([ANSWER_STANDING.Challengeable, DELIVERY.Done])
      expect(await creditsOf(fixture, owners)).to.deep.equal([0n, 0n, 0n])
      expect((await registry.getOperator(1n)).locked).to.equal(SLASH)
    })

    it('is delivered once', async () => {
      const fixture = await loadFixture(delivered)
      const { registry, client, id } = fixture
      await mature(fixture, id, 1)
      await registry.sync(id)
      await expect(registry.deliver(id, 0, ANSWER))
        .to.be.revertedWithCustomError(registry, 'NotDue')
        .withArgs(id, 0n, DELIVERY.Done)
      expect(await client.calls()).to.equal(2n)
    })

    it('may be a failure', async () => {
      const fixture = await loadFixture(early)
      const { client, id } = fixture
      await fail(fixture, id, 0, [0, 1], REASON.NotFound)
      expect([await client.calls(), await client.lastOk(), await client.lastData()]).to.deep.equal([
        ...[1n, false, failureData(REASON.NotFound)],
      ])
    })

    it('can be tried again before it is final when the callback failed', async () => {
      const fixture = await loadFixture(early)
      const { registry, client, stranger, id } = fixture
      await client.setMode(MODE.Refuse, '0x')
      await vote(fixture, id, 0, [0, 1])
      expect((await registry.getAnswer(id, 0)).delivery).to.equal(DELIVERY.Failed)
      await client.setMode(MODE.Take, '0x')
      await expect(registry.connect(stranger).deliver(id, 0, ANSWER))
        .to.emit(registry, 'Delivered')
        .withArgs(id, 0n)
      expect((await registry.getRequest(id)).settled).to.equal(0n)
    })

    it('can be tried again while it is challenged: its requester wanted it unripe', async () => {
      const fixture = await loadFixture(early)
      const { registry, client, stranger, id } = fixture
      await client.setMode(MODE.Refuse, '0x')
      await vote(fixture, id, 0, [0, 1])
      await client.setMode(MODE.Take, '0x')
      await challenge(fixture, id, 0, stranger)
      await expect(registry.deliver(id, 0, ANSWER))
        .to.emit(registry, 'Delivered')
        .withArgs(id, 0n)
      await rule(fixture, id, 0, RULING.Upheld)
      expect([await client.calls(), await client.cancelledCalls()]).to.deep.equal([1n, 1n])
    })

    it('must still be the answer', async () => {
      const fixture = await loadFixture(early)
      const { registry, client, id } = fixture
      await client.setMode(MODE.Refuse, '0x')
      await vote(fixture, id, 0, [0, 1])
      await expect(registry.deliver(id, 0, OTHER))
        .to.be.revertedWithCustomError(registry, 'WrongAnswer')
        .withArgs(answerHash(true, ANSWER), answerHash(true, OTHER))
    })

    it('is one that had its quorum before it was wanted, when somebody delivers it', async () => {
      const fixture = await loadFixture(asked(2, 3, TWO, WINDOW))
      const { registry, client, id } = fixture
      await vote(fixture, id, 0, [0, 1])
      expect(await client.calls()).to.equal(0n)
      await act(fixture, 'allowEarly', id)
      await expect(registry.deliver(id, 0, ANSWER))
        .to.emit(registry, 'Delivered')
        .withArgs(id, 0n)
      await vote(fixture, id, 1, [1, 2], OTHER)
      expect(await client.calls()).to.equal(2n)
    })
  })

  describe('an early answer that is undone', () => {
    it('is told, with all after it, once', async () => {
      const fixture = await loadFixture(delivered)
      const { registry, arbiter, client, stranger, id } = fixture
      await challenge(fixture, id, 0, stranger)
      await arbiter.rule(ZeroAddress, id, 0, RULING.Upheld)

      const ruling = registry.resolve(id)

      await expect(ruling).to.emit(registry, 'CancellationDelivered').withArgs(id, 0n, true)
      expect([await client.cancelledCalls(), await client.cancelledStage()]).to.deep.equal([1n, 0n])
      for (const stage of [0, 1]) {
        const { standing, delivery } = await registry.getAnswer(id, stage)
        expect([standing, delivery]).to.deep.equal([ANSWER_STANDING.Undone, DELIVERY.Done])
      }
      const { state, refunded } = await registry.getRequest(id)
      expect([state, refunded]).to.deep.equal([STATE.Refuted, feeOf(fixture.rules, TWO)])
    })

    it('is told of its own stage when the one before stands', async () => {
      const fixture = await loadFixture(delivered)
      const { registry, client, stranger, id } = fixture
      await challenge(fixture, id, 1, stranger)
      await rule(fixture, id, 1, RULING.Upheld)
      expect([await client.cancelledCalls(), await client.cancelledStage()]).to.deep.equal([1n, 1n])
      expect((await registry.getAnswer(id, 0)).standing).to.equal(ANSWER_STANDING.Challengeable)
    })

    it('is told when the arbiter says nothing', async () => {
      const fixture = await loadFixture(delivered)
      const { registry, client, stranger, id } = fixture
      await challenge(fixture, id, 0, stranger, { bond: 10n * BOND })
      await fallSilent(fixture, id)
      expect(await client.cancelledCalls()).to.equal(1n)
      expect((await registry.getRequest(id)).state).to.equal(STATE.Undecided)
    })

    it('is not told when the answer was rightly given', async () => {
      const fixture = await loadFixture(delivered)
      const { client, stranger, id } = fixture
      await challenge(fixture, id, 0, stranger)
      await rule(fixture, id, 0, RULING.Rejected)
      expect(await client.cancelledCalls()).to.equal(0n)
    })

    for (const [title, mode] of [
      ['reverts', MODE.Refuse],
      ['uses up its ceiling', MODE.Burn],
    ] as const) {
      it(`is undone though the requester ${title}: that is noted`, async () => {
        const fixture = await loadFixture(delivered)
        const { registry, arbiter, client, stranger, id } = fixture
        await client.setMode(mode, '0x')
        await challenge(fixture, id, 1, stranger)
        await arbiter.rule(ZeroAddress, id, 1, RULING.Upheld)
        await expect(registry.resolve(id)).to.emit(registry, 'CancellationDelivered').withArgs(id, 1n, false)
        expect((await registry.getRequest(id)).state).to.equal(STATE.Refuted)
      })
    }

    it('cannot re-enter', async () => {
      const fixture = await loadFixture(delivered)
      const { registry, client, stranger, id } = fixture
      const reentrant = registry.interface.getError('ReentrancyGuardReentrantCall')!.selector
      await challenge(fixture, id, 0, stranger)
      await client.setMode(MODE.Forward, registry.interface.encodeFunctionData('withdraw'))
      await rule(fixture, id, 0, RULING.Upheld)
      expect([await client.forwardSuccess(), await client.forwardResult()]).to.deep.equal([false, reentrant])
    })
  })

  it('without allowEarly nothing is told of an answer that was never given', async () => {
    const fixture = await loadFixture(asked(2, 3, ONE, WINDOW))
    const { registry, client, stranger, id } = fixture
    await vote(fixture, id, 0, [0, 1])
    const { matureEpoch } = await registry.getAnswer(id, 0)
    await mineUpTo(matureEpoch - 1n)
    await challenge(fixture, id, 0, stranger)
    expect(await now()).to.equal(matureEpoch)
    await rule(fixture, id, 0, RULING.Upheld)
    await mine()
    expect([await client.calls(), await client.cancelledCalls()]).to.deep.equal([0n, 0n])
  })
})
