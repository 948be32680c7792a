import { expect } from 'chai'
import {
  ANSWER,
  ask,
  challenge,
  deliver,
  ethers,
  fail,
  fallSilent,
  loadFixture,
  mature,
  mineUpTo,
  OTHER,
  PROVIDER,
  REASON,
  rule,
  RULING,
  served,
  TWO,
  vote,
  WINDOW,
  world,
  type World,
} from './world.ts'

const UNKNOWN = 9n
const STAKE = 10_000_000n
const SLASH = 1_000_000n

describe('OracleRegistry', () => {
  /** A quorum of two, three operators with the least stake, answers that can be challenged. */
  const three = () => world(2, 3, { windowEpochs: WINDOW })

  /** [agreed, dissented, missed] of each operator. */
  const records = async ({ registry, owners }: World) => {
    const all: bigint[][] = []
    for (let operatorId = 1; operatorId <= owners.length; operatorId++) {
      const { agreed, dissented, missed } = await registry.getOperator(operatorId)
      all.push([agreed, dissented, missed])
    }
    return all
  }

  describe('getOperator', () => {
    it('refuses an unknown operator', async () => {
      const { registry } = await loadFixture(three)
      for (const unknown of [0n, UNKNOWN]) {
        await expect(registry.getOperator(unknown))
          .to.be.revertedWithCustomError(registry, 'UnknownOperator')
          .withArgs(unknown)
      }
    })

    context('when a stage is settled', () => {
      it('counts who agreed, who dissented and who missed it', async () => {
        const fixture = await loadFixture(three)
        const { id } = await ask(fixture)
        await vote(fixture, id, 0, [0], OTHER)
        await vote(fixture, id, 0, [1, 2])
        expect(await records(fixture)).to.deep.equal([
          [0n, 0n, 0n],
          [0n, 0n, 0n],
          [0n, 0n, 0n],
        ])

        await deliver(fixture, id, 0, ANSWER)

        expect(await records(fixture)).to.deep.equal([
          [0n, 1n, 0n],
          [1n, 0n, 0n],
          [1n, 0n, 0n],
        ])
        const { id: next } = await ask(fixture)
        await vote(fixture, next, 0, [0, 1])
        await deliver(fixture, next, 0, ANSWER)
        expect(await records(fixture)).to.deep.equal([
          [1n, 1n, 0n],
          [2n, 0n, 0n],
          [1n, 0n, 1n],
        ])
      })

      it('counts each stage, and a failure as an answer', async () => {
        const fixture = await loadFixture(three)
        const { id } = await ask(fixture, { job: TWO })
        await vote(fixture, id, 0, [0, 1])
        await fail(fixture, id, 1, [0, 2], REASON.NotFound)
        await mature(fixture, id, 1)
        await fixture.registry.sync(id)
        expect(await records(fixture)).to.deep.equal([
          [2n, 0n, 0n],
          [1n, 0n, 1n],
          [1n, 0n, 1n],
        ])
      })

      it('counts at the quorum where answers are final at once', async () => {
        const fixture = await loadFixture(served(2, 3))
        const { id } = await ask(fixture)
        await vote(fixture, id, 0, [2], OTHER)
        await vote(fixture, id, 0, [0, 1])
        expect(await records(fixture)).to.deep.equal([
          [1n, 0n, 0n],
          [1n, 0n, 0n],
          [0n, 1n, 0n],
        ])
      })
    })

    it('what is undone counts for nobody', async () => {
      const fixture = await loadFixture(three)
      const { id: refuted } = await ask(fixture)
      const { id: undecided } = await ask(fixture)
      for (const id of [refuted, undecided]) {
        await vote(fixture, id, 0, [0, 1], OTHER)
        await challenge(fixture, id, 0, fixture.stranger)
      }
      await rule(fixture, refuted, 0, RULING.Upheld)
      await fallSilent(fixture, undecided)
      expect(await records(fixture)).to.deep.equal([
        [0n, 0n, 0n],
        [0n, 0n, 0n],
        [0n, 0n, 0n],
      ])
    })

    it('misses nothing that was settled before it joined, or after it left', async () => {
      const fixture = await loadFixture(served(2, 2))
      const { registry, owner, owners } = fixture
      const settleOne = async () => vote(fixture, (await ask(fixture)).id, 0, [0, 1])
      await settleOne()
      await registry.admit(PROVIDER, owner)
      await registry.connect(owner).join(PROVIDER, owner, '')
      expect((await registry.getOperator(3n)).missed).to.equal(0n)
      await settleOne()
      expect((await registry.getOperator(3n)).missed).to.equal(1n)
      await registry.connect(owner).leave(3n)
      await settleOne()
      expect((await registry.getOperator(3n)).missed).to.equal(1n)
      expect((await registry.getOperator(1n)).agreed).to.equal(3n)
      expect(owners).to.have.lengthOf(2)
    })

    it('a vote that is settled after its operator left still counts as agreed, never below nothing missed', async () => {
      const fixture = await loadFixture(three)
      const { registry, owners } = fixture
      const { id } = await ask(fixture)
      await vote(fixture, id, 0, [0, 1])
      await registry.connect(owners[0]).leave(1n)
      await deliver(fixture, id, 0, ANSWER)
      const { agreed, dissented, missed } = await registry.getOperator(1n)
      expect([agreed, dissented, missed]).to.deep.equal([1n, 0n, 0n])
    })
  })

  describe('jail', () => {
    /** Operator 1 and 2 lied and lost a slash each, so that their stake is below the least. */
    async function jailed() {
      const fixture = await three()
      const { id } = await ask(fixture)
      await vote(fixture, id, 0, [0, 1], OTHER)
      await challenge(fixture, id, 0, fixture.stranger)
      await rule(fixture, id, 0, RULING.Upheld)
      return fixture
    }

    it('is where stake below the least puts an operator: it cannot vote', async () => {
      const fixture = await loadFixture(jailed)
      const { registry, reporters } = fixture
      const { id } = await ask(fixture)
      expect((await registry.getOperator(1n)).jailed).to.equal(true)
      expect((await registry.getOperator(3n)).jailed).to.equal(false)
      await expect(registry.connect(reporters[0]).report(id, 0, ANSWER))
        .to.be.revertedWithCustomError(registry, 'StakeExhausted')
        .withArgs(1n, STAKE, STAKE - SLASH)
    })

    it('ends when the stake is topped up to the least, to the attoFIL', async () => {
      const fixture = await loadFixture(jailed)
      const { registry, reporters, stranger } = fixture
      const { id } = await ask(fixture)
      await registry.connect(stranger).addStake(1n, { value: SLASH - 1n })
      expect((await registry.getOperator(1n)).jailed).to.equal(true)
      await registry.connect(stranger).addStake(1n, { value: 1n })
      expect((await registry.getOperator(1n)).jailed).to.equal(false)
      await expect(registry.connect(reporters[0]).report(id, 0, ANSWER)).to.emit(registry, 'Voted')
    })

    it('does not undo votes that were cast before', async () => {
      const fixture = await loadFixture(three)
      const { registry } = fixture
      const { id: lie } = await ask(fixture)
      const { id: truth } = await ask(fixture)
      await vote(fixture, lie, 0, [0, 1], OTHER)
      await vote(fixture, truth, 0, [0])
      await challenge(fixture, lie, 0, fixture.stranger)
      await rule(fixture, lie, 0, RULING.Upheld)
      await vote(fixture, truth, 0, [2])
      expect(await registry.agreeing(truth, 0)).to.deep.equal([fixture.owners[0].address, fixture.owners[2].address])
    })

    it('is measured by the version that the operator opted in to last', async () => {
      const fixture = await loadFixture(three)
      const { registry, owners, stranger, rules: given } = fixture
      await registry.connect(stranger).addStake(1n, { value: 5n })
      await registry.proposeConfig(PROVIDER, { ...given, minStake: STAKE + 5n })
      await registry.connect(owners[0]).optIn(1n, 2)
      const { id } = await ask(fixture)
      await vote(fixture, id, 0, [0, 1], OTHER)
      await challenge(fixture, id, 0, stranger)
      await rule(fixture, id, 0, RULING.Upheld)
      await registry.connect(stranger).addStake(1n, { value: SLASH - 1n })
      await registry.connect(stranger).addStake(2n, { value: SLASH })
      expect((await registry.getOperator(1n)).jailed).to.equal(true)
      expect((await registry.getOperator(2n)).jailed).to.equal(false)
      const { id: next } = await ask(fixture)
      await vote(fixture, next, 0, [0])
      await mineUpTo((await registry.getProvider(PROVIDER)).proposedEpoch)
      expect(await registry.hasVoted(next, 0, 1n)).to.equal(true)
    })
  })

  describe('operatorsOf', () => {
    it('lists those that are active; the last takes the place of one that left', async () => {
      const { registry, owners } = await loadFixture(three)
      expect(await registry.operatorsOf(PROVIDER, 1)).to.deep.equal([1n, 2n, 3n])
      await registry.connect(owners[0]).leave(1n)
      expect(await registry.operatorsOf(PROVIDER, 1)).to.deep.equal([3n, 2n])
      await registry.connect(owners[1]).leave(2n)
      expect(await registry.operatorsOf(PROVIDER, 1)).to.deep.equal([3n])
    })
  })

  describe('operatorOf and operatorOfOwner', () => {
    it('answer 0 for those that are nobody', async () => {
      const { registry, owners, stranger } = await loadFixture(three)
      expect(await registry.operatorOf(stranger)).to.equal(0n)
      expect(await registry.operatorOf(ethers.ZeroAddress)).to.equal(0n)
      expect(await registry.operatorOfOwner(PROVIDER, stranger)).to.equal(0n)
      expect(await registry.operatorOfOwner(UNKNOWN, owners[0])).to.equal(0n)
      await registry.admit(PROVIDER, stranger)
      expect(await registry.operatorOfOwner(PROVIDER, stranger)).to.equal(0n)
    })
  })
})
