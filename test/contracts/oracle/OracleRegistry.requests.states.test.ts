import type { Result } from 'ethers'
import type { View } from '../../helpers/read-many.ts'
import { after, booksOf, cast, read, SLASH, STRANGERS_ALIAS, type Cast } from './cast.ts'
import {
  by,
  goes,
  refused,
  testProduct,
  type At,
  type Call,
  type Cell,
  type Outcome,
  type Seen,
  type Situation,
} from './product.ts'
import {
  act,
  ANSWER,
  ANSWER_STANDING,
  answerHash,
  ask,
  BURN_ACTOR,
  challenge,
  DELIVERY,
  ethers,
  fail,
  feeOf,
  mineUpTo,
  ONE,
  OTHER,
  PAYLOAD,
  PROVIDER,
  REASON,
  rule,
  rules,
  RULING,
  STATE,
  vote,
  WINDOW,
  type Job,
} from './world.ts'
import { REQUEST_CALLS } from './request-calls.ts'

const FEE = feeOf(rules({ quorum: 2 }), ONE)
const MAX_BYTES = 1n << 20n
const DEADLINE = 100_000n
const UNKNOWN = 9n
/** The request that {@link asks} makes. */
const ID = 1n

const CALLS = {
  request: ({ providerId }: Cast): Call => ({
    ...{ name: 'request', args: [providerId, ONE, PAYLOAD, MAX_BYTES, DEADLINE], value: FEE },
  }),
  reportMany: (): Call => ({
    ...{ name: 'reportMany', args: [[{ id: ID, stage: 0, ok: true, data: ANSWER }]] },
  }),
  withdraw: (): Call => ({ name: 'withdraw', args: [] }),
  'withdrawFor the sink': (): Call => ({ name: 'withdrawFor', args: [BURN_ACTOR] }),
  'withdrawFor a masked id': (): Call => ({ name: 'withdrawFor', args: [STRANGERS_ALIAS] }),
}
type Expected = Record<keyof typeof CALLS, Outcome>

type Asked = Cast & { deadline: bigint }

/** The first two requests, the first one's answer, the operators' locks, and everybody's credit. */
async function look(given: Cast, at: At): Promise<Seen> {
  const books = booksOf(given)
  const seen = await read(given, at, {
    ...books,
    ...{ one: ['getOperator', [1n]], two: ['getOperator', [2n]], first: ['getRequest', [1n]] },
    ...{ second: ['getRequest', [2n]], answer: ['getAnswer', [1n, 0]] },
  } satisfies Record<string, View>)
  const view = (name: keyof typeof seen) =>
    ((seen[name] as Result | undefined)?.toObject() ?? {}) as Record<string, bigint>
  const [first, second] = [view('first'), view('second')]
  return {
    money: {
      ...Object.fromEntries(Object.keys(books).map((name) => [name, seen[name as 'one'] as bigint])),
      ...{ 'escrow of 1': first.escrow ?? 0n, 'escrow of 2': second.escrow ?? 0n },
      ...{ 'locked of 1': view('one').locked, 'locked of 2': view('two').locked },
      'balance of the sink': await ethers.provider.getBalance(BURN_ACTOR),
    },
    facts: {
      ...{ 'state of 1': first.state ?? STATE.None, 'state of 2': second.state ?? STATE.None },
      ...{ 'requester of 1': first.requester, 'requester of 2': second.requester, 'stage of 1': first.stage ?? 0n },
      'standing of the answer': view('answer').standing ?? ANSWER_STANDING.None,
      'delivery of the answer': view('answer').delivery ?? DELIVERY.None,
    },
  }
}

// ---- what becomes of calls

/** By anybody, who becomes the requester of number `id`. */
const asksFor = (id: bigint, version = 1n) =>
  goes('asks, and the fee rests in escrow', ({ by: requester }) => ({
    events: [['Requested', id, PROVIDER, requester, version, ONE, PAYLOAD, MAX_BYTES, DEADLINE, FEE]],
    ...{ pays: FEE, returns: [id], money: { [`escrow of ${id}`]: FEE } },
    facts: { [`state of ${id}`]: STATE.Open, [`requester of ${id}`]: requester },
  }))

const reporters = (one: Outcome, two: Outcome) =>
  by(
    { reporter: one, 'other operator': two },
    refused('NotReporter', (cell) => [cell.by]),
  )
/** The batch goes through; its item does not. */
const item = (operatorId: bigint, error: string, args: (cell: Cell) => unknown[]) =>
  goes(`has it refused: ${error}`, (cell) => {
    const reason = cell.cast.registry.interface.encodeErrorResult(error, args(cell) as never)
    return { events: [['ReportRefused', ID, 0, operatorId, reason]], returns: [0n] }
  })
const refusedItem = (error: string, args: (cell: Cell) => unknown[]) =>
  reporters(item(1n, error, args), item(2n, error, args))
const unknownItem = () => [ID]
const first = (operatorId: bigint) =>
  goes('votes', () => ({
    events: [['Voted', ID, 0, operatorId, answerHash(true, ANSWER)]],
    ...{ returns: [1n], money: { [`locked of ${operatorId}`]: SLASH } },
  }))
const second = goes('votes and makes the quorum', ({ epoch }) => ({
  events: [
    ['Voted', ID, 0, 2n, answerHash(true, ANSWER)],
    ['StageAnswered', ID, 0, ANSWER, epoch + BigInt(WINDOW)],
  ],
  returns: [1n],
  money: { 'locked of 2': SLASH, 'escrow of 1': -FEE },
  facts: {
    'state of 1': STATE.Answered,
    'stage of 1': 1n,
    'standing of the answer': ANSWER_STANDING.Challengeable,
    'delivery of the answer': DELIVERY.Due,
  },
}))

const takes = (whose: 'operator' | 'requester' | 'stranger' | 'challenger', amount: bigint) =>
  goes('is paid its credit', (cell) => ({
    events: [['Withdrawn', cell.by, amount]],
    ...{ pays: -amount, returns: [amount], money: { [`credit of the ${whose}`]: -amount } },
  }))
const paidOut = (amount: bigint) => ({ 'balance of the registry': -amount, 'held by the registry': -amount })
const paysSink = (amount: bigint) =>
  goes('has the sink paid', () => ({
    events: [['Withdrawn', BURN_ACTOR, amount]],
    returns: [amount],
    money: { ...paidOut(amount), 'credit of the sink': -amount, 'balance of the sink': amount },
  }))
const paysStranger = (amount: bigint) =>
  by(
    { stranger: takes('stranger', amount) },
    goes('has its own address paid', ({ cast: { stranger } }) => ({
      events: [['Withdrawn', stranger.address, amount]],
      returns: [amount],
      money: { ...paidOut(amount), 'credit of the stranger': -amount },
    })),
  )
const noCredit = refused('NoCredit', (cell) => [cell.by])

// ---- outcomes by state

const POOR = {
  withdraw: noCredit,
  'withdrawFor the sink': refused('NoCredit', () => [BURN_ACTOR]),
  'withdrawFor a masked id': refused('NoCredit', ({ cast }) => [cast.stranger.address]),
}
const NOTHING: Expected = { ...POOR, request: asksFor(1n), reportMany: refusedItem('UnknownRequest', unknownItem) }
const ASKED: Expected = { ...POOR, request: asksFor(2n), reportMany: reporters(first(1n), first(2n)) }
const over = (state: bigint): Expected => ({ ...ASKED, reportMany: refusedItem('NotOpen', () => [ID, state]) })

// ---- ways to the states

type Step = (cast: Cast) => Promise<unknown>
const asks: Step = async (given) => Object.assign(given, await ask(given))
const answers: Step = (given) => vote(given, given.id, 0, [0, 1], OTHER)
const deadlinePasses: Step = async ({ registry }) => mineUpTo((await registry.getRequest(ID)).deadlineEpoch)
/** Version 2: `change` of every job. */
const announce =
  (change: (job: Job) => Partial<Job>): Step =>
  ({ registry, rules: given }) =>
    registry.proposeConfig(PROVIDER, { ...given, jobs: given.jobs.map((job) => ({ ...job, ...change(job) })) })
const dearer = ({ stages }: Job) => ({ stages: stages.map((fee) => ({ ...fee, base: fee.base + 1n })) })
const optIn: Step = async ({ registry, owners }) => {
  for (const [index, owner] of owners.entries()) await registry.connect(owner).optIn(index + 1, 2n)
}
/** The next epoch is `epochs` before the first in which version 2 is in force. */
const inForceIn =
  (epochs: bigint): Step =>
  async ({ registry }) =>
    mineUpTo((await registry.getProvider(PROVIDER)).proposedEpoch - epochs - 1n)

const SITUATIONS: Situation<keyof typeof CALLS>[] = [
  { title: 'nothing was asked', reach: after(cast), expected: NOTHING },
  {
    title: 'there is no such provider',
    reach: after(cast, (given) => Promise.resolve((given.providerId = UNKNOWN))),
    expected: { ...NOTHING, request: refused('UnknownProvider', () => [UNKNOWN]) },
  },
  {
    title: 'operators left, and too few are there',
    reach: after(cast, ({ registry, operator }) => registry.connect(operator).leave(1n)),
    expected: {
      ...NOTHING,
      request: refused('TooFewOperators', () => [2n, 1n]),
      reportMany: by(
        { 'other operator': item(2n, 'UnknownRequest', unknownItem) },
        refused('NotReporter', (cell) => [cell.by]),
      ),
    },
  },
  {
    title: 'another version without that job is in force',
    reach: after(
      cast,
      announce(({ job }) => ({ job: job + 10 })),
      inForceIn(0n),
    ),
    expected: { ...NOTHING, request: refused('UnknownJob', () => [PROVIDER, ONE]) },
  },
  {
    title: 'a dearer version is announced, up to the last epoch before it is in force',
    reach: after(cast, announce(dearer), optIn, inForceIn(1n)),
    expected: NOTHING,
  },
  {
    title: 'a dearer version is in force, from its first epoch',
    reach: after(cast, announce(dearer), optIn, inForceIn(0n)),
    expected: { ...NOTHING, request: refused('WrongFee', () => [FEE + 2n, FEE]) },
  },
  { title: 'a request is Open, nothing voted', reach: after(cast, asks), expected: ASKED },
  {
    title: 'a request is Open, and the operator voted',
    reach: after(cast, asks, (given) => vote(given, ID, 0, [0])),
    expected: {
      ...ASKED,
      reportMany: reporters(
        item(1n, 'AlreadyVoted', () => [ID, 0, 1n]),
        second,
      ),
    },
  },
  {
    title: 'a request is Open, after its deadline',
    reach: after(cast, asks, deadlinePasses),
    expected: {
      ...ASKED,
      reportMany: refusedItem('DeadlinePassed', (cell) => [(cell.cast as Asked).deadline, cell.epoch]),
    },
  },
  { title: 'a request is Answered', reach: after(cast, asks, answers), expected: over(STATE.Answered) },
  {
    title: 'a request is Failed',
    reach: after(cast, asks, (given) => fail(given, ID, 0, [0, 1], REASON.NotFound)),
    expected: { ...over(STATE.Failed), withdraw: by({ requester: takes('requester', FEE - 140_000n) }, noCredit) },
  },
  {
    title: 'a request is Cancelled',
    reach: after(cast, asks, (given) => act(given, 'cancel', ID)),
    expected: { ...over(STATE.Cancelled), withdraw: by({ requester: takes('requester', FEE) }, noCredit) },
  },
  {
    title: 'a request is Expired',
    reach: after(cast, asks, deadlinePasses, ({ registry }) => registry.refund(ID)),
    expected: { ...over(STATE.Expired), withdraw: by({ requester: takes('requester', FEE) }, noCredit) },
  },
  {
    title: 'a request is Refuted, shown by the stranger',
    reach: after(
      ...([cast, asks, answers] as const),
      ({ evidence }) => evidence.setRefuted(OTHER, true),
      ({ registry, stranger }) => registry.connect(stranger).refute(ID, 0, OTHER),
    ),
    expected: {
      ...over(STATE.Refuted),
      withdraw: by({ requester: takes('requester', FEE), stranger: takes('stranger', 1_000_000n) }, noCredit),
      'withdrawFor the sink': paysSink(1_000_002n),
      'withdrawFor a masked id': paysStranger(1_000_000n),
    },
  },
  {
    title: 'a request is Refuted, by a challenge that the arbiter upheld',
    reach: after(
      ...([cast, asks, answers] as const),
      (given) => challenge(given, ID, 0, given.challenger),
      (given) => rule(given, ID, 0, RULING.Upheld),
    ),
    expected: {
      ...over(STATE.Refuted),
      withdraw: by({ requester: takes('requester', FEE), challenger: takes('challenger', FEE + 1_000_000n) }, noCredit),
      'withdrawFor the sink': paysSink(1_000_002n),
    },
  },
]

describe('OracleRegistry: asking, batches and credits, every call in every state by everybody', () => {
  testProduct({ of: 'IOracleRequests', calls: CALLS, elsewhere: REQUEST_CALLS, look, situations: SITUATIONS })
})
