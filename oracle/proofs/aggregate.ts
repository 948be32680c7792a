import { Aggregate, Piece as SegmentPiece } from '@web3-storage/data-segment'
import { PermanentError } from '../errors.ts'
import { ENTRY_BYTES, indexAreaStart, maxIndexEntries } from './inclusion.ts'
import type { Inclusion } from './inclusion.ts'
import { isPieceSize, requirePiece } from './piece.ts'
import type { Piece } from './piece.ts'

/** Largest sector, and largest tree the aggregate builder can index: 32 GiB. */
export const MAX_AGGREGATE_SIZE = 1n << 35n

export class AggregateImpossible extends PermanentError {}

/**
 * Packs pieces, in the order given, into one aggregate (FRC-0058) and proves each of them, in the same order.
 * `size` is the aggregate's padded size in bytes; the smallest that fits unless given. Each piece begins at a multiple of its own
 * size: give large ones first.
 * @throws {AggregateImpossible} The pieces do not fit. @throws {PieceInvalid}
 */
export function buildAggregate(
  pieces: Piece[],
  size: bigint = aggregateSize(pieces),
): { aggregate: Piece; inclusions: Inclusion[] } {
  pieces.forEach(requirePiece)
  if (!isPieceSize(size) || size > MAX_AGGREGATE_SIZE || !fits(pieces, size)) {
    throw new AggregateImpossible(`${pieces.length} pieces do not fit an aggregate of ${size} bytes`, {
      reason: 'DealFailed',
      hint: `an aggregate is a power of two of at most ${MAX_AGGREGATE_SIZE} bytes; its index takes ${ENTRY_BYTES} bytes per entry`,
    })
  }

  const built = Aggregate.build({ size: Aggregate.Size.from(size), pieces: pieces.map(toSegmentPiece) })
  const firstEntry = indexAreaStart(size) / ENTRY_BYTES
  const offsets = segmentOffsets(pieces)
  const inclusions = pieces.map((piece, at) => ({
    subtree: toProofData(built.tree.collectProof(SegmentPiece.Size.toHeight(piece.size), offsets[at]! / piece.size)),
    entry: toProofData(built.tree.collectProof(1, firstEntry + BigInt(at))),
  }))
  return { aggregate: { digest: Uint8Array.from(built.root), size }, inclusions }
}

/** The smallest padded size, bytes, of an aggregate that holds the pieces in this order together with their index. */
export function aggregateSize(pieces: Piece[]): bigint {
  pieces.forEach(requirePiece)
  let size = pieces.reduce((largest, piece) => (piece.size > largest ? piece.size : largest), 2n * ENTRY_BYTES)
  while (!fits(pieces, size) && size < MAX_AGGREGATE_SIZE) size *= 2n
  return size
}

/** Where each piece begins in an aggregate, padded bytes: the first multiple of its size after its forerunner's end. */
export function segmentOffsets(pieces: Piece[]): bigint[] {
  let end = 0n
  return pieces.map(({ size }) => {
    const offset = ((end + size - 1n) / size) * size
    end = offset + size
    return offset
  })
}

function fits(pieces: Piece[], size: bigint): boolean {
  const last = pieces.length - 1
  if (last < 0 || BigInt(pieces.length) > maxIndexEntries(size)) return false
  return segmentOffsets(pieces)[last]! + pieces[last]!.size <= indexAreaStart(size)
}

function toSegmentPiece({ digest, size }: Piece) {
  return SegmentPiece.toView({ root: digest, height: SegmentPiece.Size.toHeight(size), padding: 0n })
}

function toProofData([index, path]: readonly [bigint, readonly Uint8Array[]]) {
  return { index: BigInt(index), path: path.map((node) => Uint8Array.from(node)) }
}
