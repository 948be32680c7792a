import { expect } from 'chai'
import { afterEach, beforeEach, describe, it } from 'mocha'
import { createChainClient } from '../../../oracle/chain/client.ts'
import { createWatcher, ForkedAnswers, type Watcher } from '../../../oracle/chain/watcher.ts'
import { createCursorStore } from '../../../oracle/db/cursor.ts'
import { openDatabase, type Database } from '../../../oracle/db/open.ts'
import { startPlayChain, type PlayChain } from '../../../scripts/local/perpetual/chain.ts'
import { createClock, type Clock } from '../../../scripts/local/perpetual/clock.ts'
import { EMITTER, EMITTER_CODE, emission, silent as log } from '../../helpers/chain.ts'
import { startRpcProxy, type RpcProxy } from '../../helpers/rpc-proxy.ts'
import { failure, record } from './watcher-world.ts'

const HALF_A_YEAR = 518_400n

describe('chain/watcher on a chain that jumps', function () {
  this.timeout(60_000)
  let chain: PlayChain
  let clock: Clock
  let proxy: RpcProxy
  let db: Database
  beforeEach(async () => {
    chain = await startPlayChain()
    clock = createClock(chain.connection)
    proxy = await startRpcProxy(chain.url)
    db = await openDatabase(':memory:')
    await chain.connection.send('hardhat_setCode', [EMITTER, EMITTER_CODE])
  })
  afterEach(async () => {
    await db.destroy()
    await proxy.stop()
    await chain.stop()
  })

  async function emit(word: number): Promise<void> {
    const [from] = (await chain.connection.send('eth_accounts', [])) as string[]
    const { to, data } = emission(word)
    await chain.connection.send('eth_sendTransaction', [{ from, to, data }])
  }
  const watch = (jumps: boolean, confirmations = 1): Watcher =>
    createWatcher({
      client: createChainClient({ urls: [proxy.url], log }),
      ...{ cursors: createCursorStore(db), addresses: [EMITTER], confirmations, startBlock: 0n, jumps },
      ...{ onLogs: record, onRollback: () => Promise.resolve(), log },
    })
  const words = async () =>
    (await db.selectFrom('request').select('id').orderBy('block_number').execute()).map(({ id }) => Number(id))

  it('crosses half a year in one question and a few headers, and misses no log around it', async () => {
    const watcher = watch(true)
    await emit(1)
    await watcher.processAll()
    proxy.questions.length = 0

    await emit(2)
    await clock.pass(HALF_A_YEAR)
    await emit(3)
    await clock.pass(1n)
    await watcher.processAll()

    expect(await words()).to.deep.equal([1, 2, 3])
    expect(await watcher.position()).to.equal((await clock.epoch()) - 1n)
    expect(proxy.asked('eth_getLogs').length).to.be.at.most(4)
    expect(proxy.asked('eth_getBlockByNumber').length).to.be.at.most(80)
  })

  it('goes on after each of several jumps, and after a restart in between', async () => {
    for (const word of [1, 2, 3, 4]) {
      await emit(word)
      await watch(true).processAll()
      await clock.pass(100_000n)
      await watch(true).processAll()
    }
    await clock.pass(2n)
    await watch(true).processAll()

    expect(await words()).to.deep.equal([1, 2, 3, 4])
  })

  it('waits for its confirmations all the same', async () => {
    const watcher = watch(true, 3)
    await clock.pass(HALF_A_YEAR)
    await emit(1)
    await clock.pass(2n)
    await watcher.processAll()
    expect(await words()).to.deep.equal([])

    await clock.pass(1n)
    await watcher.processAll()
    expect(await words()).to.deep.equal([1])
  })

  it('takes a block without a parent for a fork on any other chain', async () => {
    await emit(1)
    await watch(false).processAll()
    await clock.pass(30n)
    await emit(2)
    await clock.pass(1n)

    expect(await failure(watch(false).processAll())).to.be.instanceOf(ForkedAnswers)
    await watch(true).processAll()
    expect(await words()).to.deep.equal([1, 2])
  })
})
