import { expect } from 'chai'
import { beforeEach, describe, it } from 'mocha'
import { createLogger } from '../../../oracle/logger.ts'
import { countEmitted, emission, EMITTER_CODE, setRefusing, until } from '../../helpers/chain.ts'
import { useSenderWorld } from './sender-world.ts'

describe('chain/sender', () => {
  const world = useSenderWorld()

  describe('a call that reverts', () => {
    beforeEach(() => setRefusing(world.chain, true))

    it('is refused with its decoded error, and nothing is sent', async () => {
      const sender = world.build()
      await world.submit(sender, 7)
      await sender.processAll()
      const { data } = emission(7)
      const { state, hashes, error } = (await sender.status('word:7'))!
      expect({ state, hashes }).to.deep.equal({ state: 'refused', hashes: [] })
      expect(error).to.deep.include({ name: 'Refused', args: [data], message: `Refused(${data})` })
      expect(error!.data).to.match(/^0x[0-9a-f]{8}0{63}7$/)
      expect(world.proxy.asked('eth_sendRawTransaction')).to.have.length(0)
    })

    it('is a warning, unless its error only says that somebody else was quicker', async () => {
      for (const [tooLate, level] of [
        [[], 40],
        [['Refused'], 30],
      ] as const) {
        const lines: { level: number; intent?: string }[] = []
        const write = (line: string) => void lines.push(JSON.parse(line) as { level: number })
        const sender = world.build({ tooLate, log: createLogger('info', { write }) })
        await world.submit(sender, 7)
        await sender.processAll()
        expect(lines.filter(({ intent }) => intent === 'word:7').map((line) => line.level)).to.deep.equal([level])
      }
    })

    it('is no warning where only the estimate, which sees what is pending, reverts: the next pass looks again', async () => {
      await setRefusing(world.chain, false)
      world.proxy.rewrite = ({ method }, forward) =>
        method === 'eth_estimateGas' ? { error: { code: 3, message: 'execution reverted', data: '0x' } } : forward()
      const lines: { level: number; msg: string; err?: unknown }[] = []
      const write = (line: string) => void lines.push(JSON.parse(line) as { level: number; msg: string })
      const sender = world.build({ log: createLogger('info', { write }) })
      await world.submit(sender, 7)

      await sender.processAll()

      expect(await world.stateOf(7)).to.equal('queued')
      expect(lines).to.have.lengthOf(1)
      expect(lines[0]).to.include({ level: 30, msg: 'reverts on what is pending: left for the next pass' })
      expect(lines[0]).to.not.have.property('err')
    })

    it('keeps the bytes where the ABI does not know the error', async () => {
      const sender = world.build({ abi: undefined })
      await world.submit(sender, 7)
      await sender.processAll()
      const { error } = (await sender.status('word:7'))!
      expect(error).to.not.have.property('name')
      expect(error!.data).to.match(/^0x[0-9a-f]{8}0{63}7$/)
    })

    it('is tried once more when it is submitted again', async () => {
      const sender = world.build()
      await world.submit(sender, 7)
      await sender.processAll()
      await setRefusing(world.chain, false)
      await sender.processAll()
      expect(await world.stateOf(7)).to.equal('refused')

      await world.submit(sender, 7)
      await sender.processAll()
      await world.mined(sender)
      expect(await world.stateOf(7)).to.equal('confirmed')
      expect(await countEmitted(world.chain, 7)).to.equal(1)
    })

    it('does not hold up the others', async () => {
      world.proxy.rewrite = ({ method, params }, forward) => {
        const { data } = (params[0] ?? {}) as { data?: string }
        if (method === 'eth_call' && data === emission(8).data) return { result: '0x' }
        return method === 'eth_estimateGas' ? { result: '0x186a0' } : forward()
      }
      const sender = world.build()
      await world.submit(sender, 7)
      await world.submit(sender, 8)
      await sender.processAll()
      expect(await Promise.all([world.stateOf(7), world.stateOf(8)])).to.deep.equal(['refused', 'sent'])
    })

    it('waits while an older transaction in flight may change the answer', async () => {
      await setRefusing(world.chain, false)
      const sender = world.build()
      await world.submit(sender, 1)
      await sender.processAll()
      await setRefusing(world.chain, true)
      await world.submit(sender, 2)
      await sender.processAll()
      expect(await world.stateOf(2)).to.equal('queued')

      await setRefusing(world.chain, false)
      await world.mined(sender)
      expect(await Promise.all([world.stateOf(1), world.stateOf(2)])).to.deep.equal(['confirmed', 'sent'])
    })

    it('that fails only when mined ends failed with its reason, and can be submitted again', async () => {
      await setRefusing(world.chain, false)
      const sender = world.build()
      await world.submit(sender, 1)
      await sender.processAll()
      await setRefusing(world.chain, true)
      await world.chain.mine(1)
      await until(async () => (await world.pooled()) === 0)
      await sender.processAll()
      const failed = (await sender.status('word:1'))!
      expect(failed.state).to.equal('failed')
      expect(failed.blockNumber).to.equal(await world.chain.head())
      expect(failed.error!.name).to.equal('Refused')

      await setRefusing(world.chain, false)
      await world.submit(sender, 1)
      await sender.processAll()
      await world.mined(sender)
      expect(await world.stateOf(1)).to.equal('confirmed')
      expect((await world.intentOf(1)).hashes).to.have.length(2)
      expect(await countEmitted(world.chain, 1)).to.equal(1)
      expect(await world.nonce()).to.equal(2)
    })

    it('is failed only when the block that it failed in is believed', async () => {
      await setRefusing(world.chain, false)
      const sender = world.build({ confirmations: 2 })
      await world.submit(sender, 1)
      await sender.processAll()
      await setRefusing(world.chain, true)
      await world.mined(sender)
      expect(await world.stateOf(1)).to.equal('sent')
      await world.chain.mine(2)
      await sender.processAll()
      expect(await world.stateOf(1)).to.equal('failed')
    })

    for (const [what, code] of [
      ['any', '0x'],
      ['its contract (another emits the same)', EMITTER_CODE],
    ] as const) {
      it(`that succeeds without its event of ${what} is failed, not confirmed`, async () => {
        const to = `0x${'77'.repeat(20)}`
        await world.chain.rpc('anvil_setCode', [to, code])
        const sender = world.build()
        const { data, expectEvent } = emission(1)
        await sender.submit({ key: 'word:1', to, data, expectEvent })
        await sender.processAll()
        await world.mined(sender)
        const { state, error } = (await sender.status('word:1'))!
        expect(state).to.equal('failed')
        expect(error!.message).to.match(/succeeded without the event/)
      })
    }
  })
})
