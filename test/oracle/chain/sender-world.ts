import { afterEach, beforeEach } from 'mocha'
import { type ChainClient, createChainClient } from '../../../oracle/chain/client.ts'
import { createSender, type Sender, type SenderOptions } from '../../../oracle/chain/sender.ts'
import { createIntentStore, type Intent, type IntentStore } from '../../../oracle/db/intent.ts'
import { type Database, openDatabase } from '../../../oracle/db/open.ts'
import { emission, EMITTER_ABI, KEYS, silent as log, startChain, type TestChain, until } from '../../helpers/chain.ts'
import { type RpcProxy, startRpcProxy } from '../../helpers/rpc-proxy.ts'

export const GWEI = 1_000_000_000n

/** A chain that mines when it is told to, and senders in front of it that share nothing but the database. */
export class SenderWorld {
  chain!: TestChain
  proxy!: RpcProxy
  db!: Database
  intents!: IntentStore

  /** A sender as a restarted process would build it: nothing but the database is shared. */
  build(over: Partial<SenderOptions> = {}): Sender {
    const client: ChainClient = createChainClient({ urls: [this.proxy.url], log, cooldownMs: 1 })
    const lane = { client, key: KEYS[0], intents: this.intents, confirmations: 0, gasCap: 1_000n * GWEI }
    return createSender({ ...lane, abi: EMITTER_ABI, log, ...over })
  }

  submit(sender: Sender, word: number): Promise<void> {
    return sender.submit({ key: `word:${word}`, ...emission(word) })
  }

  async intentOf(word: number): Promise<Intent> {
    return (await this.intents.get(`word:${word}`)) as Intent
  }

  async stateOf(word: number): Promise<Intent['state']> {
    return (await this.intentOf(word)).state
  }

  /** Transactions that wait to be mined. */
  async pooled(): Promise<number> {
    return Number((await this.chain.rpc<{ pending: string }>('txpool_status')).pending)
  }

  /** The sender's next nonce. */
  async nonce(): Promise<number> {
    return Number(await this.chain.rpc<string>('eth_getTransactionCount', [this.build().address, 'latest']))
  }

  /** Mines until every transaction of the pool is in a block. */
  async mineAll(): Promise<void> {
    await this.chain.mine(1)
    await until(async () => (await this.pooled()) === 0)
  }

  async mined(sender: Sender): Promise<void> {
    await this.mineAll()
    await sender.processAll()
  }
}

/** A world that is new for each test of the suite that calls this. */
export function useSenderWorld(): SenderWorld {
  const world = new SenderWorld()
  beforeEach(async () => {
    world.chain = await startChain()
    await world.chain.rpc('evm_setAutomine', [false])
    world.proxy = await startRpcProxy(world.chain.url)
    world.db = await openDatabase(':memory:')
    world.intents = createIntentStore(world.db)
  })
  afterEach(async () => {
    await world.proxy.stop()
    await world.db.destroy()
    await world.chain.stop()
  })
  return world
}
