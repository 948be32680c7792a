import { expect } from 'chai'
import { ethers, JOBS, loadFixture, rules } from './world.ts'

const MAX_UINT96 = (1n << 96n) - 1n

describe('OracleRegistry', () => {
  async function deployed() {
    const [owner, other] = await ethers.getSigners()
    return { registry: await ethers.deployContract('OracleRegistry'), owner: owner, other: other }
  }

  describe('registerProvider', () => {
    it('numbers providers from 1 and makes the caller the owner', async () => {
      const { registry, owner, other } = await loadFixture(deployed)

      await expect(registry.registerProvider(rules()))
        .to.emit(registry, 'ProviderRegistered')
        .withArgs(1n, owner.address, 'tests', 1n, 1n)
      await expect(registry.connect(other).registerProvider(rules({ name: 'others', quorum: 2 })))
        .to.emit(registry, 'ProviderRegistered')
        .withArgs(2n, other.address, 'others', 1n, 2n)
    })

    it('shows the rules as they were given', async () => {
      const { registry, owner } = await loadFixture(deployed)
      await registry.registerProvider(rules({ quorum: 3, callbackGas: 77n }))

      expect(await registry.getProvider(1n)).to.deep.equal([owner.address, 'tests', 1n, 3n, 0n, 77n, 0n])
      for (const { job, minDeadlineEpochs, concludedByRequester, stageFees } of JOBS) {
        expect(await registry.getJob(1n, job)).to.deep.equal([
          BigInt(job),
          BigInt(minDeadlineEpochs),
          concludedByRequester,
          stageFees,
        ])
      }
    })

    const one = JOBS[0]
    const stages = (...stageFees: bigint[]) => ({ jobs: [{ ...one, stageFees }] })
    for (const [title, changes] of [
      ['a quorum of 16', { quorum: 16 }],
      ['a name of 64 bytes', { name: 'n'.repeat(64) }],
      ['a callback of 5,000,000,000 gas', { callbackGas: 5_000_000_000n }],
      ['16 jobs', { jobs: Array.from({ length: 16 }, (_, job) => ({ ...one, job })) }],
      ['8 stages', stages(1n, 2n, 3n, 4n, 5n, 6n, 7n, 8n)],
      ['fees of 2⁹⁶ − 1 together', stages(1n, MAX_UINT96 - 1n)],
      ['a job for nothing', stages(0n)],
    ] as const) {
      it(`takes ${title}`, async () => {
        const { registry } = await loadFixture(deployed)
        await expect(registry.registerProvider(rules(changes))).to.emit(registry, 'ProviderRegistered')
      })
    }

    for (const [title, changes, what, value] of [
      ['no name', { name: '' }, 'name', 0n],
      ['a name of 65 bytes', { name: 'n'.repeat(65) }, 'name', 65n],
      ['a quorum of 0', { quorum: 0 }, 'quorum', 0n],
      ['a quorum of 17', { quorum: 17 }, 'quorum', 17n],
      ['a challenge window', { windowEpochs: 1 }, 'windowEpochs', 1n],
      ['a callback without gas', { callbackGas: 0n }, 'callbackGas', 0n],
      ['a callback beyond half a block', { callbackGas: 5_000_000_001n }, 'callbackGas', 5_000_000_001n],
      ['no job', { jobs: [] }, 'jobs', 0n],
      ['17 jobs', { jobs: Array.from({ length: 17 }, (_, job) => ({ ...one, job })) }, 'jobs', 17n],
      ['the same job twice', { jobs: [one, { ...one, stageFees: [1n] }] }, 'job', 1n],
      ['a job without stages', stages(), 'stages', 0n],
      ['9 stages', stages(1n, 2n, 3n, 4n, 5n, 6n, 7n, 8n, 9n), 'stages', 9n],
      ['no time to answer', { jobs: [{ ...one, minDeadlineEpochs: 0 }] }, 'minDeadlineEpochs', 0n],
      [
        'one stage that is not voted',
        { jobs: [{ ...one, concludedByRequester: true }] },
        'concludedByRequester',
        BigInt(one.job),
      ],
      ['a fee that the quorum does not divide', { quorum: 3, ...stages(3n, 4n) }, 'stageFees', 4n],
      ['fees of 2⁹⁶ together', stages(1n, MAX_UINT96), 'stageFees', MAX_UINT96],
    ] as const) {
      it(`refuses ${title}`, async () => {
        const { registry } = await loadFixture(deployed)
        await expect(registry.registerProvider(rules(changes)))
          .to.be.revertedWithCustomError(registry, 'BadProviderConfig')
          .withArgs(what, value)
      })
    }
  })

  context('when no such provider or job is registered', () => {
    it('says so', async () => {
      const { registry } = await loadFixture(deployed)
      await registry.registerProvider(rules())

      for (const call of [registry.getProvider(2n), registry.getJob(2n, 1), registry.quote(2n, 1, 1n)]) {
        await expect(call).to.be.revertedWithCustomError(registry, 'UnknownProvider').withArgs(2n)
      }
      for (const call of [registry.getJob(1n, 9), registry.quote(1n, 9, 1n)]) {
        await expect(call).to.be.revertedWithCustomError(registry, 'UnknownJob').withArgs(1n, 9n)
      }
    })
  })
})
