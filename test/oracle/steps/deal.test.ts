import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { afterEach, beforeEach, describe, it } from 'mocha'
import { EdgeRefused, EdgeUnavailable } from '../../../oracle/edge/errors.ts'
import { STAGE, encodePackedAnswer } from '../../../oracle/chain/jobs.ts'
import { EdgeAnswerIncomplete, deal } from '../../../oracle/steps/deal.ts'
import { DeadlineNear, MinersExhausted, type Work } from '../../../oracle/steps/step.ts'
import { EDGE_URL, OPERATOR_ID, ScriptedEdge, createWorld, type World } from '../../helpers/executor.ts'

describe('steps/deal', () => {
  let world: World
  let carPath: string

  beforeEach(async () => {
    world = await createWorld()
    carPath = join(world.dir, '12.car')
    writeFileSync(carPath, 'car')
  })
  afterEach(() => world[Symbol.asyncDispose]())

  const PIECE = { digest: new Uint8Array(32).fill(5), size: 2048n }
  const found = () => ({ cid: 'bafy', replicas: 2, carPath, carBytes: 3n, piece: PIECE })
  /** The operators have answered the piece as this one found it, and it is this one's turn. */
  async function packed(): Promise<Work> {
    const { request, ...work } = await world.claimed('packed', {}, found())
    await world.answered(request, STAGE.PACKED)
    return { ...work, request, view: world.chain.view }
  }
  const rows = async () =>
    (await world.ctx.replicas.of('12')).map(({ miner, state, contentId, edgeUrl }) => [
      miner,
      state,
      contentId,
      edgeUrl,
    ])
  const failure = (step: Promise<unknown>) => step.catch((thrown: unknown) => thrown)

  it('uploads the CAR once, for as many miners as replicas are asked for', async () => {
    const move = await deal(world.ctx, await packed())

    expect(move).to.deep.include({ to: 'dealing', dueInMs: 60_000 })
    expect(world.edge.uploads).to.deep.equal([
      { file: carPath, name: 'mooring-31415926-12.car', miners: ['t01000', 't01001'] },
    ])
    expect(world.edge.lookups).to.equal(0)
    expect(await rows()).to.deep.equal([
      ['t01000', 'dealing', '1', EDGE_URL],
      ['t01001', 'dealing', '2', EDGE_URL],
    ])
    expect(world.told.map(({ event, miner }) => [event, miner])).to.deep.equal([
      ['deal-proposed', 't01000'],
      ['deal-proposed', 't01001'],
    ])
  })

  it('stores the intention before the Edge node is asked', async () => {
    world.edge.broken = new EdgeUnavailable('down')

    expect(await failure(deal(world.ctx, await packed()))).to.equal(world.edge.broken)

    expect(await rows()).to.deep.equal([
      ['t01000', 'asked', null, EDGE_URL],
      ['t01001', 'asked', null, EDGE_URL],
    ])
  })

  it('finds what the node took just before this process died, and does not upload it again', async () => {
    const work = await packed()
    world.edge.onUpload = () => {
      throw new Error('died here')
    }
    await failure(deal(world.ctx, work))
    expect((await rows()).map((row) => row[1])).to.deep.equal(['asked', 'asked'])

    world.edge.onUpload = () => {}
    expect(await deal(world.ctx, work)).to.include({ to: 'dealing' })

    expect(world.edge.uploads).to.have.lengthOf(1)
    expect((await rows()).map((row) => row.slice(0, 3))).to.deep.equal([
      ['t01000', 'dealing', '1'],
      ['t01001', 'dealing', '2'],
    ])
  })

  it('uploads only for the miners for which nothing is found', async () => {
    const work = await packed()
    await world.ctx.replicas.ask('12', ['t01000', 't01001'], EDGE_URL)
    world.edge.contents = [{ contentId: '1', cid: 'bafy', miner: 'f01001' }]

    await deal(world.ctx, work)

    expect(world.edge.uploads.map(({ miners }) => miners)).to.deep.equal([['t01000']])
    expect((await rows()).map((row) => row.slice(0, 3))).to.deep.equal([
      ['t01000', 'dealing', '2'],
      ['t01001', 'dealing', '1'],
    ])
  })

  it('takes over neither another request’s content of the same CID nor a failed one', async () => {
    const work = await packed()
    await world.ctx.requests.insert({ ...work.request, id: '11' })
    await world.ctx.replicas.ask('11', ['t01000'], EDGE_URL)
    await world.ctx.replicas.set('11', 't01000', { contentId: '1' })
    world.edge.contents = ['t01000', 't01001'].map((miner, i) => ({ contentId: `${i + 1}`, cid: 'bafy', miner }))
    world.edge.statuses.set('2', { state: 'failed' })
    await world.ctx.replicas.ask('12', ['t01000', 't01001'], EDGE_URL)

    await deal(world.ctx, work)

    expect(world.edge.uploads.map(({ miners }) => miners)).to.deep.equal([['t01000', 't01001']])
  })

  it('asks another miner in the place of one that failed', async () => {
    const work = await packed()
    await deal(world.ctx, work)
    await world.ctx.replicas.set('12', 't01000', { state: 'failed', error: 'rejected' })

    await deal(world.ctx, work)

    expect(world.edge.uploads.at(-1)!.miners).to.deep.equal(['t01002'])
    expect((await rows()).map((row) => row.slice(0, 2))).to.deep.equal([
      ['t01000', 'failed'],
      ['t01001', 'dealing'],
      ['t01002', 'dealing'],
    ])
  })

  it('answers DealFailed when no miner is left and nothing is under way', async () => {
    const work = await packed()
    await world.ctx.replicas.ask('12', ['t01000', 't01001', 't01002'], EDGE_URL)
    for (const miner of ['t01000', 't01001'])
      await world.ctx.replicas.set('12', miner, { state: 'failed', error: 'no room' })
    await world.ctx.replicas.set('12', 't01002', { state: 'proven' })

    const error = await failure(deal(world.ctx, work))

    expect(error).to.be.instanceOf(MinersExhausted).with.property('reason', 'DealFailed')
    expect((error as Error).message).to.equal(
      '1 more deals are wanted, 0 miners are left; the last one failed: no room',
    )
  })

  it('turns to the next Edge node after three failed attempts', async () => {
    const second = new ScriptedEdge('http://second.example')
    world.ctx.edges = [world.edge, second]
    world.edge.broken = new EdgeUnavailable('down')
    const { request, ...work } = await packed()
    const attempt = (attempts: number) => deal(world.ctx, { ...work, request: { ...request, attempts } })
    for (const attempts of [0, 1, 2]) await failure(attempt(attempts))
    expect(second.uploads).to.be.empty

    expect(await attempt(3)).to.include({ to: 'dealing' })

    expect(second.uploads).to.have.lengthOf(1)
    expect((await rows()).map((row) => row[3])).to.deep.equal([second.url, second.url])
  })

  it('turns to a configured Edge node when the one it had asked is not configured any more', async () => {
    const work = await packed()
    await world.ctx.replicas.ask('12', ['t01000', 't01001'], 'http://gone.example')

    await deal(world.ctx, work)

    expect((await rows()).map((row) => row[3])).to.deep.equal([EDGE_URL, EDGE_URL])
  })

  it('regression: one Edge node’s refusal does not fail the request while another may take it', async () => {
    const second = new ScriptedEdge('http://second.example')
    world.ctx.edges = [world.edge, second]
    world.edge.broken = new EdgeRefused('does not take CAR files')
    const { request, ...work } = await packed()

    const move = await deal(world.ctx, { ...work, request })
    expect(move).to.deep.include({ to: 'packed', dueInMs: 0, attempts: 3 })
    expect(await deal(world.ctx, { ...work, request: { ...request, attempts: 3 } })).to.include({ to: 'dealing' })
    expect((await rows()).map((row) => row[3])).to.deep.equal([second.url, second.url])

    second.broken = new EdgeRefused('the CAR is too large')
    await world.ctx.replicas.set('12', 't01000', { state: 'asked', contentId: null })
    const last = failure(deal(world.ctx, { ...work, request: { ...request, attempts: 3 } }))
    expect(await last).to.equal(second.broken)
  })

  it('passes on a refusal, which is for good', async () => {
    world.edge.broken = new EdgeRefused('the CAR is too large')

    expect(await failure(deal(world.ctx, await packed()))).to.equal(world.edge.broken)
  })

  it('tries again when the node does not tell a content for each miner', async () => {
    world.edge.onUpload = () => world.edge.contents.splice(0)
    world.edge.addCar = () => Promise.resolve([{ contentId: '1', cid: 'bafy', miner: 't01000' }])

    expect(await failure(deal(world.ctx, await packed()))).to.be.instanceOf(EdgeAnswerIncomplete)
  })

  it('has a CAR that is gone written again', async () => {
    const work = await packed()
    work.request.carPath = join(world.dir, 'gone.car')

    expect(await deal(world.ctx, work)).to.include({ to: 'pinned' })
    expect(world.edge.uploads).to.be.empty
  })

  describe('when it is not to spend', () => {
    const nothingAsked = async () => {
      expect(world.edge.uploads).to.be.empty
      expect(await rows()).to.be.empty
    }

    it('waits for the answer on the piece, looking after its own vote', async () => {
      const work = await world.claimed('packed', {}, found())
      work.view = { ...work.view, stage: 1 }

      expect(await deal(world.ctx, work)).to.include({ to: 'packed', dueInMs: 20_000 })
      expect(await world.intents.get('report:12:1')).to.include({ state: 'queued' })
      await nothingAsked()
    })

    it('waits until that answer is believed', async () => {
      const work = await packed()
      await world.db.deleteFrom('answer').execute()

      expect(await deal(world.ctx, work)).to.include({ to: 'packed', dueInMs: 60_000 })
      await nothingAsked()
    })

    it('leaves it to the operator whose turn it is, and begins when the turn is its own', async () => {
      const work = await packed()
      world.chain.assignee = OPERATOR_ID + 1n
      expect(await deal(world.ctx, work)).to.include({ to: 'packed', dueInMs: 60_000 })
      await nothingAsked()

      world.chain.assignee = OPERATOR_ID
      expect(await deal(world.ctx, work)).to.include({ to: 'dealing' })
      expect(world.edge.uploads).to.have.lengthOf(1)
    })

    it('makes only the deals that the operators before it have not shown, with other miners', async () => {
      const work = await packed()
      await world.ctx.replicas.proven('12', 1000n, 33n, 120n)

      expect(await deal(world.ctx, work)).to.include({ to: 'dealing' })
      expect(world.edge.uploads.map(({ miners }) => miners)).to.deep.equal([['t01001']])
    })

    it('goes on with what it began when the turn has passed, and replaces nothing', async () => {
      const work = await packed()
      await deal(world.ctx, work)
      await world.ctx.replicas.set('12', 't01000', { state: 'failed', error: 'rejected' })
      world.chain.assignee = OPERATOR_ID + 1n

      expect(await deal(world.ctx, work)).to.include({ to: 'dealing', dueInMs: 60_000 })
      expect(world.edge.uploads).to.have.lengthOf(1)
    })

    it('makes no deal for another piece than it found itself', async () => {
      const work = await packed()
      await world.db.deleteFrom('answer').execute()
      await world.answered(work.request, STAGE.PACKED, encodePackedAnswer({ ...PIECE, size: 4096n }, 3n))

      expect(await deal(world.ctx, work)).to.include({ to: 'packed' })
      await nothingAsked()
    })

    it('begins nothing while a challenge is open', async () => {
      const work = await packed()
      work.view = { ...work.view, challenged: true }

      expect(await deal(world.ctx, work)).to.include({ to: 'packed' })
      await nothingAsked()
    })
  })

  describe('near the deadline', () => {
    const late = async (): Promise<Work> => ({ ...(await packed()), deadlineNear: true })

    it('says DealFailed in its own turn', async () => {
      expect(await failure(deal(world.ctx, await late())))
        .to.be.instanceOf(DeadlineNear)
        .with.property('reason', 'DealFailed')
    })

    it('says DealFailed of what it tried in an earlier turn', async () => {
      const work = await late()
      world.chain.assignee = OPERATOR_ID + 1n
      await world.ctx.replicas.ask('12', ['t01000'], EDGE_URL)

      expect(await failure(deal(world.ctx, work))).to.be.instanceOf(DeadlineNear)
    })

    it('says nothing of deals that it never tried to make: another may be about to show them', async () => {
      const work = await late()
      world.chain.assignee = OPERATOR_ID + 1n
      await world.ctx.replicas.proven('12', 1000n, 33n, 120n)

      expect(await deal(world.ctx, work)).to.include({ to: 'packed', dueInMs: 60_000 })
    })
  })
})
