import { hexlify } from 'ethers'
import { expect } from 'chai'
import { afterEach, beforeEach, describe, it } from 'mocha'
import { encodePackedAnswer } from '../../../oracle/chain/jobs.ts'
import type { EdgeStatus } from '../../../oracle/edge/client.ts'
import { EdgeRefused, EdgeUnavailable } from '../../../oracle/edge/errors.ts'
import { buildAggregate } from '../../../oracle/proofs/aggregate.ts'
import type { Inclusion } from '../../../oracle/proofs/inclusion.ts'
import { pieceToCid } from '../../../oracle/proofs/piece-cid.ts'
import type { Piece } from '../../../oracle/proofs/piece.ts'
import { EdgePieceDiffers, track } from '../../../oracle/steps/track.ts'
import { DeadlineNear, MinersExhausted, type Work } from '../../../oracle/steps/step.ts'
import { EDGE_URL, OPERATOR_ID, PINNING, REPORTER, createWorld, type World } from '../../helpers/executor.ts'

const digest = (byte: number) => new Uint8Array(32).fill(byte, 0, 31)
const PIECE: Piece = { digest: digest(5), size: 2048n }
const ACTIVE: Partial<EdgeStatus> = { state: 'active', stateText: 'StorageDealActive' }

describe('steps/track', () => {
  let world: World
  let work: Work
  let aggregate: Piece
  let inclusion: Inclusion

  beforeEach(async () => {
    world = await createWorld()
    const built = buildAggregate([PIECE, { digest: digest(6), size: 2048n }])
    aggregate = built.aggregate
    inclusion = built.inclusions[0]!
    world.chain.view.stage = 2
    work = await world.claimed(
      'dealing',
      {},
      { cid: 'bafy', replicas: 2, carPath: '/x.car', carBytes: 9n, piece: PIECE },
    )
    const miners = ['t01000', 't01001']
    await world.ctx.replicas.ask('12', miners, EDGE_URL)
    await world.edge.addCar('/x.car', 'x', { miners })
    for (const [i, miner] of miners.entries()) {
      await world.ctx.replicas.set('12', miner, { state: 'dealing', contentId: `${i + 1}` })
    }
  })
  afterEach(() => world[Symbol.asyncDispose]())

  const says = (contentId: string, status: Partial<EdgeStatus>) => world.edge.statuses.set(contentId, status)
  const deal = (dealId: bigint) => ({ deal: { dealId, uuid: 'u' } })
  const replica = async (miner: string) => (await world.ctx.replicas.of('12')).find((row) => row.miner === miner)!
  const failure = (step: Promise<unknown>) => step.catch((thrown: unknown) => thrown)
  const told = () => world.told.map(({ event, miner, dealId }) => [event, miner, dealId].filter(Boolean).join(' '))

  it('waits, telling each status once', async () => {
    expect(await track(world.ctx, work)).to.include({ to: 'dealing', dueInMs: 60_000 })
    await track(world.ctx, work)

    expect(told()).to.deep.equal(['deal-status t01000', 'deal-status t01001'])
  })

  it('keeps the deal’s id as soon as the node knows it', async () => {
    says('1', { ...deal(33n), state: 'dealing', stateText: 'StorageDealSealing' })

    await track(world.ctx, work)

    expect(await replica('t01000')).to.include({ state: 'published', dealId: 33n, statusText: 'StorageDealSealing' })
    expect(told()).to.include('published t01000 33')
    expect(world.chain.calls).to.be.empty
  })

  it('shows an active deal with its inclusion proof, run once without sending, to PinningRequests', async () => {
    says('1', { ...ACTIVE, ...deal(33n), inclusion, aggregate })

    expect(await track(world.ctx, work)).to.include({ to: 'dealing' })

    const { name, args, to } = (await world.wanted('complete:12:t01000'))!
    expect([name, to, ...args.slice(0, 4)]).to.deep.equal(['complete', PINNING, 12n, 5n, 33n, 1000n])
    expect(args[5]).to.deep.equal(['0x0181e203922020' + Buffer.from(PIECE.digest).toString('hex'), 2048n])
    const { data } = (await world.intents.get('complete:12:t01000'))!
    expect(world.chain.calls).to.deep.equal([{ from: REPORTER, to: PINNING, data }])
    expect(await replica('t01000')).to.deep.include({ state: 'proving', dealId: 33n, aggregate, inclusion })
    expect(world.told.at(-2)).to.include({
      ...{ event: 'proof-verified', dealId: '33', providerId: '1000', aggregatePieceCid: pieceToCid(aggregate.digest) },
    })
  })

  it('shows a deal for the piece itself where there is no proof', async () => {
    says('2', { ...ACTIVE, ...deal(34n) })

    await track(world.ctx, work)

    expect(await world.wanted('complete:12:t01001')).to.deep.include({
      ...{ name: 'onchain_complete', args: [12n, 5n, 34n, 1001n] },
    })
  })

  it('gives up a deal whose proof leads elsewhere, and asks another miner', async () => {
    says('1', { ...ACTIVE, ...deal(33n), inclusion: { ...inclusion, entry: inclusion.subtree } })

    expect(await track(world.ctx, work)).to.include({ to: 'packed' })

    expect(await replica('t01000')).to.include({ state: 'failed' })
    expect((await replica('t01000')).error).to.match(/inclusion proof refused/)
    expect(await world.wanted('complete:12:t01000')).to.equal(undefined)
  })

  const LATER = [
    { name: 'DealNotActive', args: [33n] },
    { name: 'DealNotStarted', args: [200n, 100n] },
    { name: 'ActorUnclear', args: [20n] },
    { name: 'DealUnknown', args: [33n] },
    { name: 'NotCompletable', args: [12n, 2n] },
  ]
  for (const refusal of LATER) {
    it(`looks again later when the contract says ${refusal.name}`, async () => {
      says('1', { ...ACTIVE, ...deal(33n), inclusion })
      world.chain.refusal = refusal

      expect(await track(world.ctx, work)).to.include({ to: 'dealing', dueInMs: 60_000 })
      expect(await replica('t01000')).to.include({
        ...{ state: 'published', error: `${refusal.name}(${refusal.args.join(', ')})` },
      })

      world.chain.refusal = undefined
      await track(world.ctx, work)
      expect(await replica('t01000')).to.include({ state: 'proving', error: null })
    })
  }

  const NEVER = [
    { name: 'WrongProvider', args: [1000n, 1001n] },
    { name: 'DealRemoved', args: [33n] },
    { name: 'DealExpired', args: [100n, 200n] },
    { name: 'DealTooOld', args: [100n, 50n] },
    { name: 'TermTooShort', args: [518_400n, 1n] },
    { name: 'WrongAggregate', args: ['0x' + '11'.repeat(32), 4096n, '0x' + '22'.repeat(32), 4096n] },
  ]
  for (const refusal of NEVER) {
    it(`gives up the deal when the contract says ${refusal.name}`, async () => {
      says('1', { ...ACTIVE, ...deal(33n), inclusion })
      world.chain.refusal = refusal

      expect(await track(world.ctx, work)).to.include({ to: 'packed' })
      expect(await replica('t01000')).to.include({
        ...{ state: 'failed', error: `deal 33 does not fit: ${refusal.name}(${refusal.args.join(', ')})` },
      })
    })
  }

  it('waits for the proof when a deal without one holds other data', async () => {
    says('1', { ...ACTIVE, ...deal(33n) })
    world.chain.refusal = NEVER.at(-1)!

    await track(world.ctx, work)

    expect(await replica('t01000')).to.include({ state: 'published' })
  })

  it('gives up a deal that the node calls failed, with the node’s words', async () => {
    says('1', { state: 'failed', stateText: 'StorageDealError', message: 'sector lost' })

    expect(await track(world.ctx, work)).to.include({ to: 'packed' })
    expect(await replica('t01000')).to.include({ state: 'failed', error: 'StorageDealError: sector lost' })
  })

  it('answers DealFailed when the last miner fails, but lets deals under way come to their end first', async () => {
    world.ctx.config = { ...world.ctx.config, miners: ['t01000', 't01001'] }
    says('1', { state: 'failed', stateText: 'StorageDealError' })
    expect(await track(world.ctx, work)).to.include({ to: 'dealing' })

    says('2', { state: 'failed', stateText: 'StorageDealSlashed' })
    const error = await failure(track(world.ctx, work))
    expect(error).to.be.instanceOf(MinersExhausted).with.property('reason', 'DealFailed')
  })

  it('refuses another piece than its own for good: every operator would see the same', async () => {
    says('1', { pieceCid: pieceToCid(digest(9)) })

    expect(await failure(track(world.ctx, work)))
      .to.be.instanceOf(EdgePieceDiffers)
      .with.property('reason', 'DealFailed')
  })

  it('uploads again what the node has lost', async () => {
    world.edge.contents.shift()

    expect(await track(world.ctx, work)).to.include({ to: 'packed' })
    expect(await replica('t01000')).to.include({ state: 'asked', contentId: null })
  })

  it('tries again when the node is away, having looked after the other replicas', async () => {
    const second = new (world.edge.constructor as new (url: string) => typeof world.edge)('http://second.example')
    await second.addCar('/x.car', 'x', { miners: ['t01001'] })
    second.statuses.set('1', { ...ACTIVE, ...deal(34n), inclusion })
    world.ctx.edges.push(second)
    await world.ctx.replicas.set('12', 't01001', { edgeUrl: second.url, contentId: '1' })
    world.edge.broken = new EdgeUnavailable('down')

    expect(await failure(track(world.ctx, work))).to.equal(world.edge.broken)
    expect(await replica('t01001')).to.include({ state: 'proving' })
  })

  it('gives up a replica that the node refuses to tell of', async () => {
    world.edge.broken = new EdgeRefused('not yours')

    expect(await track(world.ctx, work)).to.include({ to: 'packed' })
    expect(await replica('t01000')).to.include({ state: 'failed', error: 'not yours' })
  })

  describe('when complete is handed over', () => {
    beforeEach(async () => {
      says('1', { ...ACTIVE, ...deal(33n), inclusion })
      await track(world.ctx, work)
    })

    for (const state of ['queued', 'sent', 'confirmed'] as const) {
      it(`waits for the contract’s event while it is ${state}`, async () => {
        await world.settle('complete:12:t01000', state)

        await track(world.ctx, work)

        expect(await replica('t01000')).to.include({ state: 'proving' })
      })
    }

    it('takes it that somebody else has shown the deal', async () => {
      await world.settle('complete:12:t01000', 'refused', { name: 'ProviderAlreadyCounted' })

      await track(world.ctx, work)

      expect(await replica('t01000')).to.include({ state: 'proving' })
    })

    it('shows it again after a refusal that may pass', async () => {
      await world.settle('complete:12:t01000', 'failed', { name: 'DealNotStarted' })

      await track(world.ctx, work)
      expect(await replica('t01000')).to.include({ state: 'published' })
      await track(world.ctx, work)

      expect(await replica('t01000')).to.include({ state: 'proving' })
      expect(await world.intents.get('complete:12:t01000')).to.include({ state: 'queued' })
    })

    it('gives the deal up after a refusal that will not pass', async () => {
      await world.settle('complete:12:t01000', 'refused', { name: 'DealRemoved' })

      expect(await track(world.ctx, work)).to.include({ to: 'packed' })
      expect(await replica('t01000')).to.include({ state: 'failed' })
    })

    it('shows it again when this process died between the row and the intent', async () => {
      await world.db.deleteFrom('intent').where('key', '=', 'complete:12:t01000').execute()

      await track(world.ctx, work)
      await track(world.ctx, work)

      expect(await world.intents.get('complete:12:t01000')).to.include({ state: 'queued' })
    })
  })

  it('answers DealFailed near the deadline unless all that is missing is handed over', async () => {
    const late = { ...work, deadlineNear: true }
    says('1', { ...ACTIVE, ...deal(33n), inclusion })
    expect(await failure(track(world.ctx, late)))
      .to.be.instanceOf(DeadlineNear)
      .with.property('reason', 'DealFailed')

    says('2', { ...ACTIVE, ...deal(34n), inclusion })
    expect(await track(world.ctx, late)).to.include({ to: 'dealing' })
  })

  it('looks after its Packed vote where a reorg took the answer: one that was lost is cast again', async () => {
    const early = { ...work, view: { ...work.view, stage: 1 } }

    expect(await track(world.ctx, early)).to.include({ to: 'dealing' })

    expect(await world.wanted('report:12:1')).to.deep.include({
      ...{ name: 'report', args: [12n, 1n, hexlify(encodePackedAnswer(PIECE, 9n))] },
    })
  })

  it('goes on with what it began when the turn has passed, and counts the deals that others made', async () => {
    world.chain.assignee = OPERATOR_ID + 1n
    says('1', { ...ACTIVE, ...deal(33n), inclusion })
    await track(world.ctx, work)
    expect(await replica('t01000')).to.include({ state: 'proving' })

    says('2', { state: 'failed', stateText: 'StorageDealError' })
    await world.ctx.replicas.proven('12', 1005n, 77n, 120n)
    expect(await track(world.ctx, work)).to.include({ to: 'dealing', dueInMs: 60_000 })
  })
})
