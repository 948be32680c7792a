import { truncatedSha256 } from './inclusion.ts'
import { NODE_BYTES, isPieceSize, requirePiece, samePiece, type Piece } from './piece.ts'

/** The same payload as a larger piece, `size` padded bytes: zeros fill what is left, as in a sector. */
export function zeroFill(piece: Piece, size: bigint): Piece {
  requirePiece(piece)
  if (!isPieceSize(size) || size < piece.size) {
    throw new RangeError(`expected a padded size of at least ${piece.size} bytes, got ${size}`)
  }
  let [digest, at, zeros]: [Uint8Array, bigint, Uint8Array] = [
    piece.digest,
    BigInt(NODE_BYTES),
    new Uint8Array(NODE_BYTES),
  ]
  while (at < size) {
    if (at >= piece.size) digest = truncatedSha256(digest, zeros)
    zeros = truncatedSha256(zeros, zeros)
    at *= 2n
  }
  return { digest: Uint8Array.from(digest), size }
}

/** Whether `found` is the ordered piece, or becomes it when zeros fill what is left. */
export function fillsUp(found: Piece, ordered: Piece): boolean {
  return found.size <= ordered.size && samePiece(zeroFill(found, ordered.size), ordered)
}
