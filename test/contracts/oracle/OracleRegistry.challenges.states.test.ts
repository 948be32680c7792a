import { ZeroAddress, type Result } from 'ethers'
import type { View } from '../../helpers/read-many.ts'
import { after, cast, booksOf, read, SLASH, type Cast } from './cast.ts'
import {
  both,
  credited,
  goes,
  refused,
  testProduct,
  type At,
  type Call,
  type Cell,
  type Effect,
  type Outcome,
  type Seen,
  type Situation,
} from './product.ts'
import {
  act,
  ANSWER,
  ANSWER_STANDING as STANDING,
  answerHash,
  ask,
  challenge as challengeWith,
  DELIVERY,
  fail,
  failureData,
  fallSilent,
  mineUpTo,
  OTHER,
  PROVIDER,
  REASON,
  rule,
  RULING,
  STATE,
  TWO,
  vote,
} from './world.ts'

/** Cannot be shared by two. */
const BOND = 5_000_001n
const MIN_BOND = 500_000n
const HALF = 500_000n
const RULING_EPOCHS = 50n
const UNKNOWN = 9n
/** Fees of the two stages of a request, and of its failure. */
const FIRST_FEE = 1_440_000n
const SECOND_FEE = 2_882_880n
const FAILURE_FEE = 180_000n

const challenge =
  (stage: number, value = BOND) =>
  ({ id }: Cast): Call => ({
    ...{ name: 'challenge', args: [id, stage, '0x5eed'], value },
  })
const refute =
  (stage: number, data?: string) =>
  ({ id, answer }: Cast): Call => ({
    ...{ name: 'refute', args: [id, stage, data ?? answer] },
  })
const CALLS = {
  'challenge of stage 0': challenge(0),
  'challenge of stage 0 with 1 attoFIL': challenge(0, 1n),
  'challenge of stage 1': challenge(1),
  resolve: ({ id }: Cast): Call => ({ name: 'resolve', args: [id] }),
  'refute of stage 0': refute(0),
  'refute of stage 0 with other data': refute(0, ANSWER),
  'refute of stage 1': refute(1),
}
type Expected = Record<keyof typeof CALLS, Outcome>

/** The request with its answers and its last challenge, the operators' stakes, and everybody's credit. */
async function look(given: Cast, at: At): Promise<Seen> {
  const { id } = given
  const books = booksOf(given)
  const seen = await read(given, at, {
    ...books,
    ...{ one: ['getOperator', [1n]], two: ['getOperator', [2n]], request: ['getRequest', [id]] },
    ...{ challenge: ['getChallenge', [id]], first: ['getAnswer', [id, 0]], second: ['getAnswer', [id, 1]] },
  } satisfies Record<string, View>)
  const view = (name: keyof typeof seen) => (seen[name] as Result | undefined)?.toObject() ?? {}
  const { escrow = 0n, refunded = 0n, ...request } = view('request') as Record<string, bigint>
  const money = Object.fromEntries(Object.keys(books).map((name) => [name, seen[name] as bigint]))
  const facts: Record<string, unknown> = request
  for (const [name, value] of Object.entries(view('challenge'))) facts[`${name} of the challenge`] = value
  for (const [stage, name] of ['first', 'second'].entries()) {
    const { standing, matureEpoch, delivery } = view(name)
    Object.assign(facts, {
      [`standing of ${stage}`]: standing,
      [`mature epoch of ${stage}`]: matureEpoch,
      [`delivery of ${stage}`]: delivery,
    })
  }
  for (const [index, name] of ['one', 'two'].entries()) {
    const { stake, locked } = view(name) as Record<string, bigint>
    Object.assign(money, { [`stake of ${index + 1}`]: stake, [`locked of ${index + 1}`]: locked })
  }
  return { money: { ...money, escrow, refunded }, facts }
}

/** What a request is like in which both operators agreed on all answers, none of them settled unless it says so.
 * @param fees Unsettled, of each answer from the first on, attoFIL.
 * @param escrow For the stages that are awaited.
 * @param ends Whether it is Refuted or Undecided when an answer is undone: it was not over before.
 * @param voting Whether operator 1 voted on the stage that is awaited.
 * @param told Whether the first answer was delivered. */
interface Matter {
  fees: bigint[]
  escrow: bigint
  ends: boolean
  voting: boolean
  told: boolean
}
const OPEN: Matter = { fees: [FIRST_FEE], escrow: SECOND_FEE, ends: true, voting: true, told: false }
const ANSWERED: Matter = { ...OPEN, fees: [FIRST_FEE, SECOND_FEE], escrow: 0n, voting: false }
const FAILED: Matter = { ...ANSWERED, fees: [FAILURE_FEE] }
/** The second stage was in progress: its fee is paid with the first one's. */
const CANCELLED: Matter = { ...ANSWERED, fees: [FIRST_FEE + SECOND_FEE], ends: false }
const EXPIRED: Matter = { ...ANSWERED, fees: [FIRST_FEE], ends: false }

const sum = (amounts: bigint[]) => amounts.reduce((total, amount) => total + amount, 0n)

// ---- what becomes of calls

const opens = ({ fees }: Matter, stage: number) =>
  goes('opens a challenge', ({ cast: { id }, by, epoch }) => ({
    events: [['Challenged', id, stage, by, BOND, epoch + RULING_EPOCHS, '0x5eed']],
    pays: BOND,
    facts: {
      ...{ challenged: true, 'challenger of the challenge': by, 'stage of the challenge': BigInt(stage) },
      ...{ 'open of the challenge': true, 'ruling of the challenge': RULING.None, 'bond of the challenge': BOND },
      ...{ 'openedEpoch of the challenge': epoch, 'deadlineEpoch of the challenge': epoch + RULING_EPOCHS },
      ...challenged(fees),
    },
  }))
/** All answers that are not final wait for a challenge, of whichever stage. */
const challenged = (fees: bigint[]) =>
  Object.fromEntries(
    fees.map((fee, stage) => [`standing of ${stage}`, fee === 0n ? STANDING.Final : STANDING.Challenged]),
  )

/** The challenge is closed; what was not mature when it was opened can be challenged for as many epochs more as it was open. */
function closes(
  { cast: { id }, epoch, before }: Cell,
  ruling: bigint,
  { toChallenger = 0n, toOperators = 0n },
): Effect {
  const stage = before.facts['stage of the challenge']
  const openedEpoch = before.facts['openedEpoch of the challenge'] as bigint
  const facts: Record<string, unknown> = {
    ...{ challenged: false, 'open of the challenge': false, 'ruling of the challenge': ruling },
  }
  for (const answer of [0, 1]) {
    const matureEpoch = before.facts[`mature epoch of ${answer}`] as bigint
    if (matureEpoch >= openedEpoch) facts[`mature epoch of ${answer}`] = matureEpoch + epoch - openedEpoch
    if (before.facts[`standing of ${answer}`] === STANDING.Challenged)
      facts[`standing of ${answer}`] = STANDING.Challengeable
  }
  return { events: [['ChallengeClosed', id, stage, ruling, toChallenger, toOperators]], facts }
}

/** The answer to `stage` and all after it are undone. */
function undoes(cell: Cell, { fees, escrow, ends, voting, told }: Matter, stage: number, ruling: bigint): Effect {
  const { id } = cell.cast
  const undone = fees.slice(stage)
  const refunded = sum(undone) + escrow
  const freed = SLASH * BigInt(undone.length)
  const facts: Record<string, unknown> = { stage: BigInt(stage) }
  if (ends) facts.state = ruling === RULING.Upheld ? STATE.Refuted : STATE.Undecided
  undone.forEach((_, index) => {
    facts[`standing of ${stage + index}`] = STANDING.Undone
    facts[`delivery of ${stage + index}`] = told ? DELIVERY.Done : DELIVERY.None
  })
  return both(credited(cell, 'requester', id, refunded), {
    events: [
      ['AnswerUndone', id, stage, ruling, refunded],
      ...(told ? [['CancellationDelivered', id, stage, true] as [string, bigint, number, boolean]] : []),
    ],
    money: {
      ...{ escrow: -escrow, refunded },
      ...{ 'locked of 1': -freed - (voting ? SLASH : 0n), 'locked of 2': -freed },
    },
    facts,
  })
}

/** Both operators had agreed on what is false. */
const slashes = (cell: Cell, stage: number, beneficiary: Cell['role']): Effect =>
  both(
    ...[1n, 2n].flatMap((operatorId) => [
      credited(cell, beneficiary, cell.cast.id, HALF),
      credited(cell, 'sink', cell.cast.id, SLASH - HALF),
      {
        events: [['Slashed', operatorId, cell.cast.id, stage, SLASH, HALF]] as Effect['events'],
        money: { [`stake of ${operatorId}`]: -SLASH },
      },
    ]),
  )
const upholds = (matter: Matter, stage = 0) =>
  goes('undoes the answer and slashes who gave it, for the challenger', (cell) =>
    both(
      credited(cell, 'challenger', cell.cast.id, BOND),
      closes(cell, RULING.Upheld, { toChallenger: BOND }),
      slashes(cell, stage, 'challenger'),
      undoes(cell, matter, stage, RULING.Upheld),
    ),
  )
const rejects = goes('gives the bond to who agreed, and lets the answer stand', (cell) => {
  const { epoch, before } = cell
  const held = epoch - (before.facts['openedEpoch of the challenge'] as bigint)
  const deadline = before.facts.deadlineEpoch as bigint
  return both(
    credited(cell, 'operator', cell.cast.id, BOND / 2n),
    credited(cell, 'other operator', cell.cast.id, BOND / 2n),
    credited(cell, 'sink', cell.cast.id, 1n),
    closes(cell, RULING.Rejected, { toOperators: BOND - 1n }),
    { events: [], facts: { deadlineEpoch: before.facts.state === STATE.Open ? deadline + held : deadline } },
  )
})
const staysSilent = (matter: Matter, stage = 0) =>
  goes('undoes the answer, pays the operators from the bond and slashes nobody', (cell) => {
    const paid = sum(matter.fees.slice(stage))
    return both(
      ...matter.fees
        .slice(stage)
        .flatMap((fee) => [
          credited(cell, 'operator', cell.cast.id, fee / 2n),
          credited(cell, 'other operator', cell.cast.id, fee / 2n),
        ]),
      credited(cell, 'challenger', cell.cast.id, BOND - paid),
      closes(cell, RULING.Silent, { toChallenger: BOND - paid, toOperators: paid }),
      undoes(cell, matter, stage, RULING.Silent),
    )
  })
/** …and closes the challenge that is open, if one is. */
const refutes = (matter: Matter, stage: number, open = false) =>
  goes(`undoes the answer${open ? ', closes the challenge' : ''} and slashes who gave it, for itself`, (cell) => {
    const bondBack = () => [
      credited(cell, 'challenger', cell.cast.id, BOND),
      closes(cell, RULING.Upheld, { toChallenger: BOND }),
    ]
    return both(
      { events: [['Refuted', cell.cast.id, stage, cell.by]] },
      ...(open ? bondBack() : []),
      slashes(cell, stage, cell.role),
      undoes(cell, matter, stage, RULING.Upheld),
    )
  })

const notChallengeable = (stage: number) => refused('NotChallengeable', ({ cast }) => [cast.id, stage])
const challengeOpen = (stage: number) => refused('ChallengeOpen', ({ cast }) => [cast.id, stage])
const windowClosed = refused('WindowClosed', ({ before, epoch }) => [before.facts['mature epoch of 0'], epoch])
const alreadyChallenged = refused('AlreadyChallenged', ({ cast }) => [cast.id, 0])
const noChallenge = refused('NoChallenge', ({ cast }) => [cast.id])
const notRuled = refused('NotRuled', ({ before, epoch }) => [before.facts['deadlineEpoch of the challenge'], epoch])
const notRefuted = (stage: number) => refused('NotRefuted', ({ cast }) => [cast.id, stage])
const wrongAnswer = (ok = true) =>
  refused('WrongAnswer', ({ cast }) => [answerHash(ok, cast.answer), answerHash(ok, ANSWER)])
const noEvidence = refused('NoEvidenceContract', () => [PROVIDER, 1n])
const unknown = refused('UnknownRequest', () => [UNKNOWN])

// ---- outcomes by state

/** No answer is open to doubt, or none any more. */
const NOTHING: Expected = {
  'challenge of stage 0': notChallengeable(0),
  'challenge of stage 0 with 1 attoFIL': notChallengeable(0),
  'challenge of stage 1': notChallengeable(1),
  resolve: noChallenge,
  'refute of stage 0': notChallengeable(0),
  'refute of stage 0 with other data': notChallengeable(0),
  'refute of stage 1': notChallengeable(1),
}
const two = (matter: Matter) => matter.fees.length === 2
/** All answers can be challenged. */
const challengeable = (matter: Matter): Expected => ({
  'challenge of stage 0': opens(matter, 0),
  'challenge of stage 0 with 1 attoFIL': refused('BondTooLow', () => [
    ...[sum(matter.fees) > MIN_BOND ? sum(matter.fees) : MIN_BOND, 1n],
  ]),
  'challenge of stage 1': two(matter) ? opens(matter, 1) : notChallengeable(1),
  resolve: noChallenge,
  'refute of stage 0': matter === FAILED ? notRefuted(0) : refutes(matter, 0),
  'refute of stage 0 with other data': wrongAnswer(matter !== FAILED),
  'refute of stage 1': two(matter) ? refutes(matter, 1) : notChallengeable(1),
})
/** The challenge of stage 0 is open. */
const underChallenge = (matter: Matter, resolve: Outcome): Expected => ({
  ...challengeable(matter),
  'challenge of stage 0': challengeOpen(0),
  'challenge of stage 0 with 1 attoFIL': challengeOpen(0),
  'challenge of stage 1': two(matter) ? challengeOpen(0) : notChallengeable(1),
  resolve,
  'refute of stage 0': matter === FAILED ? notRefuted(0) : refutes(matter, 0, true),
  'refute of stage 1': two(matter) ? challengeOpen(0) : notChallengeable(1),
})

// ---- ways to the states

type Step = (cast: Cast) => Promise<unknown>
const refutable: Step = ({ evidence, answer }) => evidence.setRefuted(answer, true)
const start = after(cast, refutable)
const askFor = (epochs: bigint) => async (given: Cast) => Object.assign(given, await ask(given, { job: TWO, epochs }))
const asks = askFor(1_000n)
const answer = (stage: number) => (given: Cast) => vote(given, given.id, stage, [0, 1], OTHER)
const begin: Step = (given) => vote(given, given.id, 1, [0], OTHER)
const failing: Step = async (given) => {
  given.answer = failureData(REASON.NotFound)
  await refutable(given)
  await fail(given, given.id, 0, [0, 1], REASON.NotFound)
}
const expiring: Step = async (given) => {
  await mineUpTo((await given.registry.getRequest(given.id)).deadlineEpoch)
  await given.registry.refund(given.id)
}
const challenging =
  (stage: number): Step =>
  (given) =>
    challengeWith(given, given.id, stage, given.challenger, { bond: BOND, evidence: '0x5eed' })
/** The arbiter rules, and the registry has not heard of it. */
const ruling =
  (of: bigint): Step =>
  ({ arbiter, id }) =>
    arbiter.rule(ZeroAddress, id, 0, of)
/** The next epoch is `epochsMore` after the last one in which a ruling counts. */
const rulingEnds =
  (epochsMore: bigint): Step =>
  async ({ registry, id }) =>
    mineUpTo((await registry.getChallenge(id)).deadlineEpoch + epochsMore - 1n)
/** The next epoch is `epochsMore` after the last one in which the first answer can be challenged. */
const windowEnds =
  (epochsMore: bigint): Step =>
  async ({ registry, id }) =>
    mineUpTo((await registry.getAnswer(id, 0)).matureEpoch + epochsMore - 1n)

/** Requests with an answer that can be challenged, in every state that a request can be in then. */
const REQUESTS: [state: string, matter: Matter, steps: Step[]][] = [
  ['Open', OPEN, [asks, answer(0), begin]],
  ['Answered', ANSWERED, [asks, answer(0), answer(1)]],
  ['Failed', FAILED, [asks, failing]],
  ['Cancelled', CANCELLED, [asks, answer(0), begin, (given) => act(given, 'cancel', given.id)]],
  ['Expired', EXPIRED, [askFor(20n), answer(0), begin, expiring]],
]

const CHALLENGED = REQUESTS.flatMap(([state, matter, steps]): Situation<keyof typeof CALLS>[] => {
  const reached = (...more: Step[]) => after(start, ...steps, ...more)
  return [
    {
      title: `the request is ${state}, and its answers can be challenged`,
      reach: reached(),
      expected: challengeable(matter),
    },
    {
      title: `the request is ${state}, the first answer challenged, up to the last epoch for a ruling`,
      reach: reached(challenging(0), rulingEnds(0n)),
      expected: underChallenge(matter, notRuled),
    },
    {
      title: `the request is ${state}, the first answer challenged, and the arbiter upholds it`,
      reach: reached(challenging(0), ruling(RULING.Upheld), rulingEnds(0n)),
      expected: underChallenge(matter, upholds(matter)),
    },
    {
      title: `the request is ${state}, the first answer challenged, and the arbiter rejects it`,
      reach: reached(challenging(0), ruling(RULING.Rejected)),
      expected: underChallenge(matter, rejects),
    },
    {
      title: `the request is ${state}, the first answer challenged, and the arbiter was silent`,
      reach: reached(challenging(0), rulingEnds(1n), ruling(RULING.Upheld)),
      expected: underChallenge(matter, staysSilent(matter)),
    },
    {
      title: `the request is ${state}, and the challenge of the first answer was rejected`,
      reach: reached(challenging(0), (given) => rule(given, given.id, 0, RULING.Rejected)),
      expected: {
        ...challengeable(matter),
        'challenge of stage 0': alreadyChallenged,
        'challenge of stage 0 with 1 attoFIL': alreadyChallenged,
      },
    },
  ]
})

/** The first of two answers is final, settled or not; the second one is as it was. */
const firstFinal = (outcome: Outcome): Expected => {
  const matter: Matter = { ...ANSWERED, fees: [0n, SECOND_FEE] }
  return {
    ...challengeable(matter),
    ...{ 'challenge of stage 0': outcome, 'challenge of stage 0 with 1 attoFIL': outcome },
    ...{ 'refute of stage 0': outcome, 'refute of stage 0 with other data': outcome },
  }
}

const OTHERS: Situation<keyof typeof CALLS>[] = [
  {
    title: 'there is no such request',
    reach: after(start, (given) => Promise.resolve((given.id = UNKNOWN))),
    expected: {
      ...{ 'challenge of stage 0': unknown, 'challenge of stage 0 with 1 attoFIL': unknown },
      ...{ 'challenge of stage 1': unknown, resolve: unknown, 'refute of stage 0': unknown },
      ...{ 'refute of stage 0 with other data': unknown, 'refute of stage 1': unknown },
    },
  },
  {
    title: 'nothing is answered',
    reach: after(start, asks, (given) => vote(given, given.id, 0, [0], OTHER)),
    expected: NOTHING,
  },
  {
    title: 'the first answer is in the last epoch of its window',
    reach: after(start, asks, answer(0), answer(1), windowEnds(0n)),
    expected: challengeable(ANSWERED),
  },
  {
    title: 'the first answer is mature since this epoch, and not settled',
    reach: after(start, asks, answer(0), answer(1), windowEnds(1n)),
    expected: { ...firstFinal(windowClosed), 'refute of stage 0 with other data': windowClosed },
  },
  {
    title: 'the first answer is settled',
    reach: after(start, asks, answer(0), answer(1), windowEnds(1n), ({ registry, id }) => registry.sync(id)),
    expected: firstFinal(notChallengeable(0)),
  },
  {
    title: 'the second answer is challenged',
    reach: after(start, asks, answer(0), answer(1), challenging(1)),
    expected: {
      ...challengeable(ANSWERED),
      ...{ 'challenge of stage 0': challengeOpen(1), 'challenge of stage 0 with 1 attoFIL': challengeOpen(1) },
      ...{ 'challenge of stage 1': challengeOpen(1), resolve: notRuled },
      ...{ 'refute of stage 0': refutes(ANSWERED, 0, true), 'refute of stage 1': refutes(ANSWERED, 1, true) },
    },
  },
  {
    title: 'the second answer is challenged, and the arbiter upholds it',
    reach: after(start, asks, answer(0), answer(1), challenging(1), ({ arbiter, id }) =>
      arbiter.rule(ZeroAddress, id, 1, RULING.Upheld),
    ),
    expected: {
      ...challengeable(ANSWERED),
      ...{ 'challenge of stage 0': challengeOpen(1), 'challenge of stage 0 with 1 attoFIL': challengeOpen(1) },
      ...{ 'challenge of stage 1': challengeOpen(1), resolve: upholds(ANSWERED, 1) },
      ...{ 'refute of stage 0': refutes(ANSWERED, 0, true), 'refute of stage 1': refutes(ANSWERED, 1, true) },
    },
  },
  {
    title: 'the first answer is challenged, and was told early',
    reach: after(start, asks, (given) => act(given, 'allowEarly', given.id), answer(0), begin, challenging(0)),
    expected: underChallenge({ ...OPEN, told: true }, notRuled),
  },
  {
    title: 'the first answer is challenged, was told early, and the arbiter upholds it',
    reach: after(
      ...([
        start,
        asks,
        (given: Cast) => act(given, 'allowEarly', given.id),
        answer(0),
        begin,
        challenging(0),
      ] as const),
      ruling(RULING.Upheld),
    ),
    expected: underChallenge({ ...OPEN, told: true }, upholds({ ...OPEN, told: true })),
  },
  {
    title: 'the request is Refuted',
    reach: after(start, asks, answer(0), challenging(0), (given) => rule(given, given.id, 0, RULING.Upheld)),
    expected: NOTHING,
  },
  {
    title: 'the request is Undecided',
    reach: after(start, asks, answer(0), challenging(0), (given) => fallSilent(given, given.id)),
    expected: NOTHING,
  },
  {
    title: 'the request is Refuted in its second answer, and the first can be challenged',
    reach: after(start, asks, answer(0), answer(1), ({ registry, id }) => registry.refute(id, 1, OTHER)),
    expected: challengeable({ ...EXPIRED, fees: [FIRST_FEE] }),
  },
  {
    title: 'the evidence does not refute the answer',
    reach: after(cast, asks, answer(0), answer(1)),
    expected: {
      ...challengeable(ANSWERED),
      ...{ 'refute of stage 0': notRefuted(0), 'refute of stage 1': notRefuted(1) },
    },
  },
  {
    title: 'the rules name no evidence',
    reach: after(() => cast({ evidence: ZeroAddress }), asks, answer(0), answer(1)),
    expected: {
      ...challengeable(ANSWERED),
      ...{ 'refute of stage 0': noEvidence, 'refute of stage 0 with other data': noEvidence },
      ...{ 'refute of stage 1': noEvidence },
    },
  },
  {
    title: 'answers are final at their quorum',
    reach: after(() => cast({ windowEpochs: 0 }), asks, answer(0)),
    expected: NOTHING,
  },
]

describe('OracleRegistry: challenges, every call in every state by everybody', () => {
  testProduct({ of: 'IOracleChallenges', calls: CALLS, look, situations: [...OTHERS, ...CHALLENGED] })
})
