import { expect } from 'chai'
import { afterEach, beforeEach } from 'mocha'
import type { ChainLog } from '../../../oracle/chain/answers.ts'
import { createChainClient } from '../../../oracle/chain/client.ts'
import { createWatcher, type Watcher, type WatcherOptions } from '../../../oracle/chain/watcher.ts'
import { createCursorStore } from '../../../oracle/db/cursor.ts'
import { type Database, openDatabase, type Tx } from '../../../oracle/db/open.ts'
import { EMITTER, silent as log, startChain, type TestChain } from '../../helpers/chain.ts'
import { type RpcProxy, startRpcProxy } from '../../helpers/rpc-proxy.ts'

/** A chain, and watchers of it that share nothing but the database. */
export class WatcherWorld {
  chain!: TestChain
  proxy!: RpcProxy
  db!: Database
  readonly rollbacks: bigint[] = []

  /** The words that were handed on and not rolled back, kept by the watcher's own transactions (in `request`, as rows). */
  async words(): Promise<number[]> {
    const rows = await this.db.selectFrom('request').select(['id', 'block_number']).orderBy('block_number').execute()
    return rows.map((row) => Number(row.id))
  }

  watch(over: Partial<WatcherOptions> = {}): Watcher {
    this.rollbacks.length = 0
    return createWatcher({
      client: createChainClient({ urls: [this.proxy.url], log }),
      cursors: createCursorStore(this.db),
      addresses: [EMITTER],
      confirmations: 0,
      startBlock: 0n,
      onLogs: record,
      onRollback: async (toBlock, tx) => {
        this.rollbacks.push(toBlock)
        await tx.deleteFrom('request').where('block_number', '>', Number(toBlock)).execute()
      },
      log,
      ...over,
    })
  }
}

/** A world that is new for each test of the suite that calls this. */
export function useWatcherWorld(): WatcherWorld {
  const world = new WatcherWorld()
  beforeEach(async () => {
    world.chain = await startChain()
    world.proxy = await startRpcProxy(world.chain.url)
    world.db = await openDatabase(':memory:')
  })
  afterEach(async () => {
    await world.proxy.stop()
    await world.db.destroy()
    await world.chain.stop()
  })
  return world
}

/** Keeps the logs' words as rows. */
export async function record(logs: ChainLog[], tx: Tx): Promise<void> {
  for (const entry of logs) {
    const id = BigInt(entry.topics[1]).toString()
    const { blockNumber: block_number, blockHash: block_hash, transactionHash: tx_hash, logIndex: log_index } = entry
    const request = {
      id,
      block_number,
      block_hash,
      tx_hash,
      log_index,
      payload: new Uint8Array(),
      job: 1,
      max_bytes: '0',
    }
    const rest = {
      provider_id: '1',
      requester: EMITTER,
      deadline_epoch: 0,
      state: 'new',
      created_at: 0,
      updated_at: 0,
    }
    await tx
      .insertInto('request')
      .values({ ...request, ...rest })
      .execute()
  }
}

export const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.fail('expected a failure'),
    (error: unknown) => error as Error & { code?: string },
  )
