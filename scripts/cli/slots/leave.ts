import { fil } from '../../lib/amounts.ts'
import { closeSlot, type Closed } from '../../lib/perpetual/close.ts'
import { readSlot } from '../../lib/perpetual/slot.ts'
import { parseSlot } from '../../lib/perpetual/slot-id.ts'
import { confirm } from '../confirm.ts'
import type { CliContext } from '../context.ts'
import { perpetualOf } from '../perpetual.ts'

/** `slots abandon SLOT`: gives a claim back while its piece may still be fetched, for a small fee. */
export async function abandon(context: CliContext, slotText: string): Promise<void> {
  const closed = await closeSlot(await perpetualOf(context), 'abandon', parseSlot(slotText))
  context.say(`slot ${closed.slot} is given back: ${collateralWords(closed)}`, { ...closed })
}

/** `slots resign SLOT`: leaves an active slot before its end, which costs the collateral. */
export async function resign(context: CliContext, slotText: string, options: { yes?: boolean }): Promise<void> {
  const perpetual = await perpetualOf(context)
  const slot = await readSlot(perpetual, parseSlot(slotText))
  context.note(
    `slot ${slot.slot} of f0${slot.provider}: its collateral of ${fil(slot.collateral)} becomes the order's, nothing after epoch ${slot.provenTo} is paid; settle first`,
  )
  await confirm(context, `Resign from slot ${slot.slot}?`, options.yes)
  const closed = await closeSlot(perpetual, 'resign', slot.slot)
  context.say(`slot ${closed.slot} is resigned: ${collateralWords(closed)}`, { ...closed })
}

function collateralWords({ toPoster, toOrder, toSink }: Closed): string {
  const parts = [
    ...(toPoster > 0n ? [`${fil(toPoster)} are the credit of who put it down (npm run mooring -- withdraw)`] : []),
    ...(toOrder > 0n ? [`${fil(toOrder)} are the order's`] : []),
    ...(toSink > 0n ? [`${fil(toSink)} are burnt`] : []),
  ]
  return `of the collateral ${parts.join(', ')}`
}
