import { expect } from 'chai'
import { getAddress, zeroPadValue, toBeHex } from 'ethers'
import { maskedIdAddress } from '../../../scripts/local/actors.ts'
import { codeThatReturns } from '../../helpers/evm-code.ts'
import {
  ANSWER,
  ask,
  asked,
  ethers,
  feeOf,
  loadFixture,
  mineUpTo,
  MODE,
  ONE,
  OTHER,
  PROVIDER,
  REASON,
  served,
  setCode,
  STATE,
  THREE,
  vote,
} from './world.ts'

const FEE = feeOf(ONE)

describe('OracleRegistry under attack', () => {
  describe('one party with two keys (a masked id address)', () => {
    const ACTOR = 1234n
    const ALIAS = maskedIdAddress(ACTOR)

    /** The chain knows `account` as actor {ACTOR}. */
    const alias = (account: string) =>
      setCode(
        '0xfE00000000000000000000000000000000000002',
        codeThatReturns(`0x040a${account.slice(2)}`, zeroPadValue(toBeHex(ACTOR), 32)),
      )

    it('admits an operator once, under either name', async () => {
      const { registry, stranger } = await loadFixture(served(2, 1))
      await alias(stranger.address)
      await expect(registry.admit(PROVIDER, ALIAS))
        .to.emit(registry, 'OperatorAdmitted')
        .withArgs(PROVIDER, stranger.address)
      await expect(registry.admit(PROVIDER, stranger.address))
        .to.be.revertedWithCustomError(registry, 'AlreadyAdmitted')
        .withArgs(PROVIDER, stranger.address)
    })

    it('appoints a reporter once, under either name', async () => {
      const { registry, owners, stranger } = await loadFixture(served(2, 1))
      await alias(owners[0].address)
      await registry.admit(PROVIDER, stranger.address)
      await expect(registry.connect(stranger).join(PROVIDER, ALIAS, ''))
        .to.be.revertedWithCustomError(registry, 'ReporterTaken')
        .withArgs(owners[0].address, 1n)
      expect(await registry.operatorOf(ALIAS)).to.equal(1n)
    })

    it('makes the caller its own reporter under either name', async () => {
      const { registry, stranger } = await loadFixture(served(2, 1))
      await alias(stranger.address)
      await registry.admit(PROVIDER, stranger.address)
      await expect(registry.connect(stranger).join(PROVIDER, ALIAS, ''))
        .to.emit(registry, 'ReporterAccepted')
        .withArgs(2n, PROVIDER, stranger.address)
    })

    it('keeps one credit, paid to the real address', async () => {
      const fixture = await loadFixture(asked(1, 1, ONE))
      const { registry, owners, id } = fixture
      await vote(fixture, id, 0, [0])
      await alias(owners[0].address)
      expect(await registry.creditOf(ALIAS)).to.equal(FEE)
      await expect(registry.connect(fixture.stranger).withdrawFor(ALIAS)).to.changeEtherBalances(
        ethers,
        [registry, owners[0]],
        [-FEE, FEE],
      )
    })

    it('leaves an id without an address of its own as it is', async () => {
      const { registry } = await loadFixture(served(2, 1))
      await expect(registry.admit(PROVIDER, ALIAS))
        .to.emit(registry, 'OperatorAdmitted')
        .withArgs(PROVIDER, getAddress(ALIAS))
    })
  })

  describe('confused deputy', () => {
    it('calls back only who asked, with the one selector and no value', async () => {
      const { registry, client, reporters, stranger } = await loadFixture(asked(1, 1, ONE))
      const victim = await ethers.deployContract('OracleClientHarness', [registry, PROVIDER])
      await registry
        .connect(stranger)
        .request(PROVIDER, ONE, victim.interface.encodeFunctionData('reclaim', [1n]), 1n, 1_000n, {
          value: FEE,
        })

      await expect(registry.connect(reporters[0]).report(2n, 0, ANSWER)).to.emit(registry, 'Delivered')

      expect(await client.calls()).to.equal(0n)
      expect(await ethers.provider.getBalance(victim)).to.equal(0n)
    })

    it('cannot make a client take an answer to a question of somebody else', async () => {
      const fixture = await loadFixture(asked(1, 1, ONE))
      const { registry } = fixture
      const victim = await ethers.deployContract('OracleClientHarness', [registry, PROVIDER])
      await expect(victim.onOracleAnswer(1n, 0, true, ANSWER)).to.be.revertedWithCustomError(victim, 'NotTheRegistry')
    })
  })

  describe('minority quorum', () => {
    it('cannot gather: a request needs m operators and a provider admits fewer than 2m', async () => {
      const { registry, stranger } = await loadFixture(served(3, 5))
      await expect(registry.admit(PROVIDER, stranger.address))
        .to.be.revertedWithCustomError(registry, 'TooManyOperators')
        .withArgs(5n)
    })

    it('cannot be brought in after the request: operators that join in its epoch or later have no vote', async () => {
      const fixture = await loadFixture(asked(2, 2, ONE))
      const { registry, stranger, id } = fixture
      await registry.admit(PROVIDER, stranger.address)
      await registry.connect(stranger).join(PROVIDER, stranger.address, '')
      await vote(fixture, id, 0, [0], OTHER)
      await expect(registry.connect(stranger).report(id, 0, OTHER))
        .to.be.revertedWithCustomError(registry, 'NotEligible')
        .withArgs(3n, id)
      expect((await registry.getRequest(id)).state).to.equal(STATE.Open)
    })
  })

  describe('a hash nobody can open', () => {
    it('cannot be voted: the answer itself is in every vote, and in the event', async () => {
      const fixture = await loadFixture(asked(2, 3, ONE))
      const { registry, reporters, id } = fixture
      await vote(fixture, id, 0, [0])
      await expect(registry.connect(reporters[1]).report(id, 0, ANSWER))
        .to.emit(registry, 'StageAnswered')
        .withArgs(id, 0n, ANSWER, (epoch: bigint) => epoch > 0n)
    })
  })

  describe('reporter keys', () => {
    it('a key that was appointed without asking is not bound, and can serve whom it likes', async () => {
      const { registry, owner, owners, stranger } = await loadFixture(served(2, 1))
      await registry.connect(stranger).registerProvider({ ...(await rulesOf(registry)), name: 'griefer' })
      await registry.connect(stranger).admit(2n, stranger.address)
      await registry.connect(stranger).join(2n, owner.address, '')

      await registry.admit(PROVIDER, owner.address)
      await expect(registry.join(PROVIDER, owner.address, '')).to.emit(registry, 'ReporterAccepted')
      expect(await registry.operatorOf(owner.address)).to.equal(3n)
      expect(await registry.operatorOf(owners[0].address)).to.equal(1n)
    })

    it('one vote per operator and stage: leaving and coming back does not give a second one', async () => {
      const fixture = await loadFixture(asked(2, 3, ONE))
      const { registry, owners, id } = fixture
      await vote(fixture, id, 0, [0], OTHER)
      await registry.connect(owners[0]).leave(1n)
      await registry.admit(PROVIDER, owners[0].address)
      await registry.connect(owners[0]).join(PROVIDER, owners[0].address, '')
      await expect(registry.connect(owners[0]).report(id, 0, OTHER))
        .to.be.revertedWithCustomError(registry, 'NotEligible')
        .withArgs(4n, id)
    })
  })

  describe('clock-out', () => {
    it('a deadline that leaves operators no time is refused', async () => {
      const { registry } = await loadFixture(served(1, 1))
      const epoch = BigInt(await ethers.provider.getBlockNumber()) + 1n
      await expect(registry.request(PROVIDER, THREE, '0x', 1n, epoch + 59n, { value: feeOf(THREE) }))
        .to.be.revertedWithCustomError(registry, 'DeadlineTooSoon')
        .withArgs(epoch + 60n, epoch + 59n)
    })

    it('cancelling after the work pays the stage in progress', async () => {
      const fixture = await loadFixture(asked(1, 1, THREE))
      const { registry, client, owners, id } = fixture
      await vote(fixture, id, 0, [0])
      const before = await registry.creditOf(owners[0].address)
      await client.act(registry.interface.encodeFunctionData('cancel', [id]))
      expect((await registry.creditOf(owners[0].address)) - before).to.equal(1_441_440n)
    })

    it('a vote and a refund are never both possible', async () => {
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
  })

  describe('re-entrance from the callback', () => {
    for (const [name, args] of [
      ['report', [1n, 1, ANSWER]],
      ['reportFailure', [1n, 1, REASON.NotFound]],
      ['cancel', [1n]],
      ['conclude', [1n]],
      ['refund', [1n]],
      ['deliver', [1n, 0, ANSWER]],
      ['withdraw', []],
      ['withdrawFor', [maskedIdAddress(9n)]],
    ] as const) {
      it(`${name} is refused, and the answer stands`, async () => {
        const fixture = await loadFixture(asked(1, 1, THREE))
        const { registry, client, id } = fixture
        const reentrant = registry.interface.getError('ReentrancyGuardReentrantCall')!.selector
        await client.setMode(MODE.Forward, registry.interface.encodeFunctionData(name as 'deliver', args as never))

        await vote(fixture, id, 0, [0])

        expect([await client.forwardSuccess(), await client.forwardResult()]).to.deep.equal([false, reentrant])
        expect((await registry.getRequest(id)).stage).to.equal(1n)
      })
    }
  })

  it('a callback that always fails blocks nobody else and no money', async () => {
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

  async function rulesOf(registry: Awaited<ReturnType<ReturnType<typeof served>>>['registry']) {
    const { name, quorum, windowEpochs, callbackGas } = await registry.getProvider(PROVIDER)
    const job = { job: 1, minDeadlineEpochs: 1, concludedByRequester: false, stageFees: [quorum] }
    return { name, quorum, windowEpochs, callbackGas, jobs: [job] }
  }
})
