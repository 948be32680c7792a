import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { afterEach, before, beforeEach, describe, it } from 'mocha'
import { parseRange } from '../../../../oracle/http/range.ts'
import { computePiece } from '../../../../oracle/proofs/commP.ts'
import type { Piece } from '../../../../oracle/proofs/piece.ts'
import { zeroFill } from '../../../../oracle/proofs/zero-fill.ts'
import { fetchPiece, PieceDiffers, verifyPiece } from '../../../../scripts/lib/perpetual/fetch-piece.ts'
import { serve } from '../../../oracle/ipfs/fixtures.ts'

const PAYLOAD = Buffer.from('piece '.repeat(200))

async function* once(bytes: Buffer): AsyncGenerator<Uint8Array> {
  yield bytes
}

/** Serves PAYLOAD with ranges. */
function ranged(request: IncomingMessage, response: ServerResponse): void {
  const range = parseRange(request.headers.range, PAYLOAD.length)
  if (range === 'unsatisfiable') return void response.writeHead(416).end()
  if (!range) return void response.writeHead(200, { 'content-length': PAYLOAD.length }).end(PAYLOAD)
  const { start, end } = range
  response.writeHead(206, { 'content-range': `bytes ${start}-${end}/${PAYLOAD.length}` })
  response.end(PAYLOAD.subarray(start, end + 1))
}

describe('fetchPiece', () => {
  let piece: Piece
  let dir: string
  let file: string
  let failures: string[]

  before(async () => {
    const { digest, size } = await computePiece(once(PAYLOAD))
    piece = { digest, size }
  })
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'mooring-fetch-'))
    file = join(dir, 'piece.car')
    failures = []
  })
  afterEach(() => rmSync(dir, { recursive: true }))

  const fetched = (sources: URL[], change: { allowPrivate?: boolean; piece?: Piece } = {}) =>
    fetchPiece(change.piece ?? piece, {
      ...{ file, sources, allowPrivate: change.allowPrivate ?? true, signal: new AbortController().signal },
      onProgress: () => undefined,
      onFailure: (_source, why) => failures.push(why),
    })

  it('brings the bytes, verified, under their name', async () => {
    await using server = await serve(ranged)

    expect(await fetched([server.url])).to.deep.equal({ source: server.url, bytes: PAYLOAD.length, resumedAt: 0 })
    expect(readFileSync(file).equals(PAYLOAD)).to.equal(true)
    expect(existsSync(`${file}.part`)).to.equal(false)
  })

  it('goes on where it broke off', async () => {
    await using server = await serve(ranged)
    writeFileSync(`${file}.part`, PAYLOAD.subarray(0, 500))

    expect((await fetched([server.url])).resumedAt).to.equal(500)
    expect(server.requests[0].headers.range).to.equal('bytes=500-')
    expect(readFileSync(file).equals(PAYLOAD)).to.equal(true)
  })

  it('begins anew where the server knows no ranges, or has no such part', async () => {
    await using server = await serve((_, response) => response.end(PAYLOAD))
    writeFileSync(`${file}.part`, PAYLOAD.subarray(0, 500))
    expect((await fetched([server.url])).resumedAt).to.equal(0)

    rmSync(file)
    await using ranges = await serve(ranged)
    writeFileSync(`${file}.part`, Buffer.concat([PAYLOAD, PAYLOAD]))
    expect((await fetched([ranges.url])).resumedAt).to.equal(0)
    expect(readFileSync(file).equals(PAYLOAD)).to.equal(true)
  })

  it('does not keep what is another piece, and tries the next source', async () => {
    await using liar = await serve((_, response) => response.end(Buffer.from('lies '.repeat(200))))
    await using server = await serve(ranged)

    expect((await fetched([liar.url, server.url])).source.href).to.equal(server.url.href)
    expect(failures).to.have.lengthOf(1)
    expect(failures[0]).to.match(
      /^expected piece baga6ea4seaq\w+ of 2048 B padded, got baga6ea4seaq\w+ of 1024 B padded$/,
    )
  })

  it('stops a source that sends more than the piece can hold', async () => {
    await using endless = await serve((_, response) => response.end(Buffer.alloc(5_000)))

    expect((await failure(fetched([endless.url]))).message).to.include('no source gave the piece')
    expect(failures[0]).to.include('at most the piece’s 2032 B, got more'.replace('’', "'"))
  })

  it('says which sources failed and why, and keeps what is half there', async () => {
    await using server = await serve((_, response) => response.writeHead(404).end())
    writeFileSync(`${file}.part`, PAYLOAD.subarray(0, 500))

    expect((await failure(fetched([server.url]))).message).to.equal(`no source gave the piece: ${server.url}`)
    expect(failures).to.deep.equal([`${server.url}: status 200, got 404`])
    expect(readFileSync(`${file}.part`).length).to.equal(500)
  })

  it('does not follow an order’s seed into private networks', async () => {
    await using server = await serve(ranged)

    await failure(fetched([server.url], { allowPrivate: false }))

    expect(failures[0]).to.include('a public address')
    expect(server.requests).to.have.lengthOf(0)
  })

  it('takes a payload that zeros fill up to a larger piece', async () => {
    await using server = await serve(ranged)

    expect((await fetched([server.url], { piece: zeroFill(piece, 8_192n) })).bytes).to.equal(PAYLOAD.length)
  })

  it('verifyPiece removes what is not the piece', async () => {
    writeFileSync(file, 'something else')

    expect(await failure(verifyPiece(piece, file))).to.be.instanceOf(PieceDiffers)
    expect(existsSync(file)).to.equal(false)
  })
})

async function failure(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise
  } catch (error) {
    return error as Error
  }
  throw new Error('expected a failure')
}
