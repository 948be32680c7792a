import { expect } from 'chai'
import {
  act,
  ANSWER,
  ask,
  asked,
  challenge,
  creditsOf,
  deliver,
  DELIVERY,
  ethers,
  feeOf,
  loadFixture,
  mature,
  mine,
  mineUpTo,
  MODE,
  now,
  ONE,
  PROVIDER,
  rule,
  rules,
  RULING,
  served,
  shareOf,
  THREE,
  TWO,
  vote,
  WINDOW,
} from './world.ts'

const FEE = feeOf(rules(), ONE)

describe('OracleRegistry under attack by time and gas', () => {
  it('A 11, late challenge of an early stage: no stage is final before those it follows', async () => {
    const fixture = await loadFixture(asked(1, 1, TWO, WINDOW))
    const { registry, stranger, id } = fixture
    await vote(fixture, id, 0, [0])
    const { matureEpoch } = await registry.getAnswer(id, 0)
    await vote(fixture, id, 1, [0])
    await mineUpTo(matureEpoch - 1n)
    await challenge(fixture, id, 0, stranger)
    await mine(WINDOW)
    for (const stage of [0, 1]) {
      await expect(registry.deliver(id, stage, ANSWER)).to.revert(ethers)
    }
    await expect(registry.sync(id)).to.be.revertedWithCustomError(registry, 'NothingToSettle').withArgs(id)
    await rule(fixture, id, 0, RULING.Upheld)
    expect(await creditsOf(fixture, fixture.owners)).to.deep.equal([0n])
    expect((await registry.getRequest(id)).refunded).to.equal(feeOf(fixture.rules, TWO))
  })

  it('A 12, acting before the window closes: an answer reaches its requester when it is final, and not before', async () => {
    const fixture = await loadFixture(asked(1, 1, ONE, WINDOW))
    const { registry, client, reporters, id } = fixture
    await vote(fixture, id, 0, [0])
    const { matureEpoch } = await registry.getAnswer(id, 0)
    for (const caller of [reporters[0], fixture.stranger, fixture.owner]) {
      await expect(registry.connect(caller).deliver(id, 0, ANSWER))
        .to.be.revertedWithCustomError(registry, 'NotMature')
        .withArgs(matureEpoch, (await now()) + 1n)
    }
    expect(await client.calls()).to.equal(0n)
    await deliver(fixture, id, 0, ANSWER)
    expect(await client.calls()).to.equal(1n)
  })

  it('A 12, acting before the window closes: who wanted it early is told when it is undone', async () => {
    const fixture = await loadFixture(asked(1, 1, ONE, WINDOW))
    const { client, stranger, id } = fixture
    await act(fixture, 'allowEarly', id)
    await vote(fixture, id, 0, [0])
    await challenge(fixture, id, 0, stranger)
    await rule(fixture, id, 0, RULING.Upheld)
    expect([await client.calls(), await client.cancelledCalls()]).to.deep.equal([1n, 1n])
  })

  it('A 18, clock-out: a deadline that leaves operators no time is refused', async () => {
    const { registry } = await loadFixture(served(1, 1))
    const epoch = (await now()) + 1n
    await expect(registry.request(PROVIDER, THREE, '0x', 1n, epoch + 59n, { value: feeOf(rules(), THREE) }))
      .to.be.revertedWithCustomError(registry, 'DeadlineTooSoon')
      .withArgs(epoch + 60n, epoch + 59n)
  })

  it('A 18, clock-out: cancelling after the work pays the stage in progress', async () => {
    const fixture = await loadFixture(asked(1, 1, THREE))
    const { registry, owners, id } = fixture
    await vote(fixture, id, 0, [0])
    const before = await registry.creditOf(owners[0])
    await act(fixture, 'cancel', id)
    expect((await registry.creditOf(owners[0])) - before).to.equal(shareOf(rules(), THREE, 1))
  })

  it('A 18, clock-out: a challenge that was rejected takes no time from the operators', async () => {
    const fixture = await loadFixture(asked(1, 1, TWO, WINDOW))
    const { registry, reporters, stranger, id, deadline } = fixture
    await vote(fixture, id, 0, [0])
    await challenge(fixture, id, 0, stranger)
    const opened = await now()
    await mine(40)
    await rule(fixture, id, 0, RULING.Rejected)
    const later = deadline + (await now()) - opened
    await mineUpTo(later - 1n)
    await expect(registry.connect(reporters[0]).report(id, 1, ANSWER)).to.emit(registry, 'StageAnswered')
    expect(await now()).to.equal(later)
  })

  it('A 18, clock-out: a vote and a refund are never both possible', async () => {
    const { registry, reporters, id, deadline } = await loadFixture(asked(1, 1, ONE))
    await mineUpTo(deadline)
    await expect(registry.refund.staticCall(id)).to.be.revertedWithCustomError(registry, 'DeadlineNotPassed')
    await registry.connect(reporters[0]).report.staticCall(id, 0, ANSWER)
    await mineUpTo(deadline + 1n)
    await registry.refund.staticCall(id)
    await expect(registry.connect(reporters[0]).report.staticCall(id, 0, ANSWER)).to.be.revertedWithCustomError(
      registry,
      'DeadlinePassed',
    )
  })

  it('A 19, callback gas: a callback that burns all it gets costs nobody else a vote or money', async () => {
    const fixture = await loadFixture(asked(1, 1, ONE))
    const { registry, client, owners, id } = fixture
    const { id: second } = await ask(fixture)
    await client.setMode(MODE.Burn, '0x')
    await vote(fixture, id, 0, [0])
    await vote(fixture, second, 0, [0])
    await expect(registry.connect(owners[0]).withdraw()).to.changeEtherBalances(
      ethers,
      [registry, owners[0]],
      [-2n * FEE, 2n * FEE],
    )
  })

  it('A 19, callback gas: who sends a message with too little of it cannot make an honest client fail', async () => {
    const fixture = await loadFixture(asked(1, 1, ONE, WINDOW))
    const { registry, rules: given, id } = fixture
    await vote(fixture, id, 0, [0])
    await mature(fixture, id, 0)
    await mine()
    const required = given.callbackGas + given.callbackGas / 16n
    await expect(registry.deliver.staticCall(id, 0, ANSWER, { gasLimit: required }))
      .to.be.revertedWithCustomError(registry, 'TooLittleGas')
      .withArgs(required, (available: bigint) => available < required)
    await registry.deliver(id, 0, ANSWER)
    expect((await registry.getAnswer(id, 0)).delivery).to.equal(DELIVERY.Done)
  })

  it('A 19, callback gas: an answer that its requester never takes is paid by sync', async () => {
    const fixture = await loadFixture(asked(1, 1, ONE, WINDOW))
    const { registry, client, owners, id } = fixture
    await client.setMode(MODE.Bomb, '0x')
    await vote(fixture, id, 0, [0])
    await mature(fixture, id, 0)
    await registry.sync(id)
    expect(await creditsOf(fixture, owners)).to.deep.equal([FEE])
  })
})
