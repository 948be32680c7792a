import { getAddress, toBeHex, zeroPadValue } from 'ethers'
import type { HardhatEthersSigner } from '@nomicfoundation/hardhat-ethers/types'
import { ACTOR_ADDRESSES, maskedIdAddress } from '../../../scripts/local/actors.ts'
import { codeThatReturns } from '../../helpers/evm-code.ts'
import { readMany, type View } from '../../helpers/read-many.ts'
import {
  BURN_ACTOR,
  deployRegistry,
  ethers,
  networkHelpers,
  now,
  OTHER,
  PROVIDER,
  rules,
  setBalance,
  setCode,
  WINDOW,
  type Rules,
  type World,
} from './world.ts'

/** Who may call. The operator votes with a key of its own; the other operator votes itself; the newcomer is admitted and has not
 * joined, and is an account without an Ethereum address; requester and arbiter are contracts. */
export const ROLES = [
  'provider owner',
  'operator',
  'reporter',
  'appointed key',
  'other operator',
  'newcomer',
  'requester',
  'challenger',
  'arbiter',
  'stranger',
] as const
export type Role = (typeof ROLES)[number]

/** A {@link World} in which everybody has a part.
 * @param operator Operator 1's owner; operator 2's is `other`.
 * @param id What calls are about: an operator, or a request.
 * @param answer What the operators agree on.
 * @param epochs When things happened, by name: {@link mark}. */
export interface Cast extends World {
  parties: Record<Role, string>
  operator: HardhatEthersSigner
  reporter: HardhatEthersSigner
  appointed: HardhatEthersSigner
  other: HardhatEthersSigner
  challenger: HardhatEthersSigner
  id: bigint
  answer: string
  epochs: Record<string, bigint>
}

/** An odd one, so that half of it is less than the other half. */
export const SLASH = 1_000_001n
export const STAKE = 10_000_000n

const actor = (id: number) => getAddress(maskedIdAddress(id))
const NEWCOMER = actor(1233)
const STRANGERS_ID = 1234
/** The stranger's other name. */
export const STRANGERS_ALIAS = actor(STRANGERS_ID)

/** A quorum of two, two operators and a free seat. `accepts`: whether operator 1's reporter accepted. */
export async function cast(changes: Partial<Rules> = {}, { accepts = true } = {}): Promise<Cast> {
  const [owner, stranger, operator, reporter, appointed, other, challenger] = await ethers.getSigners()
  const registry = await deployRegistry()
  const arbiter = await ethers.deployContract('ScriptedArbiter')
  const evidence = await ethers.deployContract('ScriptedEvidence')
  const client = await ethers.deployContract('ProbeClient', [registry])
  const judged = { arbiter: await arbiter.getAddress(), evidence: await evidence.getAddress() }
  const window = { windowEpochs: WINDOW, slash: SLASH, ...judged }
  const given = rules({ quorum: 2, ...(changes.windowEpochs === 0 ? {} : window), ...changes })
  const stake = given.minStake

  await registry.registerProvider('tests', owner, false, given, [operator, other, NEWCOMER])
  await registry.connect(operator).join(PROVIDER, reporter, 'https://operator.example', { value: stake })
  if (accepts) await registry.connect(reporter).acceptReporter(1n)
  await registry.connect(other).join(PROVIDER, other, '', { value: stake })

  const parties: Record<Role, string> = {
    'provider owner': owner.address,
    operator: operator.address,
    reporter: reporter.address,
    'appointed key': appointed.address,
    'other operator': other.address,
    newcomer: NEWCOMER,
    requester: await client.getAddress(),
    challenger: challenger.address,
    arbiter: await arbiter.getAddress(),
    stranger: stranger.address,
  }
  for (const address of [parties.newcomer, parties.requester, parties.arbiter]) {
    await networkHelpers.impersonateAccount(address)
    await setBalance(address, 10n ** 20n)
  }
  const known = codeThatReturns(`0x040a${stranger.address.slice(2)}`, zeroPadValue(toBeHex(STRANGERS_ID), 32))
  await setCode(ACTOR_ADDRESSES.lookupDelegatedAddress, known)

  return {
    ...{ registry, arbiter, evidence, client, providerId: PROVIDER, rules: given, owner, stranger, parties },
    ...{ operator, reporter, appointed, other, challenger, id: 0n, answer: OTHER, epochs: {} },
    owners: [operator, other],
    reporters: [reporter, other],
  }
}

/** A way to a state: a fixture, and what is done then. */
export interface Way {
  start: () => Promise<Cast>
  steps: ((cast: Cast) => Promise<unknown>)[]
}

/** `start`, then each of `steps`. */
export const after = (start: Way | (() => Promise<Cast>), ...steps: Way['steps']): Way =>
  typeof start === 'function' ? { start, steps } : { start: start.start, steps: [...start.steps, ...steps] }

/** Writes down that `name` happened in the last block. */
export const mark = (name: string) => async (cast: Cast) => {
  cast.epochs[name] = await now()
}

/** Reads views of the registry by the names that are given to them; undefined where one reverts. What is one value is that. */
export async function read({ registry }: Cast, blockTag: string, views: Record<string, View>) {
  const address = await registry.getAddress()
  const results = await readMany(ethers.provider, { abi: registry.interface, address, blockTag }, Object.values(views))
  const named = Object.keys(views).map((name, index) => [name, results[index]?.[0]])
  return Object.fromEntries(named) as Record<string, unknown>
}

/** What everybody can withdraw, and the sink, and what is held for all. */
export const booksOf = ({ parties }: Cast): Record<string, View> => ({
  ...Object.fromEntries(ROLES.map((role) => [`credit of the ${role}`, ['creditOf', [parties[role]]]])),
  'credit of the sink': ['creditOf', [BURN_ACTOR]],
  'held by the registry': ['liabilities', []],
})
