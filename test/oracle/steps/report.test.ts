import { expect } from 'chai'
import { afterEach, beforeEach, describe, it } from 'mocha'
import type { RequestView } from '../../../oracle/chain/contracts.ts'
import type { FailReason } from '../../../oracle/errors.ts'
import { awaitEnd, fail, vote } from '../../../oracle/steps/report.ts'
import { JOB, encodePackedAnswer, encodePinnedAnswer } from '../../../oracle/chain/jobs.ts'
import { OPERATOR_ID, REGISTRY, createWorld, pinPayload, type World } from '../../helpers/executor.ts'
import { hexlify, id, toBeHex } from 'ethers'

describe('steps/report', () => {
  let world: World
  beforeEach(async () => (world = await createWorld()))
  afterEach(() => world[Symbol.asyncDispose]())

  it('hands a vote over once, with the event that proves it', async () => {
    const data = encodePinnedAnswer(1_700n)
    const work = await world.claimed('requested')
    await vote(world.ctx, work, 0, data)
    await vote(world.ctx, work, 0, encodePinnedAnswer(9n))

    expect(await world.wanted('report:12:0')).to.deep.equal({
      ...{ name: 'report', args: [12n, 0n, hexlify(data)], to: REGISTRY },
    })
    expect((await world.intents.get('report:12:0'))!.expect).to.deep.equal({
      address: REGISTRY,
      topics: [id('Voted(uint256,uint8,uint256,bytes32)'), toBeHex(12, 32), toBeHex(0, 32), toBeHex(OPERATOR_ID, 32)],
    })
  })

  const UNWANTED: [string, Partial<RequestView>][] = [
    ['on a stage that was answered without it', { stage: 1 }],
    ['on a request that is over', { state: 'Answered', stage: 1 }],
    ['while a challenge is open', { challenged: true }],
  ]
  for (const [when, view] of UNWANTED) {
    it(`hands no vote over ${when}`, async () => {
      Object.assign(world.chain.view, view)
      await vote(world.ctx, await world.claimed('requested'), 0, encodePinnedAnswer(9n))

      expect(await world.intents.get('report:12:0')).to.equal(undefined)
    })
  }

  describe('awaitEnd', () => {
    const reported = () => world.claimed('reported', { job: JOB.PIN, payload: pinPayload() }, { carBytes: 5n })

    for (const state of ['queued', 'sent', 'confirmed'] as const) {
      it(`waits for the end of a request whose vote is ${state}`, async () => {
        const work = await reported()
        await vote(world.ctx, work, 0, encodePinnedAnswer(5n))
        await world.settle('report:12:0', state)

        expect(await awaitEnd(world.ctx, work)).to.include({ to: 'reported', dueInMs: 20_000 })
      })
    }

    it('gives up for good when the registry says NotEligible, and says why', async () => {
      const work = await reported()
      await vote(world.ctx, work, 0, encodePinnedAnswer(5n))
      await world.settle('report:12:0', 'refused', { name: 'NotEligible' })

      expect(await awaitEnd(world.ctx, work)).to.deep.include({ to: 'refused', findings: { error: 'NotEligible()' } })
      expect(world.lines.at(-1)!.hint).to.match(/took part after this request was made/)
    })

    for (const [name, hint] of [
      ['StakeExhausted', /addStake/],
      ['NotReporter', /reporter that was accepted last/],
    ] as const) {
      it(`votes again and says what to do when the registry says ${name}`, async () => {
        const work = await reported()
        await vote(world.ctx, work, 0, encodePinnedAnswer(5n))
        await world.settle('report:12:0', 'refused', { name })

        expect(await awaitEnd(world.ctx, work)).to.deep.include({
          ...{ to: 'reported', dueInMs: 60_000, findings: { error: `${name}()` } },
        })
        expect(await world.intents.get('report:12:0')).to.include({ state: 'queued' })
        expect(world.lines.at(-1)).to.include({ level: 50, requestId: '12' })
        expect(world.lines.at(-1)!.hint).to.match(hint)
      })
    }

    it('waits while a challenge is open, and votes when it is over', async () => {
      const work = await reported()
      await vote(world.ctx, work, 0, encodePinnedAnswer(5n))
      await world.settle('report:12:0', 'refused', { name: 'UnderChallenge' })
      world.chain.view.challenged = true
      expect(await awaitEnd(world.ctx, work)).to.include({ to: 'reported' })
      expect(await world.intents.get('report:12:0')).to.include({ state: 'refused' })

      world.chain.view.challenged = false
      expect(await awaitEnd(world.ctx, work)).to.include({ to: 'reported' })
      expect(await world.intents.get('report:12:0')).to.include({ state: 'queued' })
    })

    for (const name of ['AlreadyVoted', 'NotOpen', 'DeadlinePassed']) {
      it(`has nothing to send when the registry says ${name}`, async () => {
        const work = await reported()
        await vote(world.ctx, work, 0, encodePinnedAnswer(5n))
        await world.settle('report:12:0', 'refused', { name })

        expect(await awaitEnd(world.ctx, work)).to.include({ to: 'reported' })
      })
    }

    it('votes again from what the row keeps after any other refusal, and when the vote was lost', async () => {
      const work = await reported()
      expect(await awaitEnd(world.ctx, work)).to.include({ to: 'reported' })
      expect((await world.wanted('report:12:0'))!.args[2]).to.equal(hexlify(encodePinnedAnswer(5n)))

      await world.settle('report:12:0', 'failed', { name: 'TooLittleGas' })
      expect(await awaitEnd(world.ctx, work)).to.include({ to: 'reported', dueInMs: 20_000 })
      expect(await world.intents.get('report:12:0')).to.include({ state: 'queued' })
    })

    it('looks after the second vote of a pack request', async () => {
      const piece = { digest: new Uint8Array(32).fill(5), size: 128n }
      world.chain.view.stage = 1
      const work = await world.claimed('reported', { job: JOB.PACK, payload: pinPayload() }, { carBytes: 5n, piece })

      expect(await awaitEnd(world.ctx, work)).to.include({ to: 'reported' })
      expect((await world.wanted('report:12:1'))!.args[2]).to.equal(hexlify(encodePackedAnswer(piece, 5n)))
    })

    it('finds a status anew, which changes with time', async () => {
      const work = await world.claimed('reported', { job: JOB.STATUS, payload: new Uint8Array() })
      const challenged = { ...work, view: { ...work.view, challenged: true } }
      expect(await awaitEnd(world.ctx, challenged)).to.include({ to: 'reported' })

      expect(await awaitEnd(world.ctx, work)).to.include({ to: 'requested', dueInMs: 20_000 })
    })
  })

  describe('fail', () => {
    const failing = (failReason: FailReason = 'PieceMismatch', carBytes: bigint | undefined = 9n) =>
      world.claimed('failing', {}, { failReason, carBytes, error: 'another piece' })

    it('votes for a failure with its reason at the stage that is awaited', async () => {
      world.chain.view.stage = 1

      const move = await fail(world.ctx, await failing())

      expect(move).to.deep.include({ to: 'failing', findings: { error: 'another piece' } })
      expect(await world.wanted('fail:12:1')).to.deep.equal({
        ...{ name: 'reportFailure', args: [12n, 1n, 3n], to: REGISTRY },
      })
    })

    const SILENT: [string, number, FailReason, bigint | undefined][] = [
      ['on a piece, of content that it never had and the others have', 1, 'NotFound', undefined],
      ['on deals, of a piece that the others found', 2, 'PieceMismatch', 9n],
      ['on deals, of blocks that it lost', 2, 'NotFound', 9n],
    ]
    for (const [what, stage, reason, carBytes] of SILENT) {
      it(`says nothing ${what}`, async () => {
        world.chain.view.stage = stage
        const work = await world.claimed('failing', {}, { failReason: reason, ...(carBytes && { carBytes }) })

        expect(await fail(world.ctx, work)).to.include({ to: 'failing' })
        expect(await world.intents.get(`fail:12:${stage}`)).to.equal(undefined)
      })
    }

    it('says of deals that they failed', async () => {
      world.chain.view.stage = 2
      await fail(world.ctx, await failing('DealFailed'))

      expect(await world.wanted('fail:12:2')).to.deep.include({ args: [12n, 2n, 4n] })
    })

    it('waits while its own vote on that stage is on the way', async () => {
      const work = await failing()
      await vote(world.ctx, work, 0, encodePinnedAnswer(5n))
      await world.settle('report:12:0', 'sent')

      await fail(world.ctx, work)

      expect(await world.wanted('fail:12:0')).to.equal(undefined)
    })

    it('waits while others have not answered a stage it voted on: nobody votes twice', async () => {
      world.chain.voted.add(0)

      await fail(world.ctx, await failing())

      expect(await world.wanted('fail:12:0')).to.equal(undefined)
    })

    it('waits while a challenge is open', async () => {
      world.chain.view.challenged = true

      expect(await fail(world.ctx, await failing())).to.include({ to: 'failing' })
      expect(await world.wanted('fail:12:0')).to.equal(undefined)
    })
  })
})
