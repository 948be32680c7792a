import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { CID } from 'multiformats/cid'
import { createLoop } from '../chain/loop.ts'
import type { Config } from '../config.ts'
import type { Context } from '../context.ts'
import type { Ended, RequestStore } from '../db/request.ts'
import type { Ipfs } from '../ipfs/node.ts'

export interface CleanerContext extends Pick<Context, 'log'> {
  config: Pick<Config, 'dataDir'>
  requests: Pick<RequestStore, 'uncleaned' | 'wants' | 'markCleaned'>
  ipfs: Pick<Ipfs, 'unpin'>
}

export interface Cleaner {
  start(): void
  /** Stops after the request in hand. */
  stop(): Promise<void>
  /** Cleans up after every request that is over, now. */
  processAll(): Promise<void>
}

/** Requests per pass. */
const BATCH = 100

/** The CAR file of a request. */
export const carPathOf = (dataDir: string, id: string): string => join(dataDir, 'cars', `${id}.car`)

/**
 * Cleans up after requests that are over: their CAR file goes, and what was not stored is let go of. Each row is marked when
 * that is done, so that a pass that died is made again; made twice, it does nothing more.
 */
export function createCleaner(ctx: CleanerContext, { everyMs }: { everyMs: number }): Cleaner {
  const loop = createLoop({ name: 'clean-up', pass, everyMs, log: ctx.log })

  async function pass(stopping: AbortSignal): Promise<void> {
    for (const ended of await ctx.requests.uncleaned(BATCH)) {
      if (stopping.aborted) return
      try {
        await cleanUp(ctx, ended)
      } catch (error) {
        ctx.log.warn({ err: error, requestId: ended.id }, 'not cleaned up: the next pass will')
      }
    }
  }

  return { start: loop.start, stop: loop.stop, processAll: loop.runNow }
}

/** Removes what a request that is over left on this disk. Safe to run twice. */
async function cleanUp(
  { config, requests, ipfs, log }: CleanerContext,
  { id, state, cid, isComplete }: Ended,
): Promise<void> {
  const file = carPathOf(config.dataDir, id)
  await rm(file, { force: true })
  await rm(`${file}.part`, { force: true }) // of a process that died while it wrote

  const kept = isComplete && (state === 'stored' || state === 'answered')
  if (!kept && cid !== null) await ipfs.unpin(CID.parse(cid), () => requests.wants(cid, id))

  if (await requests.markCleaned(id, state)) log.debug({ requestId: id, state, cid }, 'cleaned up')
}
