import { aboutFil, fil, parseFil } from '../../lib/amounts.ts'
import { bytesWords, parseBytes, parseMiner } from '../../lib/numbers.ts'
import { lengthWords, whenWords, type Clock } from '../../lib/perpetual/clock.ts'
import { readOpenSlots, type OpenSlotFacts } from '../../lib/perpetual/open-slots.ts'
import { readOrder, type OrderFacts } from '../../lib/perpetual/order.ts'
import { renderTable } from '../../lib/table.ts'
import type { ReadContext } from '../context.ts'
import { clockOf, perpetualOf } from '../perpetual.ts'

export interface ListOptions {
  minPrice?: string
  maxSize?: string
  provider?: string
}

/** A slot that can be claimed, and where its piece is. */
export type ListedSlot = OpenSlotFacts & Pick<OrderFacts, 'seed' | 'payloadCid'>

/** What a provider looks for. */
export interface SlotFilter {
  /** attoFIL for a GiB kept a year. */
  minRate?: bigint
  /** Padded bytes. */
  maxSize?: bigint
  /** Leaves out what is another's alone. */
  provider?: bigint
}

/** `slots list`: what can be claimed now, the best paid first. */
export async function list(context: ReadContext, options: ListOptions): Promise<void> {
  const filter = parseFilter(options)
  const perpetual = await perpetualOf(context)
  const clock = await clockOf(context)
  const orders = new Map<bigint, OrderFacts>()
  const slots: ListedSlot[] = []
  for await (const open of readOpenSlots(perpetual)) {
    if (!fits(open, filter, clock.epoch)) continue
    const order = orders.get(open.orderId) ?? (await readOrder(perpetual, open.orderId))
    orders.set(open.orderId, order)
    slots.push({ ...open, seed: order.seed, payloadCid: order.payloadCid })
  }
  slots.sort((a, b) => (a.payPerGibYear > b.payPerGibYear ? -1 : a.payPerGibYear < b.payPerGibYear ? 1 : 0))
  context.say(describe(slots, clock, context.network), { epoch: clock.epoch, slots })
}

export function parseFilter({ minPrice, maxSize, provider }: ListOptions): SlotFilter {
  return {
    ...(minPrice !== undefined && { minRate: parseFil('--min-price', minPrice) }),
    ...(maxSize !== undefined && { maxSize: parseBytes('--max-size', maxSize) }),
    ...(provider !== undefined && { provider: parseMiner('--provider', provider) }),
  }
}

export function fits(slot: OpenSlotFacts, { minRate, maxSize, provider }: SlotFilter, epoch: bigint): boolean {
  if (minRate !== undefined && slot.payPerGibYear < minRate) return false
  if (maxSize !== undefined && slot.pieceSize > maxSize) return false
  return provider === undefined || slot.incumbent === provider || slot.incumbentOnlyUntil <= epoch
}

const HEAD = ['slot', 'FIL a GiB-year', 'attoFIL an epoch', 'piece', 'term', 'collateral', 'prove within', 'fetch from']

function describe(slots: ListedSlot[], clock: Clock, network: string): string {
  if (slots.length === 0) return 'no slot like that can be claimed now'
  const rows = slots.map((slot) => [
    `${slot.slot}`,
    aboutFil(slot.payPerGibYear).replace(' FIL', ''),
    `${slot.price}`,
    bytesWords(slot.pieceSize),
    `${lengthWords(slot.minTermEpochs).replace(' days', '')} to ${lengthWords(slot.maxTermEpochs)}`,
    fil(slot.collateral),
    lengthWords(slot.claimBy - clock.epoch),
    slot.seed || 'not said',
  ])
  const reserved = slots.filter(({ incumbentOnlyUntil }) => incumbentOnlyUntil > clock.epoch)
  return [
    renderTable(HEAD, rows),
    ...reserved.map(
      ({ slot, incumbent, incumbentOnlyUntil }) =>
        `slot ${slot} is f0${incumbent}'s alone until ${whenWords(clock, incumbentOnlyUntil)}`,
    ),
    `take one: npm run mooring -- slots claim SLOT --provider f0… --network ${network}`,
  ].join('\n')
}
