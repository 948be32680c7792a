import type { Dao } from '../../lib/dao/contracts.ts'
import { createListener } from '../follow.ts'
import type { OnExecutorEvent } from '../operators.ts'
import { addOperators, type World } from '../world.ts'
import type { Stage } from './stage.ts'

/** The operators' executors, at work. */
export interface Executors {
  world: World
  /** Waits until they have told their side of a request that is over. */
  lastWords: (requestId: bigint) => Promise<void>
}

/** Starts the executors; they follow the DAO, and their keepers carry out what it decides. @param hear Told what they say. */
export async function startExecutors(
  { ground, progress }: Stage,
  { address }: Dao,
  hear: OnExecutorEvent,
): Promise<Executors> {
  const listener = createListener(hear)
  const executor = { MOORING_DAOS: address, MOORING_DAO_KEEPER: '1' }
  const world = await addOperators(ground, { progress, onExecutorEvent: listener.hear, executor })
  return { world, lastWords: listener.lastWords }
}
