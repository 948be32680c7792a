import { createHash } from 'node:crypto'
import { PermanentError } from '../errors.ts'
import { NODE_BYTES, isPieceSize, requirePiece, samePiece } from './piece.ts'
import type { Piece } from './piece.ts'

/** A path from a node up to the root; bit i of `index`, least significant first, set means the sibling is on the left. */
export interface ProofData {
  index: bigint
  path: Uint8Array[]
}

/** PoDSI (FRC-0058): `subtree` leads from the piece, `entry` from its segment descriptor, both to the aggregate's root. */
export interface Inclusion {
  subtree: ProofData
  entry: ProofData
}

/** A segment descriptor in the aggregate's index, bytes. */
export const ENTRY_BYTES = 64n
/** 2^30 nodes above a piece is more than the largest sector holds; the contract stops at the same depth. */
export const MAX_PATH = 30
const CHECKSUM_BYTES = 16

/** The rule of FRC-0058 that a proof breaks. */
export type InclusionRule =
  | 'PathTooLong'
  | 'NodeLength'
  | 'IndexOutOfRange'
  | 'AggregateTooLarge'
  | 'RootMismatch'
  | 'SizeMismatch'
  | 'EntryOutsideIndex'

export class InclusionInvalid extends PermanentError {
  readonly rule: InclusionRule

  constructor(rule: InclusionRule, message: string) {
    super(`inclusion proof refused, ${rule}: ${message}`, { reason: 'DealFailed' })
    this.rule = rule
  }
}

/**
 * Checks that `piece` is a segment of an aggregate and returns that aggregate; the same rules as contracts/filecoin/Podsi.sol.
 * Says nothing about deals: the market actor must still know the aggregate.
 * @throws {InclusionInvalid} The proof breaks a rule. @throws {PieceInvalid} Digest or size cannot be a piece's.
 */
export function verifyInclusion(piece: Piece, { subtree, entry }: Inclusion): Piece {
  requirePiece(piece)
  checkPath('subtree', subtree)
  checkPath('entry', entry)

  const aggregate = { digest: climb(piece.digest, subtree), size: piece.size << BigInt(subtree.path.length) }
  if (aggregate.size >= 1n << 64n) {
    throw new InclusionInvalid('AggregateTooLarge', `${aggregate.size} bytes do not fit 64 bits`)
  }

  const entrySize = ENTRY_BYTES << BigInt(entry.path.length)
  if (entrySize !== aggregate.size) {
    throw new InclusionInvalid(
      'SizeMismatch',
      `the piece's path makes ${aggregate.size} bytes, the entry's ${entrySize}`,
    )
  }
  const indexStart = indexAreaStart(aggregate.size)
  if (entry.index * ENTRY_BYTES < indexStart) {
    throw new InclusionInvalid(
      'EntryOutsideIndex',
      `the index begins at byte ${indexStart}, the entry lies at ${entry.index * ENTRY_BYTES}`,
    )
  }

  const leaf = truncatedSha256(segmentDescriptor(piece, subtree.index * piece.size))
  const entryRoot = { digest: climb(leaf, entry), size: entrySize }
  if (!samePiece(aggregate, entryRoot)) {
    throw new InclusionInvalid(
      'RootMismatch',
      `the piece leads to ${hex(aggregate.digest)}, its entry to ${hex(entryRoot.digest)}`,
    )
  }
  return aggregate
}

/** Entries that the index of an aggregate of `size` padded bytes has room for: max(4, 2^⌈log2(size / 2048 / 64)⌉). */
export function maxIndexEntries(size: bigint): bigint {
  const wanted = size / 2048n / ENTRY_BYTES
  let entries = 4n
  while (entries < wanted) entries *= 2n
  return entries
}

/** Where the index of an aggregate begins, padded bytes; it fills the aggregate's end. */
export function indexAreaStart(size: bigint): bigint {
  if (!isPieceSize(size)) throw new RangeError(`${size} is not a padded piece size`)
  return size - maxIndexEntries(size) * ENTRY_BYTES
}

/** The 64 bytes that describe a segment: digest, offset and size (u64 little-endian), checksum of 126 bits. */
export function segmentDescriptor(piece: Piece, offset: bigint): Uint8Array {
  const bytes = Buffer.alloc(Number(ENTRY_BYTES))
  bytes.set(piece.digest)
  bytes.writeBigUInt64LE(offset, NODE_BYTES)
  bytes.writeBigUInt64LE(piece.size, NODE_BYTES + 8)

  const checksum = createHash('sha256').update(bytes).digest().subarray(0, CHECKSUM_BYTES)
  checksum[CHECKSUM_BYTES - 1]! &= 0x3f
  bytes.set(checksum, bytes.length - CHECKSUM_BYTES)
  return bytes
}

function climb(node: Uint8Array, { index, path }: ProofData): Uint8Array {
  return path.reduce((at, sibling, level) => {
    const siblingIsLeft = ((index >> BigInt(level)) & 1n) === 1n
    return siblingIsLeft ? truncatedSha256(sibling, at) : truncatedSha256(at, sibling)
  }, node)
}

function checkPath(name: string, { index, path }: ProofData): void {
  if (path.length > MAX_PATH) {
    throw new InclusionInvalid('PathTooLong', `the ${name} path has ${path.length} nodes, more than ${MAX_PATH}`)
  }
  const wrong = path.find((node) => node.length !== NODE_BYTES)
  if (wrong)
    throw new InclusionInvalid('NodeLength', `a node of the ${name} path has ${wrong.length} bytes, not ${NODE_BYTES}`)
  if (index < 0n || index >> BigInt(path.length) !== 0n) {
    throw new InclusionInvalid('IndexOutOfRange', `${name} index ${index} does not fit a path of ${path.length}`)
  }
}

/** SHA-256 with the two top bits of the last byte cleared, so that the result is an fr32 element. */
export function truncatedSha256(...parts: Uint8Array[]): Uint8Array {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  const digest = hash.digest()
  digest[NODE_BYTES - 1]! &= 0x3f
  return digest
}

function hex(bytes: Uint8Array): string {
  return `0x${Buffer.from(bytes).toString('hex')}`
}
