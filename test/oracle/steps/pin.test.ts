import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { getBytes } from 'ethers'
import { CID } from 'multiformats/cid'
import { expect } from 'chai'
import { after, before, describe, it } from 'mocha'
import { JOB, encodePackPayload, encodePinnedAnswer } from '../../../oracle/chain/jobs.ts'
import { PermanentError, RetryableError } from '../../../oracle/errors.ts'
import { createIpfs, type Ipfs } from '../../../oracle/ipfs/node.ts'
import { createLogger } from '../../../oracle/logger.ts'
import { pin } from '../../../oracle/steps/pin.ts'
import { USER, createWorld, pinPayload, storePayload, type World } from '../../helpers/executor.ts'

describe('steps/pin', function () {
  this.timeout(20_000)
  let world: World
  let ipfs: Ipfs
  let owner: Ipfs
  let cid: Uint8Array
  let fetchLink: Uint8Array
  let carBytes: bigint
  let next = 100

  before(async () => {
    world = await createWorld({ MOORING_FETCH_TIMEOUT_MS: '1500' })
    const log = createLogger('silent')
    const options = { listen: ['/ip4/127.0.0.1/tcp/0'], routing: 'off' as const, allowPrivate: true, log }
    owner = await createIpfs({ ...options, dataDir: join(world.dir, 'owner') })
    ipfs = await createIpfs({ ...options, dataDir: join(world.dir, 'ipfs') })
    world.ctx.ipfs = ipfs

    const data = join(world.dir, 'data')
    mkdirSync(data)
    writeFileSync(join(data, 'large.bin'), Buffer.alloc(700_000, 'mooring'))
    writeFileSync(join(data, 'small.txt'), 'hello')
    const { root } = await owner.addPath(data)
    cid = root.bytes
    fetchLink = new TextEncoder().encode(owner.multiaddrs()[0])
    carBytes = await owner.exportCar(root, join(world.dir, 'expected.car'))
  })
  after(async () => {
    await ipfs.stop()
    await owner.stop()
    await world[Symbol.asyncDispose]()
  })

  const id = () => `${next++}`
  const failure = async (step: Promise<unknown>): Promise<PermanentError> => {
    const error = await step.then(
      () => new Error('the step went through'),
      (thrown: unknown) => thrown,
    )
    if (!(error instanceof PermanentError)) throw error as Error
    return error
  }

  it('brings every block here and votes with the size of the canonical CAR', async () => {
    const work = await world.claimed('requested', { id: id(), payload: storePayload({ cid, fetchLink, replicas: 3 }) })

    const move = await pin(world.ctx, work)

    expect(move.to).to.equal('pinned')
    expect(move.findings).to.deep.include({ cid: CID.decode(cid).toString(), carBytes, replicas: 3, error: null })
    const { args } = (await world.wanted(`report:${work.request.id}:0`))!
    expect(getBytes(args[2] as string)).to.deep.equal(encodePinnedAnswer(carBytes))
    const told = world.told.filter(({ requestId }) => requestId === work.request.id)
    expect(told.at(-1)).to.include({ event: 'pinned', blocks: 3, carBytes: carBytes.toString() })
    expect(told[0]).to.have.keys('level', 'time', 'name', 'event', 'requestId', 'blocks', 'known', 'bytes', 'msg')
  })

  it('runs again without fetching again, to the same vote', async () => {
    const work = await world.claimed('requested', {
      id: id(),
      payload: storePayload({ cid, fetchLink: new Uint8Array() }),
    })

    const [first, second] = [await pin(world.ctx, work), await pin(world.ctx, work)]

    expect(second).to.deep.equal(first)
  })

  it('has nothing to do after a pin job’s only vote', async () => {
    const work = await world.claimed('requested', { id: id(), job: JOB.PIN, payload: pinPayload(cid, fetchLink) })

    expect(await pin(world.ctx, work)).to.deep.include({ to: 'reported' })
  })

  it('goes on to the piece for a pack job, whoever asked', async () => {
    const payload = encodePackPayload({ cid, fetchLink })
    const work = await world.claimed('requested', { id: id(), job: JOB.PACK, requester: USER, payload })

    const move = await pin(world.ctx, work)

    expect(move.to).to.equal('pinned')
    expect(move.findings).to.deep.include({ cid: CID.decode(cid).toString(), carBytes, error: null })
    expect(move.findings).not.to.have.property('replicas')
  })

  it('refuses a CAR beyond the request’s maxBytes as TooLarge, one byte less being enough', async () => {
    const payload = storePayload({ cid, fetchLink })
    const fits = await world.claimed('requested', { id: id(), payload, maxBytes: carBytes })
    expect(await pin(world.ctx, fits)).to.include({ to: 'pinned' })

    const tooLarge = await world.claimed('requested', { id: id(), payload, maxBytes: carBytes - 1n })
    expect(await failure(pin(world.ctx, tooLarge))).to.include({ reason: 'TooLarge' })
  })

  it('holds the operator’s own limit where it is lower', async () => {
    const ctx = { ...world.ctx, config: { ...world.ctx.config, maxBytes: 1_000n } }
    const work = await world.claimed('requested', { id: id(), payload: storePayload({ cid, fetchLink }) })

    expect(await failure(pin(ctx, work))).to.include({ reason: 'TooLarge' })
  })

  it('tries again when nobody serves the CID in time', async () => {
    const unknown = getBytes('0x01551220' + 'e7'.repeat(32))
    const work = await world.claimed('requested', { id: id(), payload: storePayload({ cid: unknown, fetchLink }) })

    const error = await pin(world.ctx, work).catch((thrown: unknown) => thrown)

    expect(error).to.be.instanceOf(RetryableError).with.property('name', 'CidUnreachable')
  })

  const BAD: [string, Parameters<typeof storePayload>[0], string, RegExp][] = [
    ['bytes that are no CID', { cid: new Uint8Array([1, 2, 3]) }, 'BadContent', /binary CID, got 0x010203/],
    ['a fetch link of no known kind', { fetchLink: new TextEncoder().encode('ftp://x') }, 'BadContent', /ftp:/],
    ['no replicas', { replicas: 0 }, 'BadContent', /1 replica or more/],
    [
      'a named piece of an impossible size',
      { piece: { digest: new Uint8Array(32), size: 100n } },
      'BadContent',
      /power of two of at least 128 .+ got 100/,
    ],
  ]
  for (const [what, terms, reason, words] of BAD) {
    it(`refuses ${what} as ${reason}`, async () => {
      const work = await world.claimed('requested', { id: id(), payload: storePayload({ cid, ...terms }) })

      const error = await failure(pin(world.ctx, work))

      expect(error).to.include({ reason })
      expect(error.message).to.match(words)
      expect(await world.wanted(`report:${work.request.id}:0`)).to.equal(undefined)
    })
  }

  it('brings every block here also where the others were quicker, beyond the deadline too, and does not vote', async () => {
    world.chain.view = { ...world.chain.view, state: 'Answered', stage: 1 }
    world.chain.head = 9_999n
    const work = await world.claimed('requested', { id: id(), job: JOB.PIN, payload: pinPayload(cid, fetchLink) })

    const move = await pin(world.ctx, work)

    expect(move).to.deep.include({ to: 'reported' })
    expect(move.findings).to.deep.include({ carBytes })
    expect(await world.intents.get(`report:${work.request.id}:0`)).to.equal(undefined)
    world.chain.view = { ...world.chain.view, state: 'Open', stage: 0 }
    world.chain.head = 110n
  })

  it('pins for more replicas than it has miners: whether deals can be made is found out by who makes them', async () => {
    const work = await world.claimed('requested', { id: id(), payload: storePayload({ cid, fetchLink, replicas: 4 }) })

    expect(await pin(world.ctx, work)).to.include({ to: 'pinned' })
  })

  it('makes deals for PinningRequests only: nobody else would have them shown', async () => {
    const work = await world.claimed('requested', { id: id(), payload: storePayload({ cid, fetchLink }) })
    work.view = { ...work.view, requester: USER }

    expect(await failure(pin(world.ctx, work))).to.include({
      reason: 'BadContent',
      hint: 'ask through PinningRequests',
    })
  })
})
