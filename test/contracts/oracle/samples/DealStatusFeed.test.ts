import { expect } from 'chai'
import { activateDeal, installActors, localMarket, publishDeal } from '../../../helpers/actors.ts'
import { answer, challenge, fail, mature, now, rule } from '../../../helpers/answers.ts'
import { REASON, RULING } from '../../../helpers/registry.ts'
import { DAY, DEAL, edgeWorld, ethers, FAILURE_FEE, JOB, loadFixture, mine, PROVIDER, reported } from '../edge-world.ts'
import { statusFields, type EdgeWorld, type Status } from '../edge-world.ts'

const DEAL_ID = 42n
const ACTIVE: Status = {
  ...{ dealId: DEAL_ID, state: DEAL.Active, providerId: 1001n, pieceDigest: '0x' + 'd1'.repeat(32), pieceSize: 2048n },
  ...{ activatedEpoch: 90n, startEpoch: 100n, endEpoch: 600_000n },
}
const REMOVED: Status = { dealId: DEAL_ID, state: DEAL.Removed }

async function feed(world: EdgeWorld) {
  const sample = await ethers.deployContract('DealStatusFeed', [world.edge])
  return { ...world, sample, price: await sample.price() }
}

type Feed = Awaited<ReturnType<typeof feed>>

/** Asks; returns the question's epoch. */
async function refresh({ sample, asker, price }: Feed, dealId = DEAL_ID): Promise<bigint> {
  await sample.connect(asker).refresh(dealId, { value: price })
  return now()
}

async function expectLatest({ sample }: Feed, status: Status, askedEpoch: bigint) {
  const [seen, ageEpochs] = await sample.latest(status.dealId)
  expect([...seen]).to.deep.equal(statusFields(status))
  expect(ageEpochs).to.equal((await now()) - askedEpoch)
}

describe('DealStatusFeed', () => {
  const deployed = async () => feed(await edgeWorld())
  const challengeable = async () => feed(await edgeWorld(10))

  describe('refresh', () => {
    it('asks for the status within a day', async () => {
      const { registry, edge, sample, asker, price } = await loadFixture(deployed)
      const deadline = (await now()) + 1n + DAY
      const asking = sample.connect(asker).refresh(DEAL_ID, { value: price })
      await expect(asking)
        .to.emit(registry, 'Requested')
        .withArgs(...[1n, PROVIDER, sample, 1n, JOB.status, await edge.encodeStatus(DEAL_ID), 1n, deadline, price])
      await expect(asking).to.changeEtherBalances(ethers, [asker, sample, registry], [-price, 0n, price])
    })

    it('refuses another amount than the price', async () => {
      const { registry, sample, price } = await loadFixture(deployed)
      await expect(sample.refresh(DEAL_ID, { value: price - 1n }))
        .to.be.revertedWithCustomError(registry, 'WrongFee')
        .withArgs(price, price - 1n)
    })
  })

  describe('latest', () => {
    it('knows nothing of a deal that nobody asked for, or whose question is not answered', async () => {
      const world = await loadFixture(deployed)
      await refresh(world)
      for (const dealId of [DEAL_ID, 43n]) {
        await expect(world.sample.latest(dealId))
          .to.be.revertedWithCustomError(world.sample, 'NeverAttested')
          .withArgs(dealId)
      }
    })

    it('is what the quorum saw; its age counts from the question', async () => {
      const world = await loadFixture(deployed)
      const askedEpoch = await refresh(world)
      await mine(7)

      await expect(answer(world, 1n, 0, reported(ACTIVE)))
        .to.emit(world.sample, 'StatusAttested')
        .withArgs(DEAL_ID, 1n, DEAL.Active, askedEpoch)

      await expectLatest(world, ACTIVE, askedEpoch)
      await mine(100)
      await expectLatest(world, ACTIVE, askedEpoch)
    })

    it('is the real status of a deal, as the market actor shows it', async () => {
      const world = await loadFixture(deployed)
      await installActors()
      const dealId = await publishDeal({ providerId: 1001n })
      await activateDeal(dealId)
      const askedEpoch = await refresh(world, dealId)
      const seen = await world.edge.dealStatus(dealId)

      await answer(world, 1n, 0, reported(seen))

      await expectLatest(world, seen, askedEpoch)
      await (await localMarket()).terminate(dealId)
      expect((await world.sample.latest(dealId))[0].state).to.equal(DEAL.Active)
    })

    it('is replaced by the answer to a later question', async () => {
      const world = await loadFixture(deployed)
      await refresh(world)
      await answer(world, 1n, 0, reported(ACTIVE))
      const askedEpoch = await refresh(world)
      await answer(world, 2n, 0, reported(REMOVED))
      await expectLatest(world, REMOVED, askedEpoch)
    })

    it('stays when an older question is answered later', async () => {
      const world = await loadFixture(deployed)
      await refresh(world)
      const askedEpoch = await refresh(world)
      await answer(world, 2n, 0, reported(REMOVED))

      await expect(answer(world, 1n, 0, reported(ACTIVE)))
        .to.emit(world.registry, 'Delivered')
        .and.not.to.emit(world.sample, 'StatusAttested')

      await expectLatest(world, REMOVED, askedEpoch)
    })

    it('stays when a later question fails', async () => {
      const world = await loadFixture(deployed)
      const askedEpoch = await refresh(world)
      await answer(world, 1n, 0, reported(ACTIVE))
      await refresh(world)
      await fail(world, 2n, 0, REASON.NotFound)
      await expectLatest(world, ACTIVE, askedEpoch)
    })

    it('keeps deals apart', async () => {
      const world = await loadFixture(deployed)
      const first = await refresh(world)
      const second = await refresh(world, 43n)
      await answer(world, 1n, 0, reported(ACTIVE))
      await answer(world, 2n, 0, reported({ ...REMOVED, dealId: 43n }))
      await expectLatest(world, ACTIVE, first)
      await expectLatest(world, { ...REMOVED, dealId: 43n }, second)
    })

    it('is not touched by an answer that is not final, nor by one that was false', async () => {
      const world = await loadFixture(challengeable)
      await refresh(world)
      await answer(world, 1n, 0, reported(REMOVED))
      const unknown = () =>
        expect(world.sample.latest(DEAL_ID))
          .to.be.revertedWithCustomError(world.sample, 'NeverAttested')
          .withArgs(DEAL_ID)
      await unknown()
      await challenge(world, 1n, 0, world.challenger)
      await rule(world, 1n, 0, RULING.Upheld)
      await unknown()
    })

    it('takes an answer when it is final', async () => {
      const world = await loadFixture(challengeable)
      const askedEpoch = await refresh(world)
      await answer(world, 1n, 0, reported(ACTIVE))
      await mature(world, 1n, 0)
      await world.registry.deliver(1n, 0, reported(ACTIVE))
      await expectLatest(world, ACTIVE, askedEpoch)
    })
  })

  describe('an answer that does not fit', () => {
    it('is not taken when it speaks of another deal', async () => {
      const world = await loadFixture(deployed)
      await refresh(world)
      const data = reported({ ...ACTIVE, dealId: 43n })
      await expect(answer(world, 1n, 0, data))
        .to.emit(world.registry, 'DeliveryFailed')
        .withArgs(1n, 0n)
      await expect(world.sample.sync(1n, 0, data))
        .to.be.revertedWithCustomError(world.sample, 'WrongDeal')
        .withArgs(DEAL_ID, 43n)
    })

    it('is not taken when it is no status', async () => {
      const world = await loadFixture(deployed)
      await refresh(world)
      await answer(world, 1n, 0, `${reported(ACTIVE)}00`)
      await expect(world.sample.sync(1n, 0, `${reported(ACTIVE)}00`))
        .to.be.revertedWithCustomError(world.edge, 'WrongLength')
        .withArgs(256n, 257n)
    })
  })

  describe('refundTo', () => {
    it('pays who asked, when nobody answered or the operators gave up', async () => {
      const world = await loadFixture(deployed)
      const { sample, asker, price } = world
      await refresh(world)
      await refresh(world)
      await fail(world, 2n, 0, REASON.BadContent)
      await mine(DAY)
      await expect(sample.connect(asker).refundTo(1n, asker)).to.changeEtherBalance(ethers, asker, price)
      await expect(sample.connect(asker).refundTo(2n, asker))
        .to.be.revertedWithCustomError(sample, 'NothingToRefund')
        .withArgs(2n)
      expect(price).to.equal(FAILURE_FEE)
    })
  })
})
