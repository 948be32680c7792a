import { expect } from 'chai'
import { afterEach, beforeEach, describe, it } from 'mocha'
import { type ChainClient, createChainClient } from '../../../oracle/chain/client.ts'
import { createSender, type Sender, type SenderOptions } from '../../../oracle/chain/sender.ts'
import { createSigningKey, readSigned } from '../../../oracle/chain/sender-key.ts'
import { createIntentStore, type Intent, type IntentStore } from '../../../oracle/db/intent.ts'
import { type Database, openDatabase } from '../../../oracle/db/open.ts'
import { ConfigError } from '../../../oracle/errors.ts'
import {
  countEmitted,
  emission,
  emit,
  EMITTER_CODE,
  EMITTER_ABI,
  KEYS,
  setRefusing,
  silent as log,
  startChain,
  type TestChain,
  until,
} from '../../helpers/chain.ts'
import { type RpcProxy, startRpcProxy } from '../../helpers/rpc-proxy.ts'

const GWEI = 1_000_000_000n

describe('chain/sender', () => {
  let chain: TestChain
  let proxy: RpcProxy
  let db: Database
  let intents: IntentStore

  beforeEach(async () => {
    chain = await startChain()
    await chain.rpc('evm_setAutomine', [false])
    proxy = await startRpcProxy(chain.url)
    db = await openDatabase(':memory:')
    intents = createIntentStore(db)
  })
  afterEach(async () => {
    await proxy.stop()
    await db.destroy()
    await chain.stop()
  })

  /** A sender as a restarted process would build it: nothing but the database is shared. */
  function build(over: Partial<SenderOptions> = {}): Sender {
    const client: ChainClient = createChainClient({ urls: [proxy.url], log, cooldownMs: 1 })
    const options = { client, key: KEYS[0], intents, confirmations: 0, gasCap: 1_000n * GWEI, abi: EMITTER_ABI, log }
    return createSender({ ...options, ...over })
  }

  const submit = (sender: Sender, word: number) => sender.submit({ key: `word:${word}`, ...emission(word) })
  const intentOf = async (word: number) => (await intents.get(`word:${word}`)) as Intent
  const stateOf = async (word: number) => (await intentOf(word)).state
  const pooled = async () => Number((await chain.rpc<{ pending: string }>('txpool_status')).pending)
  const nonce = async () => Number(await chain.rpc<string>('eth_getTransactionCount', [build().address, 'latest']))
  /** Mines until every transaction of the pool is in a block. */
  async function mineAll(): Promise<void> {
    await chain.mine(1)
    await until(async () => (await pooled()) === 0)
  }
  const mined = async (sender: Sender) => {
    await mineAll()
    await sender.processAll()
  }

  describe('one intent', () => {
    it('is stored, signed, mined and confirmed by its event', async () => {
      const sender = build()
      await submit(sender, 1)
      expect(await sender.status('word:1')).to.deep.equal({
        state: 'queued',
        hashes: [],
        blockNumber: null,
        error: null,
      })

      await sender.processAll()
      const sent = await sender.status('word:1')
      expect(sent!.state).to.equal('sent')
      expect(sent!.hashes).to.have.length(1)
      expect(await countEmitted(chain, 1)).to.equal(0)

      await mined(sender)
      const { state, hashes, blockNumber } = (await sender.status('word:1'))!
      expect({ state, hashes }).to.deep.equal({ state: 'confirmed', hashes: sent!.hashes })
      expect(blockNumber).to.equal(await chain.head())
      expect(await countEmitted(chain, 1)).to.equal(1)
    })

    it('is the same intent when submitted again under its key', async () => {
      const sender = build()
      await submit(sender, 1)
      await submit(sender, 1)
      await sender.processAll()
      await submit(sender, 1)
      await mined(sender)
      await submit(sender, 1)
      await mined(sender)
      expect(await countEmitted(chain, 1)).to.equal(1)
      expect(await nonce()).to.equal(1)
    })

    it('is unknown under another key', async () => {
      expect(await build().status('word:1')).to.equal(undefined)
    })

    it('belongs to the transaction that submits it', async () => {
      const sender = build()
      const rolledBack = db.transaction().execute(async (tx) => {
        await sender.submit({ key: 'word:1', ...emission(1) }, tx)
        throw new Error('undo')
      })
      expect(await rolledBack.catch((e: Error) => e.message)).to.equal('undo')
      expect(await sender.status('word:1')).to.equal(undefined)
    })

    it('is confirmed when enough blocks stand above it, not before', async () => {
      const sender = build({ confirmations: 3 })
      await submit(sender, 1)
      await sender.processAll()
      await mineAll()
      await chain.mine(2)
      await sender.processAll()
      expect(await stateOf(1)).to.equal('sent')
      await chain.mine(1)
      await sender.processAll()
      expect(await stateOf(1)).to.equal('confirmed')
    })

    it('is confirmed when its block is final', async () => {
      const sender = build({ confirmations: 'finalized' })
      await submit(sender, 1)
      await sender.processAll()
      await mineAll()
      await chain.mine(1)
      await sender.processAll()
      expect(await stateOf(1)).to.equal('sent')
      await chain.mine(1)
      await sender.processAll()
      expect(await stateOf(1)).to.equal('confirmed')
    })
  })

  describe('a lane', () => {
    it('keeps the order, and no more in flight than the mempool takes', async () => {
      const sender = build({ maxInFlight: 3 })
      for (const word of [1, 2, 3, 4, 5]) await submit(sender, word)
      await sender.processAll()
      expect(await pooled()).to.equal(3)
      expect(await Promise.all([1, 2, 3, 4, 5].map(stateOf))).to.deep.equal([
        'sent',
        'sent',
        'sent',
        'queued',
        'queued',
      ])
      expect((await intents.sent(sender.address)).map((intent) => [intent.key, intent.nonce])).to.deep.equal([
        ['word:1', 0],
        ['word:2', 1],
        ['word:3', 2],
      ])

      await mined(sender)
      await mined(sender)
      expect(await Promise.all([1, 2, 3, 4, 5].map(stateOf))).to.deep.equal(Array(5).fill('confirmed'))
      for (const word of [1, 2, 3, 4, 5]) expect(await countEmitted(chain, word)).to.equal(1)
    })

    it('gives each its own nonce where the node counts no pending ones', async () => {
      proxy.rewrite = ({ method, params }, forward) =>
        method === 'eth_getTransactionCount' && params[1] === 'pending' ? { result: '0x0' } : forward()
      const sender = build()
      for (const word of [1, 2]) await submit(sender, word)
      await sender.processAll()
      await submit(sender, 3)
      await sender.processAll()
      expect((await intents.sent(sender.address)).map((intent) => intent.nonce)).to.deep.equal([0, 1, 2])
    })

    it('runs by itself between start and stop', async () => {
      await chain.rpc('evm_setAutomine', [true])
      const sender = build({ everyMs: 20 })
      sender.start()
      await submit(sender, 1)
      await until(async () => (await stateOf(1)) === 'confirmed')
      await sender.stop()
      await submit(sender, 2)
      const asked = proxy.questions.length
      await chain.mine(1)
      expect(proxy.questions.length).to.equal(asked)
      expect(await stateOf(2)).to.equal('queued')
    })
  })

  describe('a call that reverts', () => {
    beforeEach(() => setRefusing(chain, true))

    it('is refused with its decoded error, and nothing is sent', async () => {
      const sender = build()
      await submit(sender, 7)
      await sender.processAll()
      const { data } = emission(7)
      const { state, hashes, error } = (await sender.status('word:7'))!
      expect({ state, hashes }).to.deep.equal({ state: 'refused', hashes: [] })
      expect(error).to.deep.include({ name: 'Refused', args: [data], message: `Refused(${data})` })
      expect(error!.data).to.match(/^0x[0-9a-f]{8}0{63}7$/)
      expect(proxy.asked('eth_sendRawTransaction')).to.have.length(0)
    })

    it('keeps the bytes where the ABI does not know the error', async () => {
      const sender = build({ abi: undefined })
      await submit(sender, 7)
      await sender.processAll()
      const { error } = (await sender.status('word:7'))!
      expect(error).to.not.have.property('name')
      expect(error!.data).to.match(/^0x[0-9a-f]{8}0{63}7$/)
    })

    it('is tried once more when it is submitted again', async () => {
      const sender = build()
      await submit(sender, 7)
      await sender.processAll()
      await setRefusing(chain, false)
      await sender.processAll()
      expect(await stateOf(7)).to.equal('refused')

      await submit(sender, 7)
      await sender.processAll()
      await mined(sender)
      expect(await stateOf(7)).to.equal('confirmed')
      expect(await countEmitted(chain, 7)).to.equal(1)
    })

    it('does not hold up the others', async () => {
      proxy.rewrite = ({ method, params }, forward) => {
        const { data } = (params[0] ?? {}) as { data?: string }
        if (method === 'eth_call' && data === emission(8).data) return { result: '0x' }
        return method === 'eth_estimateGas' ? { result: '0x186a0' } : forward()
      }
      const sender = build()
      await submit(sender, 7)
      await submit(sender, 8)
      await sender.processAll()
      expect(await Promise.all([stateOf(7), stateOf(8)])).to.deep.equal(['refused', 'sent'])
    })

    it('waits while an older transaction in flight may change the answer', async () => {
      await setRefusing(chain, false)
      const sender = build()
      await submit(sender, 1)
      await sender.processAll()
      await setRefusing(chain, true)
      await submit(sender, 2)
      await sender.processAll()
      expect(await stateOf(2)).to.equal('queued')

      await setRefusing(chain, false)
      await mined(sender)
      expect(await Promise.all([stateOf(1), stateOf(2)])).to.deep.equal(['confirmed', 'sent'])
    })

    it('that fails only when mined ends failed with its reason, and can be submitted again', async () => {
      await setRefusing(chain, false)
      const sender = build()
      await submit(sender, 1)
      await sender.processAll()
      await setRefusing(chain, true)
      await chain.mine(1) // the call is explained on the state before its block: it must revert there too
      await until(async () => (await pooled()) === 0)
      await sender.processAll()
      const failed = (await sender.status('word:1'))!
      expect(failed.state).to.equal('failed')
      expect(failed.blockNumber).to.equal(await chain.head())
      expect(failed.error!.message).to.match(/^Refused\(0x|reverted, having used \d+ gas$/)

      await setRefusing(chain, false)
      await submit(sender, 1)
      await sender.processAll()
      await mined(sender)
      expect(await stateOf(1)).to.equal('confirmed')
      expect((await intentOf(1)).hashes).to.have.length(2)
      expect(await countEmitted(chain, 1)).to.equal(1)
      expect(await nonce()).to.equal(2)
    })

    it('is failed only when the block that it failed in is believed', async () => {
      await setRefusing(chain, false)
      const sender = build({ confirmations: 2 })
      await submit(sender, 1)
      await sender.processAll()
      await setRefusing(chain, true)
      await mined(sender)
      expect(await stateOf(1)).to.equal('sent')
      await chain.mine(2)
      await sender.processAll()
      expect(await stateOf(1)).to.equal('failed')
    })

    for (const [what, code] of [
      ['any', '0x'],
      ['its contract (another emits the same)', EMITTER_CODE],
    ] as const) {
      it(`that succeeds without its event of ${what} is failed, not confirmed`, async () => {
        const to = `0x${'77'.repeat(20)}`
        await chain.rpc('anvil_setCode', [to, code])
        const sender = build()
        const { data, expectEvent } = emission(1)
        await sender.submit({ key: 'word:1', to, data, expectEvent })
        await sender.processAll()
        await mined(sender)
        const { state, error } = (await sender.status('word:1'))!
        expect(state).to.equal('failed')
        expect(error!.message).to.match(/succeeded without the event/)
      })
    }
  })

  describe('a crash', () => {
    /** Lets the sender die at the given moment: the database stands as it was, and everything in memory is gone. */
    const crash = async (sender: Sender) => {
      const died = await sender.processAll().then(
        () => undefined,
        (error: Error) => error.message,
      )
      expect(died).to.equal('power cut')
    }
    const dying = (method: keyof IntentStore, after: boolean): IntentStore => ({
      ...intents,
      [method]: async (...args: never[]) => {
        if (after) await (intents[method] as (...args: never[]) => Promise<unknown>)(...args)
        throw new Error('power cut')
      },
    })

    it('after the intent is stored loses nothing', async () => {
      await submit(build(), 1)
      const sender = build()
      await sender.processAll()
      await mined(sender)
      expect(await stateOf(1)).to.equal('confirmed')
      expect(await countEmitted(chain, 1)).to.equal(1)
    })

    it('before the signed transaction is stored sends nothing', async () => {
      const sender = build({ intents: dying('addSigned', false) })
      await submit(sender, 1)
      await crash(sender)
      expect(await pooled()).to.equal(0)
      expect(proxy.asked('eth_sendRawTransaction')).to.have.length(0)

      const restarted = build()
      await restarted.processAll()
      await mined(restarted)
      expect(await stateOf(1)).to.equal('confirmed')
      expect(await countEmitted(chain, 1)).to.equal(1)
      expect(await nonce()).to.equal(1)
    })

    it('between storing and broadcasting sends the very bytes that are stored', async () => {
      const sender = build({ intents: dying('addSigned', true) })
      await submit(sender, 1)
      await crash(sender)
      expect(await pooled()).to.equal(0)
      const { raw } = await intentOf(1)

      const restarted = build()
      await restarted.processAll()
      expect(proxy.asked('eth_sendRawTransaction').map(({ params }) => params[0])).to.deep.equal(raw)
      await mined(restarted)
      expect(await stateOf(1)).to.equal('confirmed')
      expect(await countEmitted(chain, 1)).to.equal(1)
      expect(await nonce()).to.equal(1)
    })

    it('after broadcasting, before mining, sends nothing else', async () => {
      const sender = build()
      await submit(sender, 1)
      await sender.processAll()
      const restarted = build()
      await restarted.processAll()
      await restarted.processAll()
      expect(proxy.asked('eth_sendRawTransaction')).to.have.length(1)
      await mined(restarted)
      expect(await stateOf(1)).to.equal('confirmed')
      expect(await countEmitted(chain, 1)).to.equal(1)
    })

    it('after mining, before the receipt is read, finds the receipt', async () => {
      const sender = build()
      await submit(sender, 1)
      await sender.processAll()
      await mineAll()
      await crash(build({ intents: dying('confirm', false) }))
      const restarted = build()
      await submit(restarted, 1)
      await restarted.processAll()
      expect(await stateOf(1)).to.equal('confirmed')
      expect(proxy.asked('eth_sendRawTransaction')).to.have.length(1)
      expect(await nonce()).to.equal(1)
    })

    it('of the connection after the node took the transaction does not send it twice', async () => {
      proxy.rewrite = async ({ method }, forward) => {
        const answer = await forward()
        return method === 'eth_sendRawTransaction' ? { status: 504, body: 'timed out' } : answer
      }
      const sender = build()
      await submit(sender, 1)
      await sender.processAll()
      expect(await stateOf(1)).to.equal('sent')
      expect(await pooled()).to.equal(1)

      await mined(build())
      expect(await stateOf(1)).to.equal('confirmed')
      expect(await countEmitted(chain, 1)).to.equal(1)
      expect(await nonce()).to.equal(1)
    })

    it('of the connection before the node took it sends it at the next pass', async () => {
      proxy.rewrite = ({ method }, forward) =>
        method === 'eth_sendRawTransaction' ? { status: 503, body: 'down' } : forward()
      const sender = build()
      await submit(sender, 1)
      await sender.processAll()
      expect(await pooled()).to.equal(0)
      proxy.rewrite = (_, forward) => forward()
      await sender.processAll()
      expect(await pooled()).to.equal(1)
      await mined(sender)
      expect((await intentOf(1)).hashes).to.have.length(1)
      expect(await countEmitted(chain, 1)).to.equal(1)
    })

    it('at any of its database writes and node questions ends in one transaction', async function () {
      this.timeout(60_000)
      await chain.rpc('evm_setAutomine', [true])
      for (let word = 1, questions = 0; questions < 20; word++, questions++) {
        await submit(build(), word)
        let left = questions
        proxy.rewrite = async (_, forward) => {
          // The process dies around its n-th question: by turns before and after the node hears it.
          if (left-- > 0) return forward()
          if (word % 2 === 0) await forward()
          return { status: 502, body: 'gone' }
        }
        await build()
          .processAll()
          .catch(() => undefined)
        proxy.rewrite = (_, forward) => forward()
        const sender = build()
        await until(async () => {
          await sender.processAll()
          return (await stateOf(word)) === 'confirmed'
        })
        expect(await countEmitted(chain, word), `word ${word}`).to.equal(1)
        expect(await nonce()).to.equal(word)
      }
    })
  })

  describe('a stuck transaction', () => {
    async function stick(sender: Sender): Promise<void> {
      await submit(sender, 1)
      await sender.processAll()
      // anvil drops what cannot pay the base fee, Lotus keeps it unpublished: neither mines it.
      for (let i = 0; i < 5; i++) await mineAtBaseFee(100n * GWEI)
      expect(await nonce()).to.equal(0)
    }
    async function mineAtBaseFee(baseFee: bigint): Promise<void> {
      await chain.rpc('anvil_setNextBlockBaseFeePerGas', [`0x${baseFee.toString(16)}`])
      await chain.mine(1)
    }

    it('is replaced under the same nonce by one that pays at least a quarter more', async () => {
      const sender = build()
      await stick(sender)
      await sender.processAll()

      const { raw, hashes, state } = await intentOf(1)
      expect(state).to.equal('sent')
      const [first, second] = raw.map(readSigned)
      expect(hashes).to.deep.equal([first.hash, second.hash])
      expect(second.nonce).to.equal(first.nonce)
      expect(second.data).to.equal(first.data)
      expect(second.maxPriorityFeePerGas * 4n >= first.maxPriorityFeePerGas * 5n).to.equal(true)
      expect(second.maxFeePerGas > 100n * GWEI).to.equal(true)
      expect(await pooled()).to.equal(1)

      await mineAtBaseFee(100n * GWEI)
      await until(async () => (await pooled()) === 0)
      await sender.processAll()
      expect(await stateOf(1)).to.equal('confirmed')
      expect(await countEmitted(chain, 1)).to.equal(1)
      expect(await nonce()).to.equal(1)
    })

    it('is not replaced before its time', async () => {
      const sender = build({ bumpAfterBlocks: 6 })
      await stick(sender)
      await sender.processAll()
      expect((await intentOf(1)).raw).to.have.length(1)
      await mineAtBaseFee(100n * GWEI)
      await sender.processAll()
      expect((await intentOf(1)).raw).to.have.length(2)
    })

    it('is only replaced when it is next in line', async () => {
      const sender = build()
      await submit(sender, 2)
      await stick(sender)
      await sender.processAll()
      expect((await intentOf(2)).raw).to.have.length(2)
      expect((await intentOf(1)).raw).to.have.length(1)
    }).timeout(10_000)

    it('waits rather than pay more than the cap', async () => {
      const sender = build({ gasCap: 50n * GWEI })
      await stick(sender)
      await sender.processAll()
      expect((await intentOf(1)).raw).to.have.length(1)
      await submit(sender, 2)
      await sender.processAll()
      expect(await stateOf(2)).to.equal('queued')

      await mineAtBaseFee(1n)
      await sender.processAll()
      await mined(sender)
      expect(await stateOf(1)).to.equal('confirmed')
    })

    it('is confirmed by whichever of its transactions was mined', async () => {
      const sender = build()
      await stick(sender)
      const [first] = (await intentOf(1)).raw
      // The replacement reaches nobody, and another node still has the first one.
      proxy.rewrite = ({ method }, forward) =>
        method === 'eth_sendRawTransaction' ? { status: 503, body: 'down' } : forward()
      await sender.processAll()
      expect((await intentOf(1)).raw).to.have.length(2)
      await mineAtBaseFee(1n)
      await chain.rpc('eth_sendRawTransaction', [first])
      await mineAll()
      proxy.rewrite = (_, forward) => forward()
      await sender.processAll()
      expect(await stateOf(1)).to.equal('confirmed')
      const receipt = await chain.rpc('eth_getTransactionReceipt', [readSigned(first).hash])
      expect(receipt).to.not.equal(null)
      expect(await countEmitted(chain, 1)).to.equal(1)
      expect(await nonce()).to.equal(1)
    })
  })

  describe('a nonce', () => {
    /** Sends from the sender's own account behind its back. */
    async function foreign(atNonce: number, word: number): Promise<void> {
      const { to, data } = emission(word)
      const fees = { maxFeePerGas: 500n * GWEI, maxPriorityFeePerGas: 100n * GWEI }
      const unsigned = { chainId: 31415926n, nonce: atNonce, to, data, value: 0n, gasLimit: 100_000n, ...fees }
      const { raw } = await createSigningKey(KEYS[0]).sign(unsigned)
      await chain.rpc('eth_sendRawTransaction', [raw])
    }

    it('that another transaction took, without the work being done, is replaced by the next one', async () => {
      const sender = build()
      await submit(sender, 1)
      await sender.processAll()
      await foreign(0, 99)
      await mineAll()
      await sender.processAll()
      expect(await Promise.all([stateOf(1), nonce()])).to.deep.equal(['sent', 1])
      expect((await intentOf(1)).nonce).to.equal(1)
      await mined(sender)
      expect(await stateOf(1)).to.equal('confirmed')
      expect(await countEmitted(chain, 1)).to.equal(1)
    })

    it('that another transaction took to do the same work is success', async () => {
      const sender = build()
      await submit(sender, 1)
      await sender.processAll()
      await foreign(0, 1)
      await mined(sender)
      expect(await stateOf(1)).to.equal('confirmed')
      expect(await countEmitted(chain, 1)).to.equal(1)
    })

    it('is not given up before the block that took it is believed', async () => {
      const sender = build({ confirmations: 2 })
      await submit(sender, 1)
      await sender.processAll()
      await foreign(0, 99)
      await mined(sender)
      expect(await intentOf(1)).to.include({ state: 'sent', nonce: 0 })
      await chain.mine(2)
      await sender.processAll()
      expect(await intentOf(1)).to.include({ state: 'sent', nonce: 1 })
    })

    it('is used even when the node forgot the receipt: the event tells', async () => {
      const sender = build()
      await submit(sender, 1)
      await sender.processAll()
      await mineAll()
      proxy.rewrite = ({ method }, forward) => (method === 'eth_getTransactionReceipt' ? { result: null } : forward())
      await sender.processAll()
      expect(await stateOf(1)).to.equal('confirmed')
      expect(proxy.asked('eth_sendRawTransaction')).to.have.length(1)
    })

    it('that is missing below those in flight is filled with a transfer of nothing', async () => {
      const sender = build()
      proxy.rewrite = ({ method, params }, forward) =>
        method === 'eth_getTransactionCount' && params[1] === 'pending' ? { result: '0x1' } : forward()
      await submit(sender, 1)
      await sender.processAll()
      expect((await intentOf(1)).nonce).to.equal(1)
      await chain.mine(5)
      expect(await nonce()).to.equal(0)

      await sender.processAll()
      await until(async () => {
        await chain.mine(1)
        await sender.processAll()
        return (await stateOf(1)) === 'confirmed'
      })
      expect(await nonce()).to.equal(2)
      expect(await countEmitted(chain, 1)).to.equal(1)
      expect(await sender.status(`filler:${sender.address}:0`)).to.include({ state: 'confirmed' })
    })
  })

  describe('a reorg', () => {
    it('that removed a confirmed transaction has it broadcast again, the same bytes', async () => {
      await chain.rpc('evm_setAutomine', [true])
      await chain.mine(2)
      const snapshot = await chain.rpc('evm_snapshot')
      const sender = build()
      await submit(sender, 1)
      await sender.processAll()
      await until(async () => (await nonce()) === 1)
      await sender.processAll()
      expect(await stateOf(1)).to.equal('confirmed')
      await chain.rpc('evm_revert', [snapshot])
      expect(await countEmitted(chain, 1)).to.equal(0)

      await sender.processAll()
      expect(await stateOf(1)).to.equal('sent')
      await until(async () => {
        await sender.processAll()
        return (await stateOf(1)) === 'confirmed'
      })
      expect((await intentOf(1)).hashes).to.have.length(1)
      expect(await countEmitted(chain, 1)).to.equal(1)
    })

    it('that moved it to another block is looked at again when the watcher says so', async () => {
      const sender = build()
      await submit(sender, 1)
      await sender.processAll()
      await mined(sender)
      await emitLater()
      await db.transaction().execute((tx) => sender.recheckAbove(0n, tx))
      expect(await stateOf(1)).to.equal('sent')
      await sender.processAll()
      expect(await stateOf(1)).to.equal('confirmed')
      expect(proxy.asked('eth_sendRawTransaction')).to.have.length(1)
    })

    async function emitLater(): Promise<void> {
      await chain.rpc('evm_setAutomine', [true])
      await emit(chain, 50)
    }
  })

  describe('the key', () => {
    it('never shows in an error', () => {
      for (const wrong of [`${KEYS[0]}ff`, KEYS[0].slice(0, -2)]) {
        expect(() => build({ key: wrong })).to.throw(
          ConfigError,
          /^the signing key is not a private key; expected 32 bytes as hex/,
        )
        expect(() => build({ key: wrong }))
          .to.throw()
          .and.satisfy(({ stack }: Error) => !stack!.includes(wrong.slice(2, 20)))
      }
    })
  })
})
