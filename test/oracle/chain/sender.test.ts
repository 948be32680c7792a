import { expect } from 'chai'
import { describe, it } from 'mocha'
import { ConfigError } from '../../../oracle/errors.ts'
import { countEmitted, emission, KEYS, until } from '../../helpers/chain.ts'
import { useSenderWorld } from './sender-world.ts'

describe('chain/sender', () => {
  const world = useSenderWorld()

  describe('one intent', () => {
    it('is stored, signed, mined and confirmed by its event', async () => {
      const sender = world.build()
      await world.submit(sender, 1)
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
      expect(await countEmitted(world.chain, 1)).to.equal(0)

      await world.mined(sender)
      const { state, hashes, blockNumber } = (await sender.status('word:1'))!
      expect({ state, hashes }).to.deep.equal({ state: 'confirmed', hashes: sent!.hashes })
      expect(blockNumber).to.equal(await world.chain.head())
      expect(await countEmitted(world.chain, 1)).to.equal(1)
    })

    it('sends its value along, to the attoFIL', async () => {
      const sender = world.build()
      const balance = async () => BigInt(await world.chain.rpc<string>('eth_getBalance', [emission(1).to, 'latest']))
      const before = await balance()

      await sender.submit({ key: 'word:1', ...emission(1), value: 2n * 10n ** 18n + 1n })
      await sender.processAll()
      await world.mined(sender)

      expect((await sender.status('word:1'))!.state).to.equal('confirmed')
      expect((await balance()) - before).to.equal(2n * 10n ** 18n + 1n)
    })

    it('is the same intent when submitted again under its key', async () => {
      const sender = world.build()
      await world.submit(sender, 1)
      await world.submit(sender, 1)
      await sender.processAll()
      await world.submit(sender, 1)
      await world.mined(sender)
      await world.submit(sender, 1)
      await world.mined(sender)
      expect(await countEmitted(world.chain, 1)).to.equal(1)
      expect(await world.nonce()).to.equal(1)
    })

    it('is unknown under another key', async () => {
      expect(await world.build().status('word:1')).to.equal(undefined)
    })

    it('belongs to the transaction that submits it', async () => {
      const sender = world.build()
      const rolledBack = world.db.transaction().execute(async (tx) => {
        await sender.submit({ key: 'word:1', ...emission(1) }, tx)
        throw new Error('undo')
      })
      expect(await rolledBack.catch((e: Error) => e.message)).to.equal('undo')
      expect(await sender.status('word:1')).to.equal(undefined)
    })

    it('is confirmed when enough blocks stand above it, not before', async () => {
      const sender = world.build({ confirmations: 3 })
      await world.submit(sender, 1)
      await sender.processAll()
      await world.mineAll()
      await world.chain.mine(2)
      await sender.processAll()
      expect(await world.stateOf(1)).to.equal('sent')
      await world.chain.mine(1)
      await sender.processAll()
      expect(await world.stateOf(1)).to.equal('confirmed')
    })

    it('is confirmed when its block is final', async () => {
      const sender = world.build({ confirmations: 'finalized' })
      await world.submit(sender, 1)
      await sender.processAll()
      await world.mineAll()
      await world.chain.mine(1)
      await sender.processAll()
      expect(await world.stateOf(1)).to.equal('sent')
      await world.chain.mine(1)
      await sender.processAll()
      expect(await world.stateOf(1)).to.equal('confirmed')
    })
  })

  describe('a lane', () => {
    it('keeps the order, and no more in flight than the mempool takes', async () => {
      const sender = world.build({ maxInFlight: 3 })
      for (const word of [1, 2, 3, 4, 5]) await world.submit(sender, word)
      await sender.processAll()
      expect(await world.pooled()).to.equal(3)
      expect(await Promise.all([1, 2, 3, 4, 5].map((word) => world.stateOf(word)))).to.deep.equal([
        'sent',
        'sent',
        'sent',
        'queued',
        'queued',
      ])
      expect((await world.intents.sent(sender.address)).map((intent) => [intent.key, intent.nonce])).to.deep.equal([
        ['word:1', 0],
        ['word:2', 1],
        ['word:3', 2],
      ])

      await world.mined(sender)
      await world.mined(sender)
      expect(await Promise.all([1, 2, 3, 4, 5].map((word) => world.stateOf(word)))).to.deep.equal(
        Array(5).fill('confirmed'),
      )
      for (const word of [1, 2, 3, 4, 5]) expect(await countEmitted(world.chain, word)).to.equal(1)
    })

    it('gives each its own nonce where the node counts no pending ones', async () => {
      world.proxy.rewrite = ({ method, params }, forward) =>
        method === 'eth_getTransactionCount' && params[1] === 'pending' ? { result: '0x0' } : forward()
      const sender = world.build()
      for (const word of [1, 2]) await world.submit(sender, word)
      await sender.processAll()
      await world.submit(sender, 3)
      await sender.processAll()
      expect((await world.intents.sent(sender.address)).map((intent) => intent.nonce)).to.deep.equal([0, 1, 2])
    })

    it('runs by itself between start and stop', async () => {
      await world.chain.rpc('evm_setAutomine', [true])
      const sender = world.build({ everyMs: 20 })
      sender.start()
      await world.submit(sender, 1)
      await until(async () => (await world.stateOf(1)) === 'confirmed')
      await sender.stop()
      await world.submit(sender, 2)
      const asked = world.proxy.questions.length
      await world.chain.mine(1)
      expect(world.proxy.questions.length).to.equal(asked)
      expect(await world.stateOf(2)).to.equal('queued')
    })
  })

  describe('the key', () => {
    it('never shows in an error', () => {
      for (const wrong of [`${KEYS[0]}ff`, KEYS[0].slice(0, -2)]) {
        expect(() => world.build({ key: wrong })).to.throw(
          ConfigError,
          /^the signing key is not a private key; expected 32 bytes as hex/,
        )
        expect(() => world.build({ key: wrong }))
          .to.throw()
          .and.satisfy(({ stack }: Error) => !stack!.includes(wrong.slice(2, 20)))
      }
    })
  })
})
