import { expect } from 'chai'
import { act, three, type Asked } from './challenges.ts'
import {
  ANSWER_STANDING as STANDING,
  ask,
  challenge,
  DELIVERY,
  fallSilent,
  loadFixture,
  mature,
  MODE,
  OTHER,
  rule,
  RULING,
  STATE,
  TWO,
  vote,
} from './world.ts'

describe('OracleRegistry', () => {
  /** Two stages are answered. With `early`, their answers were delivered at their quorum. */
  const answered = (early: boolean) => async () => {
    const fixture = await three()
    const asked = { ...fixture, ...(await ask(fixture, { job: TWO })) }
    if (early) await act(asked, 'allowEarly', asked.id)
    for (const stage of [0, 1]) await vote(asked, asked.id, stage, [0, 1], OTHER)
    await asked.evidence.setRefuted(OTHER, true)
    return asked
  }
  const early = answered(true)
  const patient = answered(false)

  const ends = {
    'is ruled false': async (fixture: Asked, stage: number) => {
      await challenge(fixture, fixture.id, stage, fixture.stranger)
      return rule(fixture, fixture.id, stage, RULING.Upheld)
    },
    'is not ruled upon': async (fixture: Asked, stage: number) => {
      await challenge(fixture, fixture.id, stage, fixture.stranger)
      return fallSilent(fixture, fixture.id)
    },
    'is refuted': async ({ registry, id }: Asked, stage: number) => registry.refute(id, stage, OTHER),
  }

  for (const [title, undo] of Object.entries(ends)) {
    context(`when an answer that was delivered early ${title}`, () => {
      it('tells the requester, once, from which stage on', async () => {
        const fixture = await loadFixture(early)
        const { registry, client, id } = fixture
        await expect(undo(fixture, 0)).to.emit(registry, 'CancellationDelivered').withArgs(id, 0n, true)
        expect([await client.cancelledCalls(), await client.cancelledStage()]).to.deep.equal([1n, 0n])
      })

      it('and it was the second, says so of the second', async () => {
        const fixture = await loadFixture(early)
        const { registry, client, id } = fixture
        await expect(undo(fixture, 1)).to.emit(registry, 'CancellationDelivered').withArgs(id, 1n, true)
        expect([await client.cancelledCalls(), await client.cancelledStage()]).to.deep.equal([1n, 1n])
      })

      for (const [how, mode] of [
        ['reverts', MODE.Refuse],
        ['uses up its ceiling', MODE.Burn],
        ['returns more than anybody wants to copy', MODE.Bomb],
      ] as const) {
        it(`a requester that ${how} holds nothing up`, async () => {
          const fixture = await loadFixture(early)
          const { registry, client, id } = fixture
          await client.setMode(mode, '0x')
          await expect(undo(fixture, 0)).to.emit(registry, 'CancellationDelivered').withArgs(id, 0n, false)
          expect(await client.cancelledCalls()).to.equal(0n)
          expect(await registry.creditOf(client)).to.equal(4_322_880n)
          expect((await registry.getRequest(id)).challenged).to.equal(false)
        })
      }
    })

    context(`when an answer that was not delivered ${title}`, () => {
      it('tells the requester nothing', async () => {
        const fixture = await loadFixture(patient)
        await expect(undo(fixture, 0)).not.to.emit(fixture.registry, 'CancellationDelivered')
        expect(await fixture.client.cancelledCalls()).to.equal(0n)
      })
    })
  }

  context('when an answer that was delivered early is undone', () => {
    it('shows as Undone, though it was Done', async () => {
      const fixture = await loadFixture(early)
      const { registry, id } = fixture
      await ends['is refuted'](fixture, 1)
      const [first, second] = [await registry.getAnswer(id, 0), await registry.getAnswer(id, 1)]
      expect([first.standing, first.delivery]).to.deep.equal([STANDING.Challengeable, DELIVERY.Done])
      expect([second.standing, second.delivery]).to.deep.equal([STANDING.Undone, DELIVERY.Done])
    })

    it('is not delivered again', async () => {
      const fixture = await loadFixture(early)
      const { registry, id } = fixture
      await ends['is refuted'](fixture, 0)
      for (const stage of [0, 1]) {
        await expect(registry.deliver(id, stage, OTHER))
          .to.be.revertedWithCustomError(registry, 'NotDue')
          .withArgs(id, BigInt(stage), DELIVERY.Done)
      }
    })

    it('an earlier one that is undone after it is told of as well', async () => {
      const fixture = await loadFixture(early)
      const { registry, client, id } = fixture
      await ends['is refuted'](fixture, 1)
      await expect(ends['is refuted'](fixture, 0)).to.emit(registry, 'CancellationDelivered').withArgs(id, 0n, true)
      expect([await client.cancelledCalls(), await client.cancelledStage()]).to.deep.equal([2n, 0n])
    })

    it('and the callback had failed, there is nothing to tell', async () => {
      const fixture = await three()
      const { registry, client } = fixture
      const { id, deadline } = await ask(fixture, { job: TWO })
      await act(fixture, 'allowEarly', id)
      await client.setMode(MODE.Refuse, '0x')
      await vote(fixture, id, 0, [0, 1], OTHER)
      await client.setMode(MODE.Take, '0x')
      await expect(ends['is ruled false']({ ...fixture, id, deadline }, 0)).not.to.emit(
        registry,
        'CancellationDelivered',
      )
    })

    it('with too little gas for the requester, the whole call reverts: nobody can make it miss the news', async () => {
      const fixture = await loadFixture(early)
      const { registry, arbiter, client, rules, id } = fixture
      const ceiling = rules.callbackGas
      await challenge(fixture, id, 0, fixture.stranger)
      await arbiter.rule('0x0000000000000000000000000000000000000000', id, 0, RULING.Upheld)
      await expect(registry.resolve(id, { gasLimit: ceiling })).to.be.revertedWithCustomError(registry, 'TooLittleGas')
      await expect(registry.refute(id, 0, OTHER, { gasLimit: ceiling })).to.be.revertedWithCustomError(
        registry,
        'TooLittleGas',
      )
      expect(await client.cancelledCalls()).to.equal(0n)
      await expect(registry.resolve(id)).to.emit(registry, 'CancellationDelivered').withArgs(id, 0n, true)
    })

    for (const [name, args] of [
      ['resolve', [1n]],
      ['refute', [1n, 0, OTHER]],
      ['challenge', [1n, 0, '0x']],
      ['sync', [1n]],
      ['deliver', [1n, 0, OTHER]],
      ['withdraw', []],
    ] as const) {
      it(`the requester cannot call ${name} from the news`, async () => {
        const fixture = await loadFixture(early)
        const { registry, client, id } = fixture
        const { selector } = registry.interface.getError('ReentrancyGuardReentrantCall')!
        await client.setMode(MODE.Forward, registry.interface.encodeFunctionData(name as 'refute', args as never))
        await ends['is refuted'](fixture, 0)
        expect([await client.forwardSuccess(), await client.forwardResult()]).to.deep.equal([false, selector])
        expect((await registry.getRequest(id)).state).to.equal(STATE.Refuted)
      })
    }
  })

  context('when a later answer is undone', () => {
    it('the one before it is delivered when it is final', async () => {
      const fixture = await loadFixture(patient)
      const { registry, client, id } = fixture
      await ends['is refuted'](fixture, 1)
      await mature(fixture, id, 0)
      await expect(registry.deliver(id, 0, OTHER))
        .to.emit(registry, 'Delivered')
        .withArgs(id, 0n)
      expect([await client.calls(), await client.cancelledCalls()]).to.deep.equal([1n, 0n])
      await expect(registry.deliver(id, 1, OTHER))
        .to.be.revertedWithCustomError(registry, 'NotDue')
        .withArgs(id, 1n, DELIVERY.None)
    })
  })
})
