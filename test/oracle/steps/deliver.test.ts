import { expect } from 'chai'
import { afterEach, beforeEach, describe, it } from 'mocha'
import type { AnswerView } from '../../../oracle/chain/contracts.ts'
import { encodeFailure, encodePinnedAnswer } from '../../../oracle/chain/jobs.ts'
import { createDeliverer, type Deliverer } from '../../../oracle/steps/deliver.ts'
import { OWNER, REGISTRY, USER, createWorld, newRequest, type World } from '../../helpers/executor.ts'

const FINAL: Partial<AnswerView> = { matureEpoch: 107n, standing: 'Final', delivery: 'Due' }
const DATA = encodePinnedAnswer(9n)

describe('steps/deliver', () => {
  let world: World
  let deliverer: Deliverer

  beforeEach(async () => {
    world = await createWorld()
    deliverer = createDeliverer(world.ctx, { everyMs: 60_000 })
    world.chain.head = 108n
    world.chain.agreeing = [OWNER, USER]
    await world.ctx.requests.insert(newRequest())
    await answered(0)
  })
  afterEach(() => world[Symbol.asyncDispose]())

  async function answered(stage: number, over: { ok?: boolean; data?: Uint8Array } = {}): Promise<void> {
    const heard = { ok: true, data: DATA, answerHash: '0x', answeredBlock: 104n, matureEpoch: 107n, ...over }
    await world.ctx.answers.put({ requestId: '12', stage, ...heard })
    world.chain.answers.set(stage, FINAL)
  }
  const wanted = async () =>
    (await world.db.selectFrom('intent').select(['key', 'state']).orderBy('position').execute()).map(({ key }) => key)
  /** The first epoch at which the answer is looked at again. */
  const again = async (stage = 0) => {
    const query = world.db.selectFrom('answer').select('due_epoch').where('stage', '=', stage)
    return (await query.executeTakeFirstOrThrow()).due_epoch
  }
  const at = async (head: bigint) => {
    world.chain.head = head
    await deliverer.processAll()
  }

  it('delivers an answer from the epoch after the last at which it can be challenged', async () => {
    await at(107n)
    expect(await wanted()).to.be.empty

    await at(108n)
    expect(await world.wanted('deliver:12:0')).to.deep.equal({
      ...{ name: 'deliver', args: [12n, 0n, '0x' + Buffer.from(DATA).toString('hex')], to: REGISTRY },
    })
    expect(await again()).to.equal(118)
  })

  it('delivers a failure too', async () => {
    await world.db.deleteFrom('answer').execute()
    await answered(0, { ok: false, data: encodeFailure('NotFound') })

    await deliverer.processAll()

    expect((await world.wanted('deliver:12:0'))!.args[2]).to.equal('0x' + '00'.repeat(32))
  })

  it('lets those that agreed before it try first, each for five epochs', async () => {
    world.chain.agreeing = [USER, REGISTRY, OWNER]

    await at(108n)
    expect(await again()).to.equal(118)
    await at(117n)
    expect(await wanted()).to.be.empty

    await at(118n)
    expect(await wanted()).to.deep.equal(['deliver:12:0'])
  })

  it('leaves answers alone that it did not agree to: it would pay for others', async () => {
    world.chain.agreeing = [USER]

    await deliverer.processAll()

    expect([await wanted(), await again()]).to.deep.equal([[], null])
  })

  it('sends nothing twice, and looks again whether it arrived', async () => {
    await at(108n)
    await at(118n)
    expect(await wanted()).to.deep.equal(['deliver:12:0'])

    world.chain.answers.set(0, { ...FINAL, delivery: 'Done' })
    world.chain.view.settled = 1
    await at(128n)
    expect(await again()).to.equal(138)
    await world.ctx.answers.delivered('12', 0, 109n)
    await world.ctx.answers.settled('12', 0, 109n)
    expect(await world.ctx.answers.due(1_000n, 9)).to.be.empty
  })

  it('waits for the new end of the window where a rejected challenge moved it', async () => {
    world.chain.answers.set(0, { ...FINAL, standing: 'Challengeable', matureEpoch: 150n })

    await deliverer.processAll()

    expect([await wanted(), await again()]).to.deep.equal([[], 151])
  })

  for (const standing of ['Challenged', 'Undone', 'None'] as const) {
    it(`waits while the answer is ${standing}`, async () => {
      world.chain.answers.set(0, { ...FINAL, standing })

      await deliverer.processAll()

      expect([await wanted(), await again()]).to.deep.equal([[], 118])
    })
  }

  it('has only the operators paid where the answer was delivered early', async () => {
    world.chain.answers.set(0, { ...FINAL, delivery: 'Done' })

    await deliverer.processAll()

    expect(await wanted()).to.deep.equal(['sync:12:0'])
    expect(await world.wanted('sync:12:0')).to.deep.equal({ name: 'sync', args: [12n], to: REGISTRY })
  })

  it('delivers in the order of the stages, the next one as soon as the one before is taken', async () => {
    await answered(1)
    await deliverer.processAll()
    expect([await wanted(), await again(1)]).to.deep.equal([['deliver:12:0'], 109])

    world.chain.answers.set(0, { ...FINAL, delivery: 'Done' })
    world.chain.view.settled = 2
    await at(109n)
    expect(await wanted()).to.deep.equal(['deliver:12:0', 'deliver:12:1'])
  })

  it('has the operators paid for an answer that a failed callback holds up', async () => {
    await answered(1)
    world.chain.answers.set(0, { ...FINAL, delivery: 'Failed' })
    world.chain.view.settled = 1

    await deliverer.processAll()

    expect(await wanted()).to.deep.equal(['deliver:12:0', 'sync:12:1'])
  })

  describe('when the requester’s callback fails', () => {
    const fails = async (blockNumber: bigint) => {
      world.chain.answers.set(0, { ...FINAL, delivery: 'Failed' })
      world.chain.view.settled = 1
      await world.ctx.answers.deliveryFailed('12', 0, blockNumber)
      await world.settle('deliver:12:0', 'failed')
    }
    const state = async () => (await world.intents.get('deliver:12:0'))!.state

    it('makes it again after an hour and after a day, then no more', async () => {
      await at(108n)
      await fails(109n)

      await at(118n)
      expect([await state(), await again()]).to.deep.equal(['failed', 229])
      await at(229n)
      expect(await state()).to.equal('queued')

      await fails(230n)
      await at(239n)
      expect(await again()).to.equal(3_110)
      await at(3_110n)
      expect(await state()).to.equal('queued')

      await fails(3_111n)
      await at(3_120n)
      expect([await state(), await again()]).to.deep.equal(['failed', null])
      expect(world.lines.at(-1)).to.include({ requestId: '12', failures: 3 })
    })

    it('keeps the order of those who retry', async () => {
      world.chain.agreeing = [USER, OWNER]
      await at(113n)
      await fails(114n)

      await at(123n)

      expect(await again()).to.equal(239)
    })

    it('has the operators paid before it gives up', async () => {
      await at(108n)
      for (const block of [109n, 230n, 3_111n]) await fails(block)
      world.chain.view.settled = 0

      await at(3_120n)

      expect(await wanted()).to.deep.equal(['deliver:12:0', 'sync:12:0'])
    })
  })

  it('looks after the others when one answer’s look-up fails, and after that one next time', async () => {
    await world.ctx.requests.insert(newRequest({ id: '13' }))
    await world.ctx.answers.put({
      ...{ requestId: '13', stage: 0, ok: true, data: DATA, answerHash: '0x', answeredBlock: 104n, matureEpoch: 107n },
    })
    const { answerView } = world.ctx.contracts
    let broken = true
    world.ctx.contracts.answerView = (id, stage) =>
      id === '12' && broken ? Promise.reject(new Error('down')) : answerView(id, stage)

    await deliverer.processAll()
    expect(await wanted()).to.deep.equal(['deliver:13:0'])

    broken = false
    await deliverer.processAll()
    expect(await wanted()).to.deep.equal(['deliver:13:0', 'deliver:12:0'])
  })
})
