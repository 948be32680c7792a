import { expect } from 'chai'
import { after, afterEach, before, describe, it } from 'mocha'
import { createChainClient } from '../../../oracle/chain/client.ts'
import type { NoEndpoint } from '../../../oracle/chain/endpoints.ts'
import {
  CallReverted,
  RangeTooWide,
  RpcBadAnswer,
  RpcFault,
  RpcUnavailable,
  TransactionRefused,
} from '../../../oracle/chain/rpc.ts'
import {
  emission,
  emit,
  EMITTER,
  KEYS,
  setRefusing,
  silent as log,
  startChain,
  type TestChain,
} from '../../helpers/chain.ts'
import { type Rewrite, type RpcProxy, startRpcProxy } from '../../helpers/rpc-proxy.ts'
import { createSigningKey } from '../../../oracle/chain/sender-key.ts'

describe('chain/client', () => {
  let chain: TestChain
  const proxies: RpcProxy[] = []

  before(async () => {
    chain = await startChain()
    await chain.mine(5)
  })
  after(() => chain.stop())
  afterEach(() => Promise.all(proxies.splice(0).map((proxy) => proxy.stop())))

  async function clientBehind(rewrite: Rewrite) {
    const proxy = await startRpcProxy(chain.url, rewrite)
    proxies.push(proxy)
    return { proxy, client: createChainClient({ urls: [proxy.url], log }) }
  }

  const error = (code: number, message: string, data?: unknown) => ({ error: { code, message, data } })
  const caught = (promise: Promise<unknown>) => promise.catch((e: unknown) => e)
  /** What the one endpoint said. */
  const said = (promise: Promise<unknown>) => promise.catch((e: unknown) => (e as NoEndpoint).errors[0])

  describe('blocks', () => {
    it('gives the head, the final block and a block with its parent', async () => {
      const client = createChainClient({ urls: [chain.url], log })
      const head = await client.blockNumber()
      expect(head).to.equal(await chain.head())
      expect(await client.finalizedNumber()).to.equal(head - 2n)
      const [parent, block] = [await client.getBlock(2n), await client.getBlock(3n)]
      expect(block!.number).to.equal(3n)
      expect(block!.parentHash).to.equal(parent!.hash)
      expect(await client.genesisHash()).to.equal((await client.getBlock(0n))!.hash)
      expect(await client.chainId()).to.equal(31415926n)
    })

    const dialects: [string, Rewrite][] = [
      ['Lotus: error 12', () => error(12, 'requested epoch was a null round (3)', 3)],
      ['older Lotus: null', () => ({ result: null })],
      [
        'older Forest: the tipset before it',
        async () => ({ result: await chain.rpc('eth_getBlockByNumber', ['0x2', false]) }),
      ],
      ['words without the code', () => error(-32000, 'requested epoch was a null round (3)')],
    ]
    for (const [name, answer] of dialects) {
      it(`understands a null round (${name})`, async () => {
        const { client } = await clientBehind((question, forward) =>
          question.method === 'eth_getBlockByNumber' && question.params[0] === '0x3'
            ? answer(question, forward)
            : forward(),
        )
        expect(await client.getBlock(3n)).to.equal(null)
        expect((await client.getBlock(4n))!.number).to.equal(4n)
      })
    }

    it('does not take a block above the head for a null round', async () => {
      const client = createChainClient({ urls: [chain.url], log })
      const behind = await said(client.getBlock(1_000n))
      expect(behind).to.have.property('code', 'EndpointBehind')
      expect((behind as Error).message).to.match(/block 1000 was asked for/)
    })
  })

  describe('logs', () => {
    it('come parsed and in chain order, without removed ones', async () => {
      const hash = await emit(chain, 71)
      const block = await chain.head()
      const { client } = await clientBehind(async (question, forward) => {
        const answer = (await forward()) as { result: Record<string, unknown>[] }
        if (question.method !== 'eth_getLogs') return answer
        return { result: [...answer.result, { ...answer.result[0], removed: true, logIndex: '0x9' }] }
      })
      const { expectEvent } = emission(71)
      const logs = await client.getLogs({ ...expectEvent, fromBlock: block, toBlock: block })
      expect(logs).to.have.length(1)
      expect(logs[0]).to.deep.include({ address: EMITTER, topics: expectEvent.topics, data: '0x' })
      expect(logs[0]).to.include({ blockNumber: block, transactionHash: hash, logIndex: 0 })
    })

    it('of nothing are none, also where the node says null', async () => {
      const { client } = await clientBehind(({ method }, forward) =>
        method === 'eth_getLogs' ? { result: null } : forward(),
      )
      expect(await client.getLogs({ address: EMITTER, fromBlock: 0n, toBlock: 1n })).to.deep.equal([])
    })

    for (const [code, words] of [
      [-32005, 'block range exceeded'],
      [1, 'filter matches too many events, try a more restricted filter'],
      [-32602, 'query returned more than 10000 results'],
      [-32000, 'invalid block range: range exceeds maximum of 2880'],
    ] as const) {
      it(`are asked for in smaller ranges after "${words}"`, async () => {
        const { client } = await clientBehind(({ method }, forward) =>
          method === 'eth_getLogs' ? error(code, words) : forward(),
        )
        expect(await caught(client.getLogs({ address: EMITTER, fromBlock: 0n, toBlock: 1n }))).to.be.instanceOf(
          RangeTooWide,
        )
      })
    }

    it('of a rate-limited node are not', async () => {
      const { client } = await clientBehind(({ method }, forward) =>
        method === 'eth_getLogs' ? error(-32005, 'rate limit exceeded') : forward(),
      )
      expect(await said(client.getLogs({ address: EMITTER, fromBlock: 0n, toBlock: 1n }))).to.be.instanceOf(RpcFault)
    })
  })

  describe('calls', () => {
    const revert = '0x08c379a0' + '00'.repeat(32)
    const { to, data } = emission(1)

    it('give what they return, and the revert with its bytes', async () => {
      const client = createChainClient({ urls: [chain.url], log })
      expect(await client.call({ to, data })).to.equal('0x')
      expect(await client.estimateGas({ to, data })).to.be.greaterThan(21_000n)
      await setRefusing(chain, true)
      const reverted = await caught(client.call({ to, data }))
      await setRefusing(chain, false)
      expect(reverted).to.be.instanceOf(CallReverted)
      expect((reverted as CallReverted).data).to.match(/^0x[0-9a-f]{8}0{63}1$/)
    })

    for (const [name, answer] of [
      ['Lotus and geth: code 3 with data', error(3, 'execution reverted', revert)],
      ['an object around the data', error(-32000, 'execution reverted', { data: revert })],
      ['older Lotus: inside the words', error(1, `message execution failed: exit 33, vm error=[${revert}]; reverted`)],
    ] as const) {
      it(`find the revert's bytes (${name})`, async () => {
        const { client } = await clientBehind(({ method }, forward) => (method === 'eth_call' ? answer : forward()))
        const reverted = await caught(client.call({ to, data }))
        expect(reverted).to.be.instanceOf(CallReverted)
        expect((reverted as CallReverted).data).to.equal(revert)
      })
    }
  })

  describe('transactions', () => {
    for (const [words, why] of [
      ['already known', 'known'],
      ['message already in mpool: bafy2bzaced', 'known'],
      ['nonce too low', 'nonceUsed'],
      ['minimum expected nonce is 5: message nonce too low', 'nonceUsed'],
      ['replacement transaction underpriced', 'underpriced'],
      [
        'message from f410 with nonce 3 already in mpool, increase GasPremium to 125: replace by fee has too low GasPremium',
        'underpriced',
      ],
      ['not enough funds: required 5, balance 1', 'other'],
    ] as const) {
      it(`are refused as ${why} by "${words.slice(0, 50)}"`, async () => {
        const { client } = await clientBehind(({ method }, forward) =>
          method === 'eth_sendRawTransaction' ? error(-32000, words) : forward(),
        )
        const refused = await caught(client.sendRawTransaction('0x02'))
        expect(refused).to.be.instanceOf(TransactionRefused)
        expect(refused).to.have.property('why', why)
      })
    }

    it('are sent, known, counted and have a receipt', async () => {
      const client = createChainClient({ urls: [chain.url], log })
      const key = createSigningKey(KEYS[0])
      const { baseFee, tip } = await client.feeData()
      const { to, data } = emission(72)
      const nonce = await client.getTransactionCount(key.address, 'latest')
      const fees = { maxFeePerGas: 2n * baseFee + tip, maxPriorityFeePerGas: tip }
      const unsigned = { chainId: 31415926n, nonce, to, data, value: 0n, gasLimit: 100_000n, ...fees }
      const { raw, hash } = await key.sign(unsigned)

      expect(await client.hasTransaction(hash)).to.equal(false)
      expect(await client.getTransactionReceipt(hash)).to.equal(null)
      expect(await client.sendRawTransaction(raw)).to.equal(hash)
      expect(await client.hasTransaction(hash)).to.equal(true)
      const receipt = await client.getTransactionReceipt(hash)
      expect(receipt).to.include({ transactionHash: hash, succeeded: true })
      expect(receipt!.logs.map((entry) => entry.topics)).to.deep.equal([emission(72).expectEvent.topics])
      expect(await client.getTransactionCount(key.address, 'latest')).to.equal(nonce + 1)
      expect(await client.getTransactionCount(key.address, receipt!.blockNumber - 1n)).to.equal(nonce)
    })
  })

  describe('answers that are none', () => {
    for (const [name, answer, words] of [
      ['HTTP 503', { status: 503, body: 'down' }, /HTTP 503/],
      ['an HTML page', { status: 200, body: '<html>' }, /not JSON-RPC: <html>/],
    ] as const) {
      it(`are retryable: ${name}`, async () => {
        const { client } = await clientBehind(({ method }, forward) => (method === 'eth_getCode' ? answer : forward()))
        const unavailable = await said(client.getCode(EMITTER))
        expect(unavailable).to.be.instanceOf(RpcUnavailable)
        expect((unavailable as Error).message).to.match(words)
      })
    }

    it('name the field that is wrong', async () => {
      const { client } = await clientBehind(({ method }, forward) =>
        method === 'eth_getBlockByNumber' ? { result: { number: '0x1', hash: '0x12' } } : forward(),
      )
      expect(await said(client.getBlock(1n)))
        .to.be.instanceOf(RpcBadAnswer)
        .and.have.property('message', 'block.hash of a JSON-RPC answer: expected 32 hex bytes, got "0x12"')
    })

    it('show no more of the URL than its host', async () => {
      const client = createChainClient({ urls: ['http://user:secret@127.0.0.1:1/key/secret?token=secret'], log })
      const unavailable = await caught(client.blockNumber())
      expect((unavailable as Error).message)
        .to.contain('127.0.0.1:1')
        .and.not.contain('secret')
    })
  })
})
