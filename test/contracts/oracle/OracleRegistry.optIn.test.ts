import { expect } from 'chai'
import {
  ANSWER,
  ask,
  lastRequest,
  loadFixture,
  feeOf,
  inOneEpoch,
  MAX_BYTES,
  mineUpTo,
  now,
  ONE,
  PAYLOAD,
  PROVIDER,
  vote,
  WINDOW,
  world,
  type Rules,
  type World,
} from './world.ts'

const UNKNOWN = 9n
const STAKE = 10_000_000n
const NOTICE = 23_040n
const gasLimit = 1_000_000n

describe('OracleRegistry', () => {
  /** A quorum of two, three operators, answers that can be challenged. */
  const three = () => world(2, 3, { windowEpochs: WINDOW })

  const propose = async ({ registry, rules }: World, changes: Partial<Rules> = {}) => {
    await registry.proposeConfig(PROVIDER, { ...rules, ...changes })
    return (await registry.getProvider(PROVIDER)).proposedEpoch
  }
  const optIn = ({ registry, owners }: World, operator: number, version: number) =>
    registry.connect(owners[operator - 1]).optIn(operator, version)
  const inForce = async ({ registry }: World) => {
    const { proposedEpoch } = await registry.getProvider(PROVIDER)
    await mineUpTo(proposedEpoch)
  }
  const members = async ({ registry }: World, version: number) => [...(await registry.operatorsOf(PROVIDER, version))]

  async function announced() {
    const fixture = await three()
    await propose(fixture)
    return fixture
  }

  /** Two of the three opted in to version 2, which is in force. */
  async function followed() {
    const fixture = await announced()
    for (const operator of [1, 2]) await optIn(fixture, operator, 2)
    await inForce(fixture)
    return fixture
  }

  describe('optIn', () => {
    it('agrees to the announced version, and takes part in it from the next epoch on', async () => {
      const fixture = await loadFixture(announced)
      const { registry } = fixture
      await expect(optIn(fixture, 1, 2))
        .to.emit(registry, 'OptedIn')
        .withArgs(1n, 2n)
      const { version, joinedEpoch } = await registry.getOperator(1n)
      expect([version, joinedEpoch]).to.deep.equal([2n, await now()])
      expect(await members(fixture, 1)).to.deep.equal([1n, 2n, 3n])
      expect(await members(fixture, 2)).to.deep.equal([1n])
    })

    it('agrees to the version in force', async () => {
      const fixture = await loadFixture(followed)
      await expect(optIn(fixture, 3, 2))
        .to.emit(fixture.registry, 'OptedIn')
        .withArgs(3n, 2n)
      expect(await members(fixture, 2)).to.deep.equal([1n, 2n, 3n])
    })

    it('refuses the version that it serves already, and those that are neither the last nor announced', async () => {
      const fixture = await loadFixture(announced)
      const { registry } = fixture
      for (const version of [0, 1, 3]) {
        await expect(optIn(fixture, 1, version))
          .to.be.revertedWithCustomError(registry, 'BadOptIn')
          .withArgs(2n, BigInt(version))
      }
      await optIn(fixture, 1, 2)
      await expect(optIn(fixture, 1, 2))
        .to.be.revertedWithCustomError(registry, 'BadOptIn')
        .withArgs(2n, 2n)
    })

    it('refuses the version in force once another is announced', async () => {
      const fixture = await loadFixture(followed)
      await propose(fixture)
      await expect(optIn(fixture, 3, 2))
        .to.be.revertedWithCustomError(fixture.registry, 'BadOptIn')
        .withArgs(3n, 2n)
      await expect(optIn(fixture, 3, 3))
        .to.emit(fixture.registry, 'OptedIn')
        .withArgs(3n, 3n)
    })

    it('refuses an unknown operator', async () => {
      const { registry } = await loadFixture(announced)
      await expect(registry.optIn(UNKNOWN, 2))
        .to.be.revertedWithCustomError(registry, 'UnknownOperator')
        .withArgs(UNKNOWN)
    })

    it("is for the operator's owner only", async () => {
      const fixture = await loadFixture(announced)
      const { registry, owner, owners, stranger } = fixture
      await registry.connect(owners[0]).appointReporter(1n, stranger)
      await registry.connect(stranger).acceptReporter(1n)
      for (const caller of [owner, stranger, owners[1]]) {
        await expect(registry.connect(caller).optIn(1n, 2))
          .to.be.revertedWithCustomError(registry, 'NotOperatorOwner')
          .withArgs(owners[0].address, caller.address)
      }
    })

    it('refuses an operator that is not active', async () => {
      const fixture = await loadFixture(announced)
      const { registry, owners, stranger, owner } = fixture
      await registry.connect(owners[2]).leave(3n)
      await expect(optIn(fixture, 3, 2))
        .to.be.revertedWithCustomError(registry, 'NotActive')
        .withArgs(3n, 3n)
      await registry.admit(PROVIDER, stranger)
      await registry.connect(stranger).join(PROVIDER, owner, '', { value: STAKE })
      await expect(registry.connect(stranger).optIn(4n, 2))
        .to.be.revertedWithCustomError(registry, 'NotActive')
        .withArgs(4n, 1n)
    })

    it("needs the new version's least stake", async () => {
      const fixture = await loadFixture(three)
      const { registry } = fixture
      await propose(fixture, { minStake: STAKE + 1n })
      await expect(optIn(fixture, 1, 2))
        .to.be.revertedWithCustomError(registry, 'StakeTooLow')
        .withArgs(STAKE + 1n, STAKE)
      await registry.addStake(1n, { value: 1n })
      await expect(optIn(fixture, 1, 2)).to.emit(registry, 'OptedIn')
    })

    it('has 2m − 1 seats in each version', async () => {
      const fixture = await loadFixture(three)
      const { registry } = fixture
      await propose(fixture, { quorum: 1 })
      await optIn(fixture, 2, 2)
      await expect(optIn(fixture, 1, 2))
        .to.be.revertedWithCustomError(registry, 'TooManyOperators')
        .withArgs(1n)
      await registry.connect(fixture.owners[1]).leave(2n)
      await expect(optIn(fixture, 1, 2))
        .to.emit(registry, 'OptedIn')
        .withArgs(1n, 2n)
    })
  })

  context('when operators opted in to a version that is not in force yet', () => {
    it('they vote on all that is asked under the version before', async () => {
      const fixture = await loadFixture(announced)
      const { id: before } = await ask(fixture)
      for (const operator of [1, 2]) await optIn(fixture, operator, 2)
      const { id: after } = await ask(fixture)
      for (const id of [before, after]) {
        await vote(fixture, id, 0, [0, 1])
        expect((await fixture.registry.getAnswer(id, 0)).ok).to.equal(true)
      }
    })
  })

  context('when the version is in force', () => {
    it('those that opted in vote on requests of both versions', async () => {
      const fixture = await loadFixture(announced)
      const { registry } = fixture
      for (const operator of [1, 2]) await optIn(fixture, operator, 2)
      const { id: old } = await ask(fixture, { epochs: NOTICE + 100n })
      await inForce(fixture)
      const { id: fresh } = await ask(fixture)

      expect((await registry.getRequest(old)).version).to.equal(1n)
      expect((await registry.getRequest(fresh)).version).to.equal(2n)
      for (const id of [old, fresh]) await vote(fixture, id, 0, [0, 1])
      expect((await registry.getAnswer(old, 0)).ok && (await registry.getAnswer(fresh, 0)).ok).to.equal(true)
    })

    it('one that did not opt in votes on what was asked before only', async () => {
      const fixture = await loadFixture(announced)
      const { registry, reporters } = fixture
      for (const operator of [1, 2]) await optIn(fixture, operator, 2)
      const { id: old } = await ask(fixture, { epochs: NOTICE + 100n })
      await inForce(fixture)
      const { id: fresh } = await ask(fixture)

      await expect(registry.connect(reporters[2]).report(old, 0, ANSWER)).to.emit(registry, 'Voted')
      await expect(registry.connect(reporters[2]).report(fresh, 0, ANSWER))
        .to.be.revertedWithCustomError(registry, 'NotEligible')
        .withArgs(3n, fresh)
    })

    it('one that joined after a request under the version before has no vote on it by opting in', async () => {
      const fixture = await loadFixture(announced)
      const { registry, owners } = fixture
      await registry.connect(owners[2]).leave(3n)
      const { id } = await ask(fixture, { epochs: NOTICE + 100n })
      await registry.admit(PROVIDER, owners[2])
      await registry.connect(owners[2]).join(PROVIDER, owners[2], '', { value: STAKE })
      await registry.connect(owners[2]).optIn(4n, 2)
      const { id: after } = await ask(fixture, { epochs: NOTICE + 100n })
      await inForce(fixture)
      await expect(registry.connect(owners[2]).report(id, 0, ANSWER))
        .to.be.revertedWithCustomError(registry, 'NotEligible')
        .withArgs(4n, id)
      await expect(registry.connect(owners[2]).report(after, 0, ANSWER)).to.emit(registry, 'Voted')
    })

    it('one that opts in late votes on what is asked from the next epoch on', async () => {
      const fixture = await loadFixture(followed)
      const { registry, reporters } = fixture
      const { id: before } = await ask(fixture)
      await optIn(fixture, 3, 2)
      const { id: after } = await ask(fixture)
      await expect(registry.connect(reporters[2]).report(before, 0, ANSWER))
        .to.be.revertedWithCustomError(registry, 'NotEligible')
        .withArgs(3n, before)
      await expect(registry.connect(reporters[2]).report(after, 0, ANSWER)).to.emit(registry, 'Voted')
    })

    it('what it agreed to in the epoch of a request does not count for that request', async () => {
      const fixture = await loadFixture(announced)
      const { registry, client, rules, reporters } = fixture
      for (const operator of [1, 2]) await optIn(fixture, operator, 2)
      await inForce(fixture)
      const asking = { value: feeOf(rules, ONE), gasLimit }
      const deadline = (await now()) + 100n

      await inOneEpoch(async () => [
        await registry.connect(fixture.owners[2]).optIn(3n, 2, { gasLimit }),
        await client.ask(PROVIDER, ONE, PAYLOAD, MAX_BYTES, deadline, asking),
      ])

      const id = await lastRequest({ registry })
      expect((await registry.getRequest(id)).requestedEpoch).to.equal((await registry.getOperator(3n)).joinedEpoch)
      await expect(registry.connect(reporters[2]).report(id, 0, ANSWER))
        .to.be.revertedWithCustomError(registry, 'NotEligible')
        .withArgs(3n, id)
    })
  })

  context('when an operator agrees and leaves in the epoch of a request', () => {
    it('counts neither for it nor against the others', async () => {
      const fixture = await loadFixture(followed)
      const { registry, client, rules, owners } = fixture
      const asking = { value: feeOf(rules, ONE), gasLimit }
      const deadline = (await now()) + 100n

      await inOneEpoch(async () => [
        await registry.connect(owners[2]).optIn(3n, 2, { gasLimit }),
        await registry.connect(owners[2]).leave(3n, { gasLimit }),
        await client.ask(PROVIDER, ONE, PAYLOAD, MAX_BYTES, deadline, asking),
      ])

      const { version, requestedEpoch } = await registry.getRequest(await lastRequest({ registry }))
      expect([version, requestedEpoch]).to.deep.equal([2n, await now()])
    })
  })

  context('when an operator agrees to a third version', () => {
    it('gives up its seat in the first, and has no vote on what was asked under it', async () => {
      const fixture = await loadFixture(followed)
      const { registry, reporters } = fixture
      await propose(fixture)
      await optIn(fixture, 1, 3)
      expect(await members(fixture, 1)).to.deep.equal([3n, 2n])
      expect(await members(fixture, 2)).to.deep.equal([1n, 2n])
      expect(await members(fixture, 3)).to.deep.equal([1n])

      const { id } = await ask(fixture)
      expect((await registry.getRequest(id)).version).to.equal(2n)
      await expect(registry.connect(reporters[0]).report(id, 0, ANSWER)).to.emit(registry, 'Voted')
    })

    it('skipping the second keeps the first', async () => {
      const fixture = await loadFixture(followed)
      await propose(fixture)
      await optIn(fixture, 3, 3)
      expect(await members(fixture, 1)).to.deep.equal([1n, 2n, 3n])
      expect(await members(fixture, 2)).to.deep.equal([1n, 2n])
      expect(await members(fixture, 3)).to.deep.equal([3n])
    })

    it('its vote on the oldest request is gone', async () => {
      const fixture = await loadFixture(announced)
      const { registry, reporters } = fixture
      const { id } = await ask(fixture, { epochs: 2n * NOTICE + 100n })
      await optIn(fixture, 1, 2)
      await inForce(fixture)
      await propose(fixture)
      await optIn(fixture, 1, 3)
      await expect(registry.connect(reporters[0]).report(id, 0, ANSWER))
        .to.be.revertedWithCustomError(registry, 'NotEligible')
        .withArgs(1n, id)
    })
  })

  context('when an operator leaves that serves two versions', () => {
    it('gives up both seats', async () => {
      const fixture = await loadFixture(followed)
      const { registry, owners } = fixture
      await registry.connect(owners[0]).leave(1n)
      expect(await members(fixture, 1)).to.deep.equal([3n, 2n])
      expect(await members(fixture, 2)).to.deep.equal([2n])
      await registry.admit(PROVIDER, owners[0])
      await registry.connect(owners[0]).join(PROVIDER, owners[0], '', { value: STAKE })
      await optIn(fixture, 3, 2)
      expect(await members(fixture, 2)).to.deep.equal([2n, 4n, 3n])
    })
  })
})
