import { ZeroAddress, type Result } from 'ethers'
import type { View } from '../../helpers/read-many.ts'
import { after, cast, booksOf, mark, read, SLASH, STAKE, STRANGERS_ALIAS, type Cast } from './cast.ts'
import {
  by,
  goes,
  refused,
  testProduct,
  type At,
  type Call,
  type Cell,
  type Effect,
  type Outcome,
  type Seen,
} from './product.ts'
import {
  ask,
  challenge,
  mineUpTo,
  OPERATOR_STANDING as STANDING,
  PROVIDER,
  rule,
  RULING,
  vote,
  type Rules,
} from './world.ts'

const UNBONDING = 20_160n
const UNKNOWN = 9n

/** Calls that are about operator 1, unless the state says which. */
const CALLS = {
  join: ({ providerId }: Cast, caller: string): Call => ({
    ...{ name: 'join', args: [providerId, caller, 'https://a.example'], value: STAKE },
  }),
  appointReporter: ({ id, stranger }: Cast) => ({ name: 'appointReporter', args: [id, stranger.address] }),
  'appointReporter of a masked id': ({ id }: Cast) => ({ name: 'appointReporter', args: [id, STRANGERS_ALIAS] }),
  'appointReporter of the owner': ({ id, operator }: Cast) => ({
    name: 'appointReporter',
    args: [id, operator.address],
  }),
  acceptReporter: ({ id }: Cast) => ({ name: 'acceptReporter', args: [id] }),
  'optIn to version 1': ({ id }: Cast) => ({ name: 'optIn', args: [id, 1n] }),
  'optIn to version 2': ({ id }: Cast) => ({ name: 'optIn', args: [id, 2n] }),
  addStake: ({ id }: Cast) => ({ name: 'addStake', args: [id], value: SLASH }),
  leave: ({ id }: Cast) => ({ name: 'leave', args: [id] }),
  expel: ({ id }: Cast) => ({ name: 'expel', args: [id] }),
  withdrawStake: ({ id }: Cast) => ({ name: 'withdrawStake', args: [id] }),
}
type Expected = Record<keyof typeof CALLS, Outcome>

/** What there is of operator 1, of who else joins, of the keys that vote and of the versions' members. */
async function look(given: Cast, at: At): Promise<Seen> {
  const { parties } = given
  const books = booksOf(given)
  const shown: Record<string, View> = {
    'seat of the operator': ['operatorOfOwner', [PROVIDER, parties.operator]],
    'seat of the newcomer': ['operatorOfOwner', [PROVIDER, parties.newcomer]],
  }
  for (const role of ['operator', 'reporter', 'appointed key', 'newcomer', 'stranger'] as const) {
    shown[`vote of the ${role}`] = ['operatorOf', [parties[role]]]
  }
  for (const version of [1, 2]) shown[`members of ${version}`] = ['operatorsOf', [PROVIDER, version]]
  const seen = await read(given, at, { ...books, ...shown, 1: ['getOperator', [1n]], 3: ['getOperator', [3n]] })

  const { stake, locked, ...rest } = (seen[1] as Result).toObject() as Record<string, bigint>
  const money = Object.fromEntries(Object.keys(books).map((name) => [name, seen[name] as bigint]))
  const newcomer = (seen[3] as { stake: bigint } | undefined)?.stake ?? 0n
  const facts = Object.fromEntries(Object.keys(shown).map((name) => [name, plain(seen[name])]))
  return {
    money: { ...money, 'stake of 1': stake, 'locked of 1': locked, 'stake of 3': newcomer },
    facts: { ...rest, ...facts },
  }
}

const plain = (value: unknown) => (Array.isArray(value) ? value.join() : value)

// ---- what becomes of calls

const ownersOnly = (outcome: Outcome) =>
  by(
    { operator: outcome },
    refused('NotOperatorOwner', (cell) => [cell.cast.operator.address, cell.by]),
  )
const providersOnly = (outcome: Outcome) =>
  by(
    { 'provider owner': outcome },
    refused('NotProviderOwner', (cell) => [cell.cast.owner.address, cell.by]),
  )

/** By the newcomer, who becomes operator 3 under `version`; `members` of it then. */
const newcomerJoins = (version: bigint, members: string) =>
  goes('takes the free seat, with stake', (cell) => ({
    events: [
      ['OperatorJoined', 3n, PROVIDER, cell.by, version, STAKE, 'https://a.example'],
      ['ReporterAppointed', 3n, cell.by],
      ['ReporterAccepted', 3n, cell.by],
    ],
    returns: [3n],
    pays: STAKE,
    money: { 'stake of 3': STAKE },
    facts: { 'seat of the newcomer': 3n, 'vote of the newcomer': 3n, [`members of ${version}`]: members },
  }))
const join = (version: bigint, members: string, operator: Outcome) =>
  by(
    {
      ...{ operator, newcomer: newcomerJoins(version, members) },
      'other operator': refused('AlreadyJoined', () => [2n]),
    },
    refused('NotAdmitted', (cell) => [PROVIDER, cell.by]),
  )
const SEATED = refused('AlreadyJoined', () => [1n])
const SEATLESS = refused('NotAdmitted', (cell) => [PROVIDER, cell.by])

const appoints = ownersOnly(
  goes('names the key', ({ cast: { stranger } }) => ({
    events: [['ReporterAppointed', 1n, stranger.address]],
    facts: { appointed: stranger.address },
  })),
)
const appointsItself = (facts: (cell: Cell) => Record<string, unknown>) =>
  ownersOnly(
    goes('makes it vote itself at once', (cell) => ({
      events: [
        ['ReporterAppointed', 1n, cell.by],
        ['ReporterAccepted', 1n, cell.by],
      ],
      facts: { reporter: cell.by, 'vote of the operator': 1n, ...facts(cell) },
    })),
  )

const accepts = (facts: (cell: Cell) => Record<string, unknown>) =>
  goes('makes the key vote', (cell) => ({
    events: [['ReporterAccepted', 1n, cell.by]],
    facts: { reporter: cell.by, appointed: ZeroAddress, ...facts(cell) },
  }))
const nobodyAppointed = refused('NotAppointed', (cell) => [ZeroAddress, cell.by])

const adds = (facts: Record<string, unknown> = {}) =>
  goes('adds to the stake', (cell) => ({
    events: [['StakeAdded', 1n, cell.by, SLASH]],
    ...{ pays: SLASH, money: { 'stake of 1': SLASH }, facts },
  }))

/** Leaves or is made to. */
const begins = (facts: Record<string, unknown>) =>
  goes('begins the unbonding', (cell) => ({
    events: [['UnbondingBegun', 1n, cell.by, cell.epoch + UNBONDING]],
    facts: {
      ...{ standing: STANDING.Unbonding, unbondedEpoch: cell.epoch + UNBONDING, 'seat of the operator': 0n },
      ...facts,
    },
  }))
const VOTED = { 'vote of the reporter': 0n }

const optsIn = (members: string) =>
  ownersOnly(
    goes('takes a seat in it', ({ epoch }) => ({
      events: [['OptedIn', 1n, 2n]],
      facts: { version: 2n, joinedEpoch: epoch, 'members of 2': members },
    })),
  )
const badOptIn = (latest: bigint, version: bigint) => ownersOnly(refused('BadOptIn', () => [latest, version]))
const notActive = (standing: bigint) => ownersOnly(refused('NotActive', () => [1n, standing]))

const withdraws = (amount: bigint) =>
  goes('makes the stake the credit of the owner', ({ cast: { operator } }): Effect => ({
    events: [
      ['Credited', operator.address, 0n, amount],
      ['StakeWithdrawn', 1n, operator.address, amount],
    ],
    returns: [amount],
    money: { 'stake of 1': -amount, 'credit of the operator': amount },
    facts: { jailed: true },
  }))

// ---- outcomes by state

const ACTIVE: Expected = {
  join: join(1n, '1,2,3', SEATED),
  appointReporter: appoints,
  'appointReporter of a masked id': appoints,
  'appointReporter of the owner': appointsItself(() => ({ 'vote of the reporter': 0n })),
  acceptReporter: nobodyAppointed,
  'optIn to version 1': badOptIn(1n, 1n),
  'optIn to version 2': badOptIn(1n, 2n),
  addStake: adds(),
  leave: ownersOnly(begins({ ...VOTED, 'members of 1': '2' })),
  expel: providersOnly(begins({ ...VOTED, 'members of 1': '2' })),
  withdrawStake: refused('NotLeft', () => [1n]),
}

const activates = ({ epoch }: Cell) => ({
  ...{ appointed: ZeroAddress, standing: STANDING.Active, joinedEpoch: epoch, 'members of 1': '2,1' },
})
const APPOINTING: Expected = {
  ...ACTIVE,
  join: join(1n, '2,3', SEATED),
  'appointReporter of the owner': appointsItself(activates),
  acceptReporter: by(
    { reporter: accepts((cell) => ({ ...activates(cell), 'vote of the reporter': 1n })) },
    refused('NotAppointed', (cell) => [cell.cast.reporter.address, cell.by]),
  ),
  'optIn to version 1': notActive(STANDING.Appointing),
  'optIn to version 2': notActive(STANDING.Appointing),
  leave: ownersOnly(begins({ appointed: ZeroAddress })),
  expel: providersOnly(begins({ appointed: ZeroAddress })),
}

const APPOINTED: Expected = {
  ...ACTIVE,
  'appointReporter of the owner': appointsItself(() => ({ 'vote of the reporter': 0n, appointed: ZeroAddress })),
  acceptReporter: by(
    { 'appointed key': accepts(() => ({ 'vote of the reporter': 0n, 'vote of the appointed key': 1n })) },
    refused('NotAppointed', (cell) => [cell.cast.appointed.address, cell.by]),
  ),
  leave: ownersOnly(begins({ ...VOTED, 'members of 1': '2', appointed: ZeroAddress })),
  expel: providersOnly(begins({ ...VOTED, 'members of 1': '2', appointed: ZeroAddress })),
}

const ANNOUNCED: Expected = {
  ...ACTIVE,
  'optIn to version 1': badOptIn(2n, 1n),
  'optIn to version 2': optsIn('1'),
}

const LEFT: Expected = {
  ...{ join: join(1n, '2,3', SEATLESS) },
  appointReporter: ownersOnly(refused('AlreadyLeft', () => [1n])),
  'appointReporter of a masked id': ownersOnly(refused('AlreadyLeft', () => [1n])),
  'appointReporter of the owner': ownersOnly(refused('AlreadyLeft', () => [1n])),
  acceptReporter: refused('AlreadyLeft', () => [1n]),
  'optIn to version 1': notActive(STANDING.Unbonding),
  'optIn to version 2': notActive(STANDING.Unbonding),
  addStake: refused('AlreadyLeft', () => [1n]),
  leave: ownersOnly(refused('AlreadyLeft', () => [1n])),
  expel: providersOnly(refused('AlreadyLeft', () => [1n])),
  withdrawStake: refused('StillUnbonding', ({ cast: { epochs }, epoch }) => [epochs.left + UNBONDING, epoch]),
}
const emptied = (locked: bigint): Expected => ({
  ...LEFT,
  withdrawStake: refused('NothingToWithdraw', () => [1n, locked]),
})

const unknown = refused('UnknownOperator', () => [UNKNOWN])

// ---- ways to the states

const active = () => cast()
const about = (operatorId: bigint) => (given: Cast) => Promise.resolve((given.id = operatorId))
const one = about(1n)
/** Operator 1 votes on what is not decided before its deadline, long after the unbonding. */
async function lock(given: Cast) {
  const { id } = await ask(given, { epochs: 50_000n })
  await vote(given, id, 0, [0])
}
async function slash(given: Cast) {
  const { id } = await ask(given)
  await vote(given, id, 0, [0, 1])
  await challenge(given, id, 0, given.challenger)
  await rule(given, id, 0, RULING.Upheld)
}
const announce =
  (changes: Partial<Rules> = {}) =>
  ({ registry, rules }: Cast) =>
    registry.proposeConfig(PROVIDER, { ...rules, ...changes })
const inForce = async ({ registry }: Cast) => mineUpTo((await registry.getProvider(PROVIDER)).proposedEpoch)
const optIn = ({ registry, operator }: Cast) => registry.connect(operator).optIn(1n, 2n)
const otherOptsIn = ({ registry, other }: Cast) => registry.connect(other).optIn(2n, 2n)
const leave = ({ registry, operator }: Cast) => registry.connect(operator).leave(1n)
/** The next epoch is `epochsMore` after the first at which the stake can be withdrawn. */
const unbonding = (epochsMore: bigint) => (given: Cast) => mineUpTo(given.epochs.left + UNBONDING + epochsMore - 1n)
const withdraw = ({ registry }: Cast) => registry.withdrawStake(1n)
const left = [one, leave, mark('left')]

describe('OracleRegistry: operators, every call in every state by everybody', () => {
  testProduct({
    of: 'IOracleOperators',
    calls: CALLS,
    look,
    situations: [
      {
        title: 'the reporter has not accepted',
        reach: after(() => cast({}, { accepts: false }), one),
        expected: APPOINTING,
      },
      { title: 'the operator is active', reach: after(active, one), expected: ACTIVE },
      {
        title: 'the operator is active, and named another key',
        reach: after(active, one, ({ registry, operator, appointed }) =>
          registry.connect(operator).appointReporter(1n, appointed),
        ),
        expected: APPOINTED,
      },
      {
        title: 'the operator is active, with stake locked by a vote',
        reach: after(active, lock, one),
        expected: ACTIVE,
      },
      {
        title: 'the operator is active, and jailed by a slash',
        reach: after(active, slash, one),
        expected: { ...ACTIVE, addStake: adds({ jailed: false }) },
      },
      { title: 'another version is announced', reach: after(active, one, announce()), expected: ANNOUNCED },
      {
        title: 'another version is announced, that demands more stake',
        reach: after(active, one, announce({ minStake: STAKE + 1n })),
        expected: {
          ...ANNOUNCED,
          'optIn to version 2': ownersOnly(refused('StakeTooLow', () => [STAKE + 1n, STAKE])),
        },
      },
      {
        title: 'another version is announced, whose only seat is taken',
        reach: after(active, one, announce({ quorum: 1 }), otherOptsIn),
        expected: { ...ANNOUNCED, 'optIn to version 2': ownersOnly(refused('TooManyOperators', () => [1n])) },
      },
      {
        title: 'the operator opted in to the version that is announced',
        reach: after(active, one, announce(), optIn),
        expected: {
          ...ANNOUNCED,
          'optIn to version 2': badOptIn(2n, 2n),
          leave: ownersOnly(begins({ ...VOTED, 'members of 1': '2', 'members of 2': '' })),
          expel: providersOnly(begins({ ...VOTED, 'members of 1': '2', 'members of 2': '' })),
        },
      },
      {
        title: 'another version is in force, to which the operator has not opted in',
        reach: after(active, one, announce(), otherOptsIn, inForce),
        expected: { ...ANNOUNCED, join: join(2n, '2,3', SEATED), 'optIn to version 2': optsIn('2,1') },
      },
      {
        title: 'the operator left, up to the last epoch of the unbonding',
        reach: after(active, ...left, unbonding(-1n)),
        expected: LEFT,
      },
      {
        title: "the provider's owner expelled the operator",
        reach: after(active, one, ({ registry }) => registry.expel(1n), mark('left')),
        expected: LEFT,
      },
      {
        title: 'the operator left, from the first epoch after the unbonding',
        reach: after(active, ...left, unbonding(0n)),
        expected: { ...LEFT, withdrawStake: withdraws(STAKE) },
      },
      {
        title: 'the operator left, and a vote still locks stake after the unbonding',
        reach: after(active, lock, ...left, unbonding(0n)),
        expected: { ...LEFT, withdrawStake: withdraws(STAKE - SLASH) },
      },
      {
        title: 'the operator left, and withdrew all but what is locked',
        reach: after(active, lock, ...left, unbonding(0n), withdraw),
        expected: emptied(SLASH),
      },
      {
        title: 'the operator left, and withdrew its stake',
        reach: after(active, ...left, unbonding(0n), withdraw),
        expected: emptied(0n),
      },
      {
        title: 'there is no such operator, and no such provider',
        reach: after(active, about(UNKNOWN), (given) => Promise.resolve((given.providerId = UNKNOWN))),
        expected: {
          join: refused('UnknownProvider', () => [UNKNOWN]),
          ...{ appointReporter: unknown, 'appointReporter of a masked id': unknown },
          ...{ 'appointReporter of the owner': unknown, acceptReporter: unknown },
          ...{ 'optIn to version 1': unknown, 'optIn to version 2': unknown, addStake: unknown },
          ...{ leave: unknown, expel: unknown, withdrawStake: unknown },
        },
      },
    ],
  })
})
