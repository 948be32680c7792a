import { expect } from 'chai'
import { toQuantity, ZeroAddress, type Interface, type LogDescription, type ParamType, type Result } from 'ethers'
import { ROLES, type Cast, type Role, type Way } from './cast.ts'
import { BURN_ACTOR, ethers, loadFixture, takeSnapshot } from './world.ts'

/** Every call × every state × every caller, each with what it comes to: the whole error or all events, what is returned, and all that it
 * changes. What is not written down must not happen. */

/** One call by one caller in one state; `epoch` is the one that it is made in, `before` what there is without it. */
export interface Cell {
  cast: Cast
  role: Role
  by: string
  epoch: bigint
  before: Seen
}

/** What a call that goes through does.
 * @param events All events, in order.
 * @param pays What the caller sends and the registry holds from then on, attoFIL; 0 unless given.
 * @param returns Nothing unless given.
 * @param money What each sum of {Seen} grows by, attoFIL.
 * @param facts What each fact of {Seen} is then; those that are not named are as they were. */
export interface Effect {
  events: [name: string, ...args: unknown[]][]
  pays?: bigint
  returns?: unknown[]
  money?: Record<string, bigint>
  facts?: Record<string, unknown>
}

type Refused = { told: string; error: string; args: (cell: Cell) => unknown[] }
type Done = { told: string; effect: (cell: Cell) => Effect }
type ByRole = { roles: Partial<Record<Role, Outcome>>; others: Outcome }
export type Outcome = Refused | Done | ByRole

/** It reverts with `error`. */
export const refused = (error: string, args: (cell: Cell) => unknown[] = () => []): Outcome => ({
  told: error,
  error,
  args,
})
/** It goes through; `told` is the rest of the sentence that begins with who calls. */
export const goes = (told: string, effect: (cell: Cell) => Effect): Outcome => ({ told, effect })
/** It depends on who calls. */
export const by = (roles: Partial<Record<Role, Outcome>>, others: Outcome): Outcome => ({ roles, others })

/** One effect after the other; sums add up. */
export function both(...effects: Effect[]): Effect {
  const money: Record<string, bigint> = {}
  for (const effect of effects) {
    for (const [name, amount] of Object.entries(effect.money ?? {})) money[name] = (money[name] ?? 0n) + amount
  }
  return {
    events: effects.flatMap(({ events }) => events),
    money,
    facts: Object.assign({}, ...effects.map(({ facts }) => facts)) as Record<string, unknown>,
  }
}

/** Money that is held becomes somebody's own; nothing if it is none. */
export function credited({ cast }: Cell, to: Role | 'sink', id: bigint, amount: bigint): Effect {
  if (amount === 0n) return { events: [] }
  const account = to === 'sink' ? BURN_ACTOR : cast.parties[to]
  return { events: [['Credited', account, id, amount]], money: { [`credit of the ${to}`]: amount } }
}

/** What a call may change: sums in attoFIL, and facts. */
export interface Seen {
  money: Record<string, bigint>
  facts: Record<string, unknown>
}

/** `pending` is the epoch of the call, without the call. */
export type At = 'latest' | 'pending'

/** What of a side can change: `held by the registry` is always among it. */
export type Look = (cast: Cast, at: At) => Promise<Seen>

export interface Call {
  /** The registry's function. */
  name: string
  args: unknown[]
  /** attoFIL */
  value?: bigint
}

/** A state and what each call comes to in it. */
export interface Situation<C extends string> {
  title: string
  reach: Way
  expected: Record<C, Outcome>
}

export interface Product<C extends string> {
  /** The interface whose functions these are, but for those whose product is `elsewhere`. */
  of: string
  elsewhere?: readonly string[]
  calls: Record<C, (cast: Cast, by: string) => Call>
  look: Look
  situations: Situation<C>[]
}

/** A state that is reached, and the epoch of the next call. */
interface State {
  cast: Cast
  epoch: bigint
  seen: Seen
}

/** The names of an interface's functions that change something. */
export const changingFunctions = (abi: Interface): string[] => {
  const names: string[] = []
  abi.forEachFunction(({ name, constant }) => {
    if (!constant) names.push(name)
  })
  return names.sort()
}

/** The tests of a product: one for each call in each state, of all callers. */
export function testProduct<C extends string>({ of, elsewhere = [], calls, look, situations }: Product<C>): void {
  const names = Object.keys(calls) as C[]

  it(`is of every function of ${of}`, async () => {
    const { interface: abi } = await ethers.getContractAt(of, ZeroAddress)
    const cast = await loadFixture(situations[0].reach.start)
    const called = names.map((name) => calls[name](cast, cast.parties.stranger).name)
    expect([...new Set([...called, ...elsewhere])].sort()).to.deep.equal(changingFunctions(abi))
  })

  let last: { reach: Way; state: State; restore: () => Promise<void> } | undefined
  /** The state, untouched. What many states begin with is built once. */
  async function arrive(reach: Way): Promise<State> {
    if (last?.reach === reach) {
      await last.restore()
      return last.state
    }
    const cast: Cast = { ...(await loadFixture(reach.start)), epochs: {} }
    for (const step of reach.steps) await step(cast)
    const epoch = BigInt(await ethers.provider.getBlockNumber()) + 1n
    const state = { cast, epoch, seen: await see(cast, look, 'pending') }
    const { restore } = await takeSnapshot()
    last = { reach, state, restore }
    return state
  }

  for (const { title, reach, expected } of situations) {
    context(`when ${title}`, () => {
      for (const name of names) {
        it(`${name}: ${tell(expected[name])}`, async () => {
          let state: State | undefined
          for (const role of ROLES) {
            state ??= await arrive(reach)
            const { cast, epoch } = state
            const cell = { cast, role, by: cast.parties[role], epoch, before: state.seen }
            const call = calls[name](cast, cell.by)
            const outcome = outcomeFor(expected[name], role)
            if ('error' in outcome) {
              await expectRefusal(cell, call, outcome)
            } else {
              await expectEffect(cell, call, outcome.effect(cell), look)
              state = undefined
            }
          }
        })
      }
    })
  }
}

function outcomeFor(outcome: Outcome, role: Role): Refused | Done {
  return 'roles' in outcome ? outcomeFor(outcome.roles[role] ?? outcome.others, role) : outcome
}

function tell(outcome: Outcome): string {
  if (!('roles' in outcome)) return `everybody ${told(outcome, 'gets')}`
  const named = Object.entries(outcome.roles).map(([role, each]) => `the ${role} ${told(each, 'gets')}`)
  return [...named, `others ${told(outcome.others, 'get')}`].join(', ')
}

/** The end of a sentence that begins with who calls. */
function told(outcome: Outcome, get: string): string {
  if ('roles' in outcome) return tell(outcome)
  return 'error' in outcome ? `${get} ${outcome.told}` : outcome.told
}

/** attoFIL; given, so that the node need not be asked for it. */
const GAS_PRICE = 10n ** 10n

const transactionOf = ({ cast, by: from }: Cell, { name, args, value = 0n }: Call) => ({
  from,
  to: cast.registry.target as string,
  data: cast.registry.interface.encodeFunctionData(name as 'leave', args as never),
  value: toQuantity(value),
  gas: toQuantity(10_000_000n),
  gasPrice: toQuantity(GAS_PRICE),
})

/** Makes the call without a transaction, in the next epoch. */
async function simulate(cell: Cell, call: Call): Promise<{ result?: string; error?: string }> {
  try {
    return { result: (await ethers.provider.send('eth_call', [transactionOf(cell, call), 'pending'])) as string }
  } catch (error) {
    return { error: revertDataOf(error) }
  }
}

/** A revert's data, wherever the error that tells of it keeps it. */
export function revertDataOf(error: unknown): string {
  const { data, error: inner } = error as { data?: string | { data: string }; error?: unknown }
  if (typeof data === 'string') return data
  if (data !== undefined) return data.data
  if (inner === undefined) throw error
  return revertDataOf(inner)
}

/** What a side shows, and what the registry has. */
async function see(cast: Cast, look: Look, at: At): Promise<Seen> {
  const { money, facts } = await look(cast, at)
  return { money: { ...money, 'balance of the registry': await ethers.provider.getBalance(cast.registry) }, facts }
}

async function expectRefusal(cell: Cell, call: Call, { error, args }: Refused) {
  const { interface: abi } = cell.cast.registry
  const simulated = await simulate(cell, call)
  const parsed = abi.parseError(simulated.error ?? '0x')
  const wanted = abi.parseError(abi.encodeErrorResult(error, args(cell)))!

  expect(parsed ? show(parsed) : simulated, `by the ${cell.role}`).to.equal(show(wanted))
}

/** What the call would return. */
async function returnedBy(cell: Cell, call: Call): Promise<unknown[]> {
  const { interface: abi } = cell.cast.registry
  const { result, error } = await simulate(cell, call)
  expect(error && (abi.parseError(error) ?? error), `refused to the ${cell.role}`).to.equal(undefined)
  return abi.decodeFunctionResult(call.name as 'join', result!).toArray() as unknown[]
}

/** As the node tells it. */
interface Receipt {
  status: string
  gasUsed: string
  logs: { topics: string[]; data: string }[]
}

async function expectEffect(cell: Cell, call: Call, effect: Effect, look: Look) {
  const { cast, by: caller, role, before } = cell
  const { registry } = cast
  const { interface: abi } = registry
  const { events, pays = 0n, returns = [], money = {}, facts = {} } = effect
  const had = await ethers.provider.getBalance(caller)
  const returned = registry.getFunction(call.name).fragment.outputs.length === 0 ? [] : await returnedBy(cell, call)
  const hash = (await ethers.provider.send('eth_sendTransaction', [transactionOf(cell, call)])) as string
  const receipt = (await ethers.provider.send('eth_getTransactionReceipt', [hash])) as Receipt
  const has = await ethers.provider.getBalance(caller)
  const after = await see(cast, look, 'latest')

  expect(returned, `returned to the ${role}`).to.deep.equal(returns)
  expect(BigInt(receipt.status), `status, by the ${role}`).to.equal(1n)
  const emitted = receipt.logs.map((log) => show(abi.parseLog(log)!))
  const wanted = events.map(([name, ...args]) => show(abi.parseLog(abi.encodeEventLog(name, args) as never)!))
  expect(emitted, `events by the ${role}`).to.deep.equal(wanted)
  const books = { 'balance of the registry': pays, 'held by the registry': pays }
  expect(growth(before.money, after.money), `money, by the ${role}`).to.deep.equal(nonzero({ ...books, ...money }))
  expect(after.facts, `facts, by the ${role}`).to.deep.equal({ ...before.facts, ...facts })
  expect(has - had, `balance of the ${role}`).to.equal(-pays - BigInt(receipt.gasUsed) * GAS_PRICE)
}

function growth(before: Record<string, bigint>, after: Record<string, bigint>) {
  return nonzero(Object.fromEntries(Object.keys(after).map((name) => [name, after[name] - before[name]])))
}

const nonzero = (sums: Record<string, bigint>) =>
  Object.fromEntries(Object.entries(sums).filter(([, amount]) => amount !== 0n))

/** An event or error with its arguments by name, nested ones too. */
function show({
  name,
  fragment,
  args,
}: Pick<LogDescription, 'name' | 'args'> & { fragment: { inputs: readonly ParamType[] } }) {
  const text = fragment.inputs.map((input, index) => `${input.name}: ${showValue(args[index])}`)
  return `${name}(${text.join(', ')})`
}

function showValue(value: unknown): string {
  return Array.isArray(value) ? `[${(value as Result).map(showValue).join(', ')}]` : String(value)
}
