import { EPOCHS_PER_DAY } from '../../../../oracle/chain/epochs.ts'
import { readSlot } from '../../../lib/perpetual/slot.ts'
import { claimOpenSlot, fetchFromSeed, prove } from '../providers.ts'
import { sealDirectly, terminateSector } from '../sealing.ts'
import type { Stage } from '../stage.ts'
import { TERM_EPOCHS } from './order.ts'

/** The first provider loses its sector; the loss is shown, and the second one, no longer barred, repairs it without any deal. */
export async function repair(stage: Stage, orderId: bigint, lost: bigint): Promise<void> {
  const { narrator, connection, clock, progress, perpetual, piece, cast } = stage
  const [first, second] = cast.providers
  await narrator.act(`${first.name} loses its sector: the order is repaired by ${second.name}`)

  await terminateSector(connection, first, 1n)
  progress.done('terminated', `sector 1 of ${first.name}, half a year too early`)
  await clock.pass(EPOCHS_PER_DAY)
  await stage.until(`the keeper to show the loss of slot ${lost}`, async () => {
    const { state } = await readSlot(perpetual, lost)
    return state === 'Lost' ? true : undefined
  })

  const claimed = await claimOpenSlot(stage, orderId, second)
  await fetchFromSeed(stage, second, claimed)
  await clock.pass(EPOCHS_PER_DAY)
  const receiver = await perpetual.getAddress()
  await sealDirectly(connection, second, piece, {
    sector: 1n,
    epochs: 2n * TERM_EPOCHS,
    label: claimed.label,
    receiver,
  })
  await narrator.catchUp()
  await prove(stage, second, claimed.slot, { by: 'sector' })
}
