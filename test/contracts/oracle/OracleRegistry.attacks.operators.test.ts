import { expect } from 'chai'
import { getAddress, toBeHex, zeroPadValue } from 'ethers'
import { ACTOR_ADDRESSES, maskedIdAddress } from '../../../scripts/local/actors.ts'
import { codeThatReturns } from '../../helpers/evm-code.ts'
import { gains, HALF, SLASH, STAKE, three } from './challenges.ts'
import {
  ANSWER,
  ask,
  challenge,
  ethers,
  loadFixture,
  mineUpTo,
  OTHER,
  PROVIDER,
  rule,
  RULING,
  rules,
  served,
  setCode,
  STATE,
  vote,
  WINDOW,
  world,
} from './world.ts'

const UNBONDING = 20_160n

describe('OracleRegistry under attack, by operators and owners', () => {
  describe('A 3: one party with two keys (a masked id address)', () => {
    const ACTOR = 1234n
    const ALIAS = maskedIdAddress(ACTOR)

    /** The chain knows `account` as actor {ACTOR}. */
    const alias = (account: string) =>
      setCode(
        ACTOR_ADDRESSES.lookupDelegatedAddress,
        codeThatReturns(`0x040a${account.slice(2)}`, zeroPadValue(toBeHex(ACTOR), 32)),
      )

    it('admits an operator once, under either name', async () => {
      const { registry, stranger } = await loadFixture(served(2, 1))
      await alias(stranger.address)
      await expect(registry.admit(PROVIDER, ALIAS))
        .to.emit(registry, 'OperatorAdmitted')
        .withArgs(PROVIDER, stranger.address)
      for (const name of [stranger.address, ALIAS]) {
        await expect(registry.admit(PROVIDER, name))
          .to.be.revertedWithCustomError(registry, 'AlreadyAdmitted')
          .withArgs(PROVIDER, stranger.address)
      }
      await expect(registry.connect(stranger).join(PROVIDER, stranger, '')).to.emit(registry, 'OperatorJoined')
      expect(await registry.operatorOfOwner(PROVIDER, ALIAS)).to.equal(2n)
    })

    it('registers an owner under its own name, who is asked for by it', async () => {
      const { registry, stranger } = await loadFixture(served(2, 1))
      await alias(stranger.address)
      await expect(registry.registerProvider('tests', ALIAS, false, rules(), [ALIAS]))
        .to.emit(registry, 'ProviderRegistered')
        .withArgs(2n, stranger.address, 'tests', false)
        .and.to.emit(registry, 'OperatorAdmitted')
        .withArgs(2n, stranger.address)
      await expect(registry.connect(stranger).proposeConfig(2n, rules())).to.emit(registry, 'ConfigProposed')
    })

    it('appoints a reporter once, under either name', async () => {
      const { registry, owners, stranger } = await loadFixture(served(2, 1))
      await alias(owners[0].address)
      await registry.admit(PROVIDER, stranger)
      await expect(registry.connect(stranger).join(PROVIDER, ALIAS, ''))
        .to.be.revertedWithCustomError(registry, 'ReporterTaken')
        .withArgs(owners[0].address, 1n)
      expect(await registry.operatorOf(ALIAS)).to.equal(1n)
    })

    it('makes the caller its own reporter under either name', async () => {
      const { registry, owners, stranger } = await loadFixture(served(2, 1))
      await alias(stranger.address)
      await registry.admit(PROVIDER, stranger)
      await expect(registry.connect(stranger).join(PROVIDER, ALIAS, ''))
        .to.emit(registry, 'ReporterAccepted')
        .withArgs(2n, stranger.address)
      await expect(registry.connect(owners[0]).appointReporter(1n, ALIAS))
        .to.be.revertedWithCustomError(registry, 'ReporterTaken')
        .withArgs(stranger.address, 2n)
    })

    it('leaves an id without an address of its own as it is', async () => {
      const { registry } = await loadFixture(served(2, 1))
      await expect(registry.admit(PROVIDER, ALIAS))
        .to.emit(registry, 'OperatorAdmitted')
        .withArgs(PROVIDER, getAddress(ALIAS))
    })
  })

  describe('A 8: minority quorum', () => {
    it('cannot gather: who leaves makes no room for a second vote on what was asked before', async () => {
      const fixture = await loadFixture(three)
      const { registry, owners, stranger } = fixture
      const { id } = await ask(fixture)
      await vote(fixture, id, 0, [0], OTHER)
      await registry.connect(owners[0]).leave(1n)
      for (const newcomer of [owners[0], stranger]) await registry.admit(PROVIDER, newcomer)
      await registry.connect(owners[0]).join(PROVIDER, owners[0], '', { value: STAKE })
      await expect(registry.connect(stranger).join(PROVIDER, stranger, '', { value: STAKE }))
        .to.be.revertedWithCustomError(registry, 'TooManyOperators')
        .withArgs(3n)
      await expect(registry.connect(owners[0]).report(id, 0, OTHER))
        .to.be.revertedWithCustomError(registry, 'NotEligible')
        .withArgs(4n, id)
    })

    it('cannot be proposed: a request keeps its quorum, and a version only has who opted in to it', async () => {
      const fixture = await loadFixture(three)
      const { registry, owners, rules: given } = fixture
      const { id } = await ask(fixture, { epochs: 30_000n })
      await registry.proposeConfig(PROVIDER, { ...given, quorum: 1 })
      await registry.connect(owners[0]).optIn(1n, 2)
      await mineUpTo((await registry.getProvider(PROVIDER)).proposedEpoch)
      await vote(fixture, id, 0, [0], OTHER)
      expect((await registry.getRequest(id)).state).to.equal(STATE.Open)
      expect(await registry.operatorsOf(PROVIDER, 2)).to.deep.equal([1n])
    })
  })

  describe('A 9: one stake, many answers', () => {
    it('a stake covers as many open votes as it has slashes', async () => {
      const fixture = await world(2, 3, { windowEpochs: WINDOW, minStake: SLASH, slash: SLASH })
      const { registry, reporters } = fixture
      const { id: first } = await ask(fixture)
      const { id: second } = await ask(fixture)
      await vote(fixture, first, 0, [0], OTHER)
      await expect(registry.connect(reporters[0]).report(second, 0, OTHER))
        .to.be.revertedWithCustomError(registry, 'StakeExhausted')
        .withArgs(1n, SLASH, 0n)
    })

    it('a liar that leaves at once is slashed for every answer it gave', async () => {
      const fixture = await loadFixture(three)
      const { registry, owners, stranger } = fixture
      const ids: bigint[] = []
      for (let i = 0; i < 3; i++) {
        const { id } = await ask(fixture)
        await vote(fixture, id, 0, [0, 1], OTHER)
        ids.push(id)
      }
      await registry.connect(owners[0]).leave(1n)
      for (const id of ids) {
        await challenge(fixture, id, 0, stranger)
        await rule(fixture, id, 0, RULING.Upheld)
      }
      expect((await registry.getOperator(1n)).stake).to.equal(STAKE - 3n * SLASH)
      expect(await registry.creditOf(await registry.sink())).to.equal(6n * (SLASH - HALF))
    })
  })

  describe('A 10: owner turned thief', () => {
    /** The owner proposes that one vote may cost the whole stake, judged by itself. */
    const thieving = async () => {
      const fixture = await three()
      const { registry, owner, rules: given } = fixture
      await registry.proposeConfig(PROVIDER, { ...given, slash: STAKE, arbiter: owner.address })
      return { ...fixture, effective: (await registry.getProvider(PROVIDER)).proposedEpoch }
    }

    it('operators have their whole stake out before the new rules are in force', async () => {
      const { registry, owners, effective } = await loadFixture(thieving)
      await registry.connect(owners[0]).leave(1n)
      const { unbondedEpoch } = await registry.getOperator(1n)
      expect(unbondedEpoch < effective).to.equal(true)
      await mineUpTo(unbondedEpoch - 1n)
      await registry.withdrawStake(1n)
      await expect(registry.connect(owners[0]).withdraw()).to.changeEtherBalances(
        ethers,
        [registry, owners[0]],
        [-STAKE, STAKE],
      )
    })

    it('even one that decides on the day before, with a day to spare', async () => {
      const { registry, owners, effective } = await loadFixture(thieving)
      await mineUpTo(effective - UNBONDING - 2n)
      await registry.connect(owners[0]).leave(1n)
      expect((await registry.getOperator(1n)).unbondedEpoch).to.equal(effective - 1n)
    })

    it('one that does nothing is never asked under the new rules', async () => {
      const fixture = await loadFixture(thieving)
      const { registry, owners, reporters, effective } = fixture
      for (const operator of [1, 2]) await registry.connect(owners[operator]).optIn(operator + 1, 2)
      await mineUpTo(effective)
      const { id } = await ask(fixture)
      await expect(registry.connect(reporters[0]).report(id, 0, ANSWER))
        .to.be.revertedWithCustomError(registry, 'NotEligible')
        .withArgs(1n, id)
    })

    it('a vote costs at most the slash of the version that the request was made with, by its arbiter', async () => {
      const fixture = await loadFixture(thieving)
      const { registry, owners, stranger, effective } = fixture
      for (const operator of [0, 1]) await registry.connect(owners[operator]).optIn(operator + 1, 2)
      const { id } = await ask(fixture, { epochs: 30_000n })
      await mineUpTo(effective)
      await vote(fixture, id, 0, [0, 1], OTHER)
      expect((await registry.getOperator(1n)).locked).to.equal(SLASH)
      await challenge(fixture, id, 0, stranger)
      expect(await gains(fixture, () => rule(fixture, id, 0, RULING.Upheld))).to.deep.equal({
        ...{ requester: 960_960n, challenger: 960_960n + 2n * HALF, sink: 2n * (SLASH - HALF) },
      })
      expect((await registry.getOperator(1n)).stake).to.equal(STAKE - SLASH)
    })

    it('expelling costs an operator nothing, and gives the owner nothing', async () => {
      const fixture = await loadFixture(three)
      const { registry } = fixture
      expect(await gains(fixture, () => registry.expel(1n))).to.deep.equal({})
      await mineUpTo((await registry.getOperator(1n)).unbondedEpoch)
      expect(await gains(fixture, () => registry.withdrawStake(1n))).to.deep.equal({ 'operator 1': STAKE })
    })
  })

  describe('A 17: reporter keys', () => {
    it('a key that was appointed without asking is not bound, and serves whom it likes', async () => {
      const { registry, owner, stranger } = await loadFixture(served(2, 1))
      await registry.connect(stranger).registerProvider('griefer', stranger, true, rules(), [])
      await registry.connect(stranger).join(2n, owner, '')

      await registry.admit(PROVIDER, owner)
      await expect(registry.join(PROVIDER, owner, ''))
        .to.emit(registry, 'ReporterAccepted')
        .withArgs(3n, owner.address)
      await expect(registry.acceptReporter(2n))
        .to.be.revertedWithCustomError(registry, 'ReporterTaken')
        .withArgs(owner.address, 3n)
      expect(await registry.operatorOf(owner)).to.equal(3n)
    })

    it('one vote per operator and stage, whatever key casts it', async () => {
      const fixture = await loadFixture(served(2, 3))
      const { registry, owners, reporters, stranger } = fixture
      const { id } = await ask(fixture)
      await vote(fixture, id, 0, [0], OTHER)
      await registry.connect(owners[0]).appointReporter(1n, stranger)
      await registry.connect(stranger).acceptReporter(1n)
      await expect(registry.connect(stranger).report(id, 0, OTHER))
        .to.be.revertedWithCustomError(registry, 'AlreadyVoted')
        .withArgs(id, 0n, 1n)
      await expect(registry.connect(reporters[0]).report(id, 0, OTHER))
        .to.be.revertedWithCustomError(registry, 'NotReporter')
        .withArgs(reporters[0].address)
    })

    it("one provider's operator has no vote for another's request", async () => {
      const fixture = await loadFixture(served(1, 1))
      const { registry, stranger } = fixture
      await registry.registerProvider('others', stranger, true, rules(), [])
      await registry.connect(stranger).join(2n, stranger, '')
      const { id } = await ask(fixture)
      await expect(registry.connect(stranger).report(id, 0, OTHER))
        .to.be.revertedWithCustomError(registry, 'NotEligible')
        .withArgs(2n, id)
    })
  })
})
