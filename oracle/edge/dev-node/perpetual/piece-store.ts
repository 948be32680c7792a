import { createReadStream, createWriteStream, existsSync, mkdirSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { getBytes } from 'ethers'
import { CID } from 'multiformats/cid'
import type { OrderView } from '../../../chain/perpetual.ts'
import { RetryableError, wordsOf } from '../../../errors.ts'
import { CarInvalid } from '../../../proofs/car.ts'
import { computePiece } from '../../../proofs/commP.ts'
import { pieceToCid } from '../../../proofs/piece-cid.ts'
import type { Piece } from '../../../proofs/piece.ts'
import { fillsUp } from '../../../proofs/zero-fill.ts'
import type { Pinner } from '../pinner.ts'

/** What an order says of its piece: where it is and what it must be. */
export type OrderedPiece = Pick<OrderView, 'pieceDigest' | 'pieceSize' | 'payloadCid' | 'seed'>

/** No source served the piece. */
export class PieceUnavailable extends RetryableError {}

export interface PieceStoreOptions {
  dataDir: string
  /** Base URLs of executors that serve pieces. */
  pieceUrls: string[]
  pinner: Pick<Pinner, 'fetchCar'>
  /** Takes the CAR into the node's own blocks, which its gateway serves. */
  keep: (car: AsyncIterable<Uint8Array>) => Promise<unknown>
}

export interface PieceStore {
  /** Has the piece here: fetched from an executor, or from the order's seed, and checked. @throws {PieceUnavailable} */
  fetch(order: OrderedPiece, signal: AbortSignal): Promise<Piece>
}

/** Pieces of orders in files of their own, each checked before it is kept. */
export function createPieceStore({ dataDir, pieceUrls, pinner, keep }: PieceStoreOptions): PieceStore {
  const dir = join(dataDir, 'pieces')
  mkdirSync(dir, { recursive: true })

  async function fetchPiece(order: OrderedPiece, signal: AbortSignal): Promise<Piece> {
    const piece = { digest: getBytes(order.pieceDigest), size: order.pieceSize }
    const pieceCid = pieceToCid(piece.digest)
    const file = join(dir, pieceCid)
    if (existsSync(file)) return piece

    const part = `${file}.part`
    const troubles: string[] = []
    for (const source of sourcesOf(order, pieceCid)) {
      try {
        await source.write(part, signal)
        const found = await computePiece(createReadStream(part), signal)
        if (!fillsUp(found, piece)) {
          throw new Error(`it is piece ${pieceToCid(found.digest)} of ${found.size} padded bytes`)
        }
        await keep(createReadStream(part)).catch(unlessNoCar)
        await rename(part, file)
        return piece
      } catch (error) {
        signal.throwIfAborted()
        await rm(part, { force: true })
        troubles.push(`${source.name}: ${wordsOf(error)}`)
      }
    }
    throw new PieceUnavailable(`${pieceCid}: ${troubles.join('; ') || 'no source is known'}`)
  }

  interface PieceSource {
    name: string
    write(file: string, signal: AbortSignal): Promise<void>
  }

  function sourcesOf({ seed: seedHex, payloadCid }: OrderedPiece, pieceCid: string): PieceSource[] {
    const executors = pieceUrls.map((base) => `${base.replace(/\/+$/, '')}/piece/${pieceCid}`)
    const seed = Buffer.from(getBytes(seedHex)).toString()
    const sources = executors.map((url) => ({ name: url, write: downloadFrom(url) }))
    if (payloadCid !== '0x') {
      const write = (file: string, signal: AbortSignal) =>
        pinner.fetchCar(CID.decode(getBytes(payloadCid)), seed, file, signal)
      sources.push({ name: seed || 'the IPFS network', write })
    } else if (/^https?:/i.test(seed)) {
      sources.push({ name: seed, write: downloadFrom(seed) })
    }
    return sources
  }

  return { fetch: fetchPiece }
}

/** A piece may hold anything; what is no CAR has no blocks to be served. */
function unlessNoCar(error: unknown): void {
  if (!(error instanceof CarInvalid)) throw error
}

function downloadFrom(url: string) {
  return async (file: string, signal: AbortSignal): Promise<void> => {
    const response = await fetch(url, { signal })
    if (!response.ok || !response.body) {
      await response.body?.cancel()
      throw new Error(`HTTP ${response.status}`)
    }
    await pipeline(Readable.fromWeb(response.body), createWriteStream(file), { signal })
  }
}
