import { expect } from 'chai'
import type { HardhatEthersSigner } from '@nomicfoundation/hardhat-ethers/types'
import {
  act,
  ANSWER,
  ask,
  challenge,
  ethers,
  fail,
  failureData,
  fallSilent,
  loadFixture,
  mature,
  mineUpTo,
  REASON,
  rule,
  RULING,
  serve,
  STATE,
  THREE,
  TWO,
  vote,
  WINDOW,
  type World,
} from './world.ts'
import { REQUEST_CALLS } from './request-calls.ts'

/** Every call on a request × every state it can be in × every kind of caller. Where one outcome is given it is everybody's; `ok` where
 * the call goes through; a call that is left out is refused by the state. */

type Asked = World & { id: bigint; deadline: bigint }
type Caller = 'requester' | 'reporter' | 'operator' | 'provider' | 'stranger'
type Call = (typeof REQUEST_CALLS)[number]
type Outcome = string | { only: Caller; outcome: string; others: string }

const CALLERS: Caller[] = ['requester', 'reporter', 'operator', 'provider', 'stranger']
const REFUSED_BY_STATE: Record<Call, string> = {
  ...{ report: 'NotOpen', reportFailure: 'NotOpen', allowEarly: 'NotOpen', cancel: 'NotOpen', conclude: 'NotOpen' },
  ...{ refund: 'NotOpen', sync: 'NothingToSettle', deliver: 'NotDue' },
}

const reporter = (outcome: string): Outcome => ({ only: 'reporter', outcome, others: 'NotReporter' })
const requester = (outcome: string): Outcome => ({ only: 'requester', outcome, others: 'NotRequester' })
const OPEN: Partial<Record<Call, Outcome>> = {
  ...{ report: reporter('ok'), reportFailure: reporter('ok'), allowEarly: requester('ok') },
  ...{ cancel: requester('ok'), conclude: requester('NotConcludable'), refund: 'DeadlineNotPassed' },
}
const AT_THE_LAST_STAGE = { ...OPEN, report: reporter('StageNotVoted') }
const LATE = { report: reporter('DeadlinePassed'), reportFailure: reporter('DeadlinePassed'), refund: 'ok' }
const UNDER_CHALLENGE = {
  ...{ report: reporter('UnderChallenge'), reportFailure: reporter('UnderChallenge') },
  ...{ cancel: requester('UnderChallenge'), refund: 'UnderChallenge', deliver: 'UnderChallenge' },
}
const FINAL = { sync: 'ok', deliver: 'ok' }

const answered = (stage: number) => (fixture: Asked) => vote(fixture, fixture.id, stage, [0])
const packed = async (fixture: Asked) => {
  for (const stage of [0, 1]) await answered(stage)(fixture)
}
const failed = (fixture: Asked) => fail(fixture, fixture.id, 0, [0], REASON.NotFound)
const ended = (name: 'cancel' | 'conclude' | 'refund') => (fixture: Asked) => act(fixture, name, fixture.id)
const late = (fixture: Asked) => mineUpTo(fixture.deadline)
const final = (stage: number) => (fixture: Asked) => mature(fixture, fixture.id, stage)
const challenged = (stage: number) => (fixture: Asked) => challenge(fixture, fixture.id, stage, fixture.stranger)
const ruled = (stage: number, ruling: bigint) => (fixture: Asked) => rule(fixture, fixture.id, stage, ruling)
const silent = (fixture: Asked) => fallSilent(fixture, fixture.id)

interface Situation {
  title: string
  state: keyof typeof STATE
  job?: number
  reach?: ((fixture: Asked) => Promise<unknown>)[]
  expected?: Partial<Record<Call, Outcome>>
}

const FINAL_AT_QUORUM: Situation[] = [
  { title: 'nothing voted', state: 'Open', expected: OPEN },
  {
    title: 'at the last stage, that only the requester concludes',
    state: 'Open',
    reach: [packed],
    expected: { ...AT_THE_LAST_STAGE, conclude: requester('ok') },
  },
  { title: 'nothing voted, after the deadline', state: 'Open', reach: [late], expected: { ...OPEN, ...LATE } },
  {
    title: 'at the last stage, after the deadline',
    state: 'Open',
    reach: [packed, late],
    expected: { ...AT_THE_LAST_STAGE, ...LATE, conclude: requester('ok') },
  },
  { title: 'by votes', state: 'Answered', job: TWO, reach: [packed] },
  { title: 'by its requester', state: 'Answered', reach: [packed, ended('conclude')] },
  { title: '', state: 'Failed', reach: [failed] },
  { title: '', state: 'Cancelled', reach: [ended('cancel')] },
  { title: '', state: 'Expired', reach: [late, ended('refund')] },
]

const CHALLENGEABLE: Situation[] = [
  { title: 'nothing voted', state: 'Open', expected: OPEN },
  {
    title: 'an answer can be challenged',
    state: 'Open',
    reach: [answered(0)],
    expected: { ...OPEN, deliver: 'NotMature' },
  },
  {
    title: 'an answer is challenged',
    state: 'Open',
    reach: [answered(0), challenged(0)],
    expected: { ...OPEN, ...UNDER_CHALLENGE },
  },
  {
    title: 'an answer is challenged, after the deadline',
    state: 'Open',
    reach: [answered(0), challenged(0), late],
    expected: { ...OPEN, ...UNDER_CHALLENGE },
  },
  { title: 'an answer is final', state: 'Open', reach: [answered(0), final(0)], expected: { ...OPEN, ...FINAL } },
  {
    title: 'at the last stage, the one before can be challenged',
    state: 'Open',
    reach: [packed],
    expected: { ...AT_THE_LAST_STAGE, conclude: requester('NotMature'), deliver: 'NotMature' },
  },
  {
    title: 'at the last stage, the one before is challenged',
    state: 'Open',
    reach: [packed, challenged(1)],
    expected: { ...AT_THE_LAST_STAGE, ...UNDER_CHALLENGE, conclude: requester('UnderChallenge') },
  },
  {
    title: 'at the last stage, the one before is final',
    state: 'Open',
    reach: [packed, final(1)],
    expected: { ...AT_THE_LAST_STAGE, ...FINAL, conclude: requester('ok') },
  },
  {
    title: 'at the last stage, the one before is final, after the deadline',
    state: 'Open',
    reach: [packed, late],
    expected: { ...AT_THE_LAST_STAGE, ...LATE, ...FINAL, conclude: requester('ok') },
  },
  {
    title: 'and can be challenged',
    state: 'Answered',
    job: TWO,
    reach: [packed],
    expected: { deliver: 'NotMature' },
  },
  {
    title: 'and challenged',
    state: 'Answered',
    job: TWO,
    reach: [packed, challenged(0)],
    expected: { deliver: 'UnderChallenge' },
  },
  { title: 'and final', state: 'Answered', job: TWO, reach: [packed, final(1)], expected: FINAL },
  {
    title: 'by its requester',
    state: 'Answered',
    reach: [packed, final(1), ended('conclude')],
    expected: { deliver: 'ok' },
  },
  { title: 'and can be challenged', state: 'Failed', reach: [failed], expected: { deliver: 'NotMature' } },
  {
    title: 'and challenged',
    state: 'Failed',
    reach: [failed, challenged(0)],
    expected: { deliver: 'UnderChallenge' },
  },
  { title: 'and final', state: 'Failed', reach: [failed, final(0)], expected: FINAL },
  { title: 'nothing answered', state: 'Cancelled', reach: [ended('cancel')] },
  {
    title: 'an answer is final',
    state: 'Cancelled',
    reach: [answered(0), ended('cancel'), final(0)],
    expected: FINAL,
  },
  {
    title: 'an answer is challenged',
    state: 'Expired',
    reach: [(fixture) => mineUpTo(fixture.deadline - 1n), answered(0), ended('refund'), challenged(0)],
    expected: { deliver: 'UnderChallenge' },
  },
  { title: '', state: 'Refuted', reach: [packed, challenged(0), ruled(0, RULING.Upheld)] },
  { title: '', state: 'Undecided', reach: [packed, challenged(0), silent] },
  {
    title: 'an answer before it is final',
    state: 'Refuted',
    reach: [packed, challenged(1), ruled(1, RULING.Upheld), final(0)],
    expected: FINAL,
  },
]

describe('OracleRegistry', () => {
  /** One operator whose owner and reporter are two keys; one request. */
  async function askedOf(windowEpochs: number, job: number): Promise<Asked> {
    const [owner, stranger, operator, voter] = (await ethers.getSigners()) as [
      ...[HardhatEthersSigner, HardhatEthersSigner, HardhatEthersSigner, HardhatEthersSigner],
    ]
    const service = await serve({ owner, seats: [{ owner: operator, reporter: voter }], rules: { windowEpochs } })
    const client = await ethers.deployContract('ProbeClient', [service.registry])
    const built = { ...service, client, stranger }
    return { ...built, ...(await ask(built, { job })) }
  }

  /** The calldata of `call`, aimed at the stage that is awaited, or due. */
  async function calldata({ registry }: World, call: Call, id: bigint) {
    const { stage, state } = await registry.getRequest(id)
    const data = state === STATE.Failed ? failureData(REASON.NotFound) : ANSWER
    if (call === 'deliver') return registry.interface.encodeFunctionData(call, [id, 0, data])
    if (call === 'report') return registry.interface.encodeFunctionData(call, [id, stage, ANSWER])
    if (call === 'reportFailure') return registry.interface.encodeFunctionData(call, [id, stage, REASON.NotFound])
    return registry.interface.encodeFunctionData(call as 'sync', [id])
  }

  async function attempt(fixture: World, caller: Caller, data: string) {
    const { registry, client, owner: provider, owners, reporters, stranger } = fixture
    if (caller === 'requester') return client.act(data)
    const signer = { reporter: reporters[0], operator: owners[0], provider, stranger }[caller]
    return signer.sendTransaction({ to: registry, data })
  }

  const seen = async ({ registry }: World, id: bigint) => [
    await registry.getRequest(id),
    ...(await Promise.all([0, 1, 2].map((stage) => registry.getAnswer(id, stage)))),
  ]

  const outcomeFor = (outcome: Outcome, caller: Caller) =>
    typeof outcome === 'string' ? outcome : caller === outcome.only ? outcome.outcome : outcome.others
  const told = (outcome: Outcome) =>
    typeof outcome === 'string' ? outcome : `${outcome.outcome} for the ${outcome.only}, ${outcome.others} otherwise`

  for (const [name, windowEpochs, situations] of [
    ['where answers are final at their quorum', 0, FINAL_AT_QUORUM],
    ['where answers can be challenged', WINDOW, CHALLENGEABLE],
  ] as const) {
    describe(name, () => {
      for (const { title, state, job = THREE, reach = [], expected = {} } of situations) {
        context(`when the request is ${state}${title && `, ${title}`}`, () => {
          async function reached() {
            const fixture = await askedOf(windowEpochs, job)
            for (const step of reach) await step(fixture)
            return fixture
          }

          for (const call of REQUEST_CALLS) {
            const outcome = expected[call] ?? REFUSED_BY_STATE[call]

            it(`${call}: ${told(outcome)}`, async () => {
              for (const caller of CALLERS) {
                const fixture = await loadFixture(reached)
                const { registry, id } = fixture
                const before = await seen(fixture, id)
                expect((await registry.getRequest(id)).state).to.equal(STATE[state])
                const error = outcomeFor(outcome, caller)

                const attempted = attempt(fixture, caller, await calldata(fixture, call, id))

                if (error === 'ok') {
                  await attempted
                  expect(await seen(fixture, id), caller).not.to.deep.equal(before)
                } else {
                  const refused = expect(attempted, caller).to.be.revertedWithCustomError(registry, error)
                  await (error === 'NotOpen' ? refused.withArgs(id, STATE[state]) : refused)
                }
                expect(await ethers.provider.getBalance(registry)).to.equal(await registry.liabilities())
              }
            })
          }
        })
      }
    })
  }

  context('when there is no such request', () => {
    for (const call of REQUEST_CALLS) {
      it(`${call} says so to everybody`, async () => {
        const fixture = await loadFixture(() => askedOf(0, TWO))
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
