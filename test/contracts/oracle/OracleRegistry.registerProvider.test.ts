import { expect } from 'chai'
import { getAddress, toBeHex, ZeroAddress } from 'ethers'
import { deployRegistry, ethers, JOBS, loadFixture, now, rules, type Rules } from './world.ts'

const ARBITER = getAddress(toBeHex(0xa1, 20))
const EVIDENCE = getAddress(toBeHex(0xe1, 20))
const MAX_UINT64 = (1n << 64n) - 1n
const MAX_UINT96 = (1n << 96n) - 1n

const [one] = JOBS as [Rules['jobs'][number]]
const jobOf = (...bases: bigint[]) => ({ ...one, failureFee: 0n, stages: bases.map((base) => ({ base, perGiB: 0n })) })
const manyJobs = (count: number) => Array.from({ length: count }, (_, job) => ({ ...one, job }))
const challengeable = (changes: Partial<Rules> = {}) => rules({ windowEpochs: 30, arbiter: ARBITER, ...changes })

describe('OracleRegistry', () => {
  async function deployed() {
    const [caller, owner, alice, bob] = await ethers.getSigners()
    return { registry: await deployRegistry(), caller, owner, alice, bob }
  }
  type Deployed = Awaited<ReturnType<typeof deployed>>

  const register = ({ registry, owner }: Pick<Deployed, 'registry' | 'owner'>, given = rules(), name = 'tests') =>
    registry.registerProvider(name, owner, false, given, [])

  describe('registerProvider', () => {
    it('numbers providers from 1, whoever registers them, with version 1 in force at once', async () => {
      const { registry, caller, owner, alice } = await loadFixture(deployed)
      expect(await registry.registerProvider.staticCall('tests', owner, false, rules(), [])).to.equal(1n)

      await expect(registry.connect(caller).registerProvider('tests', owner, false, rules(), []))
        .to.emit(registry, 'ProviderRegistered')
        .withArgs(1n, owner.address, 'tests', false)
      await expect(registry.connect(alice).registerProvider('others', alice, true, rules(), []))
        .to.emit(registry, 'ProviderRegistered')
        .withArgs(2n, alice.address, 'others', true)

      expect(await registry.getProvider(1n)).to.deep.equal([owner.address, 'tests', false, 1n, 0n, 0n])
      expect(await registry.getProvider(2n)).to.deep.equal([alice.address, 'others', true, 1n, 0n, 0n])
    })

    it('announces the rules as they were given, in force from this epoch', async () => {
      const fixture = await loadFixture(deployed)
      const given = challengeable({ quorum: 3, evidence: EVIDENCE })

      await register(fixture, given)

      const [announced] = await fixture.registry.queryFilter(fixture.registry.filters.ConfigProposed())
      const { providerId, version, effectiveEpoch, config } = announced.args
      expect([providerId, version, effectiveEpoch]).to.deep.equal([1n, 1n, await now()])
      expect([config.quorum, config.windowEpochs, config.turnEpochs, config.rulingEpochs]).to.deep.equal([
        3n,
        30n,
        40n,
        50n,
      ])
      expect([config.callbackGas, config.minStake, config.slash, config.minBond]).to.deep.equal([
        given.callbackGas,
        given.minStake,
        given.slash,
        given.minBond,
      ])
      expect([config.arbiter, config.evidence]).to.deep.equal([ARBITER, EVIDENCE])
      expect(config.jobs.map(({ job, failureFee }) => [job, failureFee])).to.deep.equal(
        JOBS.map(({ job, failureFee }) => [BigInt(job), failureFee]),
      )
    })

    it('shows the rules as they were given', async () => {
      const fixture = await loadFixture(deployed)
      const { registry } = fixture
      const given = challengeable({ quorum: 3, callbackGas: 77n, evidence: EVIDENCE })
      await register(fixture, given)

      expect(await registry.getConfig(1n, 1)).to.deep.equal([
        ...[3n, 30n, 40n, 50n, 77n, given.minStake, given.slash, given.minBond, ARBITER, EVIDENCE],
        0n,
        JOBS.map(({ job }) => BigInt(job)),
      ])
      for (const { job, minDeadlineEpochs, concludedByRequester, failureFee, stages } of JOBS) {
        expect(await registry.getJob(1n, 1, job)).to.deep.equal([
          ...[BigInt(job), BigInt(minDeadlineEpochs), concludedByRequester, failureFee],
          stages.map(({ base, perGiB }) => [base, perGiB]),
        ])
      }
    })

    it('admits operators from the start', async () => {
      const { registry, owner, alice, bob } = await loadFixture(deployed)

      await expect(registry.registerProvider('tests', owner, false, rules(), [alice, bob]))
        .to.emit(registry, 'OperatorAdmitted')
        .withArgs(1n, alice.address)
        .and.to.emit(registry, 'OperatorAdmitted')
        .withArgs(1n, bob.address)
      await expect(registry.connect(bob).join(1n, bob, '')).to.emit(registry, 'OperatorJoined')
    })

    it('admits 31 and refuses 32', async () => {
      const { registry, owner } = await loadFixture(deployed)
      const addresses = Array.from({ length: 32 }, (_, index) => toBeHex(index + 1, 20))
      await expect(registry.registerProvider('tests', owner, false, rules(), addresses))
        .to.be.revertedWithCustomError(registry, 'BadProviderConfig')
        .withArgs('admitted', 32n)
      await registry.registerProvider('tests', owner, false, rules(), addresses.slice(1))
      expect(await registry.queryFilter(registry.filters.OperatorAdmitted())).to.have.lengthOf(31)
    })

    it('refuses to admit nobody, or anybody twice', async () => {
      const { registry, owner, alice } = await loadFixture(deployed)
      await expect(registry.registerProvider('tests', owner, false, rules(), [ZeroAddress]))
        .to.be.revertedWithCustomError(registry, 'BadOperatorOwner')
        .withArgs(ZeroAddress)
      await expect(registry.registerProvider('tests', owner, false, rules(), [alice, alice]))
        .to.be.revertedWithCustomError(registry, 'AlreadyAdmitted')
        .withArgs(1n, alice.address)
    })

    it('refuses a provider that nobody owns unless it is open', async () => {
      const { registry } = await loadFixture(deployed)
      await expect(registry.registerProvider('tests', ZeroAddress, false, rules(), []))
        .to.be.revertedWithCustomError(registry, 'BadProviderOwner')
        .withArgs(ZeroAddress)
      await expect(registry.registerProvider('tests', ZeroAddress, true, rules(), []))
        .to.emit(registry, 'ProviderRegistered')
        .withArgs(1n, ZeroAddress, 'tests', true)
    })

    it('takes a name of 64 bytes; refuses none, and 65 bytes', async () => {
      const fixture = await loadFixture(deployed)
      for (const length of [0, 65]) {
        await expect(register(fixture, rules(), 'n'.repeat(length)))
          .to.be.revertedWithCustomError(fixture.registry, 'BadProviderConfig')
          .withArgs('name', BigInt(length))
      }
      await expect(register(fixture, rules(), 'n'.repeat(64))).to.emit(fixture.registry, 'ProviderRegistered')
    })

    for (const [title, given] of [
      ['a quorum of 16', rules({ quorum: 16 })],
      ['turns of one epoch', rules({ turnEpochs: 1 })],
      ['a callback of 1 gas', rules({ callbackGas: 1n })],
      ['a callback of 5,000,000,000 gas', rules({ callbackGas: 5_000_000_000n })],
      ['a window of one epoch', challengeable({ windowEpochs: 1 })],
      ['a window of 20,160 epochs', challengeable({ windowEpochs: 20_160 })],
      ['86,400 epochs to rule', challengeable({ rulingEpochs: 86_400 })],
      ['a slash of all the least stake', challengeable({ minStake: 7n, slash: 7n })],
      ['a slash and a bond of 1 attoFIL', challengeable({ slash: 1n, minBond: 1n })],
      ['stakes and bonds of 2⁹⁶ − 1', challengeable({ minStake: MAX_UINT96, slash: MAX_UINT96, minBond: MAX_UINT96 })],
      ['evidence beside the arbiter', challengeable({ evidence: EVIDENCE })],
      ['a stake though nothing is slashed', rules({ minStake: 1n })],
      ['16 jobs', rules({ jobs: manyJobs(16) })],
      ['8 stages', rules({ jobs: [jobOf(1n, 2n, 3n, 4n, 5n, 6n, 7n, 8n)] })],
      ['fees of 2⁶⁴ − 1', rules({ jobs: [jobOf(MAX_UINT64)] })],
      ['a job for nothing', rules({ jobs: [jobOf(0n)] })],
      ['a failure that earns as much as the cheapest stage', rules({ jobs: [{ ...jobOf(9n, 7n), failureFee: 7n }] })],
    ] as const) {
      it(`takes ${title}`, async () => {
        const fixture = await loadFixture(deployed)
        await expect(register(fixture, given)).to.emit(fixture.registry, 'ProviderRegistered')
      })
    }

    for (const [title, given, what, value] of [
      ['a quorum of 0', rules({ quorum: 0 }), 'quorum', 0n],
      ['a quorum of 17', rules({ quorum: 17 }), 'quorum', 17n],
      ['turns of no epochs', rules({ turnEpochs: 0 }), 'turnEpochs', 0n],
      ['a callback without gas', rules({ callbackGas: 0n }), 'callbackGas', 0n],
      ['a callback beyond half a block', rules({ callbackGas: 5_000_000_001n }), 'callbackGas', 5_000_000_001n],
      ['a window of 20,161 epochs', challengeable({ windowEpochs: 20_161 }), 'windowEpochs', 20_161n],
      ['86,401 epochs to rule', challengeable({ rulingEpochs: 86_401 }), 'rulingEpochs', 86_401n],
      ['a stake that a slash exceeds', challengeable({ minStake: 6n, slash: 7n }), 'minStake', 6n],
      ['a window without a slash', challengeable({ slash: 0n }), 'slash', 0n],
      ['a slash without a window', rules({ slash: 1n, minStake: 1n }), 'slash', 1n],
      ['a window without a bond', challengeable({ minBond: 0n }), 'minBond', 0n],
      ['a bond without a window', rules({ minBond: 1n }), 'minBond', 1n],
      ['a window without time to rule', challengeable({ rulingEpochs: 0 }), 'rulingEpochs', 0n],
      ['time to rule without a window', rules({ rulingEpochs: 1 }), 'rulingEpochs', 1n],
      ['a window without an arbiter', challengeable({ arbiter: ZeroAddress }), 'arbiter', 0n],
      ['an arbiter without a window', rules({ arbiter: ARBITER }), 'arbiter', 0xa1n],
      ['evidence without a window', rules({ evidence: EVIDENCE }), 'evidence', 0xe1n],
      ['no job', rules({ jobs: [] }), 'jobs', 0n],
      ['17 jobs', rules({ jobs: manyJobs(17) }), 'jobs', 17n],
      ['the same job twice', rules({ jobs: [one, { ...one, minDeadlineEpochs: 1 }] }), 'job', BigInt(one.job)],
      ['a job without stages', rules({ jobs: [jobOf()] }), 'stages', 0n],
      ['9 stages', rules({ jobs: [jobOf(1n, 2n, 3n, 4n, 5n, 6n, 7n, 8n, 9n)] }), 'stages', 9n],
      ['no time to answer', rules({ jobs: [{ ...one, minDeadlineEpochs: 0 }] }), 'minDeadlineEpochs', 0n],
      [
        'a single stage that nobody votes on',
        rules({ jobs: [{ ...one, concludedByRequester: true }] }),
        'concludedByRequester',
        BigInt(one.job),
      ],
      [
        'a failure that earns more than the cheapest stage',
        rules({ jobs: [{ ...jobOf(9n, 7n), failureFee: 8n }] }),
        'failureFee',
        8n,
      ],
    ] as const) {
      it(`refuses ${title}`, async () => {
        const fixture = await loadFixture(deployed)
        await expect(register(fixture, given))
          .to.be.revertedWithCustomError(fixture.registry, 'BadProviderConfig')
          .withArgs(what, value)
      })
    }
  })

  context('when no such provider, version or job is registered', () => {
    it('says so', async () => {
      const fixture = await loadFixture(deployed)
      const { registry } = fixture
      await register(fixture)

      for (const providerId of [0n, 2n]) {
        for (const call of [
          registry.getProvider(providerId),
          registry.getConfig(providerId, 1),
          registry.getJob(providerId, 1, 1),
          registry.operatorsOf(providerId, 1),
          registry.quote(providerId, 1, 1n),
        ]) {
          await expect(call).to.be.revertedWithCustomError(registry, 'UnknownProvider').withArgs(providerId)
        }
      }
      for (const version of [0n, 2n]) {
        for (const call of [
          registry.getConfig(1n, version),
          registry.getJob(1n, version, 1),
          registry.operatorsOf(1n, version),
        ]) {
          await expect(call).to.be.revertedWithCustomError(registry, 'UnknownVersion').withArgs(1n, version)
        }
      }
      for (const call of [registry.getJob(1n, 1, 9), registry.quote(1n, 9, 1n)]) {
        await expect(call).to.be.revertedWithCustomError(registry, 'UnknownJob').withArgs(1n, 9n)
      }
    })
  })
})
