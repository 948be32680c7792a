import { EPOCHS_PER_DAY } from '../../../../oracle/chain/epochs.ts'
import { claimOpenSlot, fetchFromSeed, prove } from '../providers.ts'
import { activateDeal, publishDeal } from '../sealing.ts'
import type { Stage } from '../stage.ts'
import { TERM_EPOCHS } from './order.ts'

/** Two providers claim; the first seals and proves by a deal of its own, the second fails. Gives the first one's slot, and the failed one. */
export async function claims(stage: Stage, orderId: bigint): Promise<{ sealed: bigint; failed: bigint }> {
  const { narrator, connection, clock, progress, piece, cast } = stage
  const [first, second] = cast.providers
  await narrator.act(`${first.name} and ${second.name} claim a replica each; the first seals, the second fails`)

  const sealed = await claimOpenSlot(stage, orderId, first)
  const failed = await claimOpenSlot(stage, orderId, second)

  await fetchFromSeed(stage, first, sealed)
  const client = first.worker.address
  const dealId = await publishDeal(connection, first, piece, { client, label: sealed.label, epochs: 2n * TERM_EPOCHS })
  progress.done('published', `deal ${dealId} of ${first.name}; sealing its sector takes most of a day`)
  await clock.pass(EPOCHS_PER_DAY - 100n)
  await activateDeal(connection, first, dealId, 1n)
  await prove(stage, first, sealed.slot, { by: 'deal', dealId })

  return { sealed: sealed.slot, failed: failed.slot }
}
