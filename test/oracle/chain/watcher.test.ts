import { expect } from 'chai'
import { afterEach, beforeEach, describe, it } from 'mocha'
import type { ChainLog } from '../../../oracle/chain/answers.ts'
import { createChainClient } from '../../../oracle/chain/client.ts'
import { createWatcher, type Watcher, type WatcherOptions } from '../../../oracle/chain/watcher.ts'
import { createCursorStore } from '../../../oracle/db/cursor.ts'
import { type Database, openDatabase, type Tx } from '../../../oracle/db/open.ts'
import { emission, emit, EMITTER, silent as log, startChain, type TestChain, until } from '../../helpers/chain.ts'
import { type RpcAnswer, type RpcProxy, startRpcProxy } from '../../helpers/rpc-proxy.ts'

describe('chain/watcher', () => {
  let chain: TestChain
  let proxy: RpcProxy
  let db: Database

  beforeEach(async () => {
    chain = await startChain()
    proxy = await startRpcProxy(chain.url)
    db = await openDatabase(':memory:')
  })
  afterEach(async () => {
    await proxy.stop()
    await db.destroy()
    await chain.stop()
  })

  /** The words that were handed on and not rolled back, kept by the watcher's own transactions (in `request`, as rows). */
  async function words(): Promise<number[]> {
    const rows = await db.selectFrom('request').select(['id', 'block_number']).orderBy('block_number').execute()
    return rows.map((row) => Number(row.id))
  }

  async function record(logs: ChainLog[], tx: Tx): Promise<void> {
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

  const rollbacks: bigint[] = []
  function watch(over: Partial<WatcherOptions> = {}): Watcher {
    rollbacks.length = 0
    return createWatcher({
      client: createChainClient({ urls: [proxy.url], log }),
      cursors: createCursorStore(db),
      addresses: [EMITTER],
      confirmations: 0,
      startBlock: 0n,
      onLogs: record,
      onRollback: async (toBlock, tx) => {
        rollbacks.push(toBlock)
        await tx.deleteFrom('request').where('block_number', '>', Number(toBlock)).execute()
      },
      log,
      ...over,
    })
  }

  const failure = (promise: Promise<unknown>) =>
    promise.then(
      () => expect.fail('expected a failure'),
      (error: unknown) => error as Error & { code?: string },
    )

  describe('reading', () => {
    it('hands on every log once, in order, and goes on from its stored position', async () => {
      for (const word of [1, 2, 3]) await emit(chain, word)
      const watcher = watch()
      await watcher.processAll()
      expect(await words()).to.deep.equal([1, 2, 3])
      expect(await watcher.position()).to.equal(3n)

      await emit(chain, 4)
      const again = watch()
      await again.processAll()
      await again.processAll()
      expect(await words()).to.deep.equal([1, 2, 3, 4])
      expect(await again.position()).to.equal(4n)
    })

    it('begins at the start block', async () => {
      for (const word of [1, 2, 3]) await emit(chain, word)
      await watch({ startBlock: 2n }).processAll()
      expect(await words()).to.deep.equal([2, 3])
    })

    it('reads only the contracts and topics it is given', async () => {
      await emit(chain, 1)
      await emit(chain, 2)
      await watch({ topics: [null, emission(2).expectEvent.topics[1]] }).processAll()
      expect(await words()).to.deep.equal([2])
    })

    it('never asks for more blocks at once than the limit', async () => {
      await chain.mine(500)
      await watch({ maxRange: 100 }).processAll()
      const asked = proxy.asked('eth_getLogs').map(({ params }) => params[0] as { fromBlock: string; toBlock: string })
      const sizes = asked.map(({ fromBlock, toBlock }) => Number(toBlock) - Number(fromBlock) + 1)
      expect(Math.max(...sizes)).to.equal(100)
      expect(sizes.reduce((sum, size) => sum + size)).to.equal(501)
    })

    it('halves its range where a node refuses it and grows back', async () => {
      await chain.mine(1_000)
      await emit(chain, 1)
      proxy.rewrite = ({ method, params }, forward) => {
        const { fromBlock, toBlock } = (params[0] ?? {}) as { fromBlock: string; toBlock: string }
        const crowded = Number(fromBlock) < 500 && Number(toBlock) - Number(fromBlock) >= 100
        return method === 'eth_getLogs' && crowded
          ? { error: { code: 1, message: 'filter matches too many events, try a more restricted filter' } }
          : forward()
      }
      await watch({ maxRange: 800 }).processAll()
      expect(await words()).to.deep.equal([1])
      const sizes = proxy.asked('eth_getLogs').map(({ params }) => {
        const { fromBlock, toBlock } = params[0] as { fromBlock: string; toBlock: string }
        return Number(toBlock) - Number(fromBlock) + 1
      })
      expect(sizes.slice(0, 5)).to.deep.equal([800, 400, 200, 100, 200])
      expect(Math.max(...sizes.slice(5)), 'grown back').to.be.greaterThan(200)
    })

    it('fails a block that a node can never give, in its words', async () => {
      proxy.rewrite = ({ method }, forward) =>
        method === 'eth_getLogs' ? { error: { code: 1, message: 'filter matches too many events' } } : forward()
      expect(await failure(watch().processAll())).to.have.property('code', 'RangeTooWide')
    })
  })

  describe('confirmations', () => {
    it('waits until so many blocks stand above', async () => {
      await emit(chain, 1)
      const watcher = watch({ confirmations: 3 })
      await chain.mine(2)
      await watcher.processAll()
      expect(await words()).to.deep.equal([])
      await chain.mine(1)
      await watcher.processAll()
      expect(await words()).to.deep.equal([1])
    })

    it('waits for the finalized block', async () => {
      await chain.mine(2)
      await emit(chain, 1)
      const watcher = watch({ confirmations: 'finalized' })
      await chain.mine(1)
      await watcher.processAll()
      expect(await words()).to.deep.equal([])
      await chain.mine(1)
      await watcher.processAll()
      expect(await words()).to.deep.equal([1])
      const asked = proxy.asked('eth_getLogs').map(({ params }) => (params[0] as { toBlock: string }).toBlock)
      expect(
        asked.every((block) => block.startsWith('0x')),
        'Lotus takes no tags in eth_getLogs',
      ).to.equal(true)
    })
  })

  describe('all or nothing', () => {
    it('keeps neither rows nor position when a log cannot be handled, and hands it on again', async () => {
      await emit(chain, 1)
      await emit(chain, 2)
      const onLogs: WatcherOptions['onLogs'] = async (logs, tx) => {
        await record(logs, tx)
        throw new Error('handler failed')
      }
      expect((await failure(watch({ onLogs }).processAll())).message).to.equal('handler failed')
      expect(await words()).to.deep.equal([])
      expect(await watch().position()).to.equal(undefined)

      await watch().processAll()
      expect(await words()).to.deep.equal([1, 2])
    })

    it('tells of logs only when their rows are committed', async () => {
      await emit(chain, 1)
      const seen: Promise<number[]>[] = []
      await watch({ onCommitted: () => seen.push(words()) }).processAll()
      expect(await Promise.all(seen)).to.deep.equal([[1]])
    })
  })

  describe('reorgs', () => {
    it('takes back what a reorg removed and reads what replaced it', async () => {
      await chain.mine(3)
      for (const word of [1, 2, 3]) await emit(chain, word)
      const watcher = watch()
      await watcher.processAll()
      expect(await words()).to.deep.equal([1, 2, 3])

      await chain.rpc('anvil_reorg', [2, []])
      await emit(chain, 9)
      await watcher.processAll()
      expect(rollbacks).to.deep.equal([4n])
      expect(await words()).to.deep.equal([1, 9])
      expect(await watcher.position()).to.equal(7n)
    })

    it('sees a reorg that happened while it was stopped', async () => {
      for (const word of [1, 2]) await emit(chain, word)
      await watch().processAll()
      await chain.rpc('anvil_reorg', [1, []])
      await chain.mine(2)
      await watch().processAll()
      expect(await words()).to.deep.equal([1])
    })

    it('sees a chain that became shorter', async () => {
      await chain.mine(1)
      const snapshot = await chain.rpc('evm_snapshot')
      for (const word of [1, 2, 3]) await emit(chain, word)
      const watcher = watch()
      await watcher.processAll()
      await chain.rpc('evm_revert', [snapshot])
      await emit(chain, 7)
      await watcher.processAll()
      expect(await words()).to.deep.equal([7])
      expect(await watcher.position()).to.equal(2n)
    })

    it('takes a head below its position for a node that is behind, not for a reorg', async () => {
      for (const word of [1, 2, 3]) await emit(chain, word)
      const watcher = watch()
      await watcher.processAll()
      proxy.rewrite = ({ method }, forward) => (method === 'eth_blockNumber' ? { result: '0x2' } : forward())
      await watcher.processAll()
      expect(rollbacks).to.deep.equal([])
      expect(await words()).to.deep.equal([1, 2, 3])
    })

    it('records nothing when the chain changes between two of its questions', async () => {
      await emit(chain, 1)
      const watcher = watch()
      await watcher.processAll()
      await emit(chain, 2)

      let changed = false
      proxy.rewrite = async ({ method }, forward) => {
        const answer = await forward()
        if (method === 'eth_getLogs' && !changed) {
          changed = true
          await chain.rpc('anvil_reorg', [2, []])
        }
        return answer
      }
      expect(await failure(watcher.processAll())).to.have.property('code', 'ForkedAnswers')
      expect(await words()).to.deep.equal([1])

      await watcher.processAll()
      expect(await words()).to.deep.equal([])
      expect(rollbacks).to.deep.equal([0n])
    })

    it('records nothing when the logs are of another fork than the blocks', async () => {
      await chain.mine(1)
      await emit(chain, 2)
      proxy.rewrite = async ({ method }, forward) => {
        const answer = (await forward()) as { result: { blockHash: string }[] }
        if (method === 'eth_getLogs') for (const entry of answer.result) entry.blockHash = `0x${'ab'.repeat(32)}`
        return answer
      }
      expect(await failure(watch().processAll())).to.have.property('code', 'ForkedAnswers')
      expect(await words()).to.deep.equal([])
      expect(await watch().position()).to.equal(undefined)
    })

    it('refuses to go on when nothing it processed is in the chain', async () => {
      await chain.mine(1_500)
      await watch({ startBlock: 10n }).processAll()
      await db
        .updateTable('block')
        .set({ hash: `0x${'ab'.repeat(32)}` })
        .execute()
      const error = await failure(watch({ startBlock: 10n }).processAll())
      expect(error).to.have.property('code', 'ReorgTooDeep')
      expect(error)
        .to.have.property('hint')
        .match(/RPC URLs/)
      expect(rollbacks).to.deep.equal([])
    })
  })

  describe('null rounds', () => {
    /** The chain as Filecoin shows it when epochs 3 and 4 had no block: 5 stands on 2, and nothing answers to 3 and 4. */
    const dialects: Record<string, (number: number) => Promise<RpcAnswer> | RpcAnswer> = {
      'Lotus: error 12': (number) => ({ error: { code: 12, message: `requested epoch was a null round (${number})` } }),
      'older Lotus: null': () => ({ result: null }),
      'older Forest: the tipset before': async () => ({
        result: await chain.rpc('eth_getBlockByNumber', ['0x2', false]),
      }),
    }
    for (const [dialect, answer] of Object.entries(dialects)) {
      it(`are passed over (${dialect})`, async () => {
        await chain.mine(4)
        await emit(chain, 5)
        const { hash } = await chain.rpc<{ hash: string }>('eth_getBlockByNumber', ['0x2', false])
        proxy.rewrite = async ({ method, params }, forward) => {
          if (method !== 'eth_getBlockByNumber') return forward()
          const number = Number(params[0])
          if (number === 3 || number === 4) return answer(number)
          const block = (await forward()) as { result: { parentHash: string } }
          if (number === 5) block.result.parentHash = hash
          return block
        }
        const watcher = watch()
        await watcher.processAll()
        expect(await words()).to.deep.equal([5])
        expect(await watcher.position()).to.equal(5n)
        const kept = await db.selectFrom('block').select('number').orderBy('number').execute()
        expect(kept.map((row) => row.number)).to.deep.equal([0, 1, 2, 5])
      })
    }

    it('at the head leave the position at the round and the hash at the block before', async () => {
      await chain.mine(4)
      proxy.rewrite = ({ method, params }, forward) =>
        method === 'eth_getBlockByNumber' && Number(params[0]) >= 3 ? { result: null } : forward()
      const watcher = watch()
      await watcher.processAll()
      const { hash } = await chain.rpc<{ hash: string }>('eth_getBlockByNumber', ['0x2', false])
      expect(await createCursorStore(db).read()).to.deep.equal({ blockNumber: 4n, blockHash: hash })
    })

    it('that are none (a node that left a block out) are found out by the next block', async () => {
      await chain.mine(4)
      proxy.rewrite = ({ method, params }, forward) =>
        method === 'eth_getBlockByNumber' && Number(params[0]) === 3 ? { result: null } : forward()
      expect(await failure(watch().processAll())).to.have.property('code', 'ForkedAnswers')
      expect(await watch().position()).to.equal(undefined)
    })
  })

  describe('two endpoints', () => {
    it('goes on when one fails in the middle and the other is behind for a while', async () => {
      const other = await startRpcProxy(chain.url)
      try {
        await chain.mine(200)
        await emit(chain, 1)
        await chain.mine(3)
        const client = createChainClient({ urls: [proxy.url, other.url], log, cooldownMs: 60_000 })
        const watcher = watch({ client, maxRange: 50 })
        proxy.rewrite = ({ method }, forward) =>
          method === 'eth_getLogs' && proxy.asked(method).length > 2 ? { status: 500, body: '' } : forward()
        other.rewrite = ({ method }, forward) => (method === 'eth_blockNumber' ? { result: '0x96' } : forward())

        const error = await failure(watcher.processAll())
        expect(error.message).to.match(/HTTP 500.*|is at block 150/)
        expect(await watcher.position()).to.satisfy((position: bigint) => position > 90n && position <= 150n)
        expect(await words()).to.deep.equal([])

        other.rewrite = (_, forward) => forward()
        await watcher.processAll()
        expect(await words()).to.deep.equal([1])
        expect(await watcher.position()).to.equal(204n)
      } finally {
        await other.stop()
      }
    })
  })

  describe('start and stop', () => {
    it('follows the chain, survives a node that is away, and stops for good', async () => {
      const watcher = watch({ everyMs: 20, client: createChainClient({ urls: [proxy.url], log, cooldownMs: 10 }) })
      watcher.start()
      await emit(chain, 1)
      await until(async () => (await words()).length === 1)

      proxy.rewrite = () => ({ status: 503, body: '' })
      await emit(chain, 2)
      await until(() => proxy.questions.at(-1)?.method === 'eth_blockNumber')
      proxy.rewrite = (_, forward) => forward()
      await until(async () => (await words()).length === 2)

      await watcher.stop()
      const asked = proxy.questions.length
      await emit(chain, 3)
      await chain.mine(1)
      expect(proxy.questions.length).to.equal(asked)
      expect(await words()).to.deep.equal([1, 2])
    })
  })
})
