import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
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
  carPath: (carId: string) => string
}

export interface Packed {
  aggregate: Piece
  inclusions: { contentId: number; inclusion: Inclusion }[]
}

/**
 * Makes the aggregate of a closed bucket: the CommP of each content's CAR, streamed from disk, large pieces first. A bucket with one
 * content gets a filler piece, so that every proof has another piece beside it.
 */
export async function pack({ store, carPath }: PackContext, bucketUuid: string, signal: AbortSignal): Promise<Packed> {
  const contents = store.contentsOf(bucketUuid)
  const pieces = new Map<string, Piece>() // by CAR: replicas and repeated uploads share one
  const entries: { contentId?: number; piece: Piece }[] = []
  for (const content of contents) {
    const piece = pieces.get(content.car_id) ?? (await pieceOf(content))
    pieces.set(content.car_id, piece)
    entries.push({ contentId: content.id, piece })
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

  async function pieceOf(content: ContentRow): Promise<Piece> {
    if (content.piece_digest) return { digest: content.piece_digest, size: BigInt(content.piece_size!) }

    const { digest, size } = await computePiece(
      createReadStream(carPath(content.car_id), { highWaterMark: READ_BYTES }),
      signal,
    )
    store.setCarPiece(content.car_id, digest, Number(size))
    return { digest, size }
  }
}

/** A piece of 127 bytes that anyone can make again from the bucket's id. */
async function fillerPiece(bucketUuid: string): Promise<Piece> {
  const bytes = createHash('shake256', { outputLength: FILLER_BYTES }).update(bucketUuid).digest()
  async function* stream(): AsyncGenerator<Uint8Array> {
    yield bytes
  }
  const { digest, size } = await computePiece(stream())
  return { digest, size }
}
