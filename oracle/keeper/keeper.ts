import { createLoop } from '../chain/loop.ts'
import { tellSlot } from '../perpetual/tell.ts'
import { createFinder, type FindContext } from './find.ts'
import { follow, type FollowContext } from './follow.ts'
import { handOver, type HandOverContext } from './hand-over.ts'

export interface Keeper {
  start(): void
  /** Stops after the pass in hand. */
  stop(): Promise<void>
  /** Follows what was handed over and does what is due, now. */
  processAll(): Promise<void>
}

export type KeeperContext = FindContext & FollowContext & HandOverContext

/** Transactions under way at once: each waits for its confirmations, on Filecoin for hours. */
const MAX_UNDER_WAY = 4

/**
 * Keeps the slots of PerpetualStorage up to date: has replicas paid in time, shows what is faulty or lost, ends what is over. Everything is decided by what
 * the chain says at the head: run twice, or by several operators at once, it does no harm.
 */
export function createKeeper(ctx: KeeperContext, { everyMs }: { everyMs: number }): Keeper {
  const finder = createFinder(ctx)
  const loop = createLoop({ name: 'keeper', pass, everyMs, log: ctx.log })

  async function pass(): Promise<void> {
    const head = await ctx.chain.blockNumber()
    const busy = new Set<bigint>()
    let underWay = 0
    for (const keeping of await ctx.keepings.open('keep')) {
      const { state, ...known } = await follow(ctx, 'keep', keeping, head)
      if (state === 'done') tellSlot(ctx.log, 'slots-kept', { calls: keeping.calls, ...known })
      if (state !== 'under way') continue
      underWay++
      for (const slot of keeping.slots) busy.add(slot)
    }
    if (underWay >= MAX_UNDER_WAY) return

    const tasks = await finder.tasks(head, busy)
    if (tasks.length > 0) await handOver(ctx, tasks, head)
  }

  return { start: loop.start, stop: loop.stop, processAll: loop.runNow }
}
