import { hexlify } from 'ethers'
import type { Dao } from '../../../lib/dao/contracts.ts'
import { inEpochs } from '../../../lib/epochs.ts'
import { readClock } from '../../../lib/perpetual/clock.ts'
import type { Stage } from '../stage.ts'

/** Whether the collection has the directory and says that it is stored. */
export async function show(stage: Stage, { collection }: Dao): Promise<boolean> {
  const { narrator, connection, progress, served } = stage
  await narrator.act('The collection tells what is really stored')

  const cid = hexlify(served.root.bytes)
  const { collected, index } = await collection.find(cid)
  if (!collected)
    throw new Error(`${served.root.toString()} is not in the collection, though its proposal was executed`)
  const { stored, running, wanted, untilEpoch } = await collection.keepingOf(index)
  const left = untilEpoch - (await readClock(connection)).epoch
  progress.done(
    stored ? 'stored' : 'not stored',
    `entry ${index}, ${served.root.toString()}: ${running} of ${wanted} replicas run` +
      (running > 0n ? `, the first up to epoch ${untilEpoch}: ${inEpochs(left)}` : ''),
  )
  return stored
}
