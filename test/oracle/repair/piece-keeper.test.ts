import { createReadStream } from 'node:fs'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { randomBytes } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect } from 'chai'
import { CID } from 'multiformats/cid'
import { afterEach, beforeEach, describe, it } from 'mocha'
import { createKeptPieceStore, type KeptPieceStore, type WantedPiece } from '../../../oracle/db/kept-piece.ts'
import type { Ipfs } from '../../../oracle/ipfs/node.ts'
import { computePiece } from '../../../oracle/proofs/commP.ts'
import { pieceToCid } from '../../../oracle/proofs/piece-cid.ts'
import { zeroFill } from '../../../oracle/proofs/zero-fill.ts'
import { createPieceKeeper, type PieceKeeper } from '../../../oracle/repair/piece-keeper.ts'
import { createWorld, type World } from '../../helpers/executor.ts'
import { storedBlocks, useNodes } from '../ipfs/node-world.ts'

const nextTurn = () => new Promise((resolve) => setTimeout(resolve, 20))

describe('repair/piece-keeper', function () {
  this.timeout(30_000)
  const nodes = useNodes()
  let world: World
  let client: Ipfs & { dir: string }
  let here: Ipfs & { dir: string }
  let pieces: KeptPieceStore
  let keeper: PieceKeeper
  let orders: WantedPiece[]
  const servers: Server[] = []

  beforeEach(async () => {
    client = await nodes.node()
    here = await nodes.node()
    await begin()
  })
  afterEach(async () => {
    await keeper.stop()
    await world[Symbol.asyncDispose]()
    for (const server of servers.splice(0)) server.close()
  })

  async function begin(env: Record<string, string> = {}): Promise<void> {
    if (world) await world[Symbol.asyncDispose]()
    world = await createWorld(env)
    pieces = createKeptPieceStore(world.db, () => world.clock.now)
    orders = []
    const wanted = () => Promise.resolve(orders)
    keeper = createPieceKeeper({ ...world.ctx, ipfs: here, pieces, wanted }, { everyMs: 50 })
  }

  /** A file of the client's, its CAR's piece, and the client's node as the seed. */
  async function payload(bytes: number): Promise<WantedPiece & { car: Buffer }> {
    const file = join(client.dir, `${bytes}.bin`)
    await writeFile(file, randomBytes(bytes))
    const { root } = await client.addPath(file)
    await client.exportCar(root, `${file}.car`)
    const { digest, size } = await computePiece(createReadStream(`${file}.car`))
    const seed = Buffer.from(client.multiaddrs().join(','))
    return { piece: { digest, size }, payloadCid: root.toString(), seed, car: await readFile(`${file}.car`) }
  }

  const rowOf = async ({ piece }: WantedPiece) => (await pieces.get(pieceToCid(piece.digest)))!
  const isThere = (file: string) =>
    stat(file).then(
      () => true,
      () => false,
    )

  it('fetches the payload from the seed, pins it, and writes the very CAR that is the piece', async () => {
    const order = await payload(3_000_000)
    orders = [order]
    await keeper.processAll()

    const row = await rowOf(order)
    expect(row).to.deep.include({ state: 'kept', carBytes: BigInt(order.car.length), error: null })
    expect((await readFile(row.carPath!)).equals(order.car)).to.equal(true)
    expect(await storedBlocks(here.dir)).to.equal(4)
    expect(world.told.map(({ event, pieceCid }) => [event, pieceCid])).to.deep.equal([['piece-kept', row.pieceCid]])
  })

  it('takes the CAR from a seed that is a URL', async () => {
    const order = await payload(500_000)
    const server = createServer((_request, response) => response.end(order.car)).listen(0, '127.0.0.1')
    servers.push(server)
    await new Promise((resolve) => server.once('listening', resolve))
    const { port } = server.address() as AddressInfo
    orders = [{ ...order, seed: Buffer.from(`http://127.0.0.1:${port}/order.car`) }]
    await keeper.processAll()
    expect((await rowOf(order)).state).to.equal('kept')
  })

  it('takes a CAR for a larger piece that zeros fill', async () => {
    const order = await payload(500_000)
    const larger = { ...order, piece: zeroFill(order.piece, 4n * order.piece.size) }
    orders = [larger]
    await keeper.processAll()
    expect(await rowOf(larger)).to.deep.include({ state: 'kept', carBytes: BigInt(order.car.length) })
  })

  it('refuses a payload that is another piece, and leaves nothing of it', async () => {
    const order = await payload(500_000)
    const ordered = { ...order, piece: { digest: new Uint8Array(32).fill(7, 0, 31), size: order.piece.size } }
    orders = [ordered]
    await keeper.processAll()

    const row = await rowOf(ordered)
    expect(row.state).to.equal('refused')
    expect(row.error).to.equal(
      `the order is for piece ${pieceToCid(ordered.piece.digest)} of ${order.piece.size} padded bytes, its payload's CAR is ${pieceToCid(order.piece.digest)} of ${order.piece.size} padded bytes`,
    )
    expect(await storedBlocks(here.dir)).to.equal(0)
    expect(await isThere(join(world.dir, 'pieces', `${row.pieceCid}.car`))).to.equal(false)
  })

  it('refuses a payload larger than the piece', async () => {
    const order = await payload(500_000)
    orders = [{ ...order, piece: { ...order.piece, size: 1024n } }]
    await keeper.processAll()
    expect((await rowOf(order)).error).to.match(/at most 1016 bytes/)
    expect((await rowOf(order)).state).to.equal('refused')
  })

  it('refuses an order that does not name its payload', async () => {
    const order = { ...(await payload(1_000)), payloadCid: null }
    orders = [order]
    await keeper.processAll()
    expect(await rowOf(order)).to.deep.include({
      ...{ state: 'refused', error: 'the order names no payload CID: its piece cannot be made here' },
    })
  })

  it('comes again to a seed that is silent, later each time', async () => {
    await begin({ MOORING_FETCH_TIMEOUT_MS: '2000', MOORING_RETRY_BASE_MS: '1000' })
    const order = await payload(1_000)
    orders = [{ ...order, seed: new Uint8Array() }]
    await keeper.processAll()
    expect(await rowOf(order)).to.deep.include({ state: 'wanted', attempts: 1 })

    world.clock.now += 1_000
    orders = [order] // the client mends its seed
    await keeper.processAll()
    expect(await rowOf(order)).to.deep.include({ state: 'kept', attempts: 0, error: null })
  })

  it('holds no piece up for a seed that is silent, and breaks off what no order wants any more', async () => {
    await begin({ MOORING_FETCH_TIMEOUT_MS: '60000' })
    const [silent, good] = [await payload(1_000), await payload(2_000)]
    orders = [{ ...silent, seed: new Uint8Array() }, good]
    keeper.start()
    while ((await pieces.get(pieceToCid(good.piece.digest)))?.state !== 'kept') await nextTurn()
    expect((await rowOf(silent)).state).to.equal('wanted')

    orders = [good]
    while ((await pieces.get(pieceToCid(silent.piece.digest))) !== undefined) await nextTurn()
    expect((await rowOf(good)).state).to.equal('kept')
  })

  it('goes to the new seed at once where an order names another', async () => {
    await begin({ MOORING_FETCH_TIMEOUT_MS: '60000' })
    const order = await payload(1_000)
    orders = [{ ...order, seed: new Uint8Array() }]
    keeper.start()
    while ((await pieces.get(pieceToCid(order.piece.digest))) === undefined) await nextTurn()
    orders = [order]
    while ((await rowOf(order)).state !== 'kept') await nextTurn()
  })

  it('keeps as much as it may, the longest wanted first', async () => {
    const [first, second] = [await payload(100_000), await payload(101_000)]
    await begin({ MOORING_KEEP_BYTES: '200000' })
    orders = [first]
    await keeper.processAll()
    world.clock.now += 1
    orders = [first, second]
    await keeper.processAll()

    expect((await rowOf(first)).state).to.equal('kept')
    expect(await rowOf(second)).to.deep.include({
      ...{
        state: 'wanted',
        error: `it may take 130048 bytes, MOORING_KEEP_BYTES leaves ${200_000 - first.car.length}`,
      },
    })

    orders = [second]
    world.clock.now += 600_000
    await keeper.processAll()
    expect((await rowOf(second)).state).to.equal('kept')
    expect(await rowOf(first)).to.equal(undefined)
  })

  it('keeps nothing where nothing is to be kept', async () => {
    await begin({ MOORING_KEEP_BYTES: '0' })
    const order = await payload(1_000)
    orders = [order]
    await keeper.processAll()
    expect(await rowOf(order)).to.equal(undefined)
  })

  describe('when no order wants a piece any more', () => {
    it('lets go of the file and of the blocks', async () => {
      const order = await payload(100_000)
      orders = [order]
      await keeper.processAll()
      const { carPath } = await rowOf(order)
      orders = []
      await keeper.processAll()

      expect(await rowOf(order)).to.equal(undefined)
      expect(await isThere(carPath!)).to.equal(false)
      expect(await storedBlocks(here.dir)).to.equal(0)
    })

    it('keeps the blocks that a pinning request wants', async () => {
      const order = await payload(100_000)
      const cid = CID.parse(order.payloadCid!)
      orders = [order]
      await keeper.processAll()
      await world.claimed('pinned', {}, { cid: cid.toString(), carBytes: 1n })
      orders = []
      await keeper.processAll()

      expect(await rowOf(order)).to.equal(undefined)
      expect(await storedBlocks(here.dir)).to.equal(1)
    })
  })

  it('goes on after a process that died in the middle', async () => {
    const order = await payload(100_000)
    orders = [order]
    await pieces.want(orders)
    await pieces.claim(1, { owner: 'the process that died', ms: 60_000 })
    await keeper.processAll()
    expect((await rowOf(order)).state).to.equal('wanted')

    await pieces.releaseLeases()
    await keeper.processAll()
    expect((await rowOf(order)).state).to.equal('kept')
  })
})
