import { ZeroAddress, type Result } from 'ethers'
import type { View } from '../../helpers/read-many.ts'
import { after, booksOf, cast, mark, read, STAKE, STRANGERS_ALIAS, type Cast } from './cast.ts'
import {
  by,
  goes,
  refused,
  revertDataOf,
  testProduct,
  type At,
  type Call,
  type Cell,
  type Outcome,
  type Seen,
} from './product.ts'
import { ethers, JOBS, mineUpTo, PROVIDER, rules as rulesWith, type Rules } from './world.ts'

const NOTICE = 23_040n
const UNKNOWN = 9n

/** What the next version of `rules` asks: twice as much. */
const dearer = (rules: Rules): Rules => ({
  ...rules,
  jobs: JOBS.map((job) => ({ ...job, stages: job.stages.map((fee) => ({ ...fee, base: 2n * fee.base })) })),
})
/** Rules of another provider. */
const OTHERS = rulesWith()

/** `admit` is called about everybody that it can be about. */
const admit =
  (whom: (cast: Cast) => string) =>
  (given: Cast): Call => ({
    ...{ name: 'admit', args: [given.providerId, whom(given)] },
  })
const CALLS = {
  registerProvider: (_: Cast, caller: string): Call => ({
    ...{ name: 'registerProvider', args: ['another', caller, false, OTHERS, [STRANGERS_ALIAS]] },
  }),
  'registerProvider for a masked id': ({ parties }: Cast): Call => ({
    ...{ name: 'registerProvider', args: ['another', STRANGERS_ALIAS, true, OTHERS, [parties.newcomer]] },
  }),
  'registerProvider for nobody': (): Call => ({
    ...{ name: 'registerProvider', args: ['another', ZeroAddress, true, OTHERS, []] },
  }),
  'registerProvider for nobody, not open': (): Call => ({
    ...{ name: 'registerProvider', args: ['another', ZeroAddress, false, OTHERS, []] },
  }),
  proposeConfig: ({ providerId, rules }: Cast): Call => ({
    ...{ name: 'proposeConfig', args: [providerId, dearer(rules)] },
  }),
  'proposeConfig of bad rules': ({ providerId, rules }: Cast): Call => ({
    ...{ name: 'proposeConfig', args: [providerId, { ...rules, quorum: 17 }] },
  }),
  'admit the stranger': admit(({ parties }) => parties.stranger),
  'admit the stranger by its masked id': admit(() => STRANGERS_ALIAS),
  'admit the newcomer': admit(({ parties }) => parties.newcomer),
  'admit the operator': admit(({ parties }) => parties.operator),
  'admit nobody': admit(() => ZeroAddress),
}
type Expected = Record<keyof typeof CALLS, Outcome>

/** The number of the provider that is registered next. */
const nextOf = ({ providerId }: Cast) => (providerId === 2n ? 3n : 2n)

/** The provider, the next one, and what comes of it when somebody wants to join them: nothing else shows who is admitted. */
async function look(given: Cast, at: At): Promise<Seen> {
  const { parties, providerId } = given
  const books = booksOf(given)
  const providers = { provider: providerId, 'next provider': nextOf(given) }
  const seen = await read(given, at, {
    ...books,
    ...{ provider: ['getProvider', [providerId]], 'next provider': ['getProvider', [nextOf(given)]] },
  } satisfies Record<string, View>)

  const facts: Record<string, unknown> = {}
  for (const [name, each] of Object.entries(providers)) {
    const view = seen[name as 'provider'] as Result | undefined
    for (const [field, value] of Object.entries(view?.toObject() ?? {})) facts[`${field} of the ${name}`] = value
    for (const role of ['operator', 'newcomer', 'stranger'] as const) {
      facts[`${role} at the ${name}`] = await joining(given, each, parties[role], at)
    }
  }
  return {
    money: Object.fromEntries(Object.keys(books).map((name) => [name, seen[name as 'provider'] as bigint])),
    facts,
  }
}

/** `welcome`, or why not. */
async function joining({ registry, challenger }: Cast, providerId: bigint, from: string, at: At): Promise<string> {
  const data = registry.interface.encodeFunctionData('join', [providerId, challenger.address, ''])
  try {
    await ethers.provider.call({ from, to: registry, data, value: STAKE, blockTag: at })
    return 'welcome'
  } catch (error) {
    return registry.interface.parseError(revertDataOf(error))!.name
  }
}

// ---- what becomes of calls

/** A provider with {@link OTHERS} as rules; `admitted` are welcome to it. */
const registers = (owner: (cell: Cell) => string, open: boolean, admitted: ('stranger' | 'newcomer')[]) =>
  goes('registers a provider', (cell) => {
    const next = nextOf(cell.cast)
    const at = (role: 'operator' | 'stranger' | 'newcomer') => ({
      [`${role} at the next provider`]: open || admitted.includes(role as 'stranger') ? 'welcome' : 'NotAdmitted',
    })
    return {
      events: [
        ['ProviderRegistered', next, owner(cell), 'another', open],
        ['ConfigProposed', next, 1n, cell.epoch, OTHERS],
        ...admitted.map((role): [string, bigint, string] => ['OperatorAdmitted', next, cell.cast.parties[role]]),
      ],
      returns: [next],
      facts: {
        ...{ 'owner of the next provider': owner(cell), 'name of the next provider': 'another' },
        ...{ 'open of the next provider': open, 'version of the next provider': 1n },
        ...{ 'proposedVersion of the next provider': 0n, 'proposedEpoch of the next provider': 0n },
        ...{ ...at('operator'), ...at('stranger'), ...at('newcomer') },
      },
    }
  })

const ownersOnly = (outcome: Outcome, owner: 'provider owner' | 'stranger' = 'provider owner') =>
  by(
    { [owner]: outcome },
    refused('NotProviderOwner', (cell) => [cell.cast.parties[owner], cell.by]),
  )

const announces = (version: bigint) =>
  goes('announces the next version', ({ cast: { providerId, rules }, epoch }) => ({
    events: [['ConfigProposed', providerId, version, epoch + NOTICE, dearer(rules)]],
    returns: [version, epoch + NOTICE],
    facts: { 'proposedVersion of the provider': version, 'proposedEpoch of the provider': epoch + NOTICE },
  }))
const admits = (whom: 'operator' | 'newcomer' | 'stranger', then = 'welcome') =>
  goes('lets join', ({ cast: { providerId, parties } }) => ({
    events: [['OperatorAdmitted', providerId, parties[whom]]],
    facts: { [`${whom} at the provider`]: then },
  }))
const already = (whom: 'operator' | 'newcomer' | 'stranger') =>
  refused('AlreadyAdmitted', ({ cast: { providerId, parties } }) => [providerId, parties[whom]])

// ---- outcomes by state

/** What nothing about another provider changes. */
const REGISTERING = {
  registerProvider: registers((cell) => cell.by, false, ['stranger']),
  'registerProvider for a masked id': registers(({ cast }) => cast.parties.stranger, true, ['newcomer']),
  'registerProvider for nobody': registers(() => ZeroAddress, true, []),
  'registerProvider for nobody, not open': refused('BadProviderOwner', () => [ZeroAddress]),
}
const FIRST: Expected = {
  ...REGISTERING,
  proposeConfig: ownersOnly(announces(2n)),
  'proposeConfig of bad rules': ownersOnly(refused('BadProviderConfig', () => ['quorum', 17n])),
  'admit the stranger': ownersOnly(admits('stranger')),
  'admit the stranger by its masked id': ownersOnly(admits('stranger')),
  'admit the newcomer': ownersOnly(already('newcomer')),
  'admit the operator': ownersOnly(already('operator')),
  'admit nobody': ownersOnly(refused('BadOperatorOwner', () => [ZeroAddress])),
}
const announced = refused('AlreadyProposed', ({ cast }) => [2n, cast.epochs.announced + NOTICE])
/** Of all calls that are about the provider, by everybody. */
const all = (outcome: Outcome): Expected => ({
  ...REGISTERING,
  ...{ proposeConfig: outcome, 'proposeConfig of bad rules': outcome, 'admit the stranger': outcome },
  ...{ 'admit the stranger by its masked id': outcome, 'admit the newcomer': outcome },
  ...{ 'admit the operator': outcome, 'admit nobody': outcome },
})

// ---- ways to the states

const first = () => cast()
const announce = ({ registry, rules }: Cast) => registry.proposeConfig(PROVIDER, rules)
/** The next epoch is `epochsMore` after the first in which version 2 is in force. */
const inForce = (epochsMore: bigint) => (given: Cast) => mineUpTo(given.epochs.announced + NOTICE + epochsMore - 1n)
const about = (providerId: bigint) => (given: Cast) => Promise.resolve((given.providerId = providerId))
const registerFor =
  (owner: string, open: boolean) =>
  ({ registry, rules }: Cast) =>
    registry.registerProvider('second', owner, open, rules, [])

describe('OracleRegistry: providers, every call in every state by everybody', () => {
  testProduct({
    of: 'IOracleProviders',
    calls: CALLS,
    look,
    situations: [
      { title: 'the provider has its first version', reach: after(first), expected: FIRST },
      {
        title: 'another version is announced, up to the last epoch before it is in force',
        reach: after(first, announce, mark('announced'), inForce(-1n)),
        expected: {
          ...FIRST,
          proposeConfig: ownersOnly(announced),
          'proposeConfig of bad rules': ownersOnly(announced),
        },
      },
      {
        title: 'another version is in force, from its first epoch',
        reach: after(first, announce, mark('announced'), inForce(0n)),
        expected: { ...FIRST, proposeConfig: ownersOnly(announces(3n)) },
      },
      {
        title: 'the stranger is admitted',
        reach: after(first, ({ registry, stranger }) => registry.admit(PROVIDER, stranger)),
        expected: {
          ...FIRST,
          'admit the stranger': ownersOnly(already('stranger')),
          'admit the stranger by its masked id': ownersOnly(already('stranger')),
        },
      },
      {
        title: 'the operator left',
        reach: after(first, ({ registry, operator }) => registry.connect(operator).leave(1n)),
        expected: { ...FIRST, 'admit the operator': ownersOnly(admits('operator')) },
      },
      {
        title: 'the newcomer joined',
        reach: after(first, async ({ registry, parties }) => {
          const newcomer = await ethers.getSigner(parties.newcomer)
          await registry.connect(newcomer).join(PROVIDER, newcomer, '', { value: STAKE })
        }),
        expected: {
          ...FIRST,
          'admit the stranger': ownersOnly(admits('stranger', 'TooManyOperators')),
          'admit the stranger by its masked id': ownersOnly(admits('stranger', 'TooManyOperators')),
        },
      },
      {
        title: 'the provider is owned by the stranger, who was named by its masked id',
        reach: after(first, registerFor(STRANGERS_ALIAS, false), about(2n)),
        expected: {
          ...REGISTERING,
          proposeConfig: ownersOnly(announces(2n), 'stranger'),
          'proposeConfig of bad rules': ownersOnly(
            refused('BadProviderConfig', () => ['quorum', 17n]),
            'stranger',
          ),
          'admit the stranger': ownersOnly(admits('stranger'), 'stranger'),
          'admit the stranger by its masked id': ownersOnly(admits('stranger'), 'stranger'),
          'admit the newcomer': ownersOnly(admits('newcomer'), 'stranger'),
          'admit the operator': ownersOnly(admits('operator'), 'stranger'),
          'admit nobody': ownersOnly(
            refused('BadOperatorOwner', () => [ZeroAddress]),
            'stranger',
          ),
        },
      },
      {
        title: 'nobody owns the provider',
        reach: after(first, registerFor(ZeroAddress, true), about(2n)),
        expected: all(refused('NotProviderOwner', (cell) => [ZeroAddress, cell.by])),
      },
      {
        title: 'there is no such provider',
        reach: after(first, about(UNKNOWN)),
        expected: all(refused('UnknownProvider', () => [UNKNOWN])),
      },
    ],
  })
})
