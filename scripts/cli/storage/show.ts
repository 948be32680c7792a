import { aboutFil, fil } from '../../lib/amounts.ts'
import { bytesWords } from '../../lib/numbers.ts'
import { dayOf, lengthWords, whenWords, type Clock } from '../../lib/perpetual/clock.ts'
import { lasting, upcoming, type Lasting, type Upcoming } from '../../lib/perpetual/forecast.ts'
import { readOpenSlotsOf } from '../../lib/perpetual/open-slots.ts'
import { readOrder, type OrderFacts } from '../../lib/perpetual/order.ts'
import { perGibYear } from '../../lib/perpetual/rates.ts'
import { isLive, readSlotsOf, type SlotFacts } from '../../lib/perpetual/slot.ts'
import type { ReadContext } from '../context.ts'
import { clockOf, describeRows, parseOrderId, perpetualOf } from '../perpetual.ts'

/** `storage show ID`: an order's replicas, its money and how long that lasts, and what happens next. */
export async function show(context: ReadContext, idText: string): Promise<void> {
  const perpetual = await perpetualOf(context)
  const order = await readOrder(perpetual, parseOrderId(idText))
  const slots = await readSlotsOf(perpetual, order.id)
  const clock = await clockOf(context)
  const lasts = lasting(order, slots, clock.epoch)
  const next = upcoming(order, slots, await readOpenSlotsOf(perpetual, order.id), clock)
  const credit = await perpetual.creditOf(order.client)
  context.say(describe(order, slots, { lasts, next, credit }, clock), {
    ...{ ...order, slots, credit, next, epoch: clock.epoch },
    ...{ payPerGibYear: perGibYear(order.price, order.pieceSize), lastsAll: lasts.all, lastsAny: lasts.any },
  })
}

interface Outlook {
  lasts: Lasting
  next: Upcoming[]
  credit: bigint
}

function describe(order: OrderFacts, slots: SlotFacts[], { lasts, next, credit }: Outlook, clock: Clock): string {
  const live = slots.filter((slot) => isLive(slot, clock.epoch))
  const active = live.filter(({ state }) => state === 'Active')
  const claimed = live.length - active.length
  const rate = (price: bigint) => aboutFil(perGibYear(price, order.pieceSize))
  const rows: [string, string][] = [
    ['status', order.status],
    ['client', order.client],
    ['piece', `${order.pieceCid}, ${bytesWords(order.pieceSize)} padded`],
    ...(order.payloadCid ? [['cid', order.payloadCid] as [string, string]] : []),
    ['seed', order.seed || 'not said'],
    ['price', `${rate(order.price)} for a GiB a year, a successor's rises to ${rate(order.ceiling)}`],
    ['replicas', `${active.length} of ${order.replicas} proven${claimed > 0 ? `, ${claimed} claimed` : ''}`],
    ...live.map((slot): [string, string] => [`slot ${slot.slot}`, slotWords(slot, clock)]),
    [
      'money',
      `${fil(order.free)} free, ${fil(order.reserved)} reserved for its replicas${credit > 0n ? `; your credit ${fil(credit)}` : ''}`,
    ],
    ['lasts', lastsWords(order, lasts, clock)],
    ...next.map(({ words }): [string, string] => ['next', words]),
  ]
  return describeRows(`order ${order.id}`, rows)
}

function slotWords({ state, provider, claimBy, end, paid, faultSince }: SlotFacts, clock: Clock): string {
  if (state === 'Claimed') return `f0${provider}, claimed, to be proven by ${dayOf(clock, claimBy)}`
  const how = faultSince > 0n ? 'faulty, unpaid' : 'active'
  return `f0${provider}, ${how} until ${dayOf(clock, end)}, earned ${fil(paid)}`
}

function lastsWords({ id, replicas, status }: OrderFacts, { all, any }: Lasting, clock: Clock): string {
  if (any <= clock.epoch) {
    return status === 'Live'
      ? `not for one more term: npm run mooring -- storage topup ${id} --amount FIL`
      : 'no replica is paid'
  }
  if (all === any) return `to ${whenWords(clock, all)}, if providers renew at this price`
  const first = all > clock.epoch ? `all ${replicas} to ${whenWords(clock, all)}` : `fewer than ${replicas} from now on`
  return `${first}, the last one to ${dayOf(clock, any)} (${lengthWords(any - clock.epoch)}), if providers renew at this price`
}

const PAGE = 200n

/** `storage list`: the orders of an account. */
export async function list(context: ReadContext): Promise<void> {
  const perpetual = await perpetualOf(context)
  const client = context.from ?? (await context.connection.ethers.getSigners())[0]?.address
  if (client === undefined) throw new Error('whose orders? Name an account: --from ADDRESS')
  const orders: OrderFacts[] = []
  for (let start = 0n; ; start += PAGE) {
    const ids = await perpetual.ordersOf(client, start, PAGE)
    for (const id of ids) orders.push(await readOrder(perpetual, id))
    if (BigInt(ids.length) < PAGE) break
  }
  const words = orders.map(
    ({ id, status, replicas, pieceSize, free, reserved }) =>
      `order ${id}: ${status}, ${replicas} replicas of ${bytesWords(pieceSize)}, ${fil(free)} free, ${fil(reserved)} reserved`,
  )
  context.say(words.join('\n') || `${client} has no orders`, { client, orders })
}
