import type { IOracleRegistry } from '../../../types/ethers-contracts/index.js'
import { expect } from 'chai'
import {
  ANSWER,
  answerHash,
  asked,
  ask,
  CALLBACK_GAS,
  DELIVERY,
  fail,
  failureData,
  feeOf,
  loadFixture,
  MAX_BYTES,
  MODE,
  ONE,
  OTHER,
  PAYLOAD,
  PROVIDER,
  REASON,
  setBalance,
  STATE,
  takeSnapshot,
  THREE,
  vote,
  world,
} from './world.ts'

/** The ceiling and 1/16 of it: what must be there before the call. */
const REQUIRED = CALLBACK_GAS + CALLBACK_GAS / 16n

describe('OracleRegistry', () => {
  /** Stage 0 is answered, its callback was refused. */
  async function refused() {
    const fixture = await asked(1, 1, THREE)()
    await fixture.client.setMode(MODE.Refuse, '0x')
    await vote(fixture, fixture.id, 0, [0])
    await fixture.client.setMode(MODE.Take, '0x')
    return fixture
  }

  describe('the callback', () => {
    for (const [title, mode] of [
      ['reverts', MODE.Refuse],
      ['uses up its ceiling', MODE.Burn],
      ['returns more than anybody wants to copy', MODE.Bomb],
    ] as const) {
      context(`when it ${title}`, () => {
        it('is recorded as failed; the answer and the pay stand', async () => {
          const fixture = await loadFixture(asked(1, 1, ONE))
          const { registry, client, owners, reporters, id } = fixture
          await client.setMode(mode, '0x')

          const reporting = await registry.connect(reporters[0]).report(id, 0, ANSWER)

          await expect(reporting).to.emit(registry, 'DeliveryFailed').withArgs(id, 0n)
          await expect(reporting).not.to.emit(registry, 'Delivered')
          expect((await registry.getAnswer(id, 0)).delivery).to.equal(DELIVERY.Failed)
          expect((await registry.getRequest(id)).state).to.equal(STATE.Answered)
          expect(await registry.creditOf(owners[0].address)).to.equal(feeOf(ONE))
        })
      })
    }

    it('is given exactly the ceiling', async () => {
      const fixture = await loadFixture(asked(1, 1, ONE))
      await vote(fixture, fixture.id, 0, [0])
      const seen = await fixture.client.gasSeen()
      expect(seen).to.be.at.most(CALLBACK_GAS)
      expect(seen).to.be.at.least(CALLBACK_GAS - 1_000n) // what the client's dispatcher spends before it looks
    })

    it('may ask a follow-up question', async () => {
      const fixture = await loadFixture(asked(1, 1, ONE))
      const { registry, client, id, deadline } = fixture
      const question = [PROVIDER, ONE, PAYLOAD, MAX_BYTES, deadline + 100n] as const
      await client.setMode(MODE.Forward, registry.interface.encodeFunctionData('request', [...question]))
      await setBalance(await client.getAddress(), feeOf(ONE))

      await vote(fixture, id, 0, [0])

      expect(await client.forwardSuccess()).to.equal(true)
      expect(await client.followUp()).to.equal(2n)
      expect((await registry.getRequest(2n)).state).to.equal(STATE.Open)
      expect((await registry.getAnswer(id, 0)).delivery).to.equal(DELIVERY.Done)
    })

    it('finds everything written: the request, the pay, the next stage', async () => {
      const fixture = await loadFixture(asked(1, 1, THREE))
      const { registry, client, id } = fixture
      await client.setMode(MODE.Forward, registry.interface.encodeFunctionData('getRequest', [id]))
      await vote(fixture, id, 0, [0])
      const result = registry.interface.decodeFunctionResult('getRequest', await client.forwardResult())
      const seen = result[0] as IOracleRegistry.RequestViewStruct
      expect([seen.state, seen.stage]).to.deep.equal([STATE.Open, 1n])
    })
  })

  describe('deliver', () => {
    it('makes a failed callback again, whoever asks', async () => {
      const { registry, client, stranger, id } = await loadFixture(refused)

      await expect(registry.connect(stranger).deliver(id, 0, ANSWER))
        .to.emit(registry, 'Delivered')
        .withArgs(id, 0n)
      expect((await registry.getAnswer(id, 0)).delivery).to.equal(DELIVERY.Done)
      expect([await client.calls(), await client.lastData()]).to.deep.equal([1n, ANSWER])
    })

    it('records another failure, and can be tried again', async () => {
      const { registry, client, id } = await loadFixture(refused)
      await client.setMode(MODE.Refuse, '0x')
      await expect(registry.deliver(id, 0, ANSWER))
        .to.emit(registry, 'DeliveryFailed')
        .withArgs(id, 0n)
      expect((await registry.getAnswer(id, 0)).delivery).to.equal(DELIVERY.Failed)
      await client.setMode(MODE.Take, '0x')
      await expect(registry.deliver(id, 0, ANSWER)).to.emit(registry, 'Delivered')
    })

    it('refuses what was delivered, what was not answered, what is not a stage', async () => {
      const fixture = await loadFixture(asked(1, 1, THREE))
      const { registry, id } = fixture
      await vote(fixture, id, 0, [0])
      for (const [stage, delivery] of [
        [0, DELIVERY.Done],
        [1, DELIVERY.None],
        [255, DELIVERY.None],
      ] as const) {
        await expect(registry.deliver(id, stage, ANSWER))
          .to.be.revertedWithCustomError(registry, 'NotDue')
          .withArgs(id, BigInt(stage), delivery)
      }
    })

    it('refuses an unknown request', async () => {
      const { registry } = await loadFixture(refused)
      await expect(registry.deliver(9n, 0, ANSWER))
        .to.be.revertedWithCustomError(registry, 'UnknownRequest')
        .withArgs(9n)
    })

    it('refuses other data than the answer', async () => {
      const { registry, id } = await loadFixture(refused)
      await expect(registry.deliver(id, 0, OTHER))
        .to.be.revertedWithCustomError(registry, 'WrongAnswer')
        .withArgs(answerHash(true, ANSWER), answerHash(true, OTHER))
    })

    context('when a later stage was answered meanwhile', () => {
      it('leaves that one due, and takes them in order only', async () => {
        const fixture = await loadFixture(refused)
        const { registry, client, reporters, id } = fixture
        await expect(registry.connect(reporters[0]).report(id, 1, OTHER)).not.to.emit(registry, 'Delivered')
        expect(await client.calls()).to.equal(0n)
        expect((await registry.getAnswer(id, 1)).delivery).to.equal(DELIVERY.Due)
        await expect(registry.deliver(id, 1, OTHER))
          .to.be.revertedWithCustomError(registry, 'WrongStage')
          .withArgs(0n, 1n)

        await registry.deliver(id, 0, ANSWER)
        await registry.deliver(id, 1, OTHER)

        expect([await client.calls(), await client.lastStage(), await client.lastData()]).to.deep.equal([2n, 1n, OTHER])
        expect((await registry.getAnswer(id, 1)).delivery).to.equal(DELIVERY.Done)
      })

      it('does the same for a failure', async () => {
        const fixture = await loadFixture(refused)
        const { registry, client, id } = fixture
        await fail(fixture, id, 1, [0], REASON.TooLarge)
        expect((await registry.getAnswer(id, 1)).delivery).to.equal(DELIVERY.Due)
        const data = failureData(REASON.TooLarge)

        await registry.deliver(id, 0, ANSWER)
        await expect(registry.deliver(id, 1, failureData(REASON.NotFound)))
          .to.be.revertedWithCustomError(registry, 'WrongAnswer')
          .withArgs(answerHash(false, data), answerHash(false, failureData(REASON.NotFound)))
        await registry.deliver(id, 1, data)

        expect([await client.lastOk(), await client.lastData()]).to.deep.equal([false, data])
      })
    })
  })

  context('with any amount of gas', () => {
    for (const ceiling of [20_000n, 100_000n]) {
      it(`a callback gets its ${ceiling}, or nothing happens`, async () => {
        const fixture = await world(1, 1, { callbackGas: ceiling })
        const { registry, client } = fixture
        const { id } = await ask(fixture)
        await client.setMode(MODE.Refuse, '0x')
        await vote(fixture, id, 0, [0])
        await client.setMode(MODE.Picky, '0x')
        await client.setMinGas(ceiling - 1_000n)
        const outcomes = { delivered: 0, refused: 0 }

        const least = await registry.deliver.estimateGas(id, 0, ANSWER)
        for (let gasLimit = least - 9_000n; gasLimit < least + 3_000n; gasLimit += 100n) {
          const snapshot = await takeSnapshot()
          const sent = await registry.deliver(id, 0, ANSWER, { gasLimit }).catch(() => undefined)
          const { delivery } = await registry.getAnswer(id, 0)
          await snapshot.restore()

          expect(delivery, `with ${gasLimit} gas`).to.equal(sent ? DELIVERY.Done : DELIVERY.Failed)
          outcomes[sent ? 'delivered' : 'refused'] += 1
        }

        expect(outcomes.delivered).to.be.greaterThan(0)
        expect(outcomes.refused).to.be.greaterThan(0)
      })
    }

    it('names what was required', async () => {
      const { registry, id } = await loadFixture(refused)
      await expect(registry.deliver.staticCall(id, 0, ANSWER, { gasLimit: REQUIRED }))
        .to.be.revertedWithCustomError(registry, 'TooLittleGas')
        .withArgs(REQUIRED, (available: bigint) => available < REQUIRED && available > REQUIRED - 50_000n)
    })
  })
})
