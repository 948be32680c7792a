import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { getBytes, hexlify } from 'ethers'
import { expect } from 'chai'
import { CID } from 'multiformats/cid'
import { afterEach, beforeEach, describe, it } from 'mocha'
import type { ChainLog } from '../../../oracle/chain/answers.ts'
import { transact } from '../../../oracle/db/open.ts'
import type { Ipfs } from '../../../oracle/ipfs/node.ts'
import { createPerpetualIntake } from '../../../oracle/perpetual/intake.ts'
import { pieceToCid } from '../../../oracle/proofs/piece-cid.ts'
import { createChecker, type Checker } from '../../../oracle/retrieval/checker.ts'
import { ScriptedEdge, createWorld, type World } from '../../helpers/executor.ts'
import { useNodes } from '../ipfs/node-world.ts'
import { DIGEST, PERPETUAL, PROVIDER, SLOT, claimed, event, opened, proven } from '../perpetual/events.ts'

const EVERY_MS = 10_000

describe('retrieval/checker', () => {
  const nodes = useNodes()
  let ipfs: Ipfs & { dir: string }
  let world: World
  let checker: Checker
  let server: Server
  let gateway: string
  let asked: string[]
  /** What the gateway answers for a CID; by default the block. */
  let serve: (cid: CID) => Promise<{ status: number; bytes: Uint8Array }>
  let root: CID

  beforeEach(async () => {
    asked = []
    ipfs = await nodes.node()
    const file = join(ipfs.dir, 'payload.bin')
    await writeFile(file, randomBytes(3_000_000))
    ;({ root } = await ipfs.addPath(file))
    serve = async (cid) => {
      for (;;) {
        const block = await ipfs.sampleBlock(root)
        if (block.cid.equals(cid)) return { status: 200, bytes: block.bytes }
      }
    }
    server = createServer((request, response) => {
      asked.push(request.url!)
      const cid = CID.parse(/^\/gw\/(\w+)\?format=raw$/.exec(request.url!)![1])
      void serve(cid).then(({ status, bytes }) => response.writeHead(status).end(bytes))
    }).listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    gateway = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    await begin()
  })
  afterEach(async () => {
    server.close()
    server.closeAllConnections()
    await world[Symbol.asyncDispose]()
  })

  async function begin(): Promise<void> {
    world = await createWorld({ MOORING_RETRIEVAL_MS: `${EVERY_MS}` }, { edges: [new ScriptedEdge(gateway)] })
    checker = createChecker({ ...world.ctx, ipfs, random: () => 0.5 }, { everyMs: 1_000 })
    await hear(opened(10n ** 12n, 100n, { payloadCid: hexlify(root.bytes) }), claimed(101n), proven(105n))
  }

  async function hear(...logs: ChainLog[]): Promise<void> {
    const { orders, slots, log } = world.ctx
    const intake = createPerpetualIntake({ address: PERPETUAL, orders, slots, log })
    await transact(world.db, (tx) => intake.onLogs(logs, tx))
  }

  async function keepPiece(): Promise<void> {
    const { pieces } = world.ctx
    const piece = { digest: getBytes(DIGEST), size: 2048n }
    await pieces.want([{ piece, payloadCid: root.toString(), seed: new Uint8Array() }])
    await pieces.claim(1, { owner: 'keeper', ms: 1_000 })
    await pieces.move(pieceToCid(piece.digest), 'keeper', { state: 'kept', dueInMs: null, carPath: '/x', carBytes: 1n })
  }

  /** Lets the time between two checks pass. */
  async function look(): Promise<void> {
    await checker.processAll()
    world.clock.now += EVERY_MS
    await checker.processAll()
  }
  const record = async () => (await world.ctx.retrievals.get(SLOT, 1n))!
  const failures = () => world.told.filter((line) => line.event === 'retrieval-failed')

  it('asks the gateway for a leaf of the payload, and keeps that it served it', async () => {
    await keepPiece()
    await look()
    expect(asked).to.have.lengthOf(1)
    expect(asked[0]).to.match(/^\/gw\/bafkrei\w+\?format=raw$/)
    expect(await record()).to.deep.equal({
      ...{ slot: SLOT, nonce: 1n, provider: PROVIDER, okCount: 1, failureCount: 0 },
      ...{ lastOkAt: world.clock.now, lastFailureAt: null, lastError: null },
    })
    expect(failures()).to.deep.equal([])
  })

  it('asks again when its time has come, not before', async () => {
    await keepPiece()
    await look()
    world.clock.now += EVERY_MS - 1
    await checker.processAll()
    expect(asked).to.have.lengthOf(1)
    world.clock.now += 1
    await checker.processAll()
    expect((await record()).okCount).to.equal(2)
  })

  it('keeps and tells that other bytes came', async () => {
    await keepPiece()
    serve = async () => ({ status: 200, bytes: Buffer.from('something else') })
    await look()
    const { failureCount, okCount, lastFailureAt, lastError } = await record()
    expect([failureCount, okCount, lastFailureAt]).to.deep.equal([1, 0, world.clock.now])
    expect(lastError).to.equal(`${gateway}${asked[0]}: 14 bytes that hash to another CID`)
    expect(failures()[0]).to.include({ slot: `${SLOT}`, provider: `${PROVIDER}`, error: lastError })
  })

  it('keeps that nothing came', async () => {
    await keepPiece()
    serve = async () => ({ status: 404, bytes: new Uint8Array() })
    await look()
    expect((await record()).lastError).to.equal(`${gateway}${asked[0]}: HTTP 404`)
  })

  it('looks no further than it can: without the payload nobody is asked', async () => {
    await look()
    expect(asked).to.deep.equal([])
    expect(await record()).to.deep.include({ okCount: 0, failureCount: 0 })
  })

  it('asks no holder whose gateway it does not know', async () => {
    await world[Symbol.asyncDispose]()
    world = await createWorld(
      { MOORING_RETRIEVAL_MS: `${EVERY_MS}`, MOORING_MINERS: 't04242' },
      { edges: [new ScriptedEdge(gateway)] },
    )
    checker = createChecker({ ...world.ctx, ipfs, random: () => 0.5 }, { everyMs: 1_000 })
    await hear(opened(10n ** 12n, 100n, { payloadCid: hexlify(root.bytes) }), claimed(101n), proven(105n))
    await keepPiece()
    await look()
    expect(asked).to.deep.equal([])
  })

  it('forgets a replica that is over', async () => {
    await keepPiece()
    await look()
    await hear(event('SlotClosed', [SLOT, PROVIDER, 1n, 5n, 0n, 0n, 0n, 0n, 0n], 200n))
    world.clock.now += EVERY_MS
    await checker.processAll()
    expect(await record()).to.equal(undefined)
    expect(asked).to.have.lengthOf(1)
  })
})
