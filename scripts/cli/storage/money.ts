import { fil, parseFil, parseSome } from '../../lib/amounts.ts'
import { whenWords } from '../../lib/perpetual/clock.ts'
import { lasting } from '../../lib/perpetual/forecast.ts'
import { readOrder } from '../../lib/perpetual/order.ts'
import { done, eventNamed } from '../../lib/perpetual/sent.ts'
import { isLive, readSlotsOf } from '../../lib/perpetual/slot.ts'
import { confirm } from '../confirm.ts'
import type { CliContext } from '../context.ts'
import { clockOf, parseOrderId, perpetualOf } from '../perpetual.ts'

/** `storage topup ID`: adds to an order's free money; anyone may. */
export async function topup(context: CliContext, idText: string, options: { amount: string }): Promise<void> {
  const orderId = parseOrderId(idText)
  const amount = parseSome('--amount', options.amount)
  const perpetual = await perpetualOf(context)
  const { transaction } = await done(perpetual, await perpetual.topUp(orderId, { value: amount }))
  const order = await readOrder(perpetual, orderId)
  const clock = await clockOf(context)
  const { all } = lasting(order, await readSlotsOf(perpetual, orderId), clock.epoch)
  context.say(
    `order ${orderId} has ${fil(order.free)} free now: all its replicas to ${whenWords(clock, all)}, if providers renew at its price`,
    { orderId, amount, free: order.free, lastsAll: all, transaction },
  )
}

/** `storage cancel ID`: ends an order for good; replicas that run are paid to their ends. */
export async function cancel(context: CliContext, idText: string, options: { yes?: boolean }): Promise<void> {
  const orderId = parseOrderId(idText)
  const perpetual = await perpetualOf(context)
  const order = await readOrder(perpetual, orderId)
  const { epoch } = await clockOf(context)
  const live = (await readSlotsOf(perpetual, orderId)).filter((slot) => isLive(slot, epoch))
  context.note(
    `order ${orderId}: ${fil(order.free)} are free and become your credit; ${fil(order.reserved)} stay reserved for ${live.length} slots, which run to their ends; what they do not earn becomes your credit then`,
  )
  await confirm(context, `Cancel order ${orderId} for good?`, options.yes)
  const result = await done(perpetual, await perpetual.cancel(orderId))
  const amount = eventNamed(result, 'OrderCancelled').args.amount as bigint
  context.say(
    `order ${orderId} is cancelled, ${fil(amount)} are your credit; fetch it: npm run mooring -- storage withdraw ${orderId} --network ${context.network}`,
    { orderId, amount, reserved: order.reserved, transaction: result.transaction },
  )
}

/** `storage withdraw ID`: pays an order's free money, or a part of it, and all other credit there to its client. */
export async function withdraw(context: CliContext, idText: string, options: { amount?: string }): Promise<void> {
  const orderId = parseOrderId(idText)
  const perpetual = await perpetualOf(context)
  const order = await readOrder(perpetual, orderId)
  const amount = options.amount === undefined ? order.free : parseFil('--amount', options.amount)
  const transactions: string[] = []
  if (amount > 0n) transactions.push((await done(perpetual, await perpetual.withdrawFree(orderId, amount))).transaction)
  const paid = await perpetual.creditOf(context.signer.address)
  if (paid === 0n) {
    context.say(`order ${orderId} has nothing free, and ${context.signer.address} no credit`, {
      orderId,
      paid,
      transactions,
    })
    return
  }
  transactions.push((await done(perpetual, await perpetual.withdraw())).transaction)
  const { free } = await readOrder(perpetual, orderId)
  context.say(`paid ${fil(paid)} to ${context.signer.address}; order ${orderId} has ${fil(free)} free`, {
    ...{ orderId, paid, free, transactions },
  })
}
