import { Interface, Transaction, Wallet } from 'ethers'
import { expect } from 'chai'
import { after, afterEach, before, beforeEach, describe, it } from 'mocha'
import { DealMissed, DealRefused } from '../../../../oracle/edge/dev-node/deal-maker.ts'
import type { DealOrder } from '../../../../oracle/edge/dev-node/deal-maker.ts'
import { createLocalChain } from '../../../../oracle/edge/dev-node/local-chain.ts'
import { createLocalMarket } from '../../../../oracle/edge/dev-node/local-market.ts'
import { openStore } from '../../../../oracle/edge/dev-node/store.ts'
import type { DevNodeStore } from '../../../../oracle/edge/dev-node/store.ts'
import { SP_KEY, startLocalChain } from './local-chain.ts'
import type { LocalChain } from './local-chain.ts'
import { temporaryDir } from './world.ts'

describe('createLocalMarket, on a real chain process', function () {
  this.timeout(60_000)
  const chainCleanups: (() => Promise<unknown>)[] = []
  const cleanups: (() => Promise<unknown>)[] = []
  let chain: LocalChain
  let store: DevNodeStore
  let orders = 0

  before(async () => {
    chain = await startLocalChain(chainCleanups, 0)
  })
  after(async () => {
    for (const clean of chainCleanups.splice(0)) await clean()
  })
  beforeEach(async () => {
    store = openStore(await temporaryDir(cleanups))
    cleanups.unshift(async () => store.close())
  })
  afterEach(async () => {
    for (const clean of cleanups.splice(0)) await clean()
  })

  function marketOf(startEpochs = 240) {
    const own = createLocalChain({ rpcUrl: chain.url, spKey: SP_KEY, store })
    cleanups.unshift(async () => own.stop())
    return createLocalMarket({ chain: own, startEpochs })
  }

  function order(overrides: Partial<DealOrder> = {}): DealOrder {
    const key = `order-${++orders}`
    const digest = new Uint8Array(32).fill(orders, 0, 31)
    return { key, label: key, piece: { digest, size: 1n << 20n }, providerId: 1001n, ...overrides }
  }

  it('publishes a deal over the aggregate and activates it', async () => {
    const market = marketOf()
    const ordered = order()
    const dealId = await market.publish(ordered)
    const digest = Buffer.from(ordered.piece.digest).toString('hex')
    expect(await chain.dataCommitment(dealId)).to.match(new RegExp(`0181e203922020${digest}1a00100000$`))

    const before = await chain.activation(dealId).catch((error: Error) => error.message)
    expect(before).to.equal('0x822020') // [−1, −1]
    await market.activate(ordered.key, dealId)
    const epoch = await chain.provider.getBlockNumber()
    expect(await chain.activation(dealId)).to.match(new RegExp(`^0x82(18)?${epoch.toString(16).padStart(2, '0')}20$`))
  })

  it('makes one deal of one key, however often it is asked', async () => {
    const market = marketOf()
    const ordered = order()
    const dealId = await market.publish(ordered)
    expect(await market.publish(ordered)).to.equal(dealId)
    await market.activate(ordered.key, dealId)
    await market.activate(ordered.key, dealId)
    expect((await chain.dealIds('DealPublished')).filter((id) => id >= dealId)).to.deep.equal([dealId])
    expect((await chain.dealIds('DealActivated')).filter((id) => id === dealId)).to.have.length(1)
  })

  it('publishes two orders at once, one after the other', async () => {
    const market = marketOf()
    const [a, b] = await Promise.all([market.publish(order()), market.publish(order())])
    expect(b - a).to.equal(1n)
  })

  it('takes a deal that somebody else activated for active', async () => {
    const market = marketOf()
    const ordered = order()
    const dealId = await market.publish(ordered)
    await (await chain.market.getFunction('activate').send(dealId, dealId)).wait()
    await market.activate(ordered.key, dealId)
  })

  it('sends what was signed and written down but never sent', async () => {
    const ordered = order()
    const signed = await signedPublish(ordered, 0)
    store.noteSent(`publish:${ordered.key}`, signed.raw, signed.hash)

    const dealId = await marketOf().publish(ordered)
    expect(await chain.provider.getTransactionReceipt(signed.hash)).to.not.equal(null)
    expect((await chain.dealIds('DealPublished')).at(-1)).to.equal(dealId)
  })

  it('signs anew where another transaction took the nonce', async () => {
    const ordered = order()
    const signed = await signedPublish(ordered, -1)
    store.noteSent(`publish:${ordered.key}`, signed.raw, signed.hash)

    const dealId = await marketOf().publish(ordered)
    expect((await chain.dealIds('DealPublished')).at(-1)).to.equal(dealId)
    expect(store.sent(`publish:${ordered.key}`)!.hash).not.to.equal(signed.hash)
  })

  it('misses a deal whose start passed before it was activated', async () => {
    const market = marketOf(5)
    const ordered = order()
    const dealId = await market.publish(ordered)
    await chain.mine(10)
    const error = await market.activate(ordered.key, dealId).catch((e: unknown) => e)
    expect(error).to.be.instanceOf(DealMissed)
    expect((error as Error).message).to.contain(`${ordered.key}: DealStartElapsed(${dealId}, `)
  })

  it('is refused for good where the market will not have it', async () => {
    const market = marketOf()
    const noMiner = await market.publish(order({ providerId: 4242n })).catch((e: unknown) => e)
    expect(noMiner).to.be.instanceOf(DealRefused)
    const longLabel = await market.publish(order({ label: 'x'.repeat(300) })).catch((e: unknown) => e)
    expect(longLabel).to.be.instanceOf(DealRefused)
    expect((longLabel as Error).message).to.contain('AllProposalsInvalid(2)') // Fault.LabelTooLong
  })

  /** A publish transaction, signed with a nonce this far from the next. */
  async function signedPublish({ key, piece, providerId }: DealOrder, nonceOffset: number) {
    const wallet = new Wallet(SP_KEY, chain.provider)
    const startEpoch = BigInt(await chain.provider.getBlockNumber()) + 240n
    const data = new Interface(chain.market.interface.fragments).encodeFunctionData('publish', [
      [
        {
          pieceDigest: piece.digest,
          pieceSize: piece.size,
          verified: false,
          client: wallet.address,
          providerId,
          label: Buffer.from(key),
          startEpoch,
          endEpoch: startEpoch + 600_000n,
          pricePerEpoch: 0n,
          providerCollateral: 0n,
          clientCollateral: 0n,
        },
      ],
    ])
    const nonce = (await wallet.getNonce()) + nonceOffset
    const filled = await wallet.populateTransaction({ to: await chain.market.getAddress(), data })
    const raw = await wallet.signTransaction({ ...filled, nonce })
    return { raw, hash: Transaction.from(raw).hash! }
  }
})
