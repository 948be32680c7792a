import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { afterEach, beforeEach, describe, it } from 'mocha'
import { createKeptPieceStore, type KeptPieceStore } from '../../../oracle/db/kept-piece.ts'
import { openDatabase, type Database } from '../../../oracle/db/open.ts'
import { ConfigError } from '../../../oracle/errors.ts'
import { startHttp, type HttpServer } from '../../../oracle/http/server.ts'
import { createLogger } from '../../../oracle/logger.ts'
import type { Offer } from '../../../oracle/repair/offer-book.ts'
import { pieceToCid } from '../../../oracle/proofs/piece-cid.ts'

const MAX_STREAMS = 2
/** More than the sockets between two processes hold: a reader that stops keeps its stream open. */
const LARGE = 32 * 1024 * 1024

describe('http/server', () => {
  let dir: string
  let db: Database
  let pieces: KeptPieceStore
  let server: HttpServer
  const lease = { owner: 'test', ms: 1_000 }
  const offers: Offer[] = []

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'mooring-http-'))
    db = await openDatabase(':memory:')
    pieces = createKeptPieceStore(db)
    const log = createLogger('silent')
    server = await startHttp({
      listen: { host: '127.0.0.1', port: 0 },
      maxStreams: MAX_STREAMS,
      pieces,
      offers: () => offers,
      log,
    })
  })
  afterEach(async () => {
    await server.stop()
    await db.destroy()
    await rm(dir, { recursive: true, force: true })
  })

  const digestOf = (seed: number) => new Uint8Array(32).fill(seed, 0, 31)
  const cidOf = (seed: number) => pieceToCid(digestOf(seed))
  const urlOf = (seed: number) => `${server.url}/piece/${cidOf(seed)}`

  async function want(seed: number): Promise<void> {
    const piece = { digest: digestOf(seed), size: 2n ** 26n }
    await pieces.want([{ piece, payloadCid: 'payload', seed: new Uint8Array() }])
  }

  async function keep(seed: number, bytes: Uint8Array): Promise<string> {
    const file = join(dir, `${seed}.car`)
    await writeFile(file, bytes)
    await want(seed)
    await pieces.claim(1, lease)
    await pieces.move(cidOf(seed), lease.owner, {
      ...{ state: 'kept', dueInMs: null, carPath: file, carBytes: BigInt(bytes.length) },
    })
    return file
  }

  const bodyOf = async (response: Response) => Buffer.from(await response.arrayBuffer())
  const problemOf = async (response: Response) => {
    expect(response.headers.get('content-type')).to.match(/^application\/problem\+json/)
    return (await response.json()) as Record<string, unknown>
  }

  describe('GET /piece/:pieceCid', () => {
    const bytes = randomBytes(10_000)

    it('serves the bytes whose piece it is, for ever', async () => {
      await keep(1, bytes)
      const response = await fetch(urlOf(1))
      expect(response.status).to.equal(200)
      expect(Object.fromEntries(response.headers)).to.include({
        'content-type': 'application/vnd.ipld.car; version=1',
        'content-length': '10000',
        'accept-ranges': 'bytes',
        etag: `"${cidOf(1)}"`,
        'cache-control': 'public, max-age=31536000, immutable',
      })
      expect((await bodyOf(response)).equals(bytes)).to.equal(true)
    })

    it('answers HEAD with the length and no body', async () => {
      await keep(1, bytes)
      const response = await fetch(urlOf(1), { method: 'HEAD' })
      expect([response.status, response.headers.get('content-length')]).to.deep.equal([200, '10000'])
      expect((await bodyOf(response)).length).to.equal(0)
    })

    for (const [range, start, end] of [
      ['bytes=0-99', 0, 99],
      ['bytes=9990-', 9990, 9999],
      ['bytes=-5', 9995, 9999],
      ['bytes=9000-20000', 9000, 9999],
    ] as const) {
      it(`serves ${range}`, async () => {
        await keep(1, bytes)
        const response = await fetch(urlOf(1), { headers: { range } })
        expect(response.status).to.equal(206)
        expect(response.headers.get('content-range')).to.equal(`bytes ${start}-${end}/10000`)
        expect((await bodyOf(response)).equals(bytes.subarray(start, end + 1))).to.equal(true)
      })
    }

    it('goes on with a download only where it is of the same piece', async () => {
      await keep(1, bytes)
      const goOn = (etag: string) => fetch(urlOf(1), { headers: { range: 'bytes=5000-', 'if-range': etag } })
      expect((await goOn(`"${cidOf(1)}"`)).status).to.equal(206)
      expect((await goOn('"another"')).status).to.equal(200)
    })

    it('answers 304 to who has it', async () => {
      await keep(1, bytes)
      const headers = { 'if-none-match': `"x", "${cidOf(1)}"` }
      expect((await fetch(urlOf(1), { headers })).status).to.equal(304)
    })

    it('answers 416 to a range after the end', async () => {
      await keep(1, bytes)
      const response = await fetch(urlOf(1), { headers: { range: 'bytes=10000-' } })
      expect([response.status, response.headers.get('content-range')]).to.deep.equal([416, 'bytes */10000'])
      expect(await problemOf(response)).to.deep.include({ status: 416, code: 'RangeInvalid' })
    })

    it('says that no order wants a piece', async () => {
      const response = await fetch(urlOf(9))
      expect(response.status).to.equal(404)
      expect(await problemOf(response)).to.deep.equal({
        ...{ type: 'about:blank', status: 404, title: 'Piece not kept here', code: 'PieceUnknown' },
        ...{ detail: `no storage order that is known here wants ${cidOf(9)}`, instance: `/piece/${cidOf(9)}` },
      })
    })

    it('says that a piece is not here yet, and why', async () => {
      await want(1)
      await pieces.claim(1, lease)
      await pieces.move(cidOf(1), lease.owner, { state: 'wanted', dueInMs: 5, error: 'its seed is silent' })
      const { code, detail } = await problemOf(await fetch(urlOf(1)))
      expect(code).to.equal('PieceNotYet')
      expect(detail).to.equal(`${cidOf(1)} is wanted, and not here yet: its seed is silent`)
    })

    it('says that a piece cannot be kept, and why', async () => {
      await want(1)
      await pieces.claim(1, lease)
      await pieces.move(cidOf(1), lease.owner, { state: 'refused', dueInMs: null, error: 'another piece' })
      const { code, detail } = await problemOf(await fetch(urlOf(1)))
      expect([code, detail]).to.deep.equal(['PieceRefused', `${cidOf(1)} cannot be kept here: another piece`])
    })

    it('wants a piece again whose file is gone', async () => {
      await rm(await keep(1, bytes))
      const response = await fetch(urlOf(1))
      expect([response.status, (await problemOf(response)).code]).to.deep.equal([404, 'PieceNotYet'])
      expect((await pieces.get(cidOf(1)))!.state).to.equal('wanted')
    })

    it('says what a piece CID looks like', async () => {
      const response = await fetch(`${server.url}/piece/bafkqaaa`)
      expect(response.status).to.equal(400)
      expect((await problemOf(response)).detail).to.match(
        /^expected a piece CID, v1 \(baga6ea4seaq…\).*, got bafkqaaa$/,
      )
    })

    it('serves so many at once, and asks the next to come again', async () => {
      await keep(1, Buffer.alloc(LARGE))
      const slow = await Promise.all(Array.from({ length: MAX_STREAMS }, () => openAndStop(urlOf(1))))

      const refused = await fetch(urlOf(1))
      expect([refused.status, refused.headers.get('retry-after')]).to.deep.equal([503, '30'])
      expect(refused.headers.get('etag')).to.equal(null)
      expect((await problemOf(refused)).code).to.equal('TooManyStreams')
      expect((await fetch(urlOf(1), { method: 'HEAD' })).status).to.equal(200)

      slow[0].destroy()
      await until(
        async () => ((await (await fetch(`${server.url}/health`)).json()) as { streams: number }).streams === 1,
      )
      const served = await fetch(urlOf(1), { headers: { range: 'bytes=0-9' } })
      expect(served.status).to.equal(206)
      slow[1].destroy()
    })

    it('is cut off when the server stops', async () => {
      await keep(1, Buffer.alloc(LARGE))
      const socket = await openAndStop(urlOf(1))
      const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
      socket.on('error', () => undefined) // a reset is an end too
      await server.stop()
      socket.resume()
      await closed
    })
  })

  it('says how it is', async () => {
    await want(1)
    expect(await (await fetch(`${server.url}/health`)).json()).to.deep.equal({
      ...{ status: 'ok', pieces: { wanted: 1 }, streams: 0 },
    })
  })

  it('says that the address is taken', async () => {
    const port = Number(new URL(server.url).port)
    const options = {
      listen: { host: '127.0.0.1', port },
      maxStreams: 1,
      pieces,
      offers: () => [],
      log: createLogger('silent'),
    }
    const error = await startHttp(options).catch((thrown: unknown) => thrown as Error)
    expect(error).to.be.instanceOf(ConfigError)
    expect((error as Error).message).to.match(new RegExp(`^MOORING_HTTP: .*127\\.0\\.0\\.1:${port}: .*EADDRINUSE`))
  })

  it('tells the slots that can be claimed', async () => {
    offers.push({ slot: '256', nonce: '1' } as Offer)
    const response = await fetch(`${server.url}/offers`)
    expect(response.headers.get('cache-control')).to.equal('no-store')
    expect(await response.json()).to.deep.equal({ offers: [{ slot: '256', nonce: '1' }] })
  })

  it('answers an unknown page with a problem', async () => {
    const response = await fetch(`${server.url}/nothing`)
    expect([response.status, (await problemOf(response)).code]).to.deep.equal([404, 'RouteUnknown'])
  })

  it('keeps what went wrong inside to its log', async () => {
    await db.destroy()
    const response = await fetch(urlOf(1))
    expect(response.status).to.equal(500)
    expect((await problemOf(response)).detail).to.equal('the executor failed at it; its log says why')
  })
})

/** A connection on which a GET was answered and whose reader then takes nothing. */
async function openAndStop(url: string) {
  const { hostname, port, pathname } = new URL(url)
  const socket = connect(Number(port), hostname)
  socket.write(`GET ${pathname} HTTP/1.1\r\nhost: ${hostname}\r\n\r\n`)
  await new Promise<void>((resolve) => socket.once('data', () => resolve()))
  socket.pause()
  return socket
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 10))
}
