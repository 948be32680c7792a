import { expect } from 'chai'
import { answer, fail, now } from '../../../helpers/answers.ts'
import { REASON, REQUEST_STATE } from '../../../helpers/registry.ts'
import { CID, DAY, edgeWorld, ethers, FAILURE_FEE, GIB, instrumented, JOB, loadFixture } from '../edge-world.ts'
import { mine, pinned, PROVIDER } from '../edge-world.ts'

async function deployed() {
  const world = await edgeWorld()
  const sample = await ethers.deployContract('KeepMyFile', [world.edge])
  return { ...world, sample, fee: await world.edge.quote(JOB.pin, GIB) }
}

async function asked() {
  const world = await deployed()
  await world.sample.connect(world.asker).keep(CID, '0x', { value: world.fee })
  return { ...world, id: 1n }
}

describe('KeepMyFile', () => {
  describe('keep', () => {
    it('asks the Edge provider to pin the CID within a day', async () => {
      const { registry, edge, sample, asker, fee } = await loadFixture(deployed)
      const deadline = (await now()) + 1n + DAY

      const asking = sample.connect(asker).keep(CID, '0x', { value: fee })

      await expect(asking)
        .to.emit(registry, 'Requested')
        .withArgs(1n, PROVIDER, sample, 1n, JOB.pin, await edge.encodePin(CID, '0x'), GIB, deadline, fee)
      await expect(asking).to.changeEtherBalances(ethers, [asker, registry, sample], [-fee, fee, 0n])
      expect(await sample.pinnedEpoch(1n)).to.equal(0n)
    })

    it('refuses another fee than the quote', async () => {
      const { registry, sample, fee } = await loadFixture(deployed)
      await expect(sample.keep(CID, '0x', { value: fee - 1n }))
        .to.be.revertedWithCustomError(registry, 'WrongFee')
        .withArgs(fee, fee - 1n)
    })

    it('costs at most 150,000 gas', async () => {
      const { sample, asker, fee } = await loadFixture(asked)
      const tx = await sample.connect(asker).keep(CID, '0x', { value: fee })
      if (!instrumented) expect((await tx.wait())!.gasUsed).to.be.at.most(150_000n)
    })
  })

  context('when the operators have pinned it', () => {
    it('remembers the epoch of the answer, in at most 200,000 gas for the whole report', async () => {
      const world = await loadFixture(asked)
      const tx = await answer(world, world.id, 0, pinned())
      await expect(tx).to.emit(world.registry, 'Delivered').withArgs(world.id, 0n)
      expect(await world.sample.pinnedEpoch(world.id)).to.equal(BigInt(tx.blockNumber!))
      if (!instrumented) expect((await tx.wait())!.gasUsed).to.be.at.most(200_000n)
    })

    it('has nothing to refund', async () => {
      const world = await loadFixture(asked)
      const { sample, asker, id } = world
      await answer(world, id, 0, pinned())
      await expect(sample.connect(asker).refundTo(id, asker))
        .to.be.revertedWithCustomError(sample, 'NothingToRefund')
        .withArgs(id)
    })
  })

  describe('refundTo', () => {
    it('waits for the deadline', async () => {
      const { registry, sample, asker, id } = await loadFixture(asked)
      const { deadlineEpoch } = await registry.getRequest(id)
      await expect(sample.connect(asker).refundTo(id, asker))
        .to.be.revertedWithCustomError(registry, 'DeadlineNotPassed')
        .withArgs(deadlineEpoch, (await now()) + 1n)
    })

    it('pays the asker the whole fee when nobody answered', async () => {
      const { registry, sample, asker, fee, id } = await loadFixture(asked)
      await mine(DAY)
      await expect(sample.connect(asker).refundTo(id, asker)).to.changeEtherBalances(
        ethers,
        [asker, registry, sample],
        [fee, -fee, 0n],
      )
      expect((await registry.getRequest(id)).state).to.equal(REQUEST_STATE.Expired)
    })

    it('pays the asker all but the failure fee when the operators gave up', async () => {
      const world = await loadFixture(asked)
      const { registry, sample, asker, fee, id } = world
      await fail(world, id, 0, REASON.NotFound)
      const left = fee - FAILURE_FEE
      await expect(sample.connect(asker).refundTo(id, asker)).to.changeEtherBalances(
        ethers,
        [asker, registry, sample],
        [left, -left, 0n],
      )
    })

    it('is refused to others', async () => {
      const { sample, asker, stranger, id } = await loadFixture(asked)
      await mine(DAY)
      await expect(sample.connect(stranger).refundTo(id, stranger))
        .to.be.revertedWithCustomError(sample, 'NotAsker')
        .withArgs(asker.address, stranger.address)
    })
  })
})
