import { EPOCHS_PER_DAY } from '../../../../oracle/chain/epochs.ts'
import { withdrawProvider } from '../../../lib/perpetual/close.ts'
import { readSlotsOf } from '../../../lib/perpetual/slot.ts'
import { accountsOf } from '../cast.ts'
import { passTimeTo } from '../passing.ts'
import type { Stage } from '../stage.ts'

/** The client cancels: what no slot can earn is its own again at once, what runs is kept and paid to its end. Then all is drawn. */
export async function end(stage: Stage, orderId: bigint): Promise<void> {
  const { narrator, clock, perpetual } = stage
  await clock.pass(EPOCHS_PER_DAY)
  await narrator.act('The client cancels; the replicas that run are kept and paid to their ends')
  await (await perpetual.cancel(orderId)).wait()
  await narrator.catchUp()

  const running = (await readSlotsOf(perpetual, orderId)).filter(({ state }) => state === 'Active')
  for (const { end } of running.sort((a, b) => Number(a.end - b.end))) await passTimeTo(stage, orderId, end)

  await narrator.act('Everyone draws what is theirs')
  await drawAll(stage)
}

async function drawAll(stage: Stage): Promise<void> {
  const { narrator, perpetual, cast } = stage
  for (const { id } of cast.providers) {
    if ((await perpetual.earnedOf(id)) > 0n) await withdrawProvider(perpetual, id)
  }
  for (const account of Object.values(accountsOf(cast)).flat()) {
    if ((await perpetual.creditOf(account)) > 0n) await (await perpetual.withdrawFor(account)).wait()
  }
  await narrator.catchUp()
}
