import { EPOCHS_PER_DAY } from '../../../oracle/chain/epochs.ts'
import { readSlotsOf, type SlotFacts } from '../../lib/perpetual/slot.ts'
import type { Stage } from './stage.ts'

/** So long before pay would be lost the keeper must have settled. */
const MARGIN_EPOCHS = EPOCHS_PER_DAY

/**
 * Lets time pass up to `target`, never beyond what a slot can wait for: whenever one is due, and at its end, the keeper is waited for.
 */
export async function passTimeTo(stage: Stage, orderId: bigint, target: bigint): Promise<void> {
  const { clock, perpetual } = stage
  for (let now = await clock.epoch(); now < target; now = await clock.epoch()) {
    const due = (await readSlotsOf(perpetual, orderId)).flatMap(dueAt)
    const next = due.reduce((soonest, epoch) => (epoch < soonest ? epoch : soonest), target)
    await clock.passTo(next)

    await stage.until(`the keeper to settle what is due at epoch ${next}`, async () => {
      const epoch = await clock.epoch()
      const late = (await readSlotsOf(perpetual, orderId)).flatMap(dueAt).some((at) => at <= epoch)
      return late ? undefined : true
    })
  }
}

/** When a slot waits for the keeper: never later than this is it left alone. */
function dueAt({ state, end, settleBy }: SlotFacts): bigint[] {
  if (state !== 'Active') return []
  const due = settleBy - MARGIN_EPOCHS
  return [due < end ? due : end]
}
