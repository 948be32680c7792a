import { expect } from 'chai'
import {
  ANSWER,
  ask,
  deliver,
  ethers,
  fallSilent,
  challenge,
  loadFixture,
  mature,
  mineUpTo,
  now,
  ONE,
  OPERATOR_STANDING as STANDING,
  OTHER,
  PROVIDER,
  RULING,
  rule,
  setBalance,
  vote,
  WINDOW,
  world,
  type World,
} from './world.ts'

const UNKNOWN = 9n
const STAKE = 10_000_000n
const SLASH = 1_000_000n
const UNBONDING = 20_160n
const LARGEST = (1n << 96n) - 1n

describe('OracleRegistry', () => {
  /** A quorum of two, three operators with the least stake, answers that can be challenged. */
  const three = () => world(2, 3, { windowEpochs: WINDOW })

  const stakes = async ({ registry }: World, operatorId: bigint) => {
    const { stake, locked } = await registry.getOperator(operatorId)
    return [stake, locked]
  }

  /** Operator 1 left. */
  async function left() {
    const fixture = await three()
    await fixture.registry.connect(fixture.owners[0]).leave(1n)
    return { ...fixture, leftEpoch: await now() }
  }

  describe('addStake', () => {
    it('adds to the stake, whoever pays', async () => {
      const { registry, owners, stranger } = await loadFixture(three)
      const before = await registry.liabilities()
      for (const [index, caller] of [owners[0], stranger].entries()) {
        await expect(registry.connect(caller).addStake(1n, { value: 5n }))
          .to.emit(registry, 'StakeAdded')
          .withArgs(1n, caller.address, 5n)
        expect((await registry.getOperator(1n)).stake).to.equal(STAKE + 5n * BigInt(index + 1))
      }
      await expect(registry.connect(stranger).addStake(1n, { value: 7n })).to.changeEtherBalances(
        ethers,
        [stranger, registry],
        [-7n, 7n],
      )
      expect((await registry.liabilities()) - before).to.equal(17n)
    })

    it('adds to the stake of an operator whose reporter has not accepted', async () => {
      const { registry, owners, owner, stranger } = await loadFixture(three)
      await registry.connect(owners[2]).leave(3n)
      await registry.admit(PROVIDER, stranger)
      await registry.connect(stranger).join(PROVIDER, owner, '', { value: STAKE })
      await registry.addStake(4n, { value: 1n })
      expect((await registry.getOperator(4n)).stake).to.equal(STAKE + 1n)
    })

    it('refuses an unknown operator', async () => {
      const { registry } = await loadFixture(three)
      await expect(registry.addStake(UNKNOWN, { value: 1n }))
        .to.be.revertedWithCustomError(registry, 'UnknownOperator')
        .withArgs(UNKNOWN)
    })

    it('refuses an operator that left', async () => {
      const { registry } = await loadFixture(left)
      await expect(registry.addStake(1n, { value: 1n }))
        .to.be.revertedWithCustomError(registry, 'AlreadyLeft')
        .withArgs(1n)
    })

    it('refuses nothing', async () => {
      const { registry } = await loadFixture(three)
      await expect(registry.addStake(1n)).to.be.revertedWithCustomError(registry, 'ZeroStake').withArgs()
    })

    it('takes a stake of 2⁹⁶ − 1 attoFIL and refuses 2⁹⁶', async () => {
      const { registry, stranger } = await loadFixture(three)
      await setBalance(stranger.address, 2n * LARGEST)
      await expect(registry.connect(stranger).addStake(1n, { value: LARGEST - STAKE + 1n }))
        .to.be.revertedWithCustomError(registry, 'StakeTooHigh')
        .withArgs(LARGEST, LARGEST + 1n)
      await registry.connect(stranger).addStake(1n, { value: LARGEST - STAKE })
      expect((await registry.getOperator(1n)).stake).to.equal(LARGEST)
    })
  })

  for (const [verb, who] of [
    ['leave', "operator's owner"],
    ['expel', "provider's owner"],
  ] as const) {
    const callers = ({ owner, owners, reporters, stranger }: World) =>
      verb === 'leave'
        ? { by: owners[0], required: owners[0], error: 'NotOperatorOwner', others: [owner, stranger, reporters[1]] }
        : { by: owner, required: owner, error: 'NotProviderOwner', others: [owners[0], stranger, reporters[1]] }

    describe(verb, () => {
      it('begins the unbonding; the reporter and the seat are free', async () => {
        const fixture = await loadFixture(three)
        const { registry, reporters, owners } = fixture
        const { by } = callers(fixture)
        await registry.connect(owners[0]).appointReporter(1n, fixture.stranger)

        const unbondedEpoch = (await now()) + 1n + UNBONDING
        await expect(registry.connect(by)[verb](1n))
          .to.emit(registry, 'UnbondingBegun')
          .withArgs(1n, by.address, unbondedEpoch)

        const operator = await registry.getOperator(1n)
        expect([operator.standing, operator.unbondedEpoch, operator.stake, operator.appointed]).to.deep.equal([
          ...[STANDING.Unbonding, unbondedEpoch, STAKE, ethers.ZeroAddress],
        ])
        expect(await registry.operatorOf(reporters[0])).to.equal(0n)
        expect(await registry.operatorOfOwner(PROVIDER, owners[0])).to.equal(0n)
        expect(await registry.operatorsOf(PROVIDER, 1)).to.deep.equal([3n, 2n])
      })

      it('moves no money', async () => {
        const fixture = await loadFixture(three)
        const { registry, owners } = fixture
        const { by } = callers(fixture)
        const before = await registry.liabilities()
        await expect(registry.connect(by)[verb](1n)).to.changeEtherBalances(ethers, [registry, owners[0]], [0n, 0n])
        expect(await registry.liabilities()).to.equal(before)
        expect(await registry.creditOf(owners[0])).to.equal(0n)
      })

      it('ends its votes; those it cast stand', async () => {
        const fixture = await loadFixture(three)
        const { registry, reporters } = fixture
        const { id: first } = await ask(fixture)
        const { id: second } = await ask(fixture)
        await vote(fixture, first, 0, [0])
        await registry.connect(callers(fixture).by)[verb](1n)
        await expect(registry.connect(reporters[0]).report(second, 0, ANSWER))
          .to.be.revertedWithCustomError(registry, 'NotReporter')
          .withArgs(reporters[0].address)
        await vote(fixture, first, 0, [1])
        expect(await registry.agreeing(first, 0)).to.deep.equal([fixture.owners[0].address, fixture.owners[1].address])
      })

      it('frees the seat of an operator whose reporter never accepted', async () => {
        const fixture = await loadFixture(three)
        const { registry, owner, owners, stranger } = fixture
        await registry.connect(owners[0]).leave(1n)
        await registry.admit(PROVIDER, owners[0])
        await registry.connect(owners[0]).join(PROVIDER, owner, '', { value: STAKE })
        await registry.admit(PROVIDER, stranger)
        const joining = () => registry.connect(stranger).join(PROVIDER, stranger, '', { value: STAKE })
        await expect(joining()).to.be.revertedWithCustomError(registry, 'TooManyOperators').withArgs(3n)

        await registry.connect(callers(fixture).by)[verb](4n)

        await expect(joining()).to.emit(registry, 'OperatorJoined')
        expect(await registry.operatorsOf(PROVIDER, 1)).to.deep.equal([3n, 2n, 5n])
      })

      it('refuses an unknown operator', async () => {
        const fixture = await loadFixture(three)
        await expect(fixture.registry.connect(callers(fixture).by)[verb](UNKNOWN))
          .to.be.revertedWithCustomError(fixture.registry, 'UnknownOperator')
          .withArgs(UNKNOWN)
      })

      it(`is for the ${who} only`, async () => {
        const fixture = await loadFixture(three)
        const { required, error, others } = callers(fixture)
        for (const caller of others) {
          await expect(fixture.registry.connect(caller)[verb](1n))
            .to.be.revertedWithCustomError(fixture.registry, error)
            .withArgs(required.address, caller.address)
        }
      })

      it('is once', async () => {
        const fixture = await loadFixture(left)
        await expect(fixture.registry.connect(callers(fixture).by)[verb](1n))
          .to.be.revertedWithCustomError(fixture.registry, 'AlreadyLeft')
          .withArgs(1n)
      })
    })
  }

  describe('withdrawStake', () => {
    it('moves the stake to the owner after exactly the unbonding period, whoever asks', async () => {
      const { registry, owners, stranger, leftEpoch } = await loadFixture(left)
      const before = await registry.liabilities()
      await mineUpTo(leftEpoch + UNBONDING - 1n)
      expect(await registry.withdrawStake.staticCall(1n, { blockTag: 'pending' })).to.equal(STAKE)

      await expect(registry.connect(stranger).withdrawStake(1n))
        .to.emit(registry, 'StakeWithdrawn')
        .withArgs(1n, owners[0].address, STAKE)
        .and.to.emit(registry, 'Credited')
        .withArgs(owners[0].address, 0n, STAKE)

      expect(await now()).to.equal(leftEpoch + UNBONDING)
      expect(await registry.creditOf(owners[0])).to.equal(STAKE)
      expect((await registry.getOperator(1n)).stake).to.equal(0n)
      expect(await registry.liabilities()).to.equal(before)
      await expect(registry.withdrawFor(owners[0])).to.changeEtherBalances(
        ethers,
        [registry, owners[0]],
        [-STAKE, STAKE],
      )
    })

    it('refuses one epoch earlier', async () => {
      const { registry, leftEpoch } = await loadFixture(left)
      await mineUpTo(leftEpoch + UNBONDING - 2n)
      await expect(registry.withdrawStake(1n))
        .to.be.revertedWithCustomError(registry, 'StillUnbonding')
        .withArgs(leftEpoch + UNBONDING, leftEpoch + UNBONDING - 1n)
    })

    it('refuses an operator that has not left, and one that is unknown', async () => {
      const { registry } = await loadFixture(three)
      await expect(registry.withdrawStake(1n)).to.be.revertedWithCustomError(registry, 'NotLeft').withArgs(1n)
      await expect(registry.withdrawStake(UNKNOWN))
        .to.be.revertedWithCustomError(registry, 'UnknownOperator')
        .withArgs(UNKNOWN)
    })

    it('is once', async () => {
      const { registry, leftEpoch } = await loadFixture(left)
      await mineUpTo(leftEpoch + UNBONDING)
      await registry.withdrawStake(1n)
      await expect(registry.withdrawStake(1n))
        .to.be.revertedWithCustomError(registry, 'NothingToWithdraw')
        .withArgs(1n, 0n)
    })

    it('keeps what votes still bind, and gives it when it is free', async () => {
      const fixture = await loadFixture(three)
      const { registry, owners } = fixture
      const { id } = await ask(fixture, { epochs: UNBONDING + 1_000n })
      await vote(fixture, id, 0, [0])
      await registry.connect(owners[0]).leave(1n)
      await mineUpTo((await now()) + UNBONDING)

      await expect(registry.withdrawStake(1n))
        .to.emit(registry, 'StakeWithdrawn')
        .withArgs(1n, owners[0].address, STAKE - SLASH)
      expect(await stakes(fixture, 1n)).to.deep.equal([SLASH, SLASH])
      await expect(registry.withdrawStake(1n))
        .to.be.revertedWithCustomError(registry, 'NothingToWithdraw')
        .withArgs(1n, SLASH)

      await vote(fixture, id, 0, [1])
      await deliver(fixture, id, 0, ANSWER)

      await expect(registry.withdrawStake(1n))
        .to.emit(registry, 'StakeWithdrawn')
        .withArgs(1n, owners[0].address, SLASH)
      expect(await stakes(fixture, 1n)).to.deep.equal([0n, 0n])
    })

    it('a vote can still be slashed after its operator left and took the rest', async () => {
      const fixture = await loadFixture(three)
      const { registry, owners, stranger } = fixture
      const { id } = await ask(fixture, { epochs: UNBONDING + 1_000n })
      await vote(fixture, id, 0, [0], OTHER)
      await registry.connect(owners[0]).leave(1n)
      await mineUpTo((await now()) + UNBONDING)
      await registry.withdrawStake(1n)
      await vote(fixture, id, 0, [1], OTHER)
      await challenge(fixture, id, 0, stranger)
      await rule(fixture, id, 0, RULING.Upheld)
      expect(await stakes(fixture, 1n)).to.deep.equal([0n, 0n])
      await expect(registry.withdrawStake(1n))
        .to.be.revertedWithCustomError(registry, 'NothingToWithdraw')
        .withArgs(1n, 0n)
    })
  })

  describe('what a vote binds', () => {
    it('is the slash of each vote, until the answer is settled', async () => {
      const fixture = await loadFixture(three)
      const { registry } = fixture
      const { id: first } = await ask(fixture)
      const { id: second } = await ask(fixture)
      await vote(fixture, first, 0, [0])
      expect(await stakes(fixture, 1n)).to.deep.equal([STAKE, SLASH])
      await vote(fixture, second, 0, [0])
      expect(await stakes(fixture, 1n)).to.deep.equal([STAKE, 2n * SLASH])
      await vote(fixture, first, 0, [1])
      await mature(fixture, first, 0)
      expect(await stakes(fixture, 1n)).to.deep.equal([STAKE, 2n * SLASH])
      await registry.sync(first)
      expect(await stakes(fixture, 1n)).to.deep.equal([STAKE, SLASH])
    })

    it('is free again when the arbiter is silent', async () => {
      const fixture = await loadFixture(three)
      const { id } = await ask(fixture)
      await vote(fixture, id, 0, [0, 1])
      await challenge(fixture, id, 0, fixture.stranger)
      await fallSilent(fixture, id)
      for (const operator of [1n, 2n]) expect(await stakes(fixture, operator)).to.deep.equal([STAKE, 0n])
    })

    it('runs out: the vote that it does not cover is refused', async () => {
      const fixture = await world(2, 2, { windowEpochs: WINDOW, minStake: 2n * SLASH, slash: SLASH })
      const { registry, reporters } = fixture
      const ids: bigint[] = []
      for (let i = 0; i < 3; i++) ids.push((await ask(fixture, { job: ONE })).id)
      await vote(fixture, ids[0], 0, [0])
      await vote(fixture, ids[1], 0, [0])
      await expect(registry.connect(reporters[0]).report(ids[2], 0, ANSWER))
        .to.be.revertedWithCustomError(registry, 'StakeExhausted')
        .withArgs(1n, SLASH, 0n)
      await registry.addStake(1n, { value: SLASH - 1n })
      await expect(registry.connect(reporters[0]).report(ids[2], 0, ANSWER))
        .to.be.revertedWithCustomError(registry, 'StakeExhausted')
        .withArgs(1n, SLASH, SLASH - 1n)
      await registry.addStake(1n, { value: 1n })
      await expect(registry.connect(reporters[0]).report(ids[2], 0, ANSWER)).to.emit(registry, 'Voted')
    })
  })
})
