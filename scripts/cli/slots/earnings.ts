import { fil } from '../../lib/amounts.ts'
import { parseMiner } from '../../lib/numbers.ts'
import { dayOf, type Clock } from '../../lib/perpetual/clock.ts'
import { withdrawProvider } from '../../lib/perpetual/close.ts'
import { readOrder } from '../../lib/perpetual/order.ts'
import { dueNow, readSlotsOfProvider, type SlotFacts } from '../../lib/perpetual/slot.ts'
import { renderTable } from '../../lib/table.ts'
import type { CliContext, ReadContext } from '../context.ts'
import { clockOf, perpetualOf } from '../perpetual.ts'

export interface EarningsOptions {
  provider: string
}

/** A live slot, and what settling it now would bring, attoFIL. */
type EarningSlot = SlotFacts & { due: bigint }

/** `slots earnings`: what a provider may withdraw, what each of its slots earned, and what is due by when. */
export async function earnings(context: ReadContext, options: EarningsOptions): Promise<void> {
  const provider = parseMiner('--provider', options.provider)
  const perpetual = await perpetualOf(context)
  const clock = await clockOf(context)
  const slots: EarningSlot[] = []
  for (const slot of await readSlotsOfProvider(perpetual, provider)) {
    const { terms } = await readOrder(perpetual, slot.orderId)
    slots.push({ ...slot, due: dueNow(slot, terms.gapEpochs, clock.epoch) })
  }
  const earned = await perpetual.earnedOf(provider)
  const due = slots.reduce((sum, slot) => sum + slot.due, 0n)
  const collateral = slots.reduce((sum, slot) => sum + slot.collateral, 0n)
  context.say(describe(provider, slots, { earned, due, collateral }, clock), {
    ...{ provider, earned, due, collateral, slots, epoch: clock.epoch },
  })
}

function describe(
  provider: bigint,
  slots: EarningSlot[],
  { earned, due, collateral }: { earned: bigint; due: bigint; collateral: bigint },
  clock: Clock,
): string {
  const rows = slots.map((slot) => [
    ...[`${slot.slot}`, slot.state, fil(slot.paid), fil(slot.due)],
    slot.state === 'Claimed'
      ? `prove by ${slot.claimBy} (${dayOf(clock, slot.claimBy)})`
      : `settle by ${slot.settleBy} (${dayOf(clock, slot.settleBy)})`,
    slot.end > 0n ? dayOf(clock, slot.end) : '',
  ])
  const words = `f0${provider} has ${fil(earned)} to withdraw, ${fil(due)} due if settled now, ${fil(collateral)} put down in ${slots.length} live slots`
  if (slots.length === 0) return words
  return `${words}\n${renderTable(['slot', 'state', 'earned', 'due', 'next', 'ends'], rows)}`
}

/** `slots withdraw`: pays what a provider earned to its owner; anyone may. */
export async function withdraw(context: CliContext, options: EarningsOptions): Promise<void> {
  const provider = parseMiner('--provider', options.provider)
  const paid = await withdrawProvider(await perpetualOf(context), provider)
  context.say(`paid ${fil(paid.amount)} to ${paid.owner}, the owner of f0${provider}`, { ...paid })
}
