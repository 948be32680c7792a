import { expect } from 'chai'
import {
  CID,
  complete,
  ethers,
  fail,
  FAILURE_FEE,
  FEE,
  LINK,
  loadFixture,
  mine,
  now,
  pack,
  REASON,
  REWARD,
  STAGE,
  STAGE_FEES,
  STATE,
  storedPiece,
  submit,
  terms,
  world,
  PROVIDER,
  QUORUM,
} from './world.ts'

const MIB = 1n << 20n
const GIB = 1n << 30n
const NOTICE_EPOCHS = 23_040n

async function requested() {
  const w = await world()
  return { ...w, ...(await submit(w)) }
}

/** The provider announced that three must agree, and half of the fees; both versions' operators are the same. */
async function announced() {
  const w = await world()
  const before = await submit(w, { deadlineEpoch: (await now()) + 2n * NOTICE_EPOCHS })
  const jobs = w.rules.jobs.map((job) => ({ ...job, stages: job.stages.map(({ base }) => ({ base, perGiB: 0n })) }))
  await w.registry.connect(w.owner).proposeConfig(PROVIDER, { ...w.rules, quorum: 3, jobs })
  for (const [index, owner] of w.owners.entries()) await w.registry.connect(owner).optIn(index + 1, 2)
  return { ...w, before }
}

describe('PinningRequests', () => {
  describe('fees by size', () => {
    for (const { size, maxBytes, mib } of [
      { size: 'one byte, as for a MiB', maxBytes: 1n, mib: 1n },
      { size: 'a MiB', maxBytes: MIB, mib: 1n },
      { size: 'a byte more, as for two', maxBytes: MIB + 1n, mib: 2n },
      { size: 'a GiB', maxBytes: GIB, mib: 1_024n },
      { size: '32 GiB', maxBytes: 32n * GIB, mib: 32n * 1_024n },
    ]) {
      it(`A 15: quotes, takes and passes on the fee of ${size}`, async () => {
        const w = await loadFixture(world)
        const { pinning, registry, requester } = w
        // Per MiB 1, 2 and 10 attoFIL beside the bases of 10, 300 and 2,000; two operators.
        const fee = 2n * (2_310n + 13n * mib)
        const given = await terms({ maxBytes })

        expect([...(await pinning.quote(given))]).to.deep.equal([fee, REWARD])
        await expect(
          pinning.connect(requester).submitWithTerms(CID, LINK, given, { value: fee + REWARD }),
        ).to.changeEtherBalances(ethers, [requester, pinning, registry], [-fee - REWARD, REWARD, fee])
      })
    }

    it('A 15: refuses the fee of a smaller size', async () => {
      const { pinning } = await loadFixture(world)

      await expect(pinning.submitWithTerms(CID, LINK, await terms({ maxBytes: GIB }), { value: FEE + REWARD }))
        .to.be.revertedWithCustomError(pinning, 'WrongValue')
        .withArgs(2n * (2_310n + 13n * 1_024n) + REWARD, FEE + REWARD)
    })
  })

  describe('the failure fee', () => {
    for (const name of ['TooLarge', 'NotFound', 'BadContent', 'PieceMismatch', 'DealFailed'] as const) {
      it(`A 15: ${name} ends the request for the lower fee, and everything else goes back`, async () => {
        const w = await loadFixture(requested)
        const { pinning, registry, requester, owners, id } = w
        await fail(w, id, STAGE.pinned, REASON[name])
        await pinning.refund(id)

        const { state, failReason } = await pinning.getRequest(id)
        expect([state, failReason]).to.deep.equal([STATE.Failed, REASON[name]])
        expect(await registry.creditOf(owners[0])).to.equal(FAILURE_FEE / 2n)
        expect(await registry.creditOf(owners[1])).to.equal(FAILURE_FEE / 2n)
        expect(await registry.creditOf(owners[2])).to.equal(0n)
        expect(await pinning.creditOf(requester)).to.equal(FEE - FAILURE_FEE + REWARD)
        expect(await registry.liabilities()).to.equal(FAILURE_FEE)
      })
    }

    it('is paid out of the last stage when the data was packed and no provider stores it', async () => {
      const w = await loadFixture(requested)
      const { pinning, registry, requester, owners, id } = w
      await pack(w, id)
      await fail(w, id, STAGE.stored, REASON.DealFailed)
      await pinning.refund(id)

      expect(await registry.creditOf(owners[0])).to.equal((STAGE_FEES[0] + STAGE_FEES[1] + FAILURE_FEE) / 2n)
      expect(await pinning.creditOf(requester)).to.equal(STAGE_FEES[2] - FAILURE_FEE + REWARD)
    })
  })

  describe('a new version of the provider’s rules', () => {
    it('is quoted and asked from the epoch that it is in force', async () => {
      const w = await loadFixture(announced)
      const { pinning, registry, requester } = w
      const given = await terms({ deadlineEpoch: (await now()) + 2n * NOTICE_EPOCHS, rewardPerReplica: 9n })
      expect((await pinning.quote(given)).fee).to.equal(FEE)
      const { proposedEpoch } = await registry.getProvider(PROVIDER)
      await mine(proposedEpoch - (await now()))

      expect((await pinning.quote(given)).fee).to.equal(3n * 2_310n)
      await pinning.connect(requester).submitWithTerms(CID, LINK, given, { value: 3n * 2_310n + 9n })
      await expect(pinning.submitWithTerms(CID, LINK, { ...given, rewardPerReplica: 8n }, { value: 3n * 2_310n + 8n }))
        .to.be.revertedWithCustomError(pinning, 'RewardNotDivisible')
        .withArgs(3n, 8n)
    })

    it('leaves what was asked before to the quorum that it was asked with', async () => {
      const w = await loadFixture(announced)
      const { pinning, registry, owners, before } = w
      const { proposedEpoch } = await registry.getProvider(PROVIDER)
      await mine(proposedEpoch - (await now()))
      expect((await registry.getRequest(before.id)).quorum).to.equal(QUORUM)

      await pack(w, before.id)
      const { deal, segment } = await storedPiece()
      await complete(w, before.id, deal, segment)

      expect((await pinning.getRequest(before.id)).state).to.equal(STATE.Stored)
      expect(await pinning.creditOf(owners[0])).to.equal(REWARD / 2n)
      expect(await pinning.creditOf(owners[2])).to.equal(0n)
    })
  })
})
