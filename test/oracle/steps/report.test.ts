import { expect } from 'chai'
import { afterEach, beforeEach, describe, it } from 'mocha'
import { awaitEnd, fail, vote } from '../../../oracle/steps/report.ts'
import { JOB, encodePinnedAnswer } from '../../../oracle/chain/jobs.ts'
import { OPERATOR_ID, REGISTRY, createWorld, pinPayload, type World } from '../../helpers/executor.ts'
import { hexlify, id, toBeHex } from 'ethers'

describe('steps/report', () => {
  let world: World
  beforeEach(async () => (world = await createWorld()))
  afterEach(() => world[Symbol.asyncDispose]())

  it('hands a vote over once, with the event that proves it', async () => {
    const data = encodePinnedAnswer(1_700n)
    await vote(world.ctx, '12', 0, data)
    await vote(world.ctx, '12', 0, encodePinnedAnswer(9n))

    expect(await world.wanted('report:12:0')).to.deep.equal({
      ...{ name: 'report', args: [12n, 0n, hexlify(data)], to: REGISTRY },
    })
    expect((await world.intents.get('report:12:0'))!.expect).to.deep.equal({
      address: REGISTRY,
      topics: [id('Voted(uint256,uint8,uint256,bytes32)'), toBeHex(12, 32), toBeHex(0, 32), toBeHex(OPERATOR_ID, 32)],
    })
  })

  describe('awaitEnd', () => {
    const reported = () => world.claimed('reported', { job: JOB.PIN, payload: pinPayload() }, { carBytes: 5n })

    for (const state of ['queued', 'sent', 'confirmed'] as const) {
      it(`waits for the end of a request whose vote is ${state}`, async () => {
        const work = await reported()
        await vote(world.ctx, '12', 0, encodePinnedAnswer(5n))
        await world.settle('report:12:0', state)

        expect(await awaitEnd(world.ctx, work)).to.include({ to: 'reported', dueInMs: 20_000 })
      })
    }

    for (const name of ['NotEligible', 'NotReporter']) {
      it(`gives up for good when the registry says ${name}`, async () => {
        const work = await reported()
        await vote(world.ctx, '12', 0, encodePinnedAnswer(5n))
        await world.settle('report:12:0', 'refused', { name })

        expect(await awaitEnd(world.ctx, work)).to.deep.include({ to: 'refused', findings: { error: `${name}()` } })
      })
    }

    for (const name of ['AlreadyVoted', 'NotOpen', 'DeadlinePassed']) {
      it(`has nothing to send when the registry says ${name}`, async () => {
        const work = await reported()
        await vote(world.ctx, '12', 0, encodePinnedAnswer(5n))
        await world.settle('report:12:0', 'refused', { name })

        expect(await awaitEnd(world.ctx, work)).to.include({ to: 'reported' })
      })
    }

    it('votes anew after any other refusal, and when the vote was lost', async () => {
      const work = await reported()
      expect(await awaitEnd(world.ctx, work)).to.include({ to: 'requested' })

      await vote(world.ctx, '12', 0, encodePinnedAnswer(5n))
      await world.settle('report:12:0', 'failed', { name: 'TooLittleGas' })
      expect(await awaitEnd(world.ctx, work)).to.include({ to: 'requested', dueInMs: 20_000 })
    })
  })

  describe('fail', () => {
    const failing = () => world.claimed('failing', {}, { failReason: 'PieceMismatch', error: 'another piece' })

    it('votes for a failure with its reason at the stage that is awaited', async () => {
      world.chain.view.stage = 1

      const move = await fail(world.ctx, await failing())

      expect(move).to.deep.include({ to: 'failing', findings: { error: 'another piece' } })
      expect(await world.wanted('fail:12:1')).to.deep.equal({
        ...{ name: 'reportFailure', args: [12n, 1n, 3n], to: REGISTRY },
      })
    })

    it('waits while its own vote on that stage is on the way', async () => {
      await vote(world.ctx, '12', 0, encodePinnedAnswer(5n))
      await world.settle('report:12:0', 'sent')

      await fail(world.ctx, await failing())

      expect(await world.wanted('fail:12:0')).to.equal(undefined)
    })

    it('waits while others have not answered a stage it voted on: nobody votes twice', async () => {
      world.chain.voted.add(0)

      await fail(world.ctx, await failing())

      expect(await world.wanted('fail:12:0')).to.equal(undefined)
    })
  })
})
