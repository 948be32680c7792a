import { expect } from 'chai'
import {
  ANSWER,
  answerHash,
  ask,
  asked,
  challenge,
  creditsOf,
  DELIVERY,
  ethers,
  fail,
  feeOf,
  instrumented,
  JOBS,
  loadFixture,
  locksOf,
  mature,
  mine,
  mineUpTo,
  now,
  ONE,
  OTHER,
  PAYLOAD,
  PROVIDER,
  REASON,
  rule,
  rules,
  RULING,
  served,
  setBalance,
  shareOf,
  STATE,
  vote,
  WINDOW,
  world,
} from './world.ts'

const FEE = feeOf(rules(), ONE)
const { slash: SLASH, minStake: MIN_STAKE } = rules({ windowEpochs: WINDOW })
const GIB = 1n << 30n

describe('OracleRegistry under attack', () => {
  it('A 2, forced money: coins that are pushed in are no fee, no stake and nobody’s credit', async () => {
    const fixture = await loadFixture(asked(1, 1, ONE, WINDOW))
    const { registry, client, owners, stranger, id } = fixture
    const forced = 12_345n
    const held = await registry.liabilities()
    await setBalance(await registry.getAddress(), held + forced)
    await expect(stranger.sendTransaction({ to: registry, value: 1n })).to.revert(ethers)
    await expect(registry.connect(stranger).request(PROVIDER, ONE, PAYLOAD, 1n, (await now()) + 100n))
      .to.be.revertedWithCustomError(registry, 'WrongFee')
      .withArgs(FEE, 0n)

    await vote(fixture, id, 0, [0])
    await mature(fixture, id, 0)
    await registry.sync(id)
    await registry.connect(owners[0]).withdraw()
    await registry.connect(owners[0]).leave(1n)
    await mine(20_160)
    await registry.withdrawStake(1n)
    await registry.withdrawFor(owners[0])

    expect(await registry.liabilities()).to.equal(0n)
    expect(await ethers.provider.getBalance(registry)).to.equal(forced)
    expect(await creditsOf(fixture, [client, stranger])).to.deep.equal([0n, 0n])
  })

  it('A 4, unbounded lists: what others ask, how often, makes no vote, settlement or refund dearer', async () => {
    const fixture = await loadFixture(served(2, 3, WINDOW))
    const { registry, reporters } = fixture
    const costs = async () => {
      const { id, deadline } = await ask(fixture)
      const used: bigint[] = []
      for (const reporter of [0, 1]) {
        used.push((await (await registry.connect(reporters[reporter]).report(id, 0, ANSWER)).wait())!.gasUsed)
      }
      await mature(fixture, id, 0)
      used.push((await (await registry.sync(id)).wait())!.gasUsed)
      const other = await ask(fixture)
      await mineUpTo(deadline + 100n)
      used.push((await (await registry.refund(other.id)).wait())!.gasUsed)
      return used
    }
    await costs() // first writes of the accounts' slots
    const before = await costs()
    for (let i = 0; i < 20; ++i) await ask(fixture)
    const after = await costs()
    for (const [index, gas] of before.entries()) {
      expect(after[index] - gas).to.be.within(-100n, 100n) // how many bytes of the arguments are zero
    }
  })

  it('A 4, unbounded lists: a quorum of 16 among 31, all of whom disagree first, is settled in one transaction', async () => {
    const fixture = await loadFixture(asked(16, 31, ONE, WINDOW))
    const { registry, id } = fixture
    for (let voter = 0; voter < 15; ++voter) await vote(fixture, id, 0, [voter], `0x${(voter + 16).toString(16)}`)
    await vote(
      fixture,
      id,
      0,
      Array.from({ length: 16 }, (_, i) => 15 + i),
    )
    await mature(fixture, id, 0)
    const { gasUsed } = (await (await registry.sync(id)).wait())!
    if (!instrumented) expect(gasUsed).to.be.at.most(1_500_000n)
    expect(await registry.creditOf(fixture.owners[30])).to.equal(shareOf(rules(), ONE, 0))
  })

  it('A 5, numbers: every fee is divisible by the quorum, at every size and stage', async () => {
    for (const m of [2, 3]) {
      const fixture = await loadFixture(() => world(m, 0, { jobs: [oddJob] }))
      for (const maxBytes of [1n, (1n << 20n) + 1n, 777n * (1n << 20n), GIB + 1n, 1n << 59n]) {
        expect((await fixture.registry.quote(PROVIDER, ONE, maxBytes)) % BigInt(m)).to.equal(0n)
      }
    }
  })

  it('A 5, numbers: nothing is left over of a fee that does not divide by three', async () => {
    const fixture = await loadFixture(() => world(3, 5, { jobs: [oddJob] }))
    const { registry, owners } = fixture
    const { id } = await ask(fixture, { maxBytes: 5n << 20n })
    await vote(fixture, id, 0, [0, 2, 4])
    const credits = await creditsOf(fixture, owners)
    expect(credits.reduce((sum, credit) => sum + credit)).to.equal(feeOf({ jobs: [oddJob], quorum: 3 }, ONE, 5n << 20n))
    expect(await registry.liabilities()).to.equal(3n * credits[0])
  })

  it('A 7, confused deputy: a request calls back only who made it, with the one selector and no value', async () => {
    const { registry, client, reporters, stranger } = await loadFixture(asked(1, 1, ONE))
    const victim = await ethers.deployContract('OracleClientHarness', [registry, PROVIDER])
    const payload = victim.interface.encodeFunctionData('reclaim', [1n])
    const deadline = (await now()) + 100n
    await registry.connect(stranger).request(PROVIDER, ONE, payload, 1n, deadline, { value: FEE })

    await expect(registry.connect(reporters[0]).report(2n, 0, payload))
      .to.emit(registry, 'Delivered')
      .withArgs(2n, 0n)

    expect(await client.calls()).to.equal(0n)
    expect(await ethers.provider.getBalance(victim)).to.equal(0n)
    await expect(victim.onOracleAnswer(1n, 0, true, ANSWER)).to.be.revertedWithCustomError(victim, 'NotTheRegistry')
  })

  it('A 8, minority quorum: operators that join after the request have no vote on it, and no seat beyond 2m − 1', async () => {
    const fixture = await loadFixture(asked(2, 2, ONE))
    const { registry, owner, stranger, id } = fixture
    for (const key of [stranger, owner]) await registry.admit(PROVIDER, key)
    await registry.connect(stranger).join(PROVIDER, stranger, '')
    await expect(registry.connect(owner).join(PROVIDER, owner, ''))
      .to.be.revertedWithCustomError(registry, 'TooManyOperators')
      .withArgs(3n)
    await vote(fixture, id, 0, [0], OTHER)
    await expect(registry.connect(stranger).report(id, 0, OTHER))
      .to.be.revertedWithCustomError(registry, 'NotEligible')
      .withArgs(3n, id)
    expect((await registry.getRequest(id)).state).to.equal(STATE.Open)
  })

  it('A 8, minority quorum: seats that change hands give no second answer a quorum', async () => {
    const fixture = await loadFixture(asked(2, 3, ONE))
    const { registry, owners, stranger, id } = fixture
    await vote(fixture, id, 0, [0], OTHER)
    await registry.connect(owners[0]).leave(1n)
    await registry.admit(PROVIDER, stranger)
    await registry.connect(stranger).join(PROVIDER, stranger, '')
    await expect(registry.connect(stranger).report(id, 0, OTHER))
      .to.be.revertedWithCustomError(registry, 'NotEligible')
      .withArgs(4n, id)
    await vote(fixture, id, 0, [1, 2], ANSWER)
    expect((await registry.getAnswer(id, 0)).answerHash).to.equal(answerHash(true, ANSWER))
  })

  it('A 9, one stake, many answers: stake for ten votes backs ten, and an eleventh when one is settled', async () => {
    const fixture = await loadFixture(served(1, 1, WINDOW))
    const { registry, reporters } = fixture
    const ids = []
    for (let i = 0; i < 11; ++i) ids.push((await ask(fixture, { epochs: 1_000n })).id)
    for (const id of ids.slice(0, 10)) await vote(fixture, id, 0, [0])
    expect(await locksOf(fixture)).to.deep.equal([MIN_STAKE])
    await expect(registry.connect(reporters[0]).report(ids[10], 0, ANSWER))
      .to.be.revertedWithCustomError(registry, 'StakeExhausted')
      .withArgs(1n, SLASH, 0n)
    await mature(fixture, ids[0], 0)
    await registry.sync(ids[0])
    await vote(fixture, ids[10], 0, [0])
  })

  it('A 9, one stake, many answers: ten lies at once are each slashed in full', async () => {
    const fixture = await loadFixture(served(1, 1, WINDOW))
    const { registry, stranger } = fixture
    for (let i = 0; i < 10; ++i) await vote(fixture, (await ask(fixture, { epochs: 1_000n })).id, 0, [0])
    for (let id = 1n; id <= 10n; ++id) {
      await challenge(fixture, id, 0, stranger)
      await rule(fixture, id, 0, RULING.Upheld)
    }
    const { stake, locked } = await registry.getOperator(1n)
    expect([stake, locked]).to.deep.equal([0n, 0n])
    expect(await registry.creditOf(await registry.sink())).to.equal(10n * (SLASH - SLASH / 2n))
  })

  it('A 13, who does the work: at every epoch it is one operator’s turn, and each has one', async () => {
    const fixture = await loadFixture(asked(2, 3, ONE))
    const { registry, id } = fixture
    const seen: bigint[] = []
    for (let turn = 0; turn < 3; ++turn) {
      seen.push(await registry.assigneeOf(id))
      await mine(fixture.rules.turnEpochs)
    }
    expect([...seen].sort()).to.deep.equal([1n, 2n, 3n])
    expect(await registry.assigneeOf(id)).to.equal(seen[0])
  })

  it('A 15, flat fee for any size: a larger limit costs more, and too large content ends it for the failure fee', async () => {
    const fixture = await loadFixture(served(2, 3))
    const { registry, client, owners } = fixture
    const { id } = await ask(fixture, { maxBytes: 4n * GIB })
    const paid = 2n * (480_000n + 4n * 491_520n)
    expect((await registry.getRequest(id)).escrow).to.equal(paid)
    await fail(fixture, id, 0, [0, 1], REASON.TooLarge)
    const { failureFee } = JOBS[0]
    expect(await creditsOf(fixture, [client, ...owners])).to.deep.equal([
      ...[paid - 2n * failureFee, failureFee, failureFee, 0n],
    ])
  })

  it('A 16, hash nobody can open: the answer itself is in every vote, and in the event of the quorum', async () => {
    const fixture = await loadFixture(asked(2, 3, ONE, WINDOW))
    const { registry, reporters, id } = fixture
    await vote(fixture, id, 0, [0])
    await expect(registry.connect(reporters[1]).report(id, 0, ANSWER))
      .to.emit(registry, 'StageAnswered')
      .withArgs(id, 0n, ANSWER, (await now()) + BigInt(WINDOW) + 1n)
    await mature(fixture, id, 0)
    await expect(registry.deliver(id, 0, answerHash(true, ANSWER))).to.be.revertedWithCustomError(
      registry,
      'WrongAnswer',
    )
    await registry.deliver(id, 0, ANSWER)
    expect((await registry.getAnswer(id, 0)).delivery).to.equal(DELIVERY.Done)
  })

  it('A 17, reporter keys: an operator with a new key has no second vote', async () => {
    const fixture = await loadFixture(asked(2, 3, ONE))
    const { registry, owners, stranger, id } = fixture
    await vote(fixture, id, 0, [0], OTHER)
    await registry.connect(owners[0]).appointReporter(1n, stranger)
    await registry.connect(stranger).acceptReporter(1n)
    await expect(registry.connect(stranger).report(id, 0, OTHER))
      .to.be.revertedWithCustomError(registry, 'AlreadyVoted')
      .withArgs(id, 0n, 1n)
    await expect(registry.connect(owners[0]).report(id, 0, OTHER))
      .to.be.revertedWithCustomError(registry, 'NotReporter')
      .withArgs(owners[0])
  })

  it('A 17, reporter keys: an operator that leaves and comes back has no second vote', async () => {
    const fixture = await loadFixture(asked(2, 3, ONE))
    const { registry, owners, id } = fixture
    await vote(fixture, id, 0, [0], OTHER)
    await registry.connect(owners[0]).leave(1n)
    await registry.admit(PROVIDER, owners[0])
    await registry.connect(owners[0]).join(PROVIDER, owners[0], '')
    await expect(registry.connect(owners[0]).report(id, 0, OTHER))
      .to.be.revertedWithCustomError(registry, 'NotEligible')
      .withArgs(4n, id)
  })
})

/** A job whose fees have no common divisor with a quorum. */
const oddJob = { ...JOBS[0], failureFee: 0n, stages: [{ base: 1_000_003n, perGiB: 777_777n }] }
