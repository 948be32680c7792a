import { expect } from 'chai'
import { describe, it } from 'mocha'
import { type Sender } from '../../../oracle/chain/sender.ts'
import { createSigningKey, readSigned } from '../../../oracle/chain/sender-key.ts'
import { countEmitted, emission, KEYS, until } from '../../helpers/chain.ts'
import { GWEI, useSenderWorld } from './sender-world.ts'

describe('chain/sender', () => {
  const world = useSenderWorld()

  describe('a stuck transaction', () => {
    async function stick(sender: Sender): Promise<void> {
      await world.submit(sender, 1)
      await sender.processAll()
      // anvil drops what cannot pay the base fee, Lotus keeps it unpublished: neither mines it.
      for (let i = 0; i < 5; i++) await mineAtBaseFee(100n * GWEI)
      expect(await world.nonce()).to.equal(0)
    }
    async function mineAtBaseFee(baseFee: bigint): Promise<void> {
      await world.chain.rpc('anvil_setNextBlockBaseFeePerGas', [`0x${baseFee.toString(16)}`])
      await world.chain.mine(1)
    }

    it('is replaced under the same nonce by one that pays at least a quarter more', async () => {
      const sender = world.build()
      await stick(sender)
      await sender.processAll()

      const { raw, hashes, state } = await world.intentOf(1)
      expect(state).to.equal('sent')
      const [first, second] = raw.map(readSigned)
      expect(hashes).to.deep.equal([first.hash, second.hash])
      expect(second.nonce).to.equal(first.nonce)
      expect(second.data).to.equal(first.data)
      expect(second.maxPriorityFeePerGas * 4n >= first.maxPriorityFeePerGas * 5n).to.equal(true)
      expect(second.maxFeePerGas > 100n * GWEI).to.equal(true)
      expect(await world.pooled()).to.equal(1)

      await mineAtBaseFee(100n * GWEI)
      await until(async () => (await world.pooled()) === 0)
      await sender.processAll()
      expect(await world.stateOf(1)).to.equal('confirmed')
      expect(await countEmitted(world.chain, 1)).to.equal(1)
      expect(await world.nonce()).to.equal(1)
    })

    it('is not replaced before its time', async () => {
      const sender = world.build({ bumpAfterBlocks: 6 })
      await stick(sender)
      await sender.processAll()
      expect((await world.intentOf(1)).raw).to.have.length(1)
      await mineAtBaseFee(100n * GWEI)
      await sender.processAll()
      expect((await world.intentOf(1)).raw).to.have.length(2)
    })

    it('is only replaced when it is next in line', async () => {
      const sender = world.build()
      await world.submit(sender, 2)
      await stick(sender)
      await sender.processAll()
      expect((await world.intentOf(2)).raw).to.have.length(2)
      expect((await world.intentOf(1)).raw).to.have.length(1)
    }).timeout(10_000)

    it('waits rather than pay more than the cap', async () => {
      const sender = world.build({ gasCap: 50n * GWEI })
      await stick(sender)
      await sender.processAll()
      expect((await world.intentOf(1)).raw).to.have.length(1)
      await world.submit(sender, 2)
      await sender.processAll()
      expect(await world.stateOf(2)).to.equal('queued')

      await mineAtBaseFee(1n)
      await sender.processAll()
      await world.mined(sender)
      expect(await world.stateOf(1)).to.equal('confirmed')
    })

    it('is confirmed by whichever of its transactions was mined', async () => {
      const sender = world.build()
      await stick(sender)
      const [first] = (await world.intentOf(1)).raw
      // The replacement reaches nobody, and another node still has the first one.
      world.proxy.rewrite = ({ method }, forward) =>
        method === 'eth_sendRawTransaction' ? { status: 503, body: 'down' } : forward()
      await sender.processAll()
      expect((await world.intentOf(1)).raw).to.have.length(2)
      await mineAtBaseFee(1n)
      await world.chain.rpc('eth_sendRawTransaction', [first])
      await world.mineAll()
      world.proxy.rewrite = (_, forward) => forward()
      await sender.processAll()
      expect(await world.stateOf(1)).to.equal('confirmed')
      const receipt = await world.chain.rpc('eth_getTransactionReceipt', [readSigned(first).hash])
      expect(receipt).to.not.equal(null)
      expect(await countEmitted(world.chain, 1)).to.equal(1)
      expect(await world.nonce()).to.equal(1)
    })
  })

  describe('a nonce', () => {
    /** Sends from the sender's own account behind its back. */
    async function foreign(atNonce: number, word: number): Promise<void> {
      const { to, data } = emission(word)
      const fees = { maxFeePerGas: 500n * GWEI, maxPriorityFeePerGas: 100n * GWEI }
      const unsigned = { chainId: 31415926n, nonce: atNonce, to, data, value: 0n, gasLimit: 100_000n, ...fees }
      const { raw } = await createSigningKey(KEYS[0]).sign(unsigned)
      await world.chain.rpc('eth_sendRawTransaction', [raw])
    }

    it('that another transaction took, without the work being done, is replaced by the next one', async () => {
      const sender = world.build()
      await world.submit(sender, 1)
      await sender.processAll()
      await foreign(0, 99)
      await world.mineAll()
      await sender.processAll()
      expect(await Promise.all([world.stateOf(1), world.nonce()])).to.deep.equal(['sent', 1])
      expect((await world.intentOf(1)).nonce).to.equal(1)
      await world.mined(sender)
      expect(await world.stateOf(1)).to.equal('confirmed')
      expect(await countEmitted(world.chain, 1)).to.equal(1)
    })

    it('that another transaction took to do the same work is success', async () => {
      const sender = world.build()
      await world.submit(sender, 1)
      await sender.processAll()
      await foreign(0, 1)
      await world.mined(sender)
      expect(await world.stateOf(1)).to.equal('confirmed')
      expect(await countEmitted(world.chain, 1)).to.equal(1)
    })

    it('is not given up before the block that took it is believed', async () => {
      const sender = world.build({ confirmations: 2 })
      await world.submit(sender, 1)
      await sender.processAll()
      await foreign(0, 99)
      await world.mined(sender)
      expect(await world.intentOf(1)).to.include({ state: 'sent', nonce: 0 })
      await world.chain.mine(2)
      await sender.processAll()
      expect(await world.intentOf(1)).to.include({ state: 'sent', nonce: 1 })
    })

    it('is used even when the node forgot the receipt: the event tells', async () => {
      const sender = world.build()
      await world.submit(sender, 1)
      await sender.processAll()
      await world.mineAll()
      world.proxy.rewrite = ({ method }, forward) =>
        method === 'eth_getTransactionReceipt' ? { result: null } : forward()
      await sender.processAll()
      expect(await world.stateOf(1)).to.equal('confirmed')
      expect(world.proxy.asked('eth_sendRawTransaction')).to.have.length(1)
    })

    it('that is missing below those in flight is filled with a transfer of nothing', async () => {
      const sender = world.build()
      world.proxy.rewrite = ({ method, params }, forward) =>
        method === 'eth_getTransactionCount' && params[1] === 'pending' ? { result: '0x1' } : forward()
      await world.submit(sender, 1)
      await sender.processAll()
      expect((await world.intentOf(1)).nonce).to.equal(1)
      await world.chain.mine(5)
      expect(await world.nonce()).to.equal(0)

      await sender.processAll()
      await until(async () => {
        await world.chain.mine(1)
        await sender.processAll()
        return (await world.stateOf(1)) === 'confirmed'
      })
      expect(await world.nonce()).to.equal(2)
      expect(await countEmitted(world.chain, 1)).to.equal(1)
      expect(await sender.status(`filler:${sender.address}:0`)).to.include({ state: 'confirmed' })
    })
  })
})
