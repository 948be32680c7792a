import { expect } from 'chai'
import { describe, it } from 'mocha'
import { countEmitted, emit, until } from '../../helpers/chain.ts'
import { useSenderWorld } from './sender-world.ts'

describe('chain/sender', () => {
  const world = useSenderWorld()

  describe('a reorg', () => {
    it('that removed a confirmed transaction has it broadcast again, the same bytes', async () => {
      await world.chain.rpc('evm_setAutomine', [true])
      await world.chain.mine(2)
      const snapshot = await world.chain.rpc('evm_snapshot')
      const sender = world.build()
      await world.submit(sender, 1)
      await sender.processAll()
      await until(async () => (await world.nonce()) === 1)
      await sender.processAll()
      expect(await world.stateOf(1)).to.equal('confirmed')
      await world.chain.rpc('evm_revert', [snapshot])
      expect(await countEmitted(world.chain, 1)).to.equal(0)

      await sender.processAll()
      expect(await world.stateOf(1)).to.equal('sent')
      await until(async () => {
        await sender.processAll()
        return (await world.stateOf(1)) === 'confirmed'
      })
      expect((await world.intentOf(1)).hashes).to.have.length(1)
      expect(await countEmitted(world.chain, 1)).to.equal(1)
    })

    it('that moved it to another block is looked at again when the watcher says so', async () => {
      const sender = world.build()
      await world.submit(sender, 1)
      await sender.processAll()
      await world.mined(sender)
      await emitLater()
      await world.db.transaction().execute((tx) => sender.recheckAbove(0n, tx))
      expect(await world.stateOf(1)).to.equal('sent')
      await sender.processAll()
      expect(await world.stateOf(1)).to.equal('confirmed')
      expect(world.proxy.asked('eth_sendRawTransaction')).to.have.length(1)
    })

    async function emitLater(): Promise<void> {
      await world.chain.rpc('evm_setAutomine', [true])
      await emit(world.chain, 50)
    }
  })
})
