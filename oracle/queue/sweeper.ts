import { createLoop } from '../chain/loop.ts'
import type { Logger } from '../logger.ts'
import type { Topic } from './queue.ts'

export interface SweeperOptions {
  /** Rows whose time has come and that nobody holds, the most deserving first; at most `limit`. */
  due: (limit: number) => Promise<{ id: string; topic: Topic }[]>
  publish: (topic: Topic, id: string) => Promise<void>
  intervalMs: number
  limit?: number
  log: Logger
}

export interface Sweeper {
  start(): void
  /** Stops after the sweep in hand. */
  stop(): Promise<void>
  /** One sweep, now. */
  processAll(): Promise<void>
}

/** Re-nudges every row that is due: what makes lost nudges, waits and dead processes harmless. */
export function createSweeper({ due, publish, intervalMs, limit = 200, log }: SweeperOptions): Sweeper {
  async function pass(): Promise<void> {
    for (const { id, topic } of await due(limit)) await publish(topic, id)
  }

  const loop = createLoop({ name: 'sweeper', pass, everyMs: intervalMs, log })
  return { start: loop.start, stop: loop.stop, processAll: loop.runNow }
}
