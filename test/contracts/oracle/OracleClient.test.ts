import { expect } from 'chai'
import {
  ANSWER,
  ethers,
  failureData,
  feeOf,
  loadFixture,
  mine,
  now,
  ONE,
  OTHER,
  PROVIDER,
  REASON,
  STATE,
  THREE,
  vote,
  world,
} from './world.ts'

const FEE = feeOf(THREE)

describe('OracleClient', () => {
  async function asked() {
    const built = await world(1, 1)
    const { registry } = built
    const client = await ethers.deployContract('OracleClientHarness', [registry, PROVIDER])
    const deadline = (await now()) + 101n
    await client.ask(THREE, '0x01', 9n, deadline, { value: FEE })
    return { ...built, harness: client, id: 1n, deadline }
  }
  /** A client whose registry delivers whatever it is told to. */
  async function wild() {
    const fake = await ethers.deployContract('FakeRegistry')
    const client = await ethers.deployContract('OracleClientHarness', [fake, PROVIDER])
    await client.ask(ONE, '0x', 1n, 1n)
    return { fake, client, id: 7n }
  }

  it('knows its registry and its provider', async () => {
    const { registry, harness } = await loadFixture(asked)
    expect([await harness.registry(), await harness.providerId()]).to.deep.equal([
      await registry.getAddress(),
      PROVIDER,
    ])
  })

  describe('_ask', () => {
    it('asks in the name of the contract and pays the fee', async () => {
      const { registry, harness } = await loadFixture(asked)
      const deadline = (await now()) + 101n
      expect(await harness.ask.staticCall(THREE, '0x02', 9n, deadline, { value: FEE })).to.equal(2n)

      const asking = harness.ask(THREE, '0x02', 9n, deadline, { value: FEE })

      await expect(asking)
        .to.emit(registry, 'Requested')
        .withArgs(2n, PROVIDER, harness, THREE, '0x02', 9n, deadline, FEE)
      await expect(asking).to.changeEtherBalances(ethers, [harness, registry], [0n, FEE])
    })
  })

  describe('onOracleAnswer', () => {
    it('hands every answer over once, in order', async () => {
      const fixture = await loadFixture(asked)
      const { registry, harness, reporters, id } = fixture
      for (const [stage, data] of [
        [0, ANSWER],
        [1, OTHER],
      ] as const) {
        await expect(registry.connect(reporters[0]).report(id, stage, data))
          .to.emit(harness, 'Answer')
          .withArgs(id, BigInt(stage), data)
      }
    })

    it('takes a failure in silence when nothing is overridden', async () => {
      const { registry, harness, reporters, id } = await loadFixture(asked)
      await expect(registry.connect(reporters[0]).reportFailure(id, 0, REASON.NotFound))
        .to.emit(registry, 'Delivered')
        .and.not.to.emit(harness, 'Answer')
    })

    it('refuses strangers', async () => {
      const { registry, harness, stranger, id } = await loadFixture(asked)
      await expect(harness.connect(stranger).onOracleAnswer(id, 0, true, ANSWER))
        .to.be.revertedWithCustomError(harness, 'NotTheRegistry')
        .withArgs(registry, stranger.address)
    })

    it('refuses a request that it never made', async () => {
      const { fake, client } = await loadFixture(wild)
      await expect(fake.deliver(client, 8n, 0, true, ANSWER))
        .to.be.revertedWithCustomError(client, 'NeverAsked')
        .withArgs(8n)
    })

    it('refuses a stage again', async () => {
      const { fake, client, id } = await loadFixture(wild)
      await fake.deliver(client, id, 0, true, ANSWER)
      await expect(fake.deliver(client, id, 0, true, ANSWER))
        .to.be.revertedWithCustomError(client, 'StageOutOfOrder')
        .withArgs(id, 1n, 0n)
    })

    it('refuses a stage before its turn', async () => {
      const { fake, client, id } = await loadFixture(wild)
      await expect(fake.deliver(client, id, 1, true, ANSWER))
        .to.be.revertedWithCustomError(client, 'StageOutOfOrder')
        .withArgs(id, 0n, 1n)
    })

    it('refuses whatever comes after a failure', async () => {
      const { fake, client, id } = await loadFixture(wild)
      await fake.deliver(client, id, 0, false, failureData(REASON.TooLarge))
      for (const stage of [0, 1]) {
        await expect(fake.deliver(client, id, stage, true, ANSWER))
          .to.be.revertedWithCustomError(client, 'AlreadyOver')
          .withArgs(id)
      }
    })
  })

  describe('_reclaim', () => {
    it('ends an unanswered request after its deadline and takes the money', async () => {
      const { registry, harness, id } = await loadFixture(asked)
      await mine(200)
      expect(await harness.reclaim.staticCall(id)).to.equal(FEE)
      await expect(harness.reclaim(id)).to.changeEtherBalances(ethers, [registry, harness], [-FEE, FEE])
      expect((await registry.getRequest(id)).state).to.equal(STATE.Expired)
    })

    it('tells the same amount when somebody had the registry pay before', async () => {
      const { registry, harness, id } = await loadFixture(asked)
      await mine(200)
      await registry.refund(id)
      await registry.withdrawFor(harness)
      expect(await harness.reclaim.staticCall(id)).to.equal(FEE)
      await expect(harness.reclaim(id)).to.changeEtherBalances(ethers, [registry, harness], [0n, 0n])
    })

    it('takes what a failed request left', async () => {
      const fixture = await loadFixture(asked)
      const { registry, harness, reporters, id } = fixture
      await vote(fixture, id, 0, [0])
      await registry.connect(reporters[0]).reportFailure(id, 1, REASON.TooLarge)
      const { refunded } = await registry.getRequest(id)
      await expect(harness.reclaim(id)).to.changeEtherBalances(ethers, [registry, harness], [-refunded, refunded])
      expect(refunded).to.be.lessThan(FEE)
    })

    it('is refused while the request can still be answered', async () => {
      const { registry, harness, id, deadline } = await loadFixture(asked)
      await expect(harness.reclaim(id))
        .to.be.revertedWithCustomError(registry, 'DeadlineNotPassed')
        .withArgs(deadline, (await now()) + 1n)
    })

    it('is refused for a request that it never made, and twice', async () => {
      const { harness, id } = await loadFixture(asked)
      await expect(harness.reclaim(9n)).to.be.revertedWithCustomError(harness, 'NeverAsked').withArgs(9n)
      await mine(200)
      await harness.reclaim(id)
      await expect(harness.reclaim(id)).to.be.revertedWithCustomError(harness, 'AlreadyReclaimed').withArgs(id)
    })
  })

  describe('receive', () => {
    it('refuses coins from anybody but the registry', async () => {
      const { registry, harness, stranger } = await loadFixture(asked)
      await expect(stranger.sendTransaction({ to: harness, value: 1n }))
        .to.be.revertedWithCustomError(harness, 'NotTheRegistry')
        .withArgs(registry, stranger.address)
    })
  })
})
