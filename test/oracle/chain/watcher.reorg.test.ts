import { expect } from 'chai'
import { describe, it } from 'mocha'
import { createCursorStore } from '../../../oracle/db/cursor.ts'
import { emit } from '../../helpers/chain.ts'
import { type RpcAnswer } from '../../helpers/rpc-proxy.ts'
import { failure, useWatcherWorld } from './watcher-world.ts'

describe('chain/watcher', () => {
  const world = useWatcherWorld()

  describe('reorgs', () => {
    it('takes back what a reorg removed and reads what replaced it', async () => {
      await world.chain.mine(3)
      for (const word of [1, 2, 3]) await emit(world.chain, word)
      const watcher = world.watch()
      await watcher.processAll()
      expect(await world.words()).to.deep.equal([1, 2, 3])

      await world.chain.rpc('anvil_reorg', [2, []])
      await emit(world.chain, 9)
      await watcher.processAll()
      expect(world.rollbacks).to.deep.equal([4n])
      expect(await world.words()).to.deep.equal([1, 9])
      expect(await watcher.position()).to.equal(7n)
    })

    it('sees a reorg that happened while it was stopped', async () => {
      for (const word of [1, 2]) await emit(world.chain, word)
      await world.watch().processAll()
      await world.chain.rpc('anvil_reorg', [1, []])
      await world.chain.mine(2)
      await world.watch().processAll()
      expect(await world.words()).to.deep.equal([1])
    })

    it('sees a chain that became shorter', async () => {
      await world.chain.mine(1)
      const snapshot = await world.chain.rpc('evm_snapshot')
      for (const word of [1, 2, 3]) await emit(world.chain, word)
      const watcher = world.watch()
      await watcher.processAll()
      await world.chain.rpc('evm_revert', [snapshot])
      await emit(world.chain, 7)
      await watcher.processAll()
      expect(await world.words()).to.deep.equal([7])
      expect(await watcher.position()).to.equal(2n)
    })

    it('takes a head below its position for a node that is behind, not for a reorg', async () => {
      for (const word of [1, 2, 3]) await emit(world.chain, word)
      const watcher = world.watch()
      await watcher.processAll()
      world.proxy.rewrite = ({ method }, forward) => (method === 'eth_blockNumber' ? { result: '0x2' } : forward())
      await watcher.processAll()
      expect(world.rollbacks).to.deep.equal([])
      expect(await world.words()).to.deep.equal([1, 2, 3])
    })

    it('records nothing when the chain changes between two of its questions', async () => {
      await emit(world.chain, 1)
      const watcher = world.watch()
      await watcher.processAll()
      await emit(world.chain, 2)

      let changed = false
      world.proxy.rewrite = async ({ method }, forward) => {
        const answer = await forward()
        if (method === 'eth_getLogs' && !changed) {
          changed = true
          await world.chain.rpc('anvil_reorg', [2, []])
        }
        return answer
      }
      expect(await failure(watcher.processAll())).to.have.property('code', 'ForkedAnswers')
      expect(await world.words()).to.deep.equal([1])

      await watcher.processAll()
      expect(await world.words()).to.deep.equal([])
      expect(world.rollbacks).to.deep.equal([0n])
    })

    it('records nothing when the logs are of another fork than the blocks', async () => {
      await world.chain.mine(1)
      await emit(world.chain, 2)
      world.proxy.rewrite = async ({ method }, forward) => {
        const answer = (await forward()) as { result: { blockHash: string }[] }
        if (method === 'eth_getLogs') for (const entry of answer.result) entry.blockHash = `0x${'ab'.repeat(32)}`
        return answer
      }
      expect(await failure(world.watch().processAll())).to.have.property('code', 'ForkedAnswers')
      expect(await world.words()).to.deep.equal([])
      expect(await world.watch().position()).to.equal(undefined)
    })

    it('refuses to go on when nothing it processed is in the chain', async () => {
      await world.chain.mine(1_500)
      await world.watch({ startBlock: 10n }).processAll()
      await world.db
        .updateTable('block')
        .set({ hash: `0x${'ab'.repeat(32)}` })
        .execute()
      const error = await failure(world.watch({ startBlock: 10n }).processAll())
      expect(error).to.have.property('code', 'ReorgTooDeep')
      expect(error)
        .to.have.property('hint')
        .match(/RPC URLs/)
      expect(world.rollbacks).to.deep.equal([])
    })
  })

  describe('null rounds', () => {
    /** The chain as Filecoin shows it when epochs 3 and 4 had no block: 5 stands on 2, and nothing answers to 3 and 4. */
    const dialects: Record<string, (number: number) => Promise<RpcAnswer> | RpcAnswer> = {
      'Lotus: error 12': (number) => ({ error: { code: 12, message: `requested epoch was a null round (${number})` } }),
      'older Lotus: null': () => ({ result: null }),
      'older Forest: the tipset before': async () => ({
        result: await world.chain.rpc('eth_getBlockByNumber', ['0x2', false]),
      }),
    }
    for (const [dialect, answer] of Object.entries(dialects)) {
      it(`are passed over (${dialect})`, async () => {
        await world.chain.mine(4)
        await emit(world.chain, 5)
        const { hash } = await world.chain.rpc<{ hash: string }>('eth_getBlockByNumber', ['0x2', false])
        world.proxy.rewrite = async ({ method, params }, forward) => {
          if (method !== 'eth_getBlockByNumber') return forward()
          const number = Number(params[0])
          if (number === 3 || number === 4) return answer(number)
          const block = (await forward()) as { result: { parentHash: string } }
          if (number === 5) block.result.parentHash = hash
          return block
        }
        const watcher = world.watch()
        await watcher.processAll()
        expect(await world.words()).to.deep.equal([5])
        expect(await watcher.position()).to.equal(5n)
        const kept = await world.db.selectFrom('block').select('number').orderBy('number').execute()
        expect(kept.map((row) => row.number)).to.deep.equal([0, 1, 2, 5])
      })
    }

    it('at the head leave the position at the round and the hash at the block before', async () => {
      await world.chain.mine(4)
      world.proxy.rewrite = ({ method, params }, forward) =>
        method === 'eth_getBlockByNumber' && Number(params[0]) >= 3 ? { result: null } : forward()
      const watcher = world.watch()
      await watcher.processAll()
      const { hash } = await world.chain.rpc<{ hash: string }>('eth_getBlockByNumber', ['0x2', false])
      expect(await createCursorStore(world.db).read()).to.deep.equal({ blockNumber: 4n, blockHash: hash })
    })

    it('that are none (a node that left a block out) are found out by the next block', async () => {
      await world.chain.mine(4)
      world.proxy.rewrite = ({ method, params }, forward) =>
        method === 'eth_getBlockByNumber' && Number(params[0]) === 3 ? { result: null } : forward()
      expect(await failure(world.watch().processAll())).to.have.property('code', 'ForkedAnswers')
      expect(await world.watch().position()).to.equal(undefined)
    })
  })
})
