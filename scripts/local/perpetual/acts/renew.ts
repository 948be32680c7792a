import { EPOCHS_PER_DAY } from '../../../../oracle/chain/epochs.ts'
import { readSlot } from '../../../lib/perpetual/slot.ts'
import { readOrder } from '../../../lib/perpetual/order.ts'
import { passTimeTo } from '../passing.ts'
import { claimOpenSlot, prove } from '../providers.ts'
import { extendSector } from '../sealing.ts'
import type { Stage } from '../stage.ts'
import { TERM_EPOCHS } from './order.ts'

/** The third provider's term draws near its end: it claims its own succession and extends its sector, and is paid on without a gap. */
export async function renew(stage: Stage, orderId: bigint, slot: bigint): Promise<void> {
  const { narrator, connection, progress, perpetual, cast } = stage
  const third = cast.providers[2]
  const { end, sector } = await readSlot(perpetual, slot)
  const { terms } = await readOrder(perpetual, orderId)
  await passTimeTo(stage, orderId, end - terms.renewalEpochs + EPOCHS_PER_DAY)
  await narrator.act(`The term of ${third.name} ends in 29 days: it renews, at the same price`)

  const successor = await claimOpenSlot(stage, orderId, third)
  const until = end + TERM_EPOCHS + EPOCHS_PER_DAY
  await extendSector(connection, third, sector, until)
  progress.done('extended', `sector ${sector} of ${third.name} by half a year: nothing is sealed or fetched again`)
  await prove(stage, third, successor.slot, { by: 'extension', sector })

  await passTimeTo(stage, orderId, end)
}
