import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import { buildAggregate } from '../../proofs/aggregate.ts'
import { computePiece } from '../../proofs/commP.ts'
import type { Inclusion } from '../../proofs/inclusion.ts'
import type { Piece } from '../../proofs/piece.ts'
import type { ContentRow, DevNodeStore } from './store.ts'

const READ_BYTES = 1024 * 1024
/** As much payload as the smallest piece holds. */
const FILLER_BYTES = 127

export interface PackContext {
  store: DevNodeStore
  pieces: PieceBook
}

/** The pieces of CARs: each computed once, however many buckets wait for it. */
export interface PieceBook {
  pieceOf(content: ContentRow, signal: AbortSignal): Promise<Piece>
}

export interface Packed {
  aggregate: Piece
  inclusions: { contentId: number; inclusion: Inclusion }[]
}

/** CommP of CARs, streamed from disk and written to the store. */
export function createPieceBook(store: DevNodeStore, carPath: (carId: string) => string): PieceBook {
  const inHand = new Map<string, Promise<Piece>>()

  async function compute(carId: string, signal: AbortSignal): Promise<Piece> {
    const { digest, size } = await computePiece(createReadStream(carPath(carId), { highWaterMark: READ_BYTES }), signal)
    store.setCarPiece(carId, digest, Number(size))
    return { digest, size }
  }

  return {
    async pieceOf({ car_id, piece_digest, piece_size }, signal) {
      if (piece_digest) return { digest: piece_digest, size: BigInt(piece_size!) }
      const computing = inHand.get(car_id) ?? compute(car_id, signal).finally(() => inHand.delete(car_id))
      inHand.set(car_id, computing)
      return computing
    },
  }
}

/**
 * Makes the aggregate of a closed bucket: the piece of each content's CAR, large ones first. A bucket with one content gets a filler
 * piece, so that every proof has another piece beside it.
 */
export async function pack({ store, pieces }: PackContext, bucketUuid: string, signal: AbortSignal): Promise<Packed> {
  const entries: { contentId?: number; piece: Piece }[] = []
  for (const content of store.contentsOf(bucketUuid)) {
    entries.push({ contentId: content.id, piece: await pieces.pieceOf(content, signal) })
  }
  if (entries.length === 1) entries.push({ piece: await fillerPiece(bucketUuid) })
  entries.sort((a, b) => Number(b.piece.size - a.piece.size))

  const { aggregate, inclusions } = buildAggregate(entries.map(({ piece }) => piece))
  return {
    aggregate,
    inclusions: entries.flatMap(({ contentId }, at) =>
      contentId === undefined ? [] : [{ contentId, inclusion: inclusions[at]! }],
    ),
  }
}

/** A piece of 127 bytes that anyone can make again from the bucket's id. */
async function fillerPiece(bucketUuid: string): Promise<Piece> {
  const bytes = createHash('shake256', { outputLength: FILLER_BYTES }).update(bucketUuid).digest()
  const { digest, size } = await computePiece(Readable.from([bytes]))
  return { digest, size }
}
