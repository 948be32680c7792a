import { fil } from '../../lib/amounts.ts'
import { parseMiner } from '../../lib/numbers.ts'
import type { Perpetual } from '../../lib/perpetual/contract.ts'
import { settleSlot, settleSlots, type Settled } from '../../lib/perpetual/settle.ts'
import { readSlot, readSlotsOfProvider, type SlotFacts } from '../../lib/perpetual/slot.ts'
import { parseSlot } from '../../lib/perpetual/slot-id.ts'
import type { CliContext } from '../context.ts'
import { locatorOf, perpetualOf } from '../perpetual.ts'

export interface SettleOptions {
  all?: boolean
  provider?: string
}

/** `slots settle SLOT` or `--all --provider`: brings slots up to date with what Filecoin's actors say; anyone may. */
export async function settle(context: CliContext, slotText: string | undefined, options: SettleOptions): Promise<void> {
  const perpetual = await perpetualOf(context)
  const locator = await locatorOf(context)
  const settled =
    slotText !== undefined
      ? [await settleSlot(perpetual, locator, await readSlot(perpetual, parseSlot(slotText)))]
      : await settleSlots(perpetual, locator, await slotsToSettle(context, perpetual, options))
  const total = settled.reduce((sum, { paid }) => sum + paid, 0n)
  context.say(
    [
      ...settled.map(describe),
      ...(settled.length === 1 ? [] : [`${settled.length} slots settled, ${fil(total)} earned`]),
    ].join('\n'),
    { settled, paid: total },
  )
}

async function slotsToSettle(
  context: CliContext,
  perpetual: Perpetual,
  { all, provider }: SettleOptions,
): Promise<SlotFacts[]> {
  if (!all || provider === undefined) {
    throw new Error('name a slot, or all of a provider: slots settle --all --provider f01000')
  }
  const epoch = BigInt(await context.connection.ethers.provider.getBlockNumber())
  const slots = await readSlotsOfProvider(perpetual, parseMiner('--provider', provider))
  return slots.filter(({ state, provenTo }) => state === 'Active' && provenTo < epoch)
}

function describe({ slot, paid, returned, closed, bounty, faulty }: Settled): string {
  const parts = [
    ...(paid > 0n ? [`${fil(paid)} earned`] : []),
    ...(returned > 0n ? [`${fil(returned)} are the order's again`] : []),
    ...(faulty ? ['shown faulty: unpaid until it is shown alive'] : []),
    ...(closed ? [`${closed.toLowerCase()}`] : []),
    ...(bounty > 0n ? [`${fil(bounty)} of its collateral are yours`] : []),
  ]
  return `slot ${slot}: ${parts.join(', ') || 'nothing to pay'}`
}
