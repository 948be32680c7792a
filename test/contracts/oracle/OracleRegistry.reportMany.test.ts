import { expect } from 'chai'
import { refusalOrOutOfGas } from '../../helpers/revert-name.ts'
import {
  act,
  ANSWER,
  answerHash,
  ask,
  asked,
  creditsOf,
  failureData,
  feeOf,
  instrumented,
  JOBS,
  loadFixture,
  mineUpTo,
  MODE,
  ONE,
  OTHER,
  REASON,
  rules,
  STATE,
  THREE,
  vote,
  WINDOW,
  world,
  type World,
} from './world.ts'

const FEE = feeOf(rules(), ONE)
const FAILURE_FEE = JOBS[0].failureFee

interface Item {
  id: bigint
  stage: number
  ok: boolean
  data: string
}

const answered = (id: bigint, stage = 0, data = ANSWER): Item => ({ id, stage, ok: true, data })
const failed = (id: bigint, data: string, stage = 0): Item => ({ id, stage, ok: false, data })

describe('OracleRegistry', () => {
  /** Five requests, ids 1 to 5, of one voted stage each. */
  const five = (m: number, n: number, windowEpochs = 0) => {
    const name = `five requests ${m}/${n} window ${windowEpochs}`
    fixtures[name] ??= async () => {
      const built = await world(m, n, { windowEpochs })
      for (let i = 0; i < 5; ++i) await ask(built, { epochs: 1_000n })
      return built
    }
    return fixtures[name]
  }
  const fixtures: Record<string, () => Promise<World>> = {}

  /** Sends `items` as operator `voter + 1`; returns how many were accepted, and the transaction. */
  async function reportMany({ registry, reporters }: World, items: Item[], voter = 0) {
    const many = registry.connect(reporters[voter]).reportMany
    return { accepted: await many.staticCall(items), sent: await many(items) }
  }

  const statesOf = ({ registry }: World) =>
    Promise.all([1n, 2n, 3n, 4n, 5n].map(async (id) => (await registry.getRequest(id)).state))

  describe('reportMany', () => {
    it('casts answers and failures as report and reportFailure do', async () => {
      const fixture = await loadFixture(five(1, 1))
      const { registry, owners, client } = fixture
      const data = failureData(REASON.TooLarge)

      const { accepted, sent } = await reportMany(fixture, [answered(2n), failed(4n, data), answered(1n, 0, OTHER)])

      expect(accepted).to.equal(3n)
      await expect(sent).to.emit(registry, 'Voted').withArgs(2n, 0n, 1n, answerHash(true, ANSWER))
      await expect(sent).to.emit(registry, 'Voted').withArgs(4n, 0n, 1n, answerHash(false, data))
      await expect(sent).to.emit(registry, 'Voted').withArgs(1n, 0n, 1n, answerHash(true, OTHER))
      await expect(sent).not.to.emit(registry, 'ReportRefused')
      expect(await statesOf(fixture)).to.deep.equal([
        ...[STATE.Answered, STATE.Answered, STATE.Open, STATE.Failed, STATE.Open],
      ])
      expect((await registry.getRequest(4n)).failReason).to.equal(REASON.TooLarge)
      expect(await creditsOf(fixture, [owners[0], client])).to.deep.equal([2n * FEE + FAILURE_FEE, FEE - FAILURE_FEE])
      expect([await client.calls(), await client.lastData()]).to.deep.equal([3n, OTHER])
    })

    it('counts as one vote of many', async () => {
      const fixture = await loadFixture(five(2, 3))
      await vote(fixture, 3n, 0, [1])
      const { sent } = await reportMany(fixture, [answered(2n), answered(3n)])
      await expect(sent).to.emit(fixture.registry, 'StageAnswered')
      expect(await statesOf(fixture)).to.deep.equal([
        ...[STATE.Open, STATE.Open, STATE.Answered, STATE.Open, STATE.Open],
      ])
    })

    it('may answer the stages of one request, in order', async () => {
      const fixture = await loadFixture(asked(1, 1, THREE))
      const { accepted } = await reportMany(fixture, [answered(1n, 0), answered(1n, 1)])
      expect(accepted).to.equal(2n)
      expect((await fixture.registry.getRequest(1n)).stage).to.equal(2n)
    })

    context('when an item is refused', () => {
      const refusals: [title: string, item: Item, error: string, args: unknown[]][] = [
        ['is about an unknown request', answered(9n), 'UnknownRequest', [9n]],
        ['names a stage that is not awaited', answered(1n, 1), 'WrongStage', [0, 1]],
        ['comes twice', answered(2n), 'NotOpen', [2n, STATE.Answered]],
        ['is too long', answered(1n, 0, `0x${'00'.repeat(1025)}`), 'AnswerTooLong', [1024n, 1025n]],
        ['is about a request that was cancelled', answered(5n), 'NotOpen', [5n, STATE.Cancelled]],
      ]
      for (const [title, item, error, args] of refusals) {
        it(`tells why, and takes the others: one that ${title}`, async () => {
          const fixture = await loadFixture(five(1, 1))
          const { registry } = fixture
          await act(fixture, 'cancel', 5n)

          const { accepted, sent } = await reportMany(fixture, [answered(2n), item, answered(3n)])

          expect(accepted).to.equal(2n)
          await expect(sent)
            .to.emit(registry, 'ReportRefused')
            .withArgs(item.id, BigInt(item.stage), 1n, registry.interface.encodeErrorResult(error, args as never))
          expect((await statesOf(fixture)).slice(0, 4)).to.deep.equal([
            ...[STATE.Open, STATE.Answered, STATE.Answered, STATE.Open],
          ])
        })
      }

      for (const [title, data] of [
        ['no data', '0x'],
        ['one byte too few', failureData(REASON.NotFound).slice(0, -2)],
        ['one byte too many', `${failureData(REASON.NotFound)}00`],
        ['a reason that does not exist', failureData(5n)],
        ['a number that is no byte', `0x${'ff'.repeat(32)}`],
      ] as const) {
        it(`refuses a failure with ${title}, without a reason to tell`, async () => {
          const fixture = await loadFixture(five(1, 1))
          const { registry } = fixture
          const { accepted, sent } = await reportMany(fixture, [failed(1n, data), answered(2n)])
          expect(accepted).to.equal(1n)
          await expect(sent).to.emit(registry, 'ReportRefused').withArgs(1n, 0n, 1n, '0x')
          expect((await registry.getRequest(1n)).state).to.equal(STATE.Open)
          expect(await registry.hasVoted(1n, 0, 1n)).to.equal(false)
        })
      }

      it('changes nothing of that request: no lock, no vote', async () => {
        const fixture = await loadFixture(five(2, 3, WINDOW))
        const { registry } = fixture
        const { deadlineEpoch } = await registry.getRequest(1n)
        await mineUpTo(deadlineEpoch + 1n)
        const { accepted, sent } = await reportMany(fixture, [answered(1n)])
        expect(accepted).to.equal(0n)
        const args = [deadlineEpoch, deadlineEpoch + 2n] as const
        await expect(sent)
          .to.emit(registry, 'ReportRefused')
          .withArgs(1n, 0n, 1n, registry.interface.encodeErrorResult('DeadlinePassed', args))
        expect((await registry.getOperator(1n)).locked).to.equal(0n)
        expect(await registry.hasVoted(1n, 0, 1n)).to.equal(false)
      })

      it('stops when the stake is used up, not before', async () => {
        const { slash } = rules({ windowEpochs: WINDOW })
        const fixture = await loadFixture(five(1, 1, WINDOW))
        const { registry, rules: given } = fixture
        expect(given.minStake).to.equal(10n * slash)
        for (let i = 0; i < 8; ++i) await ask(fixture, { epochs: 1_000n })
        const ids = Array.from({ length: 13 }, (_, i) => BigInt(i + 1))

        const { accepted, sent } = await reportMany(
          fixture,
          ids.map((id) => answered(id)),
        )

        expect(accepted).to.equal(10n)
        const reason = registry.interface.encodeErrorResult('StakeExhausted', [1n, slash, 0n])
        for (const id of [11n, 12n, 13n]) {
          await expect(sent).to.emit(registry, 'ReportRefused').withArgs(id, 0n, 1n, reason)
        }
      })
    })

    it('takes no item at all', async () => {
      const fixture = await loadFixture(five(1, 1))
      expect((await reportMany(fixture, [])).accepted).to.equal(0n)
    })

    it('takes 64 items and refuses 65', async () => {
      const fixture = await loadFixture(five(1, 1))
      const { registry, reporters } = fixture
      const items = Array.from({ length: 65 }, () => answered(9n))
      await expect(registry.connect(reporters[0]).reportMany(items))
        .to.be.revertedWithCustomError(registry, 'TooManyReports')
        .withArgs(64n, 65n)
      expect((await reportMany(fixture, [...items.slice(0, 63), answered(1n)])).accepted).to.equal(1n)
    })

    it("refuses who is nobody's reporter", async () => {
      const { registry, stranger, owner } = await loadFixture(five(1, 1))
      for (const caller of [stranger, owner]) {
        await expect(registry.connect(caller).reportMany([answered(1n)]))
          .to.be.revertedWithCustomError(registry, 'NotReporter')
          .withArgs(caller.address)
      }
    })

    it('is not stopped by a callback that fails', async () => {
      const fixture = await loadFixture(five(1, 1))
      await fixture.client.setMode(MODE.Burn, '0x')
      const { accepted, sent } = await reportMany(fixture, [answered(1n), answered(2n)])
      expect(accepted).to.equal(2n)
      for (const id of [1n, 2n]) await expect(sent).to.emit(fixture.registry, 'DeliveryFailed').withArgs(id, 0n)
    })

    it('takes all, or nothing happens, with any amount of gas', async () => {
      const fixture = await loadFixture(() => world(1, 1, { callbackGas: 100_000n }))
      const { registry, reporters } = fixture
      const ids = []
      for (let i = 0; i < 3; ++i) ids.push((await ask(fixture, { epochs: 1_000n })).id)
      const { reportMany: many } = registry.connect(reporters[0])
      const items = ids.map((id) => answered(id))
      const outcomes = new Set<string>()

      const most = await many.estimateGas(items)
      for (let gasLimit = 60_000n; gasLimit <= most + 10_000n; gasLimit += 5_000n) {
        const outcome = await many.staticCall(items, { gasLimit }).then(
          (accepted) => `${accepted} accepted`,
          (error: Error) => refusalOrOutOfGas(registry.interface, error),
        )
        outcomes.add(outcome)
      }

      expect(await many.staticCall(items, { gasLimit: most })).to.equal(3n)
      if (!instrumented) expect([...outcomes].sort()).to.deep.equal(['3 accepted', 'TooLittleGas', 'out of gas'])
    })

    it('never refuses a vote that ran out of gas, however dear: the 16th of a quorum pays all', async () => {
      const fixture = await loadFixture(() => world(16, 16, { callbackGas: 20_000n }))
      const { registry, client, reporters } = fixture
      await client.setMode(MODE.Picky, '0x') // takes the answer without writing
      const { id } = await ask(fixture)
      for (let voter = 1; voter < 16; ++voter) await vote(fixture, id, 0, [voter])
      const { reportMany: many } = registry.connect(reporters[0])
      const outcomes = new Set<string>()

      const most = await many.estimateGas([answered(id)])
      for (let gasLimit = 60_000n; gasLimit <= most + 20_000n; gasLimit += 20_000n) {
        const outcome = await many.staticCall([answered(id)], { gasLimit }).then(
          (accepted) => `${accepted} accepted`,
          (error: Error) => refusalOrOutOfGas(registry.interface, error),
        )
        outcomes.add(outcome)
      }

      expect([...outcomes].sort())
        .to.include('1 accepted')
        .and.not.to.include('0 accepted')
      if (!instrumented) expect(outcomes).to.include('TooLittleGas')
    })

    it('cannot be re-entered by a callback that votes', async () => {
      const fixture = await loadFixture(five(2, 3))
      const { registry, client } = fixture
      const reentrant = registry.interface.getError('ReentrancyGuardReentrantCall')!.selector
      await client.setMode(MODE.Forward, registry.interface.encodeFunctionData('report', [2n, 0, ANSWER]))
      await vote(fixture, 1n, 0, [1])
      await reportMany(fixture, [answered(1n), answered(2n)])
      expect([await client.forwardSuccess(), await client.forwardResult()]).to.deep.equal([false, reentrant])
      expect(await registry.hasVoted(2n, 0, 1n)).to.equal(true)
    })
  })
})
