import { expect } from 'chai'
import type { HardhatEthersSigner } from '@nomicfoundation/hardhat-ethers/types'
import {
  ANSWER,
  asked,
  ethers,
  fail,
  loadFixture,
  mineUpTo,
  REASON,
  STATE,
  THREE,
  TWO,
  vote,
  type World,
} from './world.ts'

/** Every call on a request × every state it can be in × every kind of caller. Each cell names the error; `ok` where it goes
 * through; a cell that is left out is refused by the state (NotOpen), whoever calls. */

type Asked = World & { id: bigint; deadline: bigint }
type Caller = 'requester' | 'reporter' | 'owner' | 'stranger'
type Call = 'report' | 'reportFailure' | 'cancel' | 'conclude' | 'refund'

const CALLERS: Caller[] = ['requester', 'reporter', 'owner', 'stranger']
const CALLS: Call[] = ['report', 'reportFailure', 'cancel', 'conclude', 'refund']

const doNothing = async () => {}
const cancelled = ({ registry, client, id }: Asked) =>
  client.act(registry.interface.encodeFunctionData('cancel', [id])).then(() => {})
const packed = async (fixture: Asked) => {
  for (const stage of [0, 1]) await vote(fixture, fixture.id, stage, [0])
}
const concluded = async (fixture: Asked) => {
  await packed(fixture)
  await fixture.client.act(fixture.registry.interface.encodeFunctionData('conclude', [fixture.id]))
}
const late = (fixture: Asked) => mineUpTo(fixture.deadline)

const everybody = (outcome: string) => Object.fromEntries(CALLERS.map((caller) => [caller, outcome]))
const only = (chosen: Caller, outcome: string, others: string) => ({ ...everybody(others), [chosen]: outcome })

const TREE: {
  state: string
  job: number
  reach: (fixture: Asked) => Promise<void>
  expected: Partial<Record<Call, Record<string, string>>>
}[] = [
  {
    state: 'Open, nothing voted',
    job: THREE,
    reach: doNothing,
    expected: {
      report: only('reporter', 'ok', 'NotReporter'),
      reportFailure: only('reporter', 'ok', 'NotReporter'),
      cancel: only('requester', 'ok', 'NotRequester'),
      conclude: only('requester', 'NotConcludable', 'NotRequester'),
      refund: everybody('DeadlineNotPassed'),
    },
  },
  {
    state: 'Open, at the last stage that only the requester concludes',
    job: THREE,
    reach: packed,
    expected: {
      report: only('reporter', 'StageNotVoted', 'NotReporter'),
      reportFailure: only('reporter', 'ok', 'NotReporter'),
      cancel: only('requester', 'ok', 'NotRequester'),
      conclude: only('requester', 'ok', 'NotRequester'),
      refund: everybody('DeadlineNotPassed'),
    },
  },
  {
    state: 'Open, at the last stage, after the deadline',
    job: THREE,
    reach: async (fixture) => {
      await packed(fixture)
      await late(fixture)
    },
    expected: {
      report: only('reporter', 'DeadlinePassed', 'NotReporter'),
      reportFailure: only('reporter', 'DeadlinePassed', 'NotReporter'),
      cancel: only('requester', 'ok', 'NotRequester'),
      conclude: only('requester', 'ok', 'NotRequester'),
      refund: everybody('ok'),
    },
  },
  {
    state: 'Open, nothing voted, after the deadline',
    job: THREE,
    reach: late,
    expected: {
      report: only('reporter', 'DeadlinePassed', 'NotReporter'),
      reportFailure: only('reporter', 'DeadlinePassed', 'NotReporter'),
      cancel: only('requester', 'ok', 'NotRequester'),
      conclude: only('requester', 'NotConcludable', 'NotRequester'),
      refund: everybody('ok'),
    },
  },
  { state: 'Answered by votes', job: TWO, reach: packed, expected: {} },
  { state: 'Answered by its requester', job: THREE, reach: concluded, expected: {} },
  {
    state: 'Failed',
    job: THREE,
    reach: (fixture) => fail(fixture, fixture.id, 0, [0], REASON.NotFound),
    expected: {},
  },
  { state: 'Cancelled', job: THREE, reach: cancelled, expected: {} },
  {
    state: 'Expired',
    job: THREE,
    reach: async (fixture) => {
      await late(fixture)
      await fixture.registry.refund(fixture.id)
    },
    expected: {},
  },
]

const OVER: Record<string, bigint> = {
  'Answered by votes': STATE.Answered,
  'Answered by its requester': STATE.Answered,
  Failed: STATE.Failed,
  Cancelled: STATE.Cancelled,
  Expired: STATE.Expired,
}

describe('OracleRegistry', () => {
  /** The calldata of `call`, aimed at the stage that is awaited. */
  const calldata = async ({ registry }: World, call: Call, id: bigint) => {
    const stage = (await registry.getRequest(id)).stage
    const args = { report: [id, stage, ANSWER], reportFailure: [id, stage, REASON.NotFound] }[call as 'report'] ?? [id]
    return registry.interface.encodeFunctionData(call as 'report', args as [bigint, bigint, string])
  }

  async function attempt(fixture: Asked, caller: Caller, data: string) {
    const { registry, client, owner, stranger, reporters } = fixture
    if (caller === 'requester') return client.act(data)
    const signers: Record<string, HardhatEthersSigner> = { reporter: reporters[0], owner, stranger }
    return signers[caller].sendTransaction({ to: registry, data })
  }

  for (const { state, job, reach, expected } of TREE) {
    context(`when the request is ${state}`, () => {
      for (const call of CALLS) {
        for (const caller of CALLERS) {
          const outcome = expected[call]?.[caller] ?? 'NotOpen'

          it(`${call} by the ${caller}: ${outcome}`, async () => {
            const fixture = await loadFixture(asked(1, 1, job))
            const { registry, id } = fixture
            await reach(fixture)
            const before = await registry.getRequest(id)

            const attempted = attempt(fixture, caller, await calldata(fixture, call, id))

            if (outcome === 'ok') {
              await attempted
              const after = await registry.getRequest(id)
              expect([after.state, after.stage]).not.to.deep.equal([before.state, before.stage])
            } else {
              const refused = expect(attempted).to.be.revertedWithCustomError(registry, outcome)
              await (outcome === 'NotOpen' ? refused.withArgs(id, OVER[state]) : refused)
              expect(await registry.getRequest(id)).to.deep.equal(before)
            }
            expect(await ethers.provider.getBalance(registry)).to.equal(await registry.liabilities())
          })
        }
      }
    })
  }

  context('when there is no such request', () => {
    for (const call of CALLS) {
      it(`${call} says so to everybody`, async () => {
        const fixture = await loadFixture(asked(1, 1, TWO))
        const data = (await calldata(fixture, call, fixture.id)).replace(/^(0x.{8}.{63})1/, '$19')
        for (const caller of CALLERS) {
          await expect(attempt(fixture, caller, data))
            .to.be.revertedWithCustomError(fixture.registry, 'UnknownRequest')
            .withArgs(9n)
        }
      })
    }
  })
})
