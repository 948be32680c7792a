import { ZeroAddress, type BaseContract, type Result } from 'ethers'
import { EPOCH_SECONDS } from '../../../oracle/chain/epochs.ts'
import { aboutFil, fil } from '../amounts.ts'
import { readOrder, type OrderFacts } from '../perpetual/order.ts'
import { perGibYear } from '../perpetual/rates.ts'
import { revertName } from '../revert.ts'
import type { Call } from './calls.ts'
import type { Dao } from './contracts.ts'
import { SETTINGS } from './settings.ts'
import { readTerms, termsWords, type RawTerms } from './terms.ts'
import { oneLine } from './text.ts'
import { weightWords } from './weights.ts'

/** Words for the arguments of a function. What the call sends is said beside them; `order` is the one that it is about. */
type Reader = (dao: Dao, args: Result, order: OrderFacts | undefined) => string

interface Part {
  contract: BaseContract
  name: string
  readers: Record<string, Reader>
}

const OF_DAO: Record<string, Reader> = {
  setGuardian: (_, [account, until]) =>
    account === ZeroAddress ? 'have no guardian' : `have ${account} as the guardian, to the end of epoch ${until}`,
  setDefaultTerms: (_, [terms]) =>
    `set the terms of who proposes without terms: ${termsWords(readTerms((terms as Result).toObject() as RawTerms))}`,
}

const OF_MEMBERSHIP: Record<string, Reader> = {
  admit: (_, [accounts]) => `admit ${listed(accounts as Result)}`,
  remove: (_, [accounts]) => `expel ${listed(accounts as Result)}`,
  mint: (dao, [accounts, weights]) =>
    (accounts as Result).map((to, i) => `give ${to} ${weightWords(dao, (weights as Result)[i] as bigint)}`).join(', '),
}

const OF_STORAGE: Record<string, Reader> = {
  topUp: (_, [id], order) => `top up ${orderWords(id, order)}`,
  setPrice: (_, [id, price, ceiling], order) => {
    const rate = (perEpoch: bigint) => `${aboutFil(perGibYear(perEpoch, order!.pieceSize))} for a GiB a year`
    return `pay replicas of ${orderWords(id, order)} ${rate(price as bigint)} from the next claim on, a successor up to ${rate(ceiling as bigint)}`
  },
  suspend: (_, [id], order) => `suspend ${orderWords(id, order)}: no claims until it is resumed`,
  resume: (_, [id], order) => `resume ${orderWords(id, order)}: open for claims again`,
  cancel: (_, [id], order) => `cancel ${orderWords(id, order)} for good`,
}

const OF_SETTINGS: Record<string, Reader> = Object.fromEntries(
  Object.entries(SETTINGS).map(([name, { setter, field, words }]) => [
    setter,
    (dao: Dao, [value]: Result) =>
      `set ${name} to ${words(field === 'timelockDelay' ? (value as bigint) / EPOCH_SECONDS : (value as bigint), dao)}`,
  ]),
)

function partsOf(dao: Dao): Part[] {
  const { governor, treasury, storage, weighted, token, badge, pinning, registry } = dao
  return [
    { contract: governor, name: 'the DAO', readers: { ...OF_DAO, ...OF_SETTINGS } },
    { contract: treasury, name: 'the treasury', readers: OF_SETTINGS },
    { contract: weighted ? token : badge, name: weighted ? 'the token' : 'the membership', readers: OF_MEMBERSHIP },
    { contract: storage, name: 'PerpetualStorage', readers: OF_STORAGE },
    { contract: pinning, name: 'PinningRequests', readers: {} },
    { contract: registry, name: 'OracleRegistry', readers: {} },
  ]
}

/** A call in the words of who votes on it, in one line. `read`: whether they say what it does. */
export interface CallWords {
  words: string
  read: boolean
}

/** Decodes a call of one of the DAO's parts, or of the contracts it is a client of. */
export async function callWords(dao: Dao, { target, value, data }: Call): Promise<CallWords> {
  if (data === '0x') return { words: `pay ${fil(value)} to ${target}`, read: true }
  const sends = value === 0n ? '' : `, with ${fil(value)}`
  const part = partsOf(dao).find(({ contract }) => contract.target === target)
  const call = part && decode(part.contract, data)
  if (!call) {
    const bytes = `${(data.length - 2) / 2} B: ${data.slice(0, 10)}${data.length > 10 ? '…' : ''}`
    return { words: `call ${target}${sends} in a way that cannot be read here (${bytes})`, read: false }
  }
  if (part.contract === dao.governor && call.name === 'relay') {
    const [to, amount, bytes] = call.args as unknown as [string, bigint, string]
    const { words, read } = await callWords(dao, { target: to, value: amount, data: bytes })
    return { words: `have the DAO itself ${words}${sends}`, read }
  }
  const order = part.contract === dao.storage ? await orderOf(dao, call) : undefined
  return { words: oneLine(wordsOf(dao, part, call, order)) + sends, read: true }
}

/** By its reader; by its name and arguments where there is none, or where they are not such as it expects. */
function wordsOf(dao: Dao, { name, readers }: Part, call: Decoded, order: OrderFacts | undefined): string {
  try {
    const words = readers[call.name]?.(dao, call.args, order)
    if (words !== undefined) return words
  } catch {
    // anybody may propose arguments that make no sense: the contract refuses them then
  }
  return `call ${name}: ${call.name}(${call.named})`
}

interface Decoded {
  name: string
  args: Result
  /** The arguments in words, with their names. */
  named: string
  /** The first argument's name. */
  about: string | undefined
}

/** undefined for what is none of its functions, and for arguments that are cut off. */
function decode(contract: BaseContract, data: string): Decoded | undefined {
  try {
    const call = contract.interface.parseTransaction({ data })
    if (!call) return undefined
    const { name, args, fragment } = call
    const values = args.toArray(true) // throws where one of them cannot be read
    const named = fragment.inputs.map((input, i) => `${input.name && `${input.name}: `}${String(values[i])}`)
    return { name, args, named: named.join(', '), about: fragment.inputs[0]?.name }
  } catch {
    return undefined
  }
}

async function orderOf({ storage }: Dao, { about, args }: Decoded): Promise<OrderFacts | undefined> {
  if (about !== 'orderId') return undefined
  try {
    return await readOrder(storage, args[0] as bigint)
  } catch (error) {
    if (revertName(error) === 'UnknownOrder') return undefined
    throw error
  }
}

function orderWords(id: unknown, order: OrderFacts | undefined): string {
  if (!order) return `order ${String(id)}, which there is not`
  return order.payloadCid === null ? `order ${order.id}` : `order ${order.id} (${order.payloadCid})`
}

const listed = (accounts: Result): string => accounts.toArray().join(', ')
