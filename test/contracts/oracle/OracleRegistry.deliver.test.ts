import { expect } from 'chai'
import {
  act,
  ANSWER,
  answerHash,
  ask,
  asked,
  challenge,
  creditsOf,
  deliver,
  DELIVERY,
  fail,
  failureData,
  loadFixture,
  mature,
  mineUpTo,
  now,
  ONE,
  OTHER,
  REASON,
  rule,
  rules,
  RULING,
  shareOf,
  STATE,
  THREE,
  TWO,
  vote,
  WINDOW,
  MODE,
  takeSnapshot,
  world,
  instrumented,
  mine,
} from './world.ts'

const { callbackGas: CALLBACK_GAS } = rules()

/** The ceiling and 1/16 of it: what must be there before the call. */
const REQUIRED = CALLBACK_GAS + CALLBACK_GAS / 16n
const share = (job: number, stage: number) => shareOf(rules(), job, stage)

describe('OracleRegistry', () => {
  /** Stage 0 is answered, its callback was refused. */
  async function refused() {
    const fixture = await asked(1, 1, THREE)()
    await fixture.client.setMode(MODE.Refuse, '0x')
    await vote(fixture, fixture.id, 0, [0])
    await fixture.client.setMode(MODE.Take, '0x')
    return fixture
  }

  /** Both stages are answered, 11 epochs apart, and can be challenged. */
  async function pending() {
    const fixture = await asked(2, 3, TWO, WINDOW)()
    await vote(fixture, fixture.id, 0, [0, 1])
    await mine(10)
    await vote(fixture, fixture.id, 1, [1, 2], OTHER)
    const [{ matureEpoch: first }, { matureEpoch: second }] = await Promise.all([
      fixture.registry.getAnswer(fixture.id, 0),
      fixture.registry.getAnswer(fixture.id, 1),
    ])
    return { ...fixture, first, second }
  }

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

    context('where answers can be challenged', () => {
      it('refuses in the last epoch in which the answer can be challenged', async () => {
        const { registry, id, first } = await loadFixture(pending)
        await mineUpTo(first - 1n)
        await expect(registry.deliver(id, 0, ANSWER))
          .to.be.revertedWithCustomError(registry, 'NotMature')
          .withArgs(first, first)
      })

      it('settles and calls back in the epoch after, whoever asks', async () => {
        const fixture = await loadFixture(pending)
        const { registry, client, owners, stranger, id, first } = fixture
        await mineUpTo(first)

        const delivering = registry.connect(stranger).deliver(id, 0, ANSWER)

        await expect(delivering)
          .to.emit(registry, 'StageSettled')
          .withArgs(id, 0n, 2n * share(TWO, 0))
        await expect(delivering).to.emit(registry, 'Delivered').withArgs(id, 0n)
        expect(await now()).to.equal(first + 1n)
        expect([await client.calls(), await client.lastStage(), await client.lastData()]).to.deep.equal([
          ...[1n, 0n, ANSWER],
        ])
        expect(await creditsOf(fixture, owners)).to.deep.equal([share(TWO, 0), share(TWO, 0), 0n])
        expect((await registry.getRequest(id)).settled).to.equal(1n)
      })

      it('refuses the next stage while that one is not final', async () => {
        const { registry, id, first, second } = await loadFixture(pending)
        await mineUpTo(first)
        await registry.deliver(id, 0, ANSWER)
        await expect(registry.deliver(id, 1, OTHER))
          .to.be.revertedWithCustomError(registry, 'NotMature')
          .withArgs(second, first + 2n)
      })

      it('refuses the next stage before its turn, though it is final', async () => {
        const { registry, id, second } = await loadFixture(pending)
        await mineUpTo(second)
        await expect(registry.deliver(id, 1, OTHER))
          .to.be.revertedWithCustomError(registry, 'WrongStage')
          .withArgs(0n, 1n)
      })

      it('settles every stage that is final, and delivers the one', async () => {
        const fixture = await loadFixture(pending)
        const { registry, client, owners, id, second } = fixture
        await mineUpTo(second)
        await registry.deliver(id, 0, ANSWER)
        expect((await registry.getRequest(id)).settled).to.equal(2n)
        expect(await creditsOf(fixture, owners)).to.deep.equal([
          ...[share(TWO, 0), share(TWO, 0) + share(TWO, 1), share(TWO, 1)],
        ])
        expect(await client.calls()).to.equal(1n)
        await registry.deliver(id, 1, OTHER)
        expect([await client.calls(), await client.lastData()]).to.deep.equal([2n, OTHER])
      })

      it('delivers what was settled before', async () => {
        const fixture = await loadFixture(pending)
        const { registry, id } = fixture
        await mature(fixture, id, 0)
        await registry.sync(id)
        await expect(registry.deliver(id, 0, ANSWER))
          .to.emit(registry, 'Delivered')
          .and.not.to.emit(registry, 'Credited')
      })

      it('checks the time before the data', async () => {
        const { registry, id, first } = await loadFixture(pending)
        await expect(registry.deliver(id, 0, OTHER))
          .to.be.revertedWithCustomError(registry, 'NotMature')
          .withArgs(first, (await now()) + 1n)
      })

      it('refuses while the answer is challenged, and from the epoch when it is final again', async () => {
        const fixture = await loadFixture(pending)
        const { registry, stranger, id, first } = fixture
        await challenge(fixture, id, 0, stranger)
        const opened = await now()
        await mineUpTo(first + 10n)
        await expect(registry.deliver(id, 0, ANSWER))
          .to.be.revertedWithCustomError(registry, 'UnderChallenge')
          .withArgs(id, 0n)
        await rule(fixture, id, 0, RULING.Rejected)
        const later = first + (await now()) - opened
        await expect(registry.deliver(id, 0, ANSWER))
          .to.be.revertedWithCustomError(registry, 'NotMature')
          .withArgs(later, (await now()) + 1n)
        await mineUpTo(later)
        await expect(registry.deliver(id, 0, ANSWER)).to.emit(registry, 'Delivered')
      })

      it('delivers the stage before, mature when a later one was challenged', async () => {
        const fixture = await loadFixture(pending)
        const { registry, stranger, id, first } = fixture
        await mineUpTo(first)
        await challenge(fixture, id, 1, stranger)
        await expect(registry.deliver(id, 0, ANSWER))
          .to.emit(registry, 'Delivered')
          .withArgs(id, 0n)
        await expect(registry.deliver(id, 1, OTHER))
          .to.be.revertedWithCustomError(registry, 'UnderChallenge')
          .withArgs(id, 1n)
      })

      it('refuses what was undone', async () => {
        const fixture = await loadFixture(pending)
        const { registry, client, stranger, id } = fixture
        await challenge(fixture, id, 0, stranger)
        await rule(fixture, id, 0, RULING.Upheld)
        await mine(WINDOW)
        for (const [stage, data] of [
          [0, ANSWER],
          [1, OTHER],
        ] as const) {
          await expect(registry.deliver(id, stage, data))
            .to.be.revertedWithCustomError(registry, 'NotDue')
            .withArgs(id, BigInt(stage), DELIVERY.None)
        }
        expect([await client.calls(), await client.cancelledCalls()]).to.deep.equal([0n, 0n])
      })

      for (const [title, end, state] of [
        ['was cancelled', 'cancel', STATE.Cancelled],
        ['expired', 'refund', STATE.Expired],
      ] as const) {
        it(`delivers what was answered before the request ${title}`, async () => {
          const fixture = await loadFixture(asked(1, 1, THREE, WINDOW))
          const { registry, client, id, deadline } = fixture
          await vote(fixture, id, 0, [0])
          if (end === 'refund') await mineUpTo(deadline)
          await act(fixture, end, id)
          await deliver(fixture, id, 0, ANSWER)
          expect((await registry.getRequest(id)).state).to.equal(state)
          expect(await client.calls()).to.equal(1n)
        })
      }

      it('keeps what is settled when the callback fails', async () => {
        const fixture = await loadFixture(pending)
        const { registry, client, owners, id } = fixture
        await client.setMode(MODE.Burn, '0x')
        await mature(fixture, id, 0)
        await expect(registry.deliver(id, 0, ANSWER))
          .to.emit(registry, 'DeliveryFailed')
          .withArgs(id, 0n)
        expect((await registry.getAnswer(id, 0)).delivery).to.equal(DELIVERY.Failed)
        expect(await creditsOf(fixture, owners)).to.deep.equal([share(TWO, 0), share(TWO, 0), 0n])
      })
    })
  })

  context('with any amount of gas', () => {
    for (const ceiling of [20_000n, 100_000n]) {
      it(`a callback gets its ${ceiling}, or nothing happens`, async () => {
        const fixture = await loadFixture(() => world(1, 1, { callbackGas: ceiling }))
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
        .withArgs(REQUIRED, (available: bigint) => available < REQUIRED && available > REQUIRED - 60_000n)
    })

    it('a vote that makes the quorum is taken with the callback, or not at all', async () => {
      const { registry, reporters, id } = await loadFixture(asked(1, 1, ONE))
      await expect(registry.connect(reporters[0]).report.staticCall(id, 0, ANSWER, { gasLimit: REQUIRED }))
        .to.be.revertedWithCustomError(registry, 'TooLittleGas')
        .withArgs(REQUIRED, (available: bigint) => available < REQUIRED)
    })

    it('a vote that is delivered later needs none of the callback’s', async () => {
      const { registry, reporters, id } = await loadFixture(asked(1, 1, ONE, WINDOW))
      const tx = await registry.connect(reporters[0]).report(id, 0, ANSWER)
      if (!instrumented) expect((await tx.wait())!.gasUsed).to.be.at.most(200_000n)
    })
  })
})
