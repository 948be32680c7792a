import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { CID } from 'multiformats/cid'
import { afterEach, beforeEach, describe, it } from 'mocha'
import type { EndState } from '../../../oracle/db/request.ts'
import { createIpfs, type Ipfs } from '../../../oracle/ipfs/node.ts'
import { createLogger } from '../../../oracle/logger.ts'
import { carPathOf, createCleaner, type Cleaner } from '../../../oracle/steps/clean-up.ts'
import { createWorld, newRequest, type World } from '../../helpers/executor.ts'

const ENDS: EndState[] = [
  'stored',
  'answered',
  'failed',
  'cancelled',
  'expired',
  'refuted',
  'undecided',
  'refused',
  'orphaned',
]

describe('steps/clean-up', () => {
  let world: World
  let ipfs: Ipfs
  let root: CID

  beforeEach(async () => {
    world = await createWorld()
    ipfs = await createIpfs({
      ...{ dataDir: join(world.dir, 'ipfs'), listen: [], routing: 'off', allowPrivate: true },
      log: createLogger('silent'),
    })
    const file = join(world.dir, 'data.bin')
    writeFileSync(file, Buffer.alloc(5_000, 'mooring'))
    ;({ root } = await ipfs.addPath(file))
    mkdirSync(join(world.dir, 'cars'))
  })
  afterEach(async () => {
    await ipfs.stop()
    await world[Symbol.asyncDispose]()
  })

  const build = (unpin: Ipfs['unpin'] = (...args) => ipfs.unpin(...args)): Cleaner =>
    createCleaner({ ...world.ctx, ipfs: { unpin } }, { everyMs: 60_000 })

  /** A request for the pinned content, with its CAR file. */
  async function request(id: string, end?: EndState, isComplete = true): Promise<string> {
    await world.ctx.requests.insert(newRequest({ id, cid: root.toString() }))
    if (isComplete) await world.db.updateTable('request').set({ car_bytes: '9' }).where('id', '=', id).execute()
    if (end) await world.ctx.requests.end(id, end, 120n)
    const car = carPathOf(world.dir, id)
    writeFileSync(car, 'car')
    return car
  }
  const isPinned = () =>
    ipfs.exportCar(root, join(world.dir, 'export.car')).then(
      () => true,
      () => false,
    )

  for (const end of ENDS) {
    const kept = end === 'stored' || end === 'answered'
    it(`removes the CAR of a request that is ${end} and ${kept ? 'keeps' : 'lets go of'} its blocks`, async () => {
      const car = await request('12', end)
      writeFileSync(`${car}.part`, 'half a CAR')

      await build().processAll()

      expect([car, `${car}.part`].map(existsSync)).to.deep.equal([false, false])
      expect(await isPinned()).to.equal(kept)
      expect(await world.ctx.requests.uncleaned(9)).to.be.empty
    })
  }

  it('lets go of what came of content that the others answered and that it never had whole', async () => {
    await request('12', 'answered', false)
    await request('13', 'stored', false)

    await build().processAll()

    expect(await isPinned()).to.equal(false)
  })

  it('leaves a request alone that is worked on', async () => {
    const car = await request('12')

    await build().processAll()

    expect(existsSync(car)).to.equal(true)
    expect(await isPinned()).to.equal(true)
  })

  for (const [title, other] of [
    ['is worked on', undefined],
    ['was stored', 'stored'],
  ] as const) {
    it(`keeps blocks that another request wants, which ${title}`, async () => {
      await request('12', 'failed')
      await request('13', other)

      await build().processAll()

      expect(await isPinned()).to.equal(true)
      expect(await world.ctx.requests.uncleaned(9)).to.be.empty
    })
  }

  it('lets go of the blocks with the last of the requests that wanted them', async () => {
    for (const id of ['12', '13', '14']) await request(id, 'failed')

    await build().processAll()

    expect(await isPinned()).to.equal(false)
  })

  it('regression: keeps the blocks when a request for them comes just before they are removed', async () => {
    await request('12', 'cancelled')

    await build(async (cid, stillWanted) => {
      await request('13')
      await ipfs.unpin(cid, stillWanted)
    }).processAll()

    expect(await isPinned()).to.equal(true)
  })

  for (const [moment, after] of [
    ['before the blocks are removed', false],
    ['before the row is marked', true],
  ] as const) {
    it(`goes on after a crash ${moment}, and a second time changes nothing`, async () => {
      await request('12', 'failed')
      const dying = build(async (...args) => {
        if (after) await ipfs.unpin(...args)
        throw new Error('power cut')
      })
      await dying.processAll()
      expect(await world.ctx.requests.uncleaned(9)).to.have.lengthOf(1)

      for (let run = 0; run < 2; run++) await build().processAll()

      expect(await isPinned()).to.equal(false)
      expect(await world.ctx.requests.uncleaned(9)).to.be.empty
    })
  }

  it('is not held up by one that cannot be cleaned up', async () => {
    await request('12', 'failed')
    const car = carPathOf(world.dir, '11')
    mkdirSync(join(car, 'in-the-way'), { recursive: true })
    await world.ctx.requests.insert(newRequest({ id: '11', cid: null }))
    await world.ctx.requests.end('11', 'failed', 110n)

    await build().processAll()

    expect((await world.ctx.requests.uncleaned(9)).map(({ id }) => id)).to.deep.equal(['11'])
    expect(await isPinned()).to.equal(false)
  })
})
