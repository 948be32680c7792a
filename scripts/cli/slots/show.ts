import { slotLabel } from '../../../oracle/chain/slot-id.ts'
import { aboutFil, fil } from '../../lib/amounts.ts'
import { bytesWords } from '../../lib/numbers.ts'
import { whenWords, type Clock } from '../../lib/perpetual/clock.ts'
import { upcomingOfSlot } from '../../lib/perpetual/forecast.ts'
import { readOrder, type OrderFacts } from '../../lib/perpetual/order.ts'
import { perGibYear } from '../../lib/perpetual/rates.ts'
import { dueNow, readSlot, type SlotFacts } from '../../lib/perpetual/slot.ts'
import { parseSlot } from '../../lib/perpetual/slot-id.ts'
import type { ReadContext } from '../context.ts'
import { clockOf, describeRows, perpetualOf } from '../perpetual.ts'

/** `slots show SLOT`: where a slot stands, what it earned, and what is to be done by when. */
export async function show(context: ReadContext, slotText: string): Promise<void> {
  const perpetual = await perpetualOf(context)
  const slot = await readSlot(perpetual, parseSlot(slotText))
  const order = await readOrder(perpetual, slot.orderId)
  const clock = await clockOf(context)
  const due = dueNow(slot, order.terms.gapEpochs, clock.epoch)
  context.say(describe(slot, order, due, clock), {
    ...slot,
    label: slotLabel(slot.slot, slot.nonce),
    due,
    pieceCid: order.pieceCid,
    pieceSize: order.pieceSize,
    seed: order.seed,
    epoch: clock.epoch,
  })
}

function describe(slot: SlotFacts, order: OrderFacts, due: bigint, clock: Clock): string {
  const rows: [string, string][] = [
    ['state', slot.state],
    ['provider', `f0${slot.provider}, owned by f0${slot.owner}`],
    ['label', slotLabel(slot.slot, slot.nonce)],
    ['pays', `${slot.price} attoFIL an epoch, ${aboutFil(perGibYear(slot.price, order.pieceSize))} for a GiB a year`],
    ['piece', `${order.pieceCid}, ${bytesWords(order.pieceSize)} padded`],
    ['collateral', `${fil(slot.collateral)}, put down by ${slot.poster}`],
  ]
  if (slot.kind !== 'None') rows.push(['proven by', provenBy(slot)])
  if (slot.end > 0n && slot.start > 0n) {
    rows.push(['term', `${whenWords(clock, slot.start)} to ${whenWords(clock, slot.end)}`])
    rows.push(['earned', `${fil(slot.paid)}, for the time up to epoch ${slot.provenTo}`])
  }
  if (due > 0n) rows.push(['due now', `${fil(due)}: npm run mooring -- slots settle ${slot.slot}`])
  rows.push(...upcomingOfSlot(order, slot, clock).map(({ words }): [string, string] => ['next', words]))
  return describeRows(`slot ${slot.slot} of order ${slot.orderId}`, rows)
}

function provenBy({ kind, state, dealId, sector }: SlotFacts): string {
  const what = kind === 'Deal' ? `deal ${dealId}` : `sector ${sector}`
  if (state === 'Claimed') return `${what}, which is bound to it; not proven yet`
  return kind === 'Deal' ? `${what} in sector ${sector}` : what
}
