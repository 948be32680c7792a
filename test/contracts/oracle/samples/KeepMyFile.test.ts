import { expect } from 'chai'
import { ethers, instrumented, loadFixture, mine, now, rules, STATE, PROVIDER, REASON } from '../world.ts'

const CID = '0x0155122000' + '11'.repeat(31)
const FEE = 1_000n
const GIB = 1n << 30n

async function deployed() {
  const [owner, operator, asker, stranger] = await ethers.getSigners()
  const registry = await ethers.deployContract('OracleRegistry')
  const pin = { job: 1, minDeadlineEpochs: 20, concludedByRequester: false, stageFees: [FEE] }
  await registry.registerProvider(rules({ jobs: [pin] }))
  await registry.admit(PROVIDER, operator.address)
  await registry.connect(operator).join(PROVIDER, operator.address, '')
  const edge = await ethers.deployContract('EdgeProvider', [registry, PROVIDER])
  const sample = await ethers.deployContract('KeepMyFile', [edge])
  return { registry, edge, sample, owner: owner, operator: operator, asker: asker, stranger: stranger }
}

async function asked() {
  const world = await deployed()
  await world.sample.connect(world.asker).keep(CID, '0x', { value: FEE })
  return { ...world, id: 1n }
}

describe('KeepMyFile', () => {
  describe('keep', () => {
    it('asks the Edge provider to pin the CID within a day', async () => {
      const { registry, edge, sample, asker } = await loadFixture(deployed)
      const deadline = (await now()) + 1n + 2880n

      const asking = sample.connect(asker).keep(CID, '0x', { value: FEE })

      await expect(asking)
        .to.emit(registry, 'Requested')
        .withArgs(1n, PROVIDER, sample, 1, await edge.encodePin(CID, '0x'), GIB, deadline, FEE)
      expect(await sample.files(1n)).to.deep.equal([asker.address, 0n])
    })

    it('refuses another fee than the quote', async () => {
      const { registry, sample } = await loadFixture(deployed)

      await expect(sample.keep(CID, '0x', { value: FEE - 1n }))
        .to.be.revertedWithCustomError(registry, 'WrongFee')
        .withArgs(FEE, FEE - 1n)
    })

    it('costs at most 150,000 gas once the registry is in use', async () => {
      const { sample, asker } = await loadFixture(asked)

      const tx = await sample.connect(asker).keep(CID, '0x', { value: FEE })

      if (!instrumented) expect((await tx.wait())!.gasUsed).to.be.at.most(150_000n)
    })
  })

  context('when the operator has pinned it', () => {
    it('remembers the epoch, in at most 200,000 gas for the whole report', async () => {
      const { registry, sample, operator, asker, edge, id } = await loadFixture(asked)

      const tx = await registry.connect(operator).report(id, 0, await edge.encodePinned({ carBytes: 77n }))

      await expect(tx).to.emit(registry, 'Delivered').withArgs(id, 0)
      expect(await sample.files(id)).to.deep.equal([asker.address, BigInt(tx.blockNumber!)])
      if (!instrumented) expect((await tx.wait())!.gasUsed).to.be.at.most(200_000n)
    })

    it('has nothing to refund', async () => {
      const { registry, sample, operator, edge, id } = await loadFixture(asked)
      await registry.connect(operator).report(id, 0, await edge.encodePinned({ carBytes: 77n }))

      await expect(sample.refund(id)).to.be.revertedWithCustomError(sample, 'NothingToRefund').withArgs(id)
    })
  })

  describe('refund', () => {
    it('waits for the deadline', async () => {
      const { registry, sample, id } = await loadFixture(asked)
      const { deadlineEpoch } = await registry.getRequest(id)

      await expect(sample.refund(id))
        .to.be.revertedWithCustomError(registry, 'DeadlineNotPassed')
        .withArgs(deadlineEpoch, (await now()) + 1n)
    })

    it('pays the asker the whole fee when nobody answered, whoever calls', async () => {
      const { registry, sample, asker, stranger, id } = await loadFixture(asked)
      await mine(2880)

      await expect(sample.connect(stranger).refund(id)).to.changeEtherBalances(
        ethers,
        [asker, registry, sample],
        [FEE, -FEE, 0n],
      )
      expect((await registry.getRequest(id)).state).to.equal(STATE.Expired)
    })

    it('pays the asker when the operators gave up', async () => {
      const { registry, sample, operator, asker, id } = await loadFixture(asked)
      await registry.connect(operator).reportFailure(id, 0, REASON.NotFound)

      await expect(sample.refund(id)).to.changeEtherBalances(ethers, [asker, registry], [FEE, -FEE])
    })

    it('pays once', async () => {
      const { sample, id } = await loadFixture(asked)
      await mine(2880)
      await sample.refund(id)

      await expect(sample.refund(id)).to.be.revertedWithCustomError(sample, 'AlreadyReclaimed').withArgs(id)
    })

    it('refuses when the asker does not take its money', async () => {
      const { sample } = await loadFixture(deployed)
      const asker = await ethers.deployContract('ProbeClient', [sample])
      await asker.act(sample.interface.encodeFunctionData('keep', [CID, '0x']), { value: FEE })
      await asker.setPayable(false)
      await mine(2880)

      await expect(sample.refund(1n)).to.be.revertedWithCustomError(asker, 'NotPayable')
    })
  })
})
