import { expect } from 'chai'
import { ZeroAddress } from 'ethers'
import {
  ANSWER,
  ask,
  ethers,
  feeOf,
  loadFixture,
  now,
  ONE,
  OPERATOR_STANDING as STANDING,
  OTHER,
  PROVIDER,
  served,
  vote,
} from './world.ts'

const UNKNOWN = 9n

describe('OracleRegistry', () => {
  /** A quorum of two, two operators that vote for themselves; alice joined and named `key`, which has not accepted. */
  async function appointing() {
    const fixture = await served(2, 2)()
    const [alice, key, other] = (await ethers.getSigners()).slice(10)
    await fixture.registry.admit(PROVIDER, alice)
    await fixture.registry.connect(alice).join(PROVIDER, key, '')
    return { ...fixture, alice, key, other }
  }
  /** The key accepted: alice is operator 3. */
  async function active() {
    const fixture = await appointing()
    await fixture.registry.connect(fixture.key).acceptReporter(3n)
    return { ...fixture, joined: await now() }
  }

  describe('appointReporter', () => {
    it('names another key; the present one votes until the new one accepts', async () => {
      const fixture = await loadFixture(active)
      const { registry, alice, key, other } = fixture
      const { id: first } = await ask(fixture)
      const { id: second } = await ask(fixture)

      await expect(registry.connect(alice).appointReporter(3n, other))
        .to.emit(registry, 'ReporterAppointed')
        .withArgs(3n, other.address)

      const { reporter, appointed, standing } = await registry.getOperator(3n)
      expect([reporter, appointed, standing]).to.deep.equal([key.address, other.address, STANDING.Active])
      await expect(registry.connect(other).report(first, 0, ANSWER))
        .to.be.revertedWithCustomError(registry, 'NotReporter')
        .withArgs(other.address)
      await registry.connect(key).report(first, 0, ANSWER)

      await registry.connect(other).acceptReporter(3n)

      await expect(registry.connect(key).report(second, 0, ANSWER))
        .to.be.revertedWithCustomError(registry, 'NotReporter')
        .withArgs(key.address)
      await expect(registry.connect(other).report(second, 0, ANSWER)).to.emit(registry, 'Voted')
    })

    it('the owner itself needs not accept', async () => {
      const { registry, alice, key } = await loadFixture(active)
      await expect(registry.connect(alice).appointReporter(3n, alice))
        .to.emit(registry, 'ReporterAppointed')
        .withArgs(3n, alice.address)
        .and.to.emit(registry, 'ReporterAccepted')
        .withArgs(3n, alice.address)
      expect([await registry.operatorOf(alice), await registry.operatorOf(key)]).to.deep.equal([3n, 0n])
    })

    it('makes an operator active whose first reporter never accepted', async () => {
      const { registry, alice, key } = await loadFixture(appointing)
      await registry.connect(alice).appointReporter(3n, alice)
      const { reporter, appointed, standing, joinedEpoch } = await registry.getOperator(3n)
      expect([reporter, appointed, standing]).to.deep.equal([alice.address, ZeroAddress, STANDING.Active])
      expect(joinedEpoch).to.equal(await now())
      expect(await registry.operatorsOf(PROVIDER, 1)).to.deep.equal([1n, 2n, 3n])
      await expect(registry.connect(key).acceptReporter(3n))
        .to.be.revertedWithCustomError(registry, 'NotAppointed')
        .withArgs(ZeroAddress, key.address)
    })

    it('replaces the key that was named before', async () => {
      const { registry, alice, key, other } = await loadFixture(appointing)
      await registry.connect(alice).appointReporter(3n, other)
      await expect(registry.connect(key).acceptReporter(3n))
        .to.be.revertedWithCustomError(registry, 'NotAppointed')
        .withArgs(other.address, key.address)
      await expect(registry.connect(other).acceptReporter(3n)).to.emit(registry, 'ReporterAccepted')
    })

    it('refuses an unknown operator', async () => {
      const { registry, alice, other } = await loadFixture(active)
      await expect(registry.connect(alice).appointReporter(UNKNOWN, other))
        .to.be.revertedWithCustomError(registry, 'UnknownOperator')
        .withArgs(UNKNOWN)
    })

    it("is for the operator's owner only", async () => {
      const { registry, alice, key, owner, owners, stranger } = await loadFixture(active)
      for (const caller of [key, owner, owners[0], stranger]) {
        await expect(registry.connect(caller).appointReporter(3n, stranger))
          .to.be.revertedWithCustomError(registry, 'NotOperatorOwner')
          .withArgs(alice.address, caller.address)
      }
    })

    it('refuses nobody', async () => {
      const { registry, alice } = await loadFixture(active)
      await expect(registry.connect(alice).appointReporter(3n, ZeroAddress))
        .to.be.revertedWithCustomError(registry, 'BadReporter')
        .withArgs(ZeroAddress)
    })

    it("refuses another operator's reporter, and its own present one", async () => {
      const { registry, alice, key, reporters } = await loadFixture(active)
      for (const [taken, operatorId] of [
        [reporters[0], 1n],
        [key, 3n],
      ] as const) {
        await expect(registry.connect(alice).appointReporter(3n, taken))
          .to.be.revertedWithCustomError(registry, 'ReporterTaken')
          .withArgs(taken.address, operatorId)
      }
    })

    it('refuses an operator that left', async () => {
      const { registry, alice, other } = await loadFixture(active)
      await registry.connect(alice).leave(3n)
      await expect(registry.connect(alice).appointReporter(3n, other))
        .to.be.revertedWithCustomError(registry, 'AlreadyLeft')
        .withArgs(3n)
    })
  })

  describe('acceptReporter', () => {
    it('makes a new operator active', async () => {
      const { registry, key } = await loadFixture(appointing)

      await expect(registry.connect(key).acceptReporter(3n))
        .to.emit(registry, 'ReporterAccepted')
        .withArgs(3n, key.address)

      const { reporter, appointed, standing, joinedEpoch } = await registry.getOperator(3n)
      expect([reporter, appointed, standing]).to.deep.equal([key.address, ZeroAddress, STANDING.Active])
      expect(joinedEpoch).to.equal(await now())
      expect(await registry.operatorOf(key)).to.equal(3n)
      expect(await registry.operatorsOf(PROVIDER, 1)).to.deep.equal([1n, 2n, 3n])
    })

    it('votes on what was asked before the operator was active are refused', async () => {
      const fixture = await loadFixture(appointing)
      const { registry, key } = fixture
      const { id } = await ask(fixture)
      await registry.connect(key).acceptReporter(3n)
      await expect(registry.connect(key).report(id, 0, ANSWER))
        .to.be.revertedWithCustomError(registry, 'NotEligible')
        .withArgs(3n, id)
    })

    it('a new key votes on what was asked before it took over, the operator has one vote', async () => {
      const fixture = await loadFixture(active)
      const { registry, alice, key, other, joined } = fixture
      const { id: first } = await ask(fixture)
      const { id: second } = await ask(fixture)
      await registry.connect(key).report(first, 0, OTHER)
      await registry.connect(alice).appointReporter(3n, other)
      await registry.connect(other).acceptReporter(3n)

      expect((await registry.getOperator(3n)).joinedEpoch).to.equal(joined)
      await expect(registry.connect(other).report(first, 0, OTHER))
        .to.be.revertedWithCustomError(registry, 'AlreadyVoted')
        .withArgs(first, 0n, 3n)
      await registry.connect(other).report(second, 0, ANSWER)
      expect(await registry.hasVoted(second, 0, 3n)).to.equal(true)
    })

    it('what the key before had voted is paid to the owner', async () => {
      const fixture = await loadFixture(active)
      const { registry, alice, key, other, rules: given } = fixture
      const { id } = await ask(fixture)
      await registry.connect(key).report(id, 0, ANSWER)
      await registry.connect(alice).appointReporter(3n, other)
      await registry.connect(other).acceptReporter(3n)
      await vote(fixture, id, 0, [0])
      expect(await registry.creditOf(alice)).to.equal(feeOf(given, ONE) / 2n)
      expect([await registry.creditOf(key), await registry.creditOf(other)]).to.deep.equal([0n, 0n])
    })

    it('frees the key before: it can vote for another operator', async () => {
      const { registry, alice, key, other, owners } = await loadFixture(active)
      await registry.connect(alice).appointReporter(3n, other)
      await registry.connect(other).acceptReporter(3n)
      await registry.connect(owners[0]).appointReporter(1n, key)
      await registry.connect(key).acceptReporter(1n)
      expect(await registry.operatorOf(key)).to.equal(1n)
      expect(await registry.operatorOf(owners[0])).to.equal(0n)
    })

    it('refuses an unknown operator', async () => {
      const { registry, key } = await loadFixture(appointing)
      for (const unknown of [0n, UNKNOWN]) {
        await expect(registry.connect(key).acceptReporter(unknown))
          .to.be.revertedWithCustomError(registry, 'UnknownOperator')
          .withArgs(unknown)
        await expect(registry.getOperator(unknown))
          .to.be.revertedWithCustomError(registry, 'UnknownOperator')
          .withArgs(unknown)
      }
    })

    it('is for the appointed key only', async () => {
      const { registry, alice, key, owner, owners, stranger } = await loadFixture(appointing)
      for (const caller of [alice, owner, owners[0], stranger]) {
        await expect(registry.connect(caller).acceptReporter(3n))
          .to.be.revertedWithCustomError(registry, 'NotAppointed')
          .withArgs(key.address, caller.address)
      }
    })

    it('is once', async () => {
      const { registry, key } = await loadFixture(active)
      await expect(registry.connect(key).acceptReporter(3n))
        .to.be.revertedWithCustomError(registry, 'NotAppointed')
        .withArgs(ZeroAddress, key.address)
    })

    it('refuses an operator that left', async () => {
      const { registry, alice, key } = await loadFixture(appointing)
      await registry.connect(alice).leave(3n)
      await expect(registry.connect(key).acceptReporter(3n))
        .to.be.revertedWithCustomError(registry, 'AlreadyLeft')
        .withArgs(3n)
    })

    it('refuses a key that votes for another operator since', async () => {
      const { registry, key, owners } = await loadFixture(appointing)
      await registry.connect(owners[0]).appointReporter(1n, key)
      await registry.connect(key).acceptReporter(1n)
      await expect(registry.connect(key).acceptReporter(3n))
        .to.be.revertedWithCustomError(registry, 'ReporterTaken')
        .withArgs(key.address, 1n)
    })
  })
})
