import { EPOCHS_PER_DAY } from '../../../../oracle/chain/epochs.ts'
import { readSlot } from '../../../lib/perpetual/slot.ts'
import { claimOpenSlot, fetchFromSeed, prove } from '../providers.ts'
import { activateDeal, publishDeal } from '../sealing.ts'
import type { Stage } from '../stage.ts'
import { TERM_EPOCHS } from './order.ts'

/** The failed claim lapses, and the third provider takes over: the contract itself is the client of its deal. */
export async function takeOver(stage: Stage, orderId: bigint, failed: bigint): Promise<bigint> {
  const { narrator, connection, clock, progress, perpetual, piece, cast } = stage
  const [, second, third] = cast.providers
  const { claimBy } = await readSlot(perpetual, failed)
  await clock.passTo(claimBy + 1n)
  await narrator.act(`${second.name} has proven nothing in time: ${third.name} takes over`)

  await stage.until(`the keeper to close the claim of slot ${failed}`, async () => {
    const { state } = await readSlot(perpetual, failed)
    return state === 'Lapsed' ? true : undefined
  })
  const { slot, label } = await claimAndFetch(stage, orderId)

  const dealId = await publishDeal(connection, third, piece, {
    ...{ client: await perpetual.getAddress(), label },
    epochs: TERM_EPOCHS + 20n * EPOCHS_PER_DAY,
  })
  progress.done(
    'published',
    `deal ${dealId} of ${third.name}: its client is the contract itself, which was asked and told`,
  )
  await narrator.catchUp()
  await clock.pass(EPOCHS_PER_DAY - 100n)
  await activateDeal(connection, third, dealId, 1n)
  await prove(stage, third, slot, { by: 'deal', dealId })
  return slot
}

async function claimAndFetch(stage: Stage, orderId: bigint) {
  const third = stage.cast.providers[2]
  const claimed = await claimOpenSlot(stage, orderId, third)
  await fetchFromSeed(stage, third, claimed)
  return claimed
}
