import { createReadStream } from 'node:fs'
import { open, rename, rm, stat } from 'node:fs/promises'
import { createAddressGuard } from '../../../oracle/ipfs/private-address.ts'
import { createHttpClient, type HttpAnswer, type HttpClient } from '../../../oracle/ipfs/source/http-get.ts'
import { computePiece } from '../../../oracle/proofs/commP.ts'
import { pieceToCid } from '../../../oracle/proofs/piece-cid.ts'
import type { Piece } from '../../../oracle/proofs/piece.ts'
import { fillsUp } from '../../../oracle/proofs/zero-fill.ts'

export interface FetchOptions {
  /** Tried one after the other. */
  sources: URL[]
  /** Where the piece's payload goes; it appears under this name when it is whole and verified. */
  file: string
  /** Lets sources lead to private addresses: for a local chain alone. */
  allowPrivate: boolean
  /** `bytes` are here, of `total` where the server says so. */
  onProgress: (bytes: number, total: number | undefined) => void
  /** Told why a source did not give the piece. */
  onFailure: (source: URL, why: string) => void
  signal: AbortSignal
}

export interface FetchedPiece {
  source: URL
  bytes: number
  /** Of those, how many were here already. */
  resumedAt: number
}

/** The bytes are another piece's. */
export class PieceDiffers extends Error {
  constructor(expected: Piece, found: Piece) {
    const words = ({ digest, size }: Piece) => `${pieceToCid(digest)} of ${size} B padded`
    super(`expected piece ${words(expected)}, got ${words(found)}`)
  }
}

/**
 * Downloads a piece's payload and checks its CommP. What an earlier attempt left in `FILE.part` is gone on with, where the server
 * serves ranges.
 * @throws Error when no source has it; what is half there stays for the next attempt, what is another piece does not
 */
export async function fetchPiece(piece: Piece, options: FetchOptions): Promise<FetchedPiece> {
  const { sources, file, allowPrivate, onFailure, signal } = options
  await using http = createHttpClient(createAddressGuard({ allowPrivate }))
  for (const source of sources) {
    try {
      return await fetchFrom(http, source, piece, options)
    } catch (error) {
      signal.throwIfAborted()
      onFailure(source, (error as Error).message)
    }
  }
  throw Object.assign(new Error(`no source gave the piece: ${sources.map(String).join(', ') || 'none is known'}`), {
    hint: `Name another: --from URL. What is here already (${file}.part) is gone on with.`,
  })
}

async function fetchFrom(http: HttpClient, source: URL, piece: Piece, options: FetchOptions): Promise<FetchedPiece> {
  const { file, signal } = options
  const part = `${file}.part`
  const here = await sizeOf(part)
  const answer = await getRest(http, source, here, signal)
  await receive(answer, part, options, (piece.size / 128n) * 127n)
  await verifyPiece(piece, part, signal)
  await rename(part, file)
  return { source, bytes: await sizeOf(file), resumedAt: answer.from }
}

/** What follows `from`; all of it from a server that refuses that part. */
async function getRest(http: HttpClient, source: URL, from: number, signal: AbortSignal): Promise<HttpAnswer> {
  try {
    return await http.get(source, 'application/vnd.ipld.car, */*', signal, from)
  } catch (error) {
    if (from === 0) throw error
    return http.get(source, 'application/vnd.ipld.car, */*', signal)
  }
}

async function receive(
  { url, from, contentLength, body }: HttpAnswer,
  part: string,
  { onProgress, signal }: FetchOptions,
  room: bigint,
): Promise<void> {
  await using handle = await open(part, from === 0 ? 'w' : 'a')
  const total = contentLength === undefined ? undefined : from + contentLength
  let bytes = from
  try {
    for await (const chunk of body as AsyncIterable<Uint8Array>) {
      signal.throwIfAborted()
      bytes += chunk.byteLength
      if (bytes > room) throw new Error(`${url}: at most the piece's ${room} B, got more`)
      await handle.write(chunk)
      onProgress(bytes, total)
    }
  } finally {
    body.destroy()
  }
}

/** Checks a file's CommP, zeros filling the piece where the file is smaller. @throws {PieceDiffers} and removes the file */
export async function verifyPiece(expected: Piece, file: string, signal?: AbortSignal): Promise<void> {
  const found = await computePiece(createReadStream(file), signal)
  if (fillsUp(found, expected)) return
  await rm(file, { force: true })
  throw new PieceDiffers(expected, found)
}

async function sizeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0
    throw error
  }
}
