import { expect } from 'chai'
import { describe, it } from 'mocha'
import { type Sender } from '../../../oracle/chain/sender.ts'
import { type IntentStore } from '../../../oracle/db/intent.ts'
import { countEmitted, until } from '../../helpers/chain.ts'
import { useSenderWorld } from './sender-world.ts'

describe('chain/sender', () => {
  const world = useSenderWorld()

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
      ...world.intents,
      [method]: async (...args: never[]) => {
        if (after) await (world.intents[method] as (...args: never[]) => Promise<unknown>)(...args)
        throw new Error('power cut')
      },
    })

    it('after the intent is stored loses nothing', async () => {
      await world.submit(world.build(), 1)
      const sender = world.build()
      await sender.processAll()
      await world.mined(sender)
      expect(await world.stateOf(1)).to.equal('confirmed')
      expect(await countEmitted(world.chain, 1)).to.equal(1)
    })

    it('before the signed transaction is stored sends nothing', async () => {
      const sender = world.build({ intents: dying('addSigned', false) })
      await world.submit(sender, 1)
      await crash(sender)
      expect(await world.pooled()).to.equal(0)
      expect(world.proxy.asked('eth_sendRawTransaction')).to.have.length(0)

      const restarted = world.build()
      await restarted.processAll()
      await world.mined(restarted)
      expect(await world.stateOf(1)).to.equal('confirmed')
      expect(await countEmitted(world.chain, 1)).to.equal(1)
      expect(await world.nonce()).to.equal(1)
    })

    it('between storing and broadcasting sends the very bytes that are stored', async () => {
      const sender = world.build({ intents: dying('addSigned', true) })
      await world.submit(sender, 1)
      await crash(sender)
      expect(await world.pooled()).to.equal(0)
      const { raw } = await world.intentOf(1)

      const restarted = world.build()
      await restarted.processAll()
      expect(world.proxy.asked('eth_sendRawTransaction').map(({ params }) => params[0])).to.deep.equal(raw)
      await world.mined(restarted)
      expect(await world.stateOf(1)).to.equal('confirmed')
      expect(await countEmitted(world.chain, 1)).to.equal(1)
      expect(await world.nonce()).to.equal(1)
    })

    it('after broadcasting, before mining, sends nothing else', async () => {
      const sender = world.build()
      await world.submit(sender, 1)
      await sender.processAll()
      const restarted = world.build()
      await restarted.processAll()
      await restarted.processAll()
      expect(world.proxy.asked('eth_sendRawTransaction')).to.have.length(1)
      await world.mined(restarted)
      expect(await world.stateOf(1)).to.equal('confirmed')
      expect(await countEmitted(world.chain, 1)).to.equal(1)
    })

    it('after mining, before the receipt is read, finds the receipt', async () => {
      const sender = world.build()
      await world.submit(sender, 1)
      await sender.processAll()
      await world.mineAll()
      await crash(world.build({ intents: dying('confirm', false) }))
      const restarted = world.build()
      await world.submit(restarted, 1)
      await restarted.processAll()
      expect(await world.stateOf(1)).to.equal('confirmed')
      expect(world.proxy.asked('eth_sendRawTransaction')).to.have.length(1)
      expect(await world.nonce()).to.equal(1)
    })

    it('of the connection after the node took the transaction does not send it twice', async () => {
      world.proxy.rewrite = async ({ method }, forward) => {
        const answer = await forward()
        return method === 'eth_sendRawTransaction' ? { status: 504, body: 'timed out' } : answer
      }
      const sender = world.build()
      await world.submit(sender, 1)
      await sender.processAll()
      expect(await world.stateOf(1)).to.equal('sent')
      expect(await world.pooled()).to.equal(1)

      await world.mined(world.build())
      expect(await world.stateOf(1)).to.equal('confirmed')
      expect(await countEmitted(world.chain, 1)).to.equal(1)
      expect(await world.nonce()).to.equal(1)
    })

    it('of the connection before the node took it sends it at the next pass', async () => {
      world.proxy.rewrite = ({ method }, forward) =>
        method === 'eth_sendRawTransaction' ? { status: 503, body: 'down' } : forward()
      const sender = world.build()
      await world.submit(sender, 1)
      await sender.processAll()
      expect(await world.pooled()).to.equal(0)
      world.proxy.rewrite = (_, forward) => forward()
      await sender.processAll()
      expect(await world.pooled()).to.equal(1)
      await world.mined(sender)
      expect((await world.intentOf(1)).hashes).to.have.length(1)
      expect(await countEmitted(world.chain, 1)).to.equal(1)
    })

    it('at any of its database writes and node questions ends in one transaction', async function () {
      this.timeout(60_000)
      await world.chain.rpc('evm_setAutomine', [true])
      for (let word = 1, questions = 0; questions < 20; word++, questions++) {
        await world.submit(world.build(), word)
        let left = questions
        world.proxy.rewrite = async (_, forward) => {
          // The process dies around its n-th question: by turns before and after the node hears it.
          if (left-- > 0) return forward()
          if (word % 2 === 0) await forward()
          return { status: 502, body: 'gone' }
        }
        await world
          .build()
          .processAll()
          .catch(() => undefined)
        world.proxy.rewrite = (_, forward) => forward()
        const sender = world.build()
        await until(async () => {
          await sender.processAll()
          return (await world.stateOf(word)) === 'confirmed'
        })
        expect(await countEmitted(world.chain, word), `word ${word}`).to.equal(1)
        expect(await world.nonce()).to.equal(word)
      }
    })
  })
})
