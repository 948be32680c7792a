import { expect } from 'chai'
import { ZeroAddress } from 'ethers'
import {
  deployRegistry,
  ethers,
  feeOf,
  inOneEpoch,
  lastRequest,
  loadFixture,
  MAX_BYTES,
  mineUpTo,
  now,
  ONE,
  OPERATOR_STANDING as STANDING,
  PAYLOAD,
  PROVIDER,
  rules,
  served,
  setBalance,
  WINDOW,
  world,
} from './world.ts'

const UNKNOWN = 9n
const STAKE = 10_000_000n
const LARGEST = (1n << 96n) - 1n
const ENDPOINT = 'https://alice.example'

describe('OracleRegistry', () => {
  /** A quorum of two, one operator; alice and bob are admitted. Answers can be challenged, so that stake is demanded. */
  async function admitted() {
    const fixture = await world(2, 1, { windowEpochs: WINDOW })
    const [alice, bob, key] = (await ethers.getSigners()).slice(10) as [
      typeof fixture.owner,
      typeof fixture.owner,
      typeof fixture.owner,
    ]
    for (const operator of [alice, bob]) await fixture.registry.admit(PROVIDER, operator)
    return { ...fixture, alice, bob, key }
  }

  describe('join', () => {
    context('when the caller reports itself', () => {
      it('makes the operator active at once', async () => {
        const { registry, alice } = await loadFixture(admitted)
        expect(await registry.connect(alice).join.staticCall(PROVIDER, alice, ENDPOINT, { value: STAKE })).to.equal(2n)

        await expect(registry.connect(alice).join(PROVIDER, alice, ENDPOINT, { value: STAKE }))
          .to.emit(registry, 'OperatorJoined')
          .withArgs(2n, PROVIDER, alice.address, 1n, STAKE, ENDPOINT)
          .and.to.emit(registry, 'ReporterAppointed')
          .withArgs(2n, alice.address)
          .and.to.emit(registry, 'ReporterAccepted')
          .withArgs(2n, alice.address)
        expect(await registry.getOperator(2n)).to.deep.equal([
          ...[PROVIDER, alice.address, alice.address, ZeroAddress, STANDING.Active, false, 1n, await now(), 0n],
          ...[STAKE, 0n, 0n, 0n, 0n, ENDPOINT],
        ])
        expect(await registry.operatorOf(alice)).to.equal(2n)
        expect(await registry.operatorOfOwner(PROVIDER, alice)).to.equal(2n)
        expect(await registry.operatorsOf(PROVIDER, 1)).to.deep.equal([1n, 2n])
        expect((await registry.getConfig(PROVIDER, 1)).operatorCount).to.equal(2n)
      })
    })

    context('when another key is to report', () => {
      it('waits for that key; the seat is taken', async () => {
        const { registry, alice, bob, stranger, key } = await loadFixture(admitted)

        const joining = registry.connect(alice).join(PROVIDER, key, '', { value: STAKE })

        await expect(joining).to.emit(registry, 'ReporterAppointed').withArgs(2n, key.address)
        await expect(joining).not.to.emit(registry, 'ReporterAccepted')
        expect(await registry.getOperator(2n)).to.deep.equal([
          ...[PROVIDER, alice.address, ZeroAddress, key.address, STANDING.Appointing, false, 1n, 0n, 0n],
          ...[STAKE, 0n, 0n, 0n, 0n, ''],
        ])
        expect(await registry.operatorOf(key)).to.equal(0n)
        expect(await registry.operatorOfOwner(PROVIDER, alice)).to.equal(2n)
        expect(await registry.operatorsOf(PROVIDER, 1)).to.deep.equal([1n])

        await registry.connect(bob).join(PROVIDER, bob, '', { value: STAKE })
        await registry.admit(PROVIDER, stranger)
        await expect(registry.connect(stranger).join(PROVIDER, stranger, '', { value: STAKE }))
          .to.be.revertedWithCustomError(registry, 'TooManyOperators')
          .withArgs(3n)
      })

      it('is not among those that can vote on a request', async () => {
        const { registry, client, alice, key, rules: given } = await loadFixture(admitted)
        await registry.connect(alice).join(PROVIDER, key, '', { value: STAKE })
        const asking = { value: feeOf(given, ONE) }
        await expect(client.ask(PROVIDER, ONE, PAYLOAD, MAX_BYTES, (await now()) + 100n, asking))
          .to.be.revertedWithCustomError(registry, 'TooFewOperators')
          .withArgs(2n, 1n)
      })
    })

    it('keeps the stake, to the attoFIL', async () => {
      const { registry, alice } = await loadFixture(admitted)
      const before = await registry.liabilities()
      await expect(registry.connect(alice).join(PROVIDER, alice, '', { value: STAKE + 3n })).to.changeEtherBalances(
        ethers,
        [alice, registry],
        [-STAKE - 3n, STAKE + 3n],
      )
      expect((await registry.liabilities()) - before).to.equal(STAKE + 3n)
      expect((await registry.getOperator(2n)).stake).to.equal(STAKE + 3n)
    })

    it("needs the version's least stake", async () => {
      const { registry, alice } = await loadFixture(admitted)
      await expect(registry.connect(alice).join(PROVIDER, alice, '', { value: STAKE - 1n }))
        .to.be.revertedWithCustomError(registry, 'StakeTooLow')
        .withArgs(STAKE, STAKE - 1n)
    })

    it('takes a stake of 2⁹⁶ − 1 attoFIL and refuses 2⁹⁶', async () => {
      const { registry, alice } = await loadFixture(admitted)
      await setBalance(alice.address, 2n * LARGEST)
      await expect(registry.connect(alice).join(PROVIDER, alice, '', { value: LARGEST + 1n }))
        .to.be.revertedWithCustomError(registry, 'StakeTooHigh')
        .withArgs(LARGEST, LARGEST + 1n)
      await expect(registry.connect(alice).join(PROVIDER, alice, '', { value: LARGEST })).to.emit(
        registry,
        'OperatorJoined',
      )
    })

    it('refuses an unknown provider', async () => {
      const { registry, alice } = await loadFixture(admitted)
      await expect(registry.connect(alice).join(UNKNOWN, alice, '', { value: STAKE }))
        .to.be.revertedWithCustomError(registry, 'UnknownProvider')
        .withArgs(UNKNOWN)
    })

    it('refuses who was not admitted, the owner of the provider too', async () => {
      const { registry, owner, stranger } = await loadFixture(admitted)
      for (const caller of [stranger, owner]) {
        await expect(registry.connect(caller).join(PROVIDER, caller, '', { value: STAKE }))
          .to.be.revertedWithCustomError(registry, 'NotAdmitted')
          .withArgs(PROVIDER, caller.address)
      }
    })

    it('refuses a second seat, and spends the admission', async () => {
      const { registry, alice } = await loadFixture(admitted)
      const joining = () => registry.connect(alice).join(PROVIDER, alice, '', { value: STAKE })
      await joining()
      await expect(joining()).to.be.revertedWithCustomError(registry, 'AlreadyJoined').withArgs(2n)
      await registry.connect(alice).leave(2n)
      await expect(joining()).to.be.revertedWithCustomError(registry, 'NotAdmitted').withArgs(PROVIDER, alice.address)
    })

    it('refuses nobody as the reporter', async () => {
      const { registry, alice } = await loadFixture(admitted)
      await expect(registry.connect(alice).join(PROVIDER, ZeroAddress, '', { value: STAKE }))
        .to.be.revertedWithCustomError(registry, 'BadReporter')
        .withArgs(ZeroAddress)
    })

    it("refuses another operator's reporter", async () => {
      const { registry, alice, reporters } = await loadFixture(admitted)
      await expect(registry.connect(alice).join(PROVIDER, reporters[0], '', { value: STAKE }))
        .to.be.revertedWithCustomError(registry, 'ReporterTaken')
        .withArgs(reporters[0].address, 1n)
    })

    it('takes an endpoint of 256 bytes and refuses 257', async () => {
      const { registry, alice } = await loadFixture(admitted)
      await expect(registry.connect(alice).join(PROVIDER, alice, 'e'.repeat(257), { value: STAKE }))
        .to.be.revertedWithCustomError(registry, 'TextTooLong')
        .withArgs(256n, 257n)
      await registry.connect(alice).join(PROVIDER, alice, 'e'.repeat(256), { value: STAKE })
      expect((await registry.getOperator(2n)).endpoint).to.equal('e'.repeat(256))
    })

    for (const quorum of [1, 2, 16]) {
      it(`gives 2m − 1 seats: ${2 * quorum - 1} with a quorum of ${quorum}`, async () => {
        const { registry, stranger } = await world(quorum, 2 * quorum - 1)
        await registry.admit(PROVIDER, stranger)
        await expect(registry.connect(stranger).join(PROVIDER, stranger, ''))
          .to.be.revertedWithCustomError(registry, 'TooManyOperators')
          .withArgs(BigInt(2 * quorum - 1))
      })
    }

    context('when the provider is open', () => {
      async function opened() {
        const registry = await deployRegistry()
        const [alice, bob] = await ethers.getSigners()
        await registry.registerProvider('tests', ZeroAddress, true, rules(), [])
        return { registry, alice, bob }
      }

      it('anybody takes a free seat, and again after leaving', async () => {
        const { registry, alice, bob } = await loadFixture(opened)
        await registry.connect(alice).join(PROVIDER, alice, '')
        await expect(registry.connect(alice).join(PROVIDER, alice, ''))
          .to.be.revertedWithCustomError(registry, 'AlreadyJoined')
          .withArgs(1n)
        await expect(registry.connect(bob).join(PROVIDER, bob, ''))
          .to.be.revertedWithCustomError(registry, 'TooManyOperators')
          .withArgs(1n)
        await registry.connect(alice).leave(1n)
        await registry.connect(bob).join(PROVIDER, bob, '')
        await registry.connect(bob).leave(2n)
        await registry.connect(alice).join(PROVIDER, alice, '')
        expect(await registry.operatorOfOwner(PROVIDER, alice)).to.equal(3n)
      })
    })

    context('when a version is announced', () => {
      it('joins the one in force, until the announced one is', async () => {
        const { registry, alice, bob, rules: given } = await loadFixture(admitted)
        await registry.proposeConfig(PROVIDER, { ...given, minStake: 2n * STAKE })
        const { proposedEpoch } = await registry.getProvider(PROVIDER)
        await mineUpTo(proposedEpoch - 2n)

        await expect(registry.connect(alice).join(PROVIDER, alice, '', { value: STAKE }))
          .to.emit(registry, 'OperatorJoined')
          .withArgs(2n, PROVIDER, alice.address, 1n, STAKE, '')
        await expect(registry.connect(bob).join(PROVIDER, bob, '', { value: STAKE }))
          .to.be.revertedWithCustomError(registry, 'StakeTooLow')
          .withArgs(2n * STAKE, STAKE)
        await expect(registry.connect(bob).join(PROVIDER, bob, '', { value: 2n * STAKE }))
          .to.emit(registry, 'OperatorJoined')
          .withArgs(3n, PROVIDER, bob.address, 2n, 2n * STAKE, '')
      })
    })
  })

  describe('an operator that joins in the epoch of a request', () => {
    const gasLimit = 1_000_000n

    it('has no vote on it', async () => {
      const fixture = await loadFixture(served(1, 0))
      const { registry, client, stranger, owner, rules: given } = fixture
      await registry.admit(PROVIDER, stranger)
      await registry.admit(PROVIDER, owner)
      const value = feeOf(given, ONE)
      const deadline = (await now()) + 100n
      await registry.connect(stranger).join(PROVIDER, stranger, '')

      await inOneEpoch(async () => [
        await registry.connect(stranger).leave(1n, { gasLimit }),
        await registry.connect(owner).join(PROVIDER, owner, '', { gasLimit }),
        await client.ask(PROVIDER, ONE, PAYLOAD, MAX_BYTES, deadline, { value, gasLimit }),
      ])
      expect(await registry.queryFilter(registry.filters.Requested())).to.have.lengthOf(0)

      await client.ask(PROVIDER, ONE, PAYLOAD, MAX_BYTES, deadline, { value })
      await expect(registry.connect(owner).report(await lastRequest({ registry }), 0, '0x')).to.emit(
        registry,
        'StageAnswered',
      )
    })

    it('does not count towards the quorum that must be there', async () => {
      const fixture = await loadFixture(served(2, 2))
      const { registry, client, stranger, rules: given } = fixture
      await registry.admit(PROVIDER, stranger)
      const value = feeOf(given, ONE)
      const deadline = (await now()) + 100n

      await inOneEpoch(async () => [
        await registry.connect(stranger).join(PROVIDER, stranger, '', { gasLimit }),
        await client.ask(PROVIDER, ONE, PAYLOAD, MAX_BYTES, deadline, { value, gasLimit }),
      ])

      const id = await lastRequest({ registry })
      expect((await registry.getRequest(id)).requestedEpoch).to.equal((await registry.getOperator(3n)).joinedEpoch)
      await expect(registry.connect(stranger).report(id, 0, '0x'))
        .to.be.revertedWithCustomError(registry, 'NotEligible')
        .withArgs(3n, id)
    })

    it('and leaves in it too, does not count against the others', async () => {
      const { registry, client, stranger, rules: given } = await loadFixture(served(2, 2))
      await registry.admit(PROVIDER, stranger)
      const value = feeOf(given, ONE)
      const deadline = (await now()) + 100n

      await inOneEpoch(async () => [
        await registry.connect(stranger).join(PROVIDER, stranger, '', { gasLimit }),
        await registry.connect(stranger).leave(3n, { gasLimit }),
        await client.ask(PROVIDER, ONE, PAYLOAD, MAX_BYTES, deadline, { value, gasLimit }),
      ])

      expect((await registry.getRequest(await lastRequest({ registry }))).requestedEpoch).to.equal(await now())
    })
  })
})
