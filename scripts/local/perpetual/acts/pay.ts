import { EPOCHS_PER_DAY } from '../../../../oracle/chain/epochs.ts'
import { passTimeTo } from '../passing.ts'
import type { Stage } from '../stage.ts'

const DAYS = 90n

/** Time passes, and both replicas are paid as it does. */
export async function pay(stage: Stage, orderId: bigint): Promise<void> {
  const { narrator, clock } = stage
  await narrator.act('Three months pass: whoever is shown to keep its replica is paid')

  await passTimeTo(stage, orderId, (await clock.epoch()) + DAYS * EPOCHS_PER_DAY)
}
