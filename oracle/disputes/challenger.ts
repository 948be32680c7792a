import { createLoop } from '../chain/loop.ts'
import { compareAnswers, type CompareContext } from './compare.ts'
import { pursue, type PursueContext } from './pursue.ts'

export interface Challenger {
  start(): void
  /** Stops after the dispute in hand. */
  stop(): Promise<void>
  /** Compares what can be compared and looks after every dispute, now. */
  processAll(): Promise<void>
}

/** Watches over the answers of others: finds those that are false, and does about them what the configuration allows. */
export function createChallenger(ctx: CompareContext & PursueContext, { everyMs }: { everyMs: number }): Challenger {
  const loop = createLoop({ name: 'challenger', pass, everyMs, log: ctx.log })

  async function pass(stopping: AbortSignal): Promise<void> {
    await compareAnswers(ctx)
    const head = await ctx.chain.blockNumber()
    for (const dispute of await ctx.disputes.open()) {
      if (stopping.aborted) return
      try {
        await pursue(ctx, dispute, head)
      } catch (error) {
        const { requestId, stage } = dispute
        ctx.log.warn({ err: error, requestId, stage }, 'dispute left for the next pass')
      }
    }
  }

  return { start: loop.start, stop: loop.stop, processAll: loop.runNow }
}
