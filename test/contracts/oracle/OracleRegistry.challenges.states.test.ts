import { ZeroAddress } from 'ethers'
import { after, cast, type Cast } from './cast.ts'
import {
  ANSWERED,
  BOND,
  CANCELLED,
  EXPIRED,
  FAILED,
  FIRST_FEE,
  look,
  MIN_BOND,
  OPEN,
  opens,
  refutes,
  rejects,
  SECOND_FEE,
  staysSilent,
  sum,
  UNKNOWN,
  upholds,
  type Matter,
} from './challenge-effects.ts'
import { refused, testProduct, type Call, type Outcome, type Situation } from './product.ts'
import {
  act,
  ANSWER,
  answerHash,
  ask,
  challenge as challengeWith,
  fail,
  failureData,
  fallSilent,
  mineUpTo,
  OTHER,
  PROVIDER,
  REASON,
  rule,
  RULING,
  TWO,
  vote,
} from './world.ts'

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
