import { expect } from 'chai'
import { ZeroAddress } from 'ethers'
import {
  ask,
  asked,
  deployRegistry,
  ethers,
  feeOf,
  JOBS,
  lastRequest,
  loadFixture,
  MAX_BYTES,
  mineUpTo,
  now,
  ONE,
  PAYLOAD,
  PROVIDER,
  rules,
  served,
  STATE,
  vote,
  type World,
} from './world.ts'

const NOTICE = 23_040n
const UNKNOWN = 9n

/** Version 2 asks another price for the same jobs. */
const dearer = rules({
  jobs: JOBS.map((job) => ({ ...job, stages: job.stages.map((fee) => ({ ...fee, base: fee.base * 2n })) })),
})

describe('OracleRegistry', () => {
  /** One operator serves version 1; version 2 is announced. */
  async function announced() {
    const fixture = await served(1, 1)()
    await fixture.registry.proposeConfig(PROVIDER, dearer)
    return { ...fixture, effective: (await now()) + NOTICE }
  }

  /** Asks in the next block at version `version`'s price. */
  async function askNow({ registry, client, rules: first }: World, version: number) {
    const fee = feeOf(version === 1 ? first : dearer, ONE)
    await client.ask(PROVIDER, ONE, PAYLOAD, MAX_BYTES, (await now()) + 100n, { value: fee })
    const id = await lastRequest({ registry })
    return { id, asked: await registry.getRequest(id) }
  }

  describe('NOTICE_EPOCHS', () => {
    it('is 8 days, longer than an operator needs to leave with its stake', async () => {
      const { registry } = await loadFixture(served(1, 1))
      expect(await registry.NOTICE_EPOCHS()).to.equal(NOTICE)
      expect(await registry.UNBONDING_EPOCHS()).to.equal(20_160n)
    })
  })

  describe('proposeConfig', () => {
    it('announces the next version, in force exactly the notice later', async () => {
      const { registry } = await loadFixture(served(1, 1))
      const next = (await now()) + 1n
      expect(await registry.proposeConfig.staticCall(PROVIDER, dearer)).to.deep.equal([2n, next - 1n + NOTICE])

      await registry.proposeConfig(PROVIDER, dearer)

      const [event] = (await registry.queryFilter(registry.filters.ConfigProposed())).slice(-1)
      expect([event.args.providerId, event.args.version, event.args.effectiveEpoch]).to.deep.equal([
        PROVIDER,
        2n,
        next + NOTICE,
      ])
      expect(event.args.config.jobs[0].stages[0].base).to.equal(960_000n)
      const { version, proposedVersion, proposedEpoch } = await registry.getProvider(PROVIDER)
      expect([version, proposedVersion, proposedEpoch]).to.deep.equal([1n, 2n, next + NOTICE])
    })

    it('changes nothing of the version in force', async () => {
      const { registry, rules: first } = await loadFixture(announced)
      const config = await registry.getConfig(PROVIDER, 1)
      expect([config.quorum, config.callbackGas, config.operatorCount]).to.deep.equal([1n, first.callbackGas, 1n])
      expect((await registry.getJob(PROVIDER, 1, ONE)).stages[0].base).to.equal(480_000n)
      expect((await registry.getJob(PROVIDER, 2, ONE)).stages[0].base).to.equal(960_000n)
      expect((await registry.getConfig(PROVIDER, 2)).operatorCount).to.equal(0n)
    })

    it('refuses an unknown provider', async () => {
      const { registry } = await loadFixture(served(1, 1))
      await expect(registry.proposeConfig(UNKNOWN, dearer))
        .to.be.revertedWithCustomError(registry, 'UnknownProvider')
        .withArgs(UNKNOWN)
    })

    it("is for the provider's owner only", async () => {
      const { registry, owner, stranger, owners } = await loadFixture(served(1, 1))
      for (const caller of [stranger, owners[0]]) {
        await expect(registry.connect(caller).proposeConfig(PROVIDER, dearer))
          .to.be.revertedWithCustomError(registry, 'NotProviderOwner')
          .withArgs(owner.address, caller.address)
      }
    })

    it('is for nobody where nobody owns the provider', async () => {
      const registry = await deployRegistry()
      const [caller] = await ethers.getSigners()
      await registry.registerProvider('tests', ZeroAddress, true, rules(), [])
      await expect(registry.proposeConfig(PROVIDER, dearer))
        .to.be.revertedWithCustomError(registry, 'NotProviderOwner')
        .withArgs(ZeroAddress, caller.address)
    })

    it('refuses rules that registerProvider refuses', async () => {
      const { registry } = await loadFixture(served(1, 1))
      await expect(registry.proposeConfig(PROVIDER, rules({ quorum: 17 })))
        .to.be.revertedWithCustomError(registry, 'BadProviderConfig')
        .withArgs('quorum', 17n)
      expect((await registry.getProvider(PROVIDER)).proposedVersion).to.equal(0n)
    })

    it('is one at a time, until the version before is in force', async () => {
      const { registry, effective } = await loadFixture(announced)
      const refused = () =>
        expect(registry.proposeConfig(PROVIDER, dearer))
          .to.be.revertedWithCustomError(registry, 'AlreadyProposed')
          .withArgs(2n, effective)
      await refused()
      await mineUpTo(effective - 2n)
      await refused()
      await mineUpTo(effective - 1n)

      await registry.proposeConfig(PROVIDER, rules())

      const { version, proposedVersion, proposedEpoch } = await registry.getProvider(PROVIDER)
      expect([version, proposedVersion, proposedEpoch]).to.deep.equal([2n, 3n, effective + NOTICE])
    })
  })

  context('while a version is announced', () => {
    it('requests are made with the version before, up to the last epoch before it is in force', async () => {
      const fixture = await loadFixture(announced)
      const { registry, effective } = fixture
      await registry.connect(fixture.owners[0]).optIn(1n, 2)
      await mineUpTo(effective - 2n)

      const { asked: before } = await askNow(fixture, 1)
      const { asked: after } = await askNow(fixture, 2)

      expect([before.requestedEpoch, before.version]).to.deep.equal([effective - 1n, 1n])
      expect([after.requestedEpoch, after.version]).to.deep.equal([effective, 2n])
    })

    it('quotes follow the version in force', async () => {
      const { registry, effective, rules: first } = await loadFixture(announced)
      await mineUpTo(effective - 1n)
      expect(await registry.quote(PROVIDER, ONE, MAX_BYTES)).to.equal(feeOf(first, ONE))
      expect((await registry.getProvider(PROVIDER)).version).to.equal(1n)
      await mineUpTo(effective)
      expect(await registry.quote(PROVIDER, ONE, MAX_BYTES)).to.equal(feeOf(dearer, ONE))
      const { version, proposedVersion, proposedEpoch } = await registry.getProvider(PROVIDER)
      expect([version, proposedVersion, proposedEpoch]).to.deep.equal([2n, 0n, 0n])
    })

    it('the old price is refused once it is in force', async () => {
      const { registry, client, effective, owners, rules: first } = await loadFixture(announced)
      await registry.connect(owners[0]).optIn(1n, 2)
      await mineUpTo(effective - 1n)
      await expect(client.ask(PROVIDER, ONE, PAYLOAD, MAX_BYTES, effective + 100n, { value: feeOf(first, ONE) }))
        .to.be.revertedWithCustomError(registry, 'WrongFee')
        .withArgs(feeOf(dearer, ONE), feeOf(first, ONE))
    })

    it('a version that nobody opted in to takes no requests', async () => {
      const { registry, client, effective } = await loadFixture(announced)
      await mineUpTo(effective - 1n)
      await expect(client.ask(PROVIDER, ONE, PAYLOAD, MAX_BYTES, effective + 100n, { value: feeOf(dearer, ONE) }))
        .to.be.revertedWithCustomError(registry, 'TooFewOperators')
        .withArgs(1n, 0n)
    })
  })

  context('when a request was made before', () => {
    it('keeps its version: its fee, its quorum, its operators', async () => {
      const fixture = await loadFixture(asked(1, 1, ONE))
      const { registry, owners, id, rules: first } = fixture
      const { id: longer } = await ask(fixture, { epochs: NOTICE + 100n })
      await registry.proposeConfig(PROVIDER, { ...dearer, quorum: 2 })
      await vote(fixture, id, 0, [0])
      await mineUpTo((await registry.getProvider(PROVIDER)).proposedEpoch)

      await vote(fixture, longer, 0, [0])

      expect((await registry.getRequest(longer)).state).to.equal(STATE.Answered)
      expect(await registry.creditOf(owners[0])).to.equal(2n * feeOf(first, ONE))
    })
  })
})
