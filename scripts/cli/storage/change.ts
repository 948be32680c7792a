import { toUtf8Bytes } from 'ethers'
import { MAX_REPLICAS } from '../../../oracle/chain/perpetual-rules.ts'
import { aboutFil, parseFil } from '../../lib/amounts.ts'
import { parseWhole } from '../../lib/numbers.ts'
import { whenWords } from '../../lib/perpetual/clock.ts'
import { readOrder, type OrderFacts } from '../../lib/perpetual/order.ts'
import { perGibYear, priceOfRate } from '../../lib/perpetual/rates.ts'
import { done } from '../../lib/perpetual/sent.ts'
import type { CliContext } from '../context.ts'
import { clockOf, parseOrderId, perpetualOf } from '../perpetual.ts'
import { checkSeed } from './bring.ts'

export interface PriceOptions {
  price?: string
  ceiling?: string
}

/** `storage price ID`: what future claims are paid, for a GiB kept a year. */
export async function price(context: CliContext, idText: string, options: PriceOptions): Promise<void> {
  const perpetual = await perpetualOf(context)
  const order = await readOrder(perpetual, parseOrderId(idText))
  const { next, ceiling } = newPrices(order, options)
  const { transaction } = await done(perpetual, await perpetual.setPrice(order.id, next, ceiling))
  const rate = (perEpoch: bigint) => aboutFil(perGibYear(perEpoch, order.pieceSize))
  context.say(
    `order ${order.id} pays ${rate(next)} for a GiB a year from the next claim on, a successor up to ${rate(ceiling)}`,
    { orderId: order.id, price: next, ceiling, transaction },
  )
}

/** What future claims of an order are to be paid per replica and epoch, attoFIL. @throws Error that names the option */
export function newPrices(
  order: Pick<OrderFacts, 'price' | 'ceiling' | 'pieceSize'>,
  options: PriceOptions,
): { next: bigint; ceiling: bigint } {
  if (options.price === undefined && options.ceiling === undefined) {
    throw new Error('say what changes: --price, --ceiling or both, FIL for a GiB kept a year')
  }
  const priceOf = (option: string, text: string) => {
    const perEpoch = priceOfRate(parseFil(option, text), order.pieceSize)
    if (perEpoch === 0n) throw new Error(`${option} ${text} pays less than 1 attoFIL an epoch for ${order.pieceSize} B`)
    return perEpoch
  }
  const next = options.price === undefined ? order.price : priceOf('--price', options.price)
  const ceiling = options.ceiling === undefined ? max(order.ceiling, next) : priceOf('--ceiling', options.ceiling)
  return { next, ceiling }
}

/** `storage replicas ID N`: to how many future claims may bring it; ends none. */
export async function replicas(context: CliContext, idText: string, countText: string): Promise<void> {
  const orderId = parseOrderId(idText)
  const count = parseWhole('N', countText, 1n, MAX_REPLICAS)
  const perpetual = await perpetualOf(context)
  const { transaction } = await done(perpetual, await perpetual.setReplicas(orderId, count))
  context.say(`order ${orderId} is to have ${count} replicas; those that run are not ended`, {
    ...{ orderId, replicas: count, transaction },
  })
}

/** `storage seed ID URL`: where the piece is to be fetched. */
export async function seed(context: CliContext, idText: string, url: string): Promise<void> {
  const orderId = parseOrderId(idText)
  const perpetual = await perpetualOf(context)
  const { transaction } = await done(perpetual, await perpetual.setSeed(orderId, toUtf8Bytes(checkSeed(url))))
  context.say(`order ${orderId} says that its piece is at ${url}`, { orderId, seed: url, transaction })
}

/** `storage end ID EPOCH|never`: beyond which epoch no future slot runs. */
export async function end(context: CliContext, idText: string, epochText: string): Promise<void> {
  const orderId = parseOrderId(idText)
  const epoch = epochText === 'never' ? 0n : parseWhole('EPOCH', epochText)
  const perpetual = await perpetualOf(context)
  const { transaction } = await done(perpetual, await perpetual.setEnd(orderId, epoch))
  const words =
    epoch === 0n ? 'goes on for as long as its money lasts' : `ends at ${whenWords(await clockOf(context), epoch)}`
  context.say(`order ${orderId} ${words}; slots that run are not changed`, { orderId, endEpoch: epoch, transaction })
}

/** `storage suspend ID`: no claims until it is resumed. */
export async function suspend(context: CliContext, idText: string): Promise<void> {
  const orderId = parseOrderId(idText)
  const perpetual = await perpetualOf(context)
  const { transaction } = await done(perpetual, await perpetual.suspend(orderId))
  context.say(
    `order ${orderId} is suspended: nobody claims; replicas run on and are paid, none is replaced; resume it: npm run mooring -- storage resume ${orderId} --network ${context.network}`,
    { orderId, status: 'Suspended', transaction },
  )
}

/** `storage resume ID`. */
export async function resume(context: CliContext, idText: string): Promise<void> {
  const orderId = parseOrderId(idText)
  const perpetual = await perpetualOf(context)
  const { transaction } = await done(perpetual, await perpetual.resume(orderId))
  context.say(`order ${orderId} is live: its open slots can be claimed`, { orderId, status: 'Live', transaction })
}

const max = (a: bigint, b: bigint): bigint => (a > b ? a : b)
