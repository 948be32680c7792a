import { expect } from 'chai'
import { answer, answerHash, challenge, fail, failureData, mature, now, rule } from '../../helpers/answers.ts'
import { DELIVERY, REASON, REQUEST_STATE, RULING } from '../../helpers/registry.ts'
import {
  type EdgeWorld,
  edgeWorld,
  ethers,
  FAILURE_FEE,
  JOB,
  loadFixture,
  mine,
  pinned,
  PROVIDER,
} from './edge-world.ts'

const ANSWER = pinned()
const OTHER = '0xbad0'

/** A harness whose `asker` asked for a CID to be stored: stages 0 and 1 are voted. */
async function withRequest(world: EdgeWorld) {
  const harness = await ethers.deployContract('OracleClientHarness', [world.registry, PROVIDER])
  const deadline = (await now()) + 101n
  const fee = await world.edge.quote(JOB.store, 1n)
  await harness.connect(world.asker).ask(JOB.store, '0x01', 1n, deadline, { value: fee })
  return { ...world, harness, id: 1n, deadline, fee }
}

describe('OracleClient', () => {
  const asked = async () => withRequest(await edgeWorld())
  const challengeable = async () => withRequest(await edgeWorld(10))

  /** A client whose registry delivers whatever it is told to. */
  async function wild() {
    const fake = await ethers.deployContract('FakeRegistry')
    const client = await ethers.deployContract('OracleClientHarness', [fake, PROVIDER])
    await client.ask(JOB.pin, '0x', 1n, 1n)
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
      const { registry, harness, fee } = await loadFixture(asked)
      const deadline = (await now()) + 101n
      expect(await harness.ask.staticCall(JOB.store, '0x02', 1n, deadline, { value: fee })).to.equal(2n)

      const asking = harness.ask(JOB.store, '0x02', 1n, deadline, { value: fee })

      await expect(asking)
        .to.emit(registry, 'Requested')
        .withArgs(2n, PROVIDER, harness, 1n, JOB.store, '0x02', 1n, deadline, fee)
      await expect(asking).to.changeEtherBalances(ethers, [harness, registry], [0n, fee])
    })
  })

  describe('onOracleAnswer', () => {
    it('hands every answer over once, in order', async () => {
      const world = await loadFixture(asked)
      for (const [stage, data] of [
        [0, ANSWER],
        [1, OTHER],
      ] as const) {
        await expect(answer(world, world.id, stage, data))
          .to.emit(world.harness, 'Answer')
          .withArgs(world.id, BigInt(stage), data)
      }
    })

    it('hands a failure over, as the last of a request', async () => {
      const world = await loadFixture(asked)
      await answer(world, world.id, 0, ANSWER)
      await expect(fail(world, world.id, 1, REASON.TooLarge))
        .to.emit(world.harness, 'Failure')
        .withArgs(world.id, 1n, REASON.TooLarge)
    })

    it('comes only when an answer is final', async () => {
      const world = await loadFixture(challengeable)
      const { registry, harness, id } = world
      await expect(answer(world, id, 0, ANSWER)).not.to.emit(harness, 'Answer')
      await mature(world, id, 0)
      await expect(registry.deliver(id, 0, ANSWER))
        .to.emit(harness, 'Answer')
        .withArgs(id, 0n, ANSWER)
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

    it('takes a stage that it has as done, and changes nothing', async () => {
      const { fake, client, id } = await loadFixture(wild)
      await fake.deliver(client, id, 0, true, ANSWER)
      await expect(fake.deliver(client, id, 0, true, OTHER)).not.to.emit(client, 'Answer')
      await expect(fake.deliver(client, id, 1, true, OTHER))
        .to.emit(client, 'Answer')
        .withArgs(id, 1n, OTHER)
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
      await expect(fake.deliver(client, id, 1, true, ANSWER))
        .to.be.revertedWithCustomError(client, 'AlreadyOver')
        .withArgs(id)
    })
  })

  describe('a confused deputy', () => {
    it('is not made of a client: the registry calls back whoever asked, and nobody in its place', async () => {
      const world = await loadFixture(asked)
      const { registry, edge, harness, stranger } = world
      const disguised = harness.interface.encodeFunctionData('refundTo', [1n, stranger.address])
      const fee = await edge.quote(JOB.pin, 1n)
      await registry.connect(stranger).request(PROVIDER, JOB.pin, disguised, 1n, (await now()) + 101n, { value: fee })

      await expect(answer(world, 2n, 0, ANSWER)).not.to.emit(harness, 'Answer')
    })

    it('is not made of a client by an answer to a question of another client', async () => {
      const world = await loadFixture(asked)
      const { registry, edge, harness } = world
      const other = await ethers.deployContract('OracleClientHarness', [registry, PROVIDER])
      const fee = await edge.quote(JOB.pin, 1n)
      await other.ask(JOB.pin, '0x', 1n, (await now()) + 101n, { value: fee })
      await answer(world, 2n, 0, ANSWER)

      await expect(harness.sync(2n, 0, ANSWER))
        .to.be.revertedWithCustomError(harness, 'NeverAsked')
        .withArgs(2n)
    })
  })

  describe('onOracleAnswerCancelled', () => {
    /** An answer that was taken early and is about to be undone. */
    async function early() {
      const world = await challengeable()
      await world.harness.allowEarly(world.id)
      await answer(world, world.id, 0, ANSWER)
      await challenge(world, world.id, 0, world.challenger)
      return world
    }

    it('tells of the answer that was taken early', async () => {
      const world = await loadFixture(early)
      const { harness, id } = world
      await expect(rule(world, id, 0, RULING.Upheld))
        .to.emit(harness, 'Cancelled')
        .withArgs(id, 0n)
    })

    it('is followed by a refund of everything', async () => {
      const world = await loadFixture(early)
      const { registry, harness, asker, fee, id } = world
      await rule(world, id, 0, RULING.Upheld)
      await expect(harness.connect(asker).refundTo(id, asker)).to.changeEtherBalances(
        ethers,
        [asker, registry, harness],
        [fee, -fee, 0n],
      )
    })

    it('is followed by no other answer', async () => {
      const { fake, client, id } = await loadFixture(wild)
      await fake.deliver(client, id, 0, true, ANSWER)
      await fake.deliver(client, id, 1, true, OTHER)
      await expect(fake.cancel(client, id, 1))
        .to.emit(client, 'Cancelled')
        .withArgs(id, 1n)
      await expect(fake.deliver(client, id, 1, true, ANSWER))
        .to.be.revertedWithCustomError(client, 'AlreadyOver')
        .withArgs(id)
    })

    it('refuses strangers', async () => {
      const { registry, harness, stranger, id } = await loadFixture(asked)
      await expect(harness.connect(stranger).onOracleAnswerCancelled(id, 0))
        .to.be.revertedWithCustomError(harness, 'NotTheRegistry')
        .withArgs(registry, stranger.address)
    })

    it('refuses a request that it never made, and an answer that it never took', async () => {
      const { fake, client, id } = await loadFixture(wild)
      await expect(fake.cancel(client, 8n, 0))
        .to.be.revertedWithCustomError(client, 'NeverAsked')
        .withArgs(8n)
      await expect(fake.cancel(client, id, 0))
        .to.be.revertedWithCustomError(client, 'StageOutOfOrder')
        .withArgs(id, 0n, 0n)
    })
  })

  describe('sync: the pull path', () => {
    it('takes an answer whose callback ran out of gas, with the gas of its own transaction', async () => {
      const world = await loadFixture(asked)
      const { registry, harness, stranger, rules, id } = world
      await harness.setMinGas(2n * rules.callbackGas)
      await expect(answer(world, id, 0, ANSWER))
        .to.emit(registry, 'DeliveryFailed')
        .withArgs(id, 0n)

      await expect(harness.connect(stranger).sync(id, 0, ANSWER, { gasLimit: 4n * rules.callbackGas }))
        .to.emit(harness, 'Answer')
        .withArgs(id, 0n, ANSWER)

      await expect(registry.deliver(id, 0, ANSWER))
        .to.emit(registry, 'Delivered')
        .and.not.to.emit(harness, 'Answer')
      expect((await registry.getAnswer(id, 0)).delivery).to.equal(DELIVERY.Done)
    })

    it('takes a final answer that nobody delivered', async () => {
      const world = await loadFixture(challengeable)
      const { harness, id } = world
      await answer(world, id, 0, ANSWER)
      await mature(world, id, 0)
      await mine(1)
      await expect(harness.sync(id, 0, ANSWER))
        .to.emit(harness, 'Answer')
        .withArgs(id, 0n, ANSWER)
    })

    it('takes a failure too', async () => {
      const world = await loadFixture(challengeable)
      const { harness, id } = world
      await fail(world, id, 0, REASON.NotFound)
      await mature(world, id, 0)
      await expect(harness.sync(id, 0, failureData(REASON.NotFound)))
        .to.emit(harness, 'Failure')
        .withArgs(id, 0n, REASON.NotFound)
    })

    it('refuses an answer that can still be challenged, and one that is not there', async () => {
      const world = await loadFixture(challengeable)
      const { harness, id } = world
      await expect(harness.sync(id, 0, ANSWER))
        .to.be.revertedWithCustomError(harness, 'NotFinal')
        .withArgs(id, 0n)
      await answer(world, id, 0, ANSWER)
      await expect(harness.sync(id, 0, ANSWER))
        .to.be.revertedWithCustomError(harness, 'NotFinal')
        .withArgs(id, 0n)
    })

    it('refuses other data than the answer', async () => {
      const world = await loadFixture(challengeable)
      const { harness, id } = world
      await answer(world, id, 0, ANSWER)
      await mature(world, id, 0)
      await expect(harness.sync(id, 0, OTHER))
        .to.be.revertedWithCustomError(harness, 'NotTheAnswer')
        .withArgs(answerHash(true, ANSWER), answerHash(true, OTHER))
    })

    it('refuses a stage again, and one before its turn', async () => {
      const world = await loadFixture(challengeable)
      const { harness, id } = world
      await answer(world, id, 0, ANSWER)
      await answer(world, id, 1, OTHER)
      await mature(world, id, 1)
      await expect(harness.sync(id, 1, OTHER))
        .to.be.revertedWithCustomError(harness, 'StageOutOfOrder')
        .withArgs(id, 0n, 1n)
      await harness.sync(id, 0, ANSWER)
      await expect(harness.sync(id, 0, ANSWER))
        .to.be.revertedWithCustomError(harness, 'StageOutOfOrder')
        .withArgs(id, 1n, 0n)
    })

    it('refuses a request that it never made', async () => {
      const { harness } = await loadFixture(asked)
      await expect(harness.sync(9n, 0, ANSWER))
        .to.be.revertedWithCustomError(harness, 'NeverAsked')
        .withArgs(9n)
    })
  })

  describe('refundTo', () => {
    it('ends an unanswered request after its deadline and pays all of it', async () => {
      const { registry, harness, asker, stranger, fee, id } = await loadFixture(asked)
      await mine(200)
      expect(await harness.connect(asker).refundTo.staticCall(id, stranger)).to.equal(fee)

      const refunding = harness.connect(asker).refundTo(id, stranger)

      await expect(refunding).to.emit(harness, 'RefundedTo').withArgs(id, stranger.address, fee)
      await expect(refunding).to.changeEtherBalances(ethers, [registry, harness, stranger], [-fee, 0n, fee])
      expect((await registry.getRequest(id)).state).to.equal(REQUEST_STATE.Expired)
    })

    it('pays the same when somebody had the registry pay before', async () => {
      const { registry, harness, asker, fee, id } = await loadFixture(asked)
      await mine(200)
      await registry.refund(id)
      await registry.withdrawFor(harness)
      await expect(harness.connect(asker).refundTo(id, asker)).to.changeEtherBalances(
        ethers,
        [registry, harness, asker],
        [0n, -fee, fee],
      )
    })

    it('pays what a failed request left', async () => {
      const world = await loadFixture(asked)
      const { registry, harness, asker, fee, id } = world
      await fail(world, id, 0, REASON.NotFound)
      const left = fee - FAILURE_FEE
      await expect(harness.connect(asker).refundTo(id, asker)).to.changeEtherBalances(
        ethers,
        [registry, asker],
        [-left, left],
      )
    })

    it('pays the rest when a failure is undone after a first refund', async () => {
      const world = await loadFixture(challengeable)
      const { harness, asker, challenger, fee, id } = world
      await fail(world, id, 0, REASON.NotFound)
      await expect(harness.connect(asker).refundTo(id, asker)).to.changeEtherBalance(ethers, asker, fee - FAILURE_FEE)
      await challenge(world, id, 0, challenger)
      await rule(world, id, 0, RULING.Upheld)

      await expect(harness.connect(asker).refundTo(id, asker)).to.changeEtherBalance(ethers, asker, FAILURE_FEE)
      await expect(harness.connect(asker).refundTo(id, asker))
        .to.be.revertedWithCustomError(harness, 'NothingToRefund')
        .withArgs(id)
    })

    it("leaves another request's money for whoever asked that", async () => {
      const { registry, harness, asker, stranger, fee, id } = await loadFixture(asked)
      await harness.connect(stranger).ask(JOB.store, '0x02', 1n, (await now()) + 101n, { value: fee })
      await mine(200)
      await registry.refund(2n)

      await expect(harness.connect(asker).refundTo(id, asker)).to.changeEtherBalances(
        ethers,
        [registry, harness, asker],
        [-2n * fee, fee, fee],
      )
      await expect(harness.connect(stranger).refundTo(2n, stranger)).to.changeEtherBalances(
        ethers,
        [harness, stranger],
        [-fee, fee],
      )
    })

    it('is refused while the request can still be answered', async () => {
      const { registry, harness, asker, id, deadline } = await loadFixture(asked)
      await expect(harness.connect(asker).refundTo(id, asker))
        .to.be.revertedWithCustomError(registry, 'DeadlineNotPassed')
        .withArgs(deadline, (await now()) + 1n)
    })

    it('is refused when all was spent', async () => {
      const world = await loadFixture(asked)
      const { edge, harness, asker } = world
      const fee = await edge.quote(JOB.pin, 1n)
      await harness.connect(asker).ask(JOB.pin, '0x', 1n, (await now()) + 101n, { value: fee })
      await answer(world, 2n, 0, ANSWER)
      await expect(harness.connect(asker).refundTo(2n, asker))
        .to.be.revertedWithCustomError(harness, 'NothingToRefund')
        .withArgs(2n)
    })

    it('is refused to anybody but the asker', async () => {
      const { harness, asker, stranger, id } = await loadFixture(asked)
      await mine(200)
      await expect(harness.connect(stranger).refundTo(id, stranger))
        .to.be.revertedWithCustomError(harness, 'NotAsker')
        .withArgs(asker.address, stranger.address)
    })

    it('is refused for a request that it never made', async () => {
      const { harness } = await loadFixture(asked)
      await expect(harness.refundTo(9n, harness)).to.be.revertedWithCustomError(harness, 'NeverAsked').withArgs(9n)
    })

    it('is refused when the account does not take money, and can be asked again', async () => {
      const { edge, harness, asker, fee, id } = await loadFixture(asked)
      await mine(200)
      await expect(harness.connect(asker).refundTo(id, await edge.getAddress()))
        .to.be.revertedWithCustomError(harness, 'RefundFailed')
        .withArgs(edge, fee)
      await expect(harness.connect(asker).refundTo(id, asker)).to.changeEtherBalance(ethers, asker, fee)
    })

    it('pays once to who calls again when paid', async () => {
      const { harness, fee } = await loadFixture(asked)
      const { interface: calls } = harness
      const thief = await ethers.deployContract('Reentrant')
      for (let i = 0; i < 2; i++) {
        const asking = calls.encodeFunctionData('ask', [JOB.store, '0x', 1n, (await now()) + 101n])
        await thief.act(harness, asking, { value: fee })
      }
      await mine(200)

      const refunding = thief.actTwice(harness, calls.encodeFunctionData('refundTo', [2n, await thief.getAddress()]))

      await expect(refunding).to.changeEtherBalance(ethers, thief, fee)
      expect([await thief.calls(), await thief.secondSucceeded()]).to.deep.equal([1n, false])
      expect(await thief.secondResult()).to.equal(calls.encodeErrorResult('NothingToRefund', [2n]))
    })
  })

  describe('_reclaim', () => {
    it('tells of each attoFIL once', async () => {
      const { harness, fee, id } = await loadFixture(asked)
      await mine(200)
      expect(await harness.reclaim.staticCall(id)).to.equal(fee)
      await harness.reclaim(id)
      expect(await harness.reclaim.staticCall(id)).to.equal(0n)
    })

    it('is refused for a request that it never made', async () => {
      const { harness } = await loadFixture(asked)
      await expect(harness.reclaim(9n)).to.be.revertedWithCustomError(harness, 'NeverAsked').withArgs(9n)
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
