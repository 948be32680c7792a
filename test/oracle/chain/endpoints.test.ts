import { expect } from 'chai'
import { afterEach, beforeEach, describe, it } from 'mocha'
import { type ChainClient, type ChainClientOptions, createChainClient } from '../../../oracle/chain/client.ts'
import { ConfigError } from '../../../oracle/errors.ts'
import { emission, emit, EMITTER, silent as log, startChain, type TestChain } from '../../helpers/chain.ts'
import { type Rewrite, type RpcProxy, startRpcProxy } from '../../helpers/rpc-proxy.ts'

describe('chain/endpoints', () => {
  let chain: TestChain
  let first: RpcProxy
  let second: RpcProxy
  let now: number

  beforeEach(async () => {
    chain = await startChain()
    first = await startRpcProxy(chain.url)
    second = await startRpcProxy(chain.url)
    now = 1_000_000
  })
  afterEach(() => Promise.all([chain.stop(), first.stop(), second.stop()]))

  const client = (over: Partial<ChainClientOptions> = {}): ChainClient =>
    createChainClient({
      urls: [first.url, second.url],
      log,
      cooldownMs: 1_000,
      lagCheckMs: 5_000,
      now: () => now,
      ...over,
    })
  const caught = (promise: Promise<unknown>) => promise.catch((e: unknown) => e as Error)
  const down: Rewrite = () => ({ status: 503, body: 'down' })
  const up: Rewrite = (_, forward) => forward()
  /** A node that stopped following the chain at `block`: it says so, and finds nothing above it. */
  const stuckAt =
    (block: bigint): Rewrite =>
    ({ method }, forward) => {
      if (method === 'eth_blockNumber') return { result: `0x${block.toString(16)}` }
      return method === 'eth_getLogs' ? { result: [] } : forward()
    }

  it('asks the first one only while it answers', async () => {
    const { blockNumber, getCode } = client()
    await blockNumber()
    await getCode(EMITTER)
    expect(first.asked('eth_getCode')).to.have.length(1)
    expect(second.asked('eth_getCode')).to.have.length(0)
  })

  it('moves to the next when one fails, and comes back after a growing cooldown', async () => {
    const { getCode } = client()
    first.rewrite = down
    await getCode(EMITTER)
    await getCode(EMITTER)
    expect(first.questions).to.have.length(1)
    expect(second.asked('eth_getCode')).to.have.length(2)

    now += 1_000
    await getCode(EMITTER)
    expect(first.questions).to.have.length(2)
    now += 1_999
    await getCode(EMITTER)
    expect(first.questions, 'the second cooldown is twice the first').to.have.length(2)

    first.rewrite = up
    now += 1
    await getCode(EMITTER)
    expect(first.asked('eth_getCode')).to.have.length(1)
    expect(second.asked('eth_getCode')).to.have.length(4)
  })

  it('asks one that was set aside when no other answers', async () => {
    const { getCode } = client()
    first.rewrite = down
    await getCode(EMITTER)
    first.rewrite = up
    second.rewrite = down
    expect(await getCode(EMITTER)).to.match(/^0x5f54/)
  })

  it('tells what each one said when all fail', async () => {
    first.rewrite = down
    second.rewrite = ({ method }, forward) =>
      method === 'eth_getCode' ? { error: { code: -32603, message: 'internal trouble' } } : forward()
    const error = await caught(client().getCode(EMITTER))
    expect(error).to.have.property('code', 'NoEndpoint')
    expect((error as Error).message).to.match(/HTTP 503; .*error -32603: internal trouble/)
  })

  it('asks another one about an error that says nothing definite, and none about one that does', async () => {
    const { getCode, call } = client()
    first.rewrite = ({ method }, forward) => {
      if (method === 'eth_getCode') return { error: { code: -32000, message: 'missing trie node' } }
      return method === 'eth_call' ? { error: { code: 3, message: 'execution reverted', data: '0x' } } : forward()
    }
    const reverted = await caught(call({ to: EMITTER, data: '0x' }))
    expect(reverted).to.have.property('code', 'CallReverted')
    expect(second.asked('eth_call')).to.have.length(0)
    expect(await getCode(EMITTER)).to.match(/^0x5f54/)
    expect(await getCode(EMITTER)).to.match(/^0x5f54/)
    expect(first.asked('eth_getCode'), 'set aside once another could answer').to.have.length(1)
  })

  it('never takes the silence of one that is behind for "no logs"', async () => {
    await chain.mine(3)
    const before = await chain.head()
    await emit(chain, 5)
    const block = before + 1n
    first.rewrite = stuckAt(before)

    const logs = await client().getLogs({ ...emission(5).expectEvent, fromBlock: 0n, toBlock: block })
    expect(logs.map((log) => log.blockNumber)).to.deep.equal([block])
    expect(first.asked('eth_getLogs')).to.have.length(0)
  })

  it('says so when all are behind', async () => {
    first.rewrite = second.rewrite = stuckAt(1n)
    const error = await caught(client().getLogs({ address: EMITTER, fromBlock: 0n, toBlock: 9n }))
    expect((error as Error).message).to.match(/is at block 1, block 9 was asked for; .* is at block 1/)
  })

  it('sets one aside that stopped following the chain', async () => {
    await chain.mine(10)
    first.rewrite = stuckAt(4n)
    const { blockNumber } = client({ maxLagBlocks: 5n })
    expect(await blockNumber()).to.equal(10n)
    expect(await client({ maxLagBlocks: 6n }).blockNumber()).to.equal(4n)
  })

  it('never asks one that serves another chain', async () => {
    first.rewrite = ({ method }, forward) => (method === 'eth_chainId' ? { result: '0x13a' } : forward())
    const { getCode, chainId } = client({ chainId: 31415926n })
    await getCode(EMITTER)
    now += 100_000
    await getCode(EMITTER)
    expect(first.questions.map(({ method }) => method)).to.deep.equal(['eth_chainId'])
    expect(await chainId()).to.equal(31415926n)

    const error = await caught(client({ urls: [first.url], chainId: 31415926n }).getCode(EMITTER))
    expect(error).to.have.property('code', 'WrongChain')
    expect((error as Error).message).to.match(/serves chain 314, expected 31415926/)
  })

  it('gives up on one that hangs', async () => {
    first.rewrite = ({ method }, forward) => (method === 'eth_getCode' ? new Promise(() => {}) : forward())
    expect(await client({ timeoutMs: 200 }).getCode(EMITTER)).to.match(/^0x5f54/)
  })

  it('needs at least one URL', () => {
    expect(() => client({ urls: [] })).to.throw(ConfigError, 'no RPC URL is given')
  })
})
