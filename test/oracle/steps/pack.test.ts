import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { getBytes } from 'ethers'
import type { CID } from 'multiformats/cid'
import { expect } from 'chai'
import { after, before, beforeEach, describe, it } from 'mocha'
import { JOB, encodePackPayload, encodePackedAnswer, encodePinnedAnswer } from '../../../oracle/chain/jobs.ts'
import type { Findings } from '../../../oracle/db/request.ts'
import { createIpfs, type Ipfs } from '../../../oracle/ipfs/node.ts'
import { createLogger } from '../../../oracle/logger.ts'
import { computePiece } from '../../../oracle/proofs/commP.ts'
import { pieceToCid } from '../../../oracle/proofs/piece-cid.ts'
import type { Piece } from '../../../oracle/proofs/piece.ts'
import { CarDiffers, NamedPieceDiffers, pack } from '../../../oracle/steps/pack.ts'
import type { Work } from '../../../oracle/steps/step.ts'
import { createWorld, storePayload, type World } from '../../helpers/executor.ts'

describe('steps/pack', function () {
  this.timeout(20_000)
  let world: World
  let ipfs: Ipfs
  let root: CID
  let carBytes: bigint
  let car: Buffer
  let piece: Piece
  let next = 1

  before(async () => {
    world = await createWorld()
    ipfs = await createIpfs({
      ...{ dataDir: join(world.dir, 'ipfs'), listen: [], routing: 'off', allowPrivate: true },
      log: createLogger('silent'),
    })
    world.ctx.ipfs = ipfs
    const file = join(world.dir, 'data.bin')
    writeFileSync(file, Buffer.alloc(5_000, 'mooring'))
    ;({ root } = await ipfs.addPath(file))
    carBytes = await ipfs.exportCar(root, join(world.dir, 'expected.car'))
    car = readFileSync(join(world.dir, 'expected.car'))
    const { digest, size } = await computePiece(chunks(car))
    piece = { digest, size }
  })
  after(async () => {
    await ipfs.stop()
    await world[Symbol.asyncDispose]()
  })
  beforeEach(() => (world.chain.view = { ...world.chain.view, stage: 0 }))

  const pinned = (named?: Piece, findings: Findings = {}): Promise<Work> => {
    const payload = storePayload({ cid: root.bytes, ...(named && { piece: named }) })
    const found = { cid: root.toString(), carBytes, replicas: 2, ...findings }
    return world.claimed('pinned', { id: `${next++}`, payload }, found)
  }
  /** The same request as the pipeline would give it to the next run. */
  const again = (work: Work, findings: Findings | undefined): Work => ({
    ...work,
    view: world.chain.view,
    request: { ...work.request, ...findings },
  })
  const voted = async (work: Work, stage: number) => (await world.wanted(`report:${work.request.id}:${stage}`))?.args[2]

  it('writes the canonical CAR and keeps its piece in the row', async () => {
    const work = await pinned()

    const move = await pack(world.ctx, work)

    expect(move).to.deep.include({ to: 'pinned', dueInMs: 0 })
    expect(move.findings).to.deep.include({ piece, error: null })
    expect(readFileSync(move.findings!.carPath!)).to.deep.equal(car)
    expect(world.told.at(-1)).to.include({
      ...{ event: 'packed', pieceCid: pieceToCid(piece.digest), pieceSize: '8192', carBytes: carBytes.toString() },
    })
  })

  it('votes Packed once Pinned is answered, not before', async () => {
    const work = await pinned()
    const { findings } = await pack(world.ctx, work)
    await world.ctx.sender.submit({ ...ANY_CALL, key: `report:${work.request.id}:0` })

    expect(await pack(world.ctx, again(work, findings))).to.include({ to: 'pinned' })
    expect(await voted(work, 1)).to.equal(undefined)

    world.chain.view = { ...world.chain.view, stage: 1 }
    expect(await pack(world.ctx, again(work, findings))).to.include({ to: 'packed', dueInMs: 0 })
    expect(getBytes((await voted(work, 1)) as string)).to.deep.equal(encodePackedAnswer(piece, carBytes))
  })

  it('has nothing to do after the second vote of a pack job', async () => {
    const payload = encodePackPayload({ cid: root.bytes, fetchLink: new Uint8Array() })
    const work = await world.claimed(
      'pinned',
      { id: `${next++}`, job: JOB.PACK, payload },
      { cid: root.toString(), carBytes },
    )
    const { findings } = await pack(world.ctx, work)

    world.chain.view = { ...world.chain.view, stage: 1 }
    expect(await pack(world.ctx, again(work, findings))).to.include({ to: 'reported', dueInMs: 0 })
    expect(getBytes((await voted(work, 1)) as string)).to.deep.equal(encodePackedAnswer(piece, carBytes))
  })

  it('casts the vote before again when that one was never handed over', async () => {
    const work = await pinned()
    const { findings } = await pack(world.ctx, work)

    expect(await pack(world.ctx, again(work, findings))).to.include({ to: 'pinned', dueInMs: 20_000 })
    expect(getBytes((await voted(work, 0)) as string)).to.deep.equal(encodePinnedAnswer(carBytes))
  })

  it('finds its piece also where the others have answered it, and does not vote', async () => {
    world.chain.view = { ...world.chain.view, stage: 2 }
    const work = await pinned()
    const { findings } = await pack(world.ctx, work)

    expect(findings).to.deep.include({ piece })
    expect(await pack(world.ctx, again(work, findings))).to.include({ to: 'packed', dueInMs: 0 })
    expect(await voted(work, 1)).to.equal(undefined)
  })

  it('writes a CAR that is gone once more', async () => {
    const work = await pinned()
    const { findings } = await pack(world.ctx, work)
    rmSync(findings!.carPath!)

    await pack(world.ctx, again(work, findings))

    expect(existsSync(findings!.carPath!)).to.equal(true)
  })

  it('accepts a named piece that is the one', async () => {
    expect(await pack(world.ctx, await pinned(piece))).to.include({ to: 'pinned' })
  })

  for (const what of ['digest', 'size'] as const) {
    it(`refuses a named piece of another ${what} as PieceMismatch`, async () => {
      const digest = new Uint8Array(32).fill(1)
      const work = await pinned(what === 'digest' ? { ...piece, digest } : { ...piece, size: piece.size * 2n })

      const error = await pack(world.ctx, work).catch((thrown: unknown) => thrown)

      expect(error).to.be.instanceOf(NamedPieceDiffers).with.property('reason', 'PieceMismatch')
    })
  }

  it('does not trust a CAR of another size than was measured when its blocks came', async () => {
    const work = await pinned(undefined, { carBytes: carBytes + 1n })

    const error = await pack(world.ctx, work).catch((thrown: unknown) => thrown)

    expect(error).to.be.instanceOf(CarDiffers)
    expect(existsSync(join(world.dir, 'cars', `${work.request.id}.car`))).to.equal(false)
  })
})

const ANY_CALL = {
  to: '0x5FbDB2315678afecb367f032d93F642f64180aa3',
  data: '0x',
  expectEvent: { address: '0x', topics: [] },
}

async function* chunks(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes)
}
