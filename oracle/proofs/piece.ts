import { PermanentError } from '../errors.ts'

/** A piece as the market actor knows it: the CommP digest (32 bytes) and the padded size (bytes, a power of two ≥ 128). */
export interface Piece {
  digest: Uint8Array
  size: bigint
}

/** Smallest padded piece size, bytes. */
export const MIN_PIECE_SIZE = 128n

/** Every node of a piece's tree, leaves and root included, is 32 bytes. */
export const NODE_BYTES = 32

export class PieceInvalid extends PermanentError {}

/** Whether `size` (bytes) can be the padded size of a piece: a power of two, at least 128. */
export function isPieceSize(size: bigint): boolean {
  return size >= MIN_PIECE_SIZE && (size & (size - 1n)) === 0n
}

/** Throws {@link PieceInvalid} unless digest and padded size can belong to a piece. */
export function requirePiece(piece: Piece): void {
  if (piece.digest.length !== NODE_BYTES) {
    throw new PieceInvalid(`a piece digest has ${NODE_BYTES} bytes, this one has ${piece.digest.length}`, {
      reason: 'BadContent',
    })
  }
  if (!isPieceSize(piece.size)) {
    throw new PieceInvalid(`a padded piece size is a power of two of at least ${MIN_PIECE_SIZE}, not ${piece.size}`, {
      reason: 'BadContent',
    })
  }
}

/** Whether two pieces have the same digest and padded size. */
export function samePiece(a: Piece, b: Piece): boolean {
  return a.size === b.size && Buffer.compare(a.digest, b.digest) === 0
}
