import { join } from 'node:path'
import { JsonRpcProvider, toBeHex, type Contract } from 'ethers'
import { expect } from 'chai'
import hre from 'hardhat'
import { after, afterEach, before, beforeEach, describe, it } from 'mocha'
import { build } from '../../../../../scripts/lib/hardhat.ts'
import { installActors } from '../../../../../scripts/local/actors.ts'
import { startPlayChain } from '../../../../../scripts/local/perpetual/chain.ts'
import { startLocalChain } from '../local-chain.ts'
import { temporaryDir } from '../world.ts'
import {
  ACTIVE,
  CLAIMED,
  MINERS,
  PRICE,
  deployPerpetual,
  makePiece,
  openOrder,
  serve,
  slotsOf,
  startProviders,
} from './world.ts'
import type { TestPiece } from './world.ts'

describe('storage providers of the Edge-compatible node', function () {
  this.timeout(240_000)
  const cleanups: (() => Promise<unknown>)[] = []
  let dir: string
  let made: TestPiece
  let pieces = 0

  beforeEach(async () => {
    dir = await temporaryDir(cleanups)
    made = await makePiece(join(dir, 'client'), `piece-${++pieces}`)
  })
  afterEach(async () => {
    for (const clean of cleanups.splice(0)) await clean()
  })

  describe('on a real chain process', () => {
    const chainCleanups: (() => Promise<unknown>)[] = []
    let url: string
    let perpetual: Contract

    before(async () => {
      const chain = await startLocalChain(chainCleanups, 0)
      url = chain.url
      perpetual = await deployPerpetual(chain.provider, await chain.provider.getSigner(0))
    })
    after(async () => {
      for (const clean of chainCleanups.splice(0)) await clean()
    })

    const start = (settings = {}, name = 'node') =>
      startProviders(cleanups, { url, perpetual, dir: join(dir, name), settings })

    it('claim a slot each, seal the piece from an executor, and prove it', async () => {
      const executor = await serve(cleanups, { [`/piece/${made.pieceCid}`]: made.car })
      const orderId = await openOrder(perpetual, made, 2n, '')
      const providers = start({ pieceUrls: [executor.url] })

      await providers.processAll()
      const claimed = await slotsOf(perpetual, orderId)
      expect(claimed.map(({ state, provider }) => [state, provider])).to.deep.equal([
        [CLAIMED, 1000n],
        [CLAIMED, 1001n],
      ])
      await providers.processAll()
      const active = await slotsOf(perpetual, orderId)
      expect(active.map(({ state, provider, sector, dealId }) => [state, provider, sector === dealId])).to.deep.equal([
        [ACTIVE, 1000n, true],
        [ACTIVE, 1001n, true],
      ])
      expect(active[0].end - active[0].start).to.equal(1_036_800n) // all of the term that was claimed
      expect(executor.asked).to.deep.equal([`/piece/${made.pieceCid}`]) // once for both
      expect(providers.keptBytes).to.deep.equal([made.car.length])

      await providers.processAll()
      expect(await slotsOf(perpetual, orderId)).to.deep.equal(active)
    })

    it('claim nothing whose piece cannot be had, or is another', async () => {
      const liar = await serve(cleanups, { [`/piece/${made.pieceCid}`]: Buffer.from('something else') })
      const orderId = await openOrder(perpetual, made, 1n, '/ip4/127.0.0.1/tcp/1/p2p/12D3KooWnobody')
      const providers = start({ pieceUrls: [liar.url] })
      await providers.processAll()
      expect(await slotsOf(perpetual, orderId)).to.deep.equal([])
      expect(providers.fetched).to.deep.equal(['/ip4/127.0.0.1/tcp/1/p2p/12D3KooWnobody'])

      await providers.processAll() // left alone for a while
      expect(liar.asked).to.have.lengthOf(1)
      providers.clock.now += 10_000
      await providers.processAll()
      expect(liar.asked).to.have.lengthOf(2)
      await cancel(orderId)
    })

    it('claim nothing that pays too little or is too large', async () => {
      const orderId = await openOrder(perpetual, made, 1n, '')
      const executor = await serve(cleanups, { [`/piece/${made.pieceCid}`]: made.car })
      const pieceUrls = [executor.url]
      await start({ pieceUrls, minPrice: PRICE + 1n }, 'dear').processAll()
      await start({ pieceUrls, maxPieceBytes: made.piece.size - 1n }, 'small').processAll()
      expect(await slotsOf(perpetual, orderId)).to.deep.equal([])

      await start({ pieceUrls, minPrice: PRICE, maxPieceBytes: made.piece.size }, 'fits').processAll()
      expect((await slotsOf(perpetual, orderId)).map(({ state }) => state)).to.deep.equal([CLAIMED])
    })

    it('go on where a process died, with one deal for a claim', async () => {
      const executor = await serve(cleanups, { [`/piece/${made.pieceCid}`]: made.car })
      const orderId = await openOrder(perpetual, made, 1n, '')
      const first = start({ pieceUrls: [executor.url] })
      await first.processAll()
      await first.stop()

      const { slot, nonce } = (await slotsOf(perpetual, orderId))[0]
      const second = start({ pieceUrls: [executor.url] })
      await second.processAll()
      const sent = second.store.sent(`publish:slot-${slot}/${nonce}-0`)!
      await second.stop()
      const third = start({ pieceUrls: [executor.url] })
      await third.processAll()
      expect((await slotsOf(perpetual, orderId)).map(({ state }) => state)).to.deep.equal([ACTIVE])
      expect(third.store.sent(`publish:slot-${slot}/${nonce}-0`)).to.deep.equal(sent)
    })

    it('leave a claim to the executor for as long as it may still bring the piece', async () => {
      const executor = await serve(cleanups, { [`/piece/${made.pieceCid}`]: made.car })
      const orderId = await openOrder(perpetual, made, 1n, '')
      const providers = start({ pieceUrls: [executor.url], sealAfterMs: 60_000 })
      await providers.processAll()
      await providers.processAll()
      const { slot, nonce } = (await slotsOf(perpetual, orderId))[0]
      expect(providers.store.sent(`publish:slot-${slot}/${nonce}-0`)).to.equal(undefined)

      providers.clock.now += 60_000
      await providers.processAll()
      expect((await slotsOf(perpetual, orderId)).map(({ state }) => state)).to.deep.equal([ACTIVE])
    })

    async function cancel(orderId: bigint): Promise<void> {
      await (await perpetual.getFunction('cancel').send(orderId)).wait()
    }
  })

  it('renew a slot when it comes into its renewal window, and are paid from the end of the one before', async () => {
    await build()
    const chain = await startPlayChain() // time can jump there
    const provider = new JsonRpcProvider(chain.url, undefined, { staticNetwork: true, cacheTimeout: -1 })
    cleanups.push(
      async () => provider.destroy(),
      () => chain.stop(),
    )
    await installActors(provider, hre.artifacts)
    const perpetual = await deployPerpetual(provider, await provider.getSigner(0))
    const executor = await serve(cleanups, { [`/piece/${made.pieceCid}`]: made.car })
    const orderId = await openOrder(perpetual, made, 1n, '')
    const settings = { pieceUrls: [executor.url], miners: MINERS.slice(1) }
    const providers = startProviders(cleanups, { url: chain.url, perpetual, dir: join(dir, 'node'), settings })
    await providers.processAll()
    await providers.processAll()
    const [first] = await slotsOf(perpetual, orderId)
    expect([first.state, first.provider]).to.deep.equal([ACTIVE, 1001n])

    const window = first.end - 30n * 2_880n
    await provider.send('hardhat_mine', [toBeHex(window - BigInt(await provider.getBlockNumber()))])
    await providers.processAll()
    await providers.processAll()
    const [old, successor] = await slotsOf(perpetual, orderId)
    expect(old.state).to.equal(ACTIVE)
    expect([successor.slot, successor.state, successor.provider]).to.deep.equal([first.slot + 16n, ACTIVE, 1001n])
    expect(successor.start).to.equal(first.end)
    expect(successor.end - successor.start).to.equal(1_036_800n)
  })
})
