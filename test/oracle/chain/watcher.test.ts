import { expect } from 'chai'
import { describe, it } from 'mocha'
import { createChainClient } from '../../../oracle/chain/client.ts'
import { type WatcherOptions } from '../../../oracle/chain/watcher.ts'
import { emission, emit, silent as log, until } from '../../helpers/chain.ts'
import { startRpcProxy } from '../../helpers/rpc-proxy.ts'
import { failure, record, useWatcherWorld } from './watcher-world.ts'

describe('chain/watcher', () => {
  const world = useWatcherWorld()

  describe('reading', () => {
    it('hands on every log once, in order, and goes on from its stored position', async () => {
      for (const word of [1, 2, 3]) await emit(world.chain, word)
      const watcher = world.watch()
      await watcher.processAll()
      expect(await world.words()).to.deep.equal([1, 2, 3])
      expect(await watcher.position()).to.equal(3n)

      await emit(world.chain, 4)
      const again = world.watch()
      await again.processAll()
      await again.processAll()
      expect(await world.words()).to.deep.equal([1, 2, 3, 4])
      expect(await again.position()).to.equal(4n)
    })

    it('begins at the start block', async () => {
      for (const word of [1, 2, 3]) await emit(world.chain, word)
      await world.watch({ startBlock: 2n }).processAll()
      expect(await world.words()).to.deep.equal([2, 3])
    })

    it('reads only the contracts and topics it is given', async () => {
      await emit(world.chain, 1)
      await emit(world.chain, 2)
      await world.watch({ topics: [null, emission(2).expectEvent.topics[1]] }).processAll()
      expect(await world.words()).to.deep.equal([2])
    })

    it('never asks for more blocks at once than the limit', async () => {
      await world.chain.mine(500)
      await world.watch({ maxRange: 100 }).processAll()
      const asked = world.proxy
        .asked('eth_getLogs')
        .map(({ params }) => params[0] as { fromBlock: string; toBlock: string })
      const sizes = asked.map(({ fromBlock, toBlock }) => Number(toBlock) - Number(fromBlock) + 1)
      expect(Math.max(...sizes)).to.equal(100)
      expect(sizes.reduce((sum, size) => sum + size)).to.equal(501)
    })

    it('halves its range where a node refuses it and grows back', async () => {
      await world.chain.mine(1_000)
      await emit(world.chain, 1)
      world.proxy.rewrite = ({ method, params }, forward) => {
        const { fromBlock, toBlock } = (params[0] ?? {}) as { fromBlock: string; toBlock: string }
        const crowded = Number(fromBlock) < 500 && Number(toBlock) - Number(fromBlock) >= 100
        return method === 'eth_getLogs' && crowded
          ? { error: { code: 1, message: 'filter matches too many events, try a more restricted filter' } }
          : forward()
      }
      await world.watch({ maxRange: 800 }).processAll()
      expect(await world.words()).to.deep.equal([1])
      const sizes = world.proxy.asked('eth_getLogs').map(({ params }) => {
        const { fromBlock, toBlock } = params[0] as { fromBlock: string; toBlock: string }
        return Number(toBlock) - Number(fromBlock) + 1
      })
      expect(sizes.slice(0, 5)).to.deep.equal([800, 400, 200, 100, 200])
      expect(Math.max(...sizes.slice(5)), 'grown back').to.be.greaterThan(200)
    })

    it('fails a block that a node can never give, in its words', async () => {
      world.proxy.rewrite = ({ method }, forward) =>
        method === 'eth_getLogs' ? { error: { code: 1, message: 'filter matches too many events' } } : forward()
      expect(await failure(world.watch().processAll())).to.have.property('code', 'RangeTooWide')
    })
  })

  describe('confirmations', () => {
    it('waits until so many blocks stand above', async () => {
      await emit(world.chain, 1)
      const watcher = world.watch({ confirmations: 3 })
      await world.chain.mine(2)
      await watcher.processAll()
      expect(await world.words()).to.deep.equal([])
      await world.chain.mine(1)
      await watcher.processAll()
      expect(await world.words()).to.deep.equal([1])
    })

    it('waits for the finalized block', async () => {
      await world.chain.mine(2)
      await emit(world.chain, 1)
      const watcher = world.watch({ confirmations: 'finalized' })
      await world.chain.mine(1)
      await watcher.processAll()
      expect(await world.words()).to.deep.equal([])
      await world.chain.mine(1)
      await watcher.processAll()
      expect(await world.words()).to.deep.equal([1])
      const asked = world.proxy.asked('eth_getLogs').map(({ params }) => (params[0] as { toBlock: string }).toBlock)
      expect(
        asked.every((block) => block.startsWith('0x')),
        'Lotus takes no tags in eth_getLogs',
      ).to.equal(true)
    })
  })

  describe('all or nothing', () => {
    it('keeps neither rows nor position when a log cannot be handled, and hands it on again', async () => {
      await emit(world.chain, 1)
      await emit(world.chain, 2)
      const onLogs: WatcherOptions['onLogs'] = async (logs, tx) => {
        await record(logs, tx)
        throw new Error('handler failed')
      }
      expect((await failure(world.watch({ onLogs }).processAll())).message).to.equal('handler failed')
      expect(await world.words()).to.deep.equal([])
      expect(await world.watch().position()).to.equal(undefined)

      await world.watch().processAll()
      expect(await world.words()).to.deep.equal([1, 2])
    })

    it('tells of logs only when their rows are committed', async () => {
      await emit(world.chain, 1)
      const seen: Promise<number[]>[] = []
      await world.watch({ onCommitted: () => seen.push(world.words()) }).processAll()
      expect(await Promise.all(seen)).to.deep.equal([[1]])
    })
  })

  describe('two endpoints', () => {
    it('goes on when one fails in the middle and the other is behind for a while', async () => {
      const other = await startRpcProxy(world.chain.url)
      try {
        await world.chain.mine(200)
        await emit(world.chain, 1)
        await world.chain.mine(3)
        const client = createChainClient({ urls: [world.proxy.url, other.url], log, cooldownMs: 60_000 })
        const watcher = world.watch({ client, maxRange: 50 })
        world.proxy.rewrite = ({ method }, forward) =>
          method === 'eth_getLogs' && world.proxy.asked(method).length > 2 ? { status: 500, body: '' } : forward()
        other.rewrite = ({ method }, forward) => (method === 'eth_blockNumber' ? { result: '0x96' } : forward())

        const error = await failure(watcher.processAll())
        expect(error.message).to.match(/HTTP 500.*|is at block 150/)
        expect(await watcher.position()).to.satisfy((position: bigint) => position > 90n && position <= 150n)
        expect(await world.words()).to.deep.equal([])

        other.rewrite = (_, forward) => forward()
        await watcher.processAll()
        expect(await world.words()).to.deep.equal([1])
        expect(await watcher.position()).to.equal(204n)
      } finally {
        await other.stop()
      }
    })
  })

  describe('start and stop', () => {
    it('follows the chain, survives a node that is away, and stops for good', async () => {
      const watcher = world.watch({
        everyMs: 20,
        client: createChainClient({ urls: [world.proxy.url], log, cooldownMs: 10 }),
      })
      watcher.start()
      await emit(world.chain, 1)
      await until(async () => (await world.words()).length === 1)

      world.proxy.rewrite = () => ({ status: 503, body: '' })
      await emit(world.chain, 2)
      await until(() => world.proxy.questions.at(-1)?.method === 'eth_blockNumber')
      world.proxy.rewrite = (_, forward) => forward()
      await until(async () => (await world.words()).length === 2)

      await watcher.stop()
      const asked = world.proxy.questions.length
      await emit(world.chain, 3)
      await world.chain.mine(1)
      expect(world.proxy.questions.length).to.equal(asked)
      expect(await world.words()).to.deep.equal([1, 2])
    })
  })
})
