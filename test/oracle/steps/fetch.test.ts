import { join } from 'node:path'
import { getBytes } from 'ethers'
import { CID } from 'multiformats/cid'
import * as raw from 'multiformats/codecs/raw'
import { sha256 } from 'multiformats/hashes/sha2'
import { expect } from 'chai'
import { after, before, describe, it } from 'mocha'
import { JOB, encodeFetchPayload, encodeFetchedAnswer } from '../../../oracle/chain/jobs.ts'
import { PermanentError } from '../../../oracle/errors.ts'
import { CidUnreachable } from '../../../oracle/ipfs/errors.ts'
import { createIpfs, type Ipfs } from '../../../oracle/ipfs/node.ts'
import { createLogger } from '../../../oracle/logger.ts'
import { fetch } from '../../../oracle/steps/fetch.ts'
import { createWorld, type World } from '../../helpers/executor.ts'
import { failureOf, serve, type TestServer } from '../ipfs/fixtures.ts'

const CONTENT = new TextEncoder().encode('metadata of token 7')

describe('steps/fetch', function () {
  this.timeout(20_000)
  let world: World
  let ipfs: Ipfs
  let server: TestServer
  let cid: CID
  let next = 100

  before(async () => {
    world = await createWorld({ MOORING_MAX_BYTES: '1000', MOORING_FETCH_TIMEOUT_MS: '1500' })
    const options = { listen: [], routing: 'off' as const, allowPrivate: true, log: createLogger('silent') }
    ipfs = await createIpfs({ ...options, dataDir: join(world.dir, 'ipfs') })
    world.ctx.ipfs = ipfs
    cid = CID.createV1(raw.code, await sha256.digest(CONTENT))
    server = await serve((request, response) => {
      if (request.url === '/7.json') response.end(CONTENT)
      else if (request.url === '/large') response.end(Buffer.alloc(1_001))
      else response.writeHead(404).end()
    })
  })
  after(async () => {
    await ipfs.stop()
    await server[Symbol.asyncDispose]()
    await world[Symbol.asyncDispose]()
  })

  const asked = (path: string, over: { cid?: Uint8Array; maxBytes?: bigint } = {}) =>
    world.claimed('requested', {
      id: `${next++}`,
      job: JOB.FETCH,
      payload: encodeFetchPayload({ url: Buffer.from(`${server.url}${path}`), cid: over.cid ?? cid.bytes }),
      ...(over.maxBytes !== undefined && { maxBytes: over.maxBytes }),
    })

  it('fetches the URL itself, pins the content and votes with the size that was served', async () => {
    const work = await asked('7.json')

    const move = await fetch(world.ctx, work)

    expect(move).to.deep.include({ to: 'reported', dueInMs: 0 })
    expect(move.findings).to.deep.equal({ error: null, cid: cid.toString(), sizeBytes: 19n })
    const { name, args } = (await world.wanted(`report:${work.request.id}:0`))!
    expect([name, args[1], getBytes(args[2] as string)]).to.deep.equal(['report', 0n, encodeFetchedAnswer(19n)])
    expect(world.told.find(({ requestId }) => requestId === work.request.id)).to.include({
      event: 'fetched',
      cid: cid.toString(),
      sizeBytes: '19',
    })
  })

  it('keeps what it found in the row', async () => {
    const work = await asked('7.json')
    const { id, state } = work.request

    await world.ctx.requests.move(id, state, world.ctx.leaseOwner, await fetch(world.ctx, work))

    expect(await world.ctx.requests.get(id)).to.include({ state: 'reported', cid: cid.toString(), sizeBytes: 19n })
  })

  it('fails with BadContent when the URL serves something else', async () => {
    const other = CID.createV1(raw.code, await sha256.digest(Buffer.from('other')))
    const work = await asked('7.json', { cid: other.bytes })

    const error = await failureOf(fetch(world.ctx, work), PermanentError)

    expect(error.reason).to.equal('BadContent')
    expect(await world.wanted(`report:${work.request.id}:0`)).to.equal(undefined)
  })

  it('fails with TooLarge beyond the limit of the request, or of this operator where that is lower', async () => {
    expect(
      (await failureOf(fetch(world.ctx, await asked('7.json', { maxBytes: 18n })), PermanentError)).reason,
    ).to.equal('TooLarge')
    const error = await failureOf(fetch(world.ctx, await asked('large', { maxBytes: 2_000n })), PermanentError)
    expect(error.reason).to.equal('TooLarge')
    expect(error.message).to.equal(`${server.url}large: at most 1000 bytes, got 1001`)
  })

  it('tries again when the URL does not serve it now', async () => {
    await failureOf(fetch(world.ctx, await asked('absent')), CidUnreachable)
  })

  for (const [what, payload] of [
    ['a payload of another job', new Uint8Array(32)],
    ['what is no URL', encodeFetchPayload({ url: Buffer.from('ftp://e.org'), cid: Uint8Array.of(1) })],
    ['what is no CID', encodeFetchPayload({ url: Buffer.from('http://e.org'), cid: Uint8Array.of(1) })],
  ] as const) {
    it(`fails with BadContent for ${what}`, async () => {
      const work = await world.claimed('requested', { id: `${next++}`, job: JOB.FETCH, payload })

      expect((await failureOf(fetch(world.ctx, work), PermanentError)).reason).to.equal('BadContent')
    })
  }
})
