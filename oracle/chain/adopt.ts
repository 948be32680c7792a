import type { Logger } from 'pino'
import type { CursorStore } from '../db/cursor.ts'
import type { ChainClient } from './client.ts'
import { RangeTooWide } from './rpc.ts'
import type { WatcherOptions } from './watcher.ts'

export interface AdoptOptions {
  client: Pick<ChainClient, 'getLogs'>
  /** The watcher's position. */
  watched: Pick<CursorStore, 'read'>
  /** How far this has come: after a crash it goes on there. */
  progress: Pick<CursorStore, 'read' | 'transact' | 'advance'>
  /** Of the contracts whose logs the watcher has not read so far, and which belong together. */
  addresses: string[]
  startBlock: bigint
  /** Most blocks per question. */
  maxRange: bigint
  onLogs: WatcherOptions['onLogs']
  log: Logger
}

/**
 * Reads what happened at contracts while the watcher did not read their logs: from the start block to where the watcher stands. To be
 * done before the watcher starts with them among its addresses. These blocks have their confirmations long since.
 */
export async function adoptContracts(options: AdoptOptions): Promise<void> {
  const { client, watched, progress, addresses, startBlock, maxRange, onLogs, log } = options
  const last = (await watched.read())?.blockNumber
  if (last === undefined) return // a new database: the watcher begins at the start block
  const done = await progress.read()

  let range = maxRange
  for (let from = done ? done.blockNumber + 1n : startBlock; from <= last;) {
    const to = from + range - 1n < last ? from + range - 1n : last
    try {
      const logs = await client.getLogs({ address: addresses, fromBlock: from, toBlock: to })
      await progress.transact(async (tx) => {
        if (logs.length > 0) await onLogs(logs, tx)
        await progress.advance(tx, { blockNumber: to, blockHash: null }, [], 0n)
      })
      log.info({ addresses, from, to, logs: logs.length }, 'read what happened at contracts that are new here')
      from = to + 1n
      range = range * 2n < maxRange ? range * 2n : maxRange
    } catch (error) {
      if (!(error instanceof RangeTooWide) || range === 1n) throw error
      range /= 2n
    }
  }
}

/** Contracts that an executor follows beyond those of its work: a name for what belongs together, and what makes rows of its logs. */
export interface Followed extends Pick<WatcherOptions, 'onLogs'> {
  name: string
  addresses: string[]
}

export type AdopterOptions = Omit<AdoptOptions, 'progress' | 'addresses' | 'onLogs'> & {
  followed: Followed[]
  /** A name's own progress. */
  progressOf: (name: string) => AdoptOptions['progress']
}

/** Adopts those of the followed contracts that have one of the names it is given, as `checkIdentity` asks. */
export function createAdopter({
  followed,
  progressOf,
  ...options
}: AdopterOptions): (names: string[]) => Promise<void> {
  return async (names) => {
    for (const { name, addresses, onLogs } of followed.filter((each) => names.includes(each.name))) {
      await adoptContracts({ ...options, addresses, onLogs, progress: progressOf(name) })
    }
  }
}
