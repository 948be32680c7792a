import { createHash } from 'node:crypto'
import type { CID } from 'multiformats/cid'

/** A hash function that blocks are checked with: its multihash code, its name, and the algorithm as Node names it. */
export interface BlockHash {
  code: number
  name: string
  algorithm: string
}

/** Every hash function that is known here, whoever brings the block: a peer, a gateway or a CAR. */
export const BLOCK_HASHES: readonly BlockHash[] = [
  { code: 0x11, name: 'sha1', algorithm: 'sha1' },
  { code: 0x12, name: 'sha2-256', algorithm: 'sha256' },
  { code: 0x13, name: 'sha2-512', algorithm: 'sha512' },
  { code: 0xb240, name: 'blake2b-512', algorithm: 'blake2b512' },
]

/** The code of a multihash whose digest is the block itself. */
export const IDENTITY = 0x00

/** A digest may be cut to no less than this, bytes: below it a second block for the same CID could be found. */
export const MIN_DIGEST_BYTES = 20

const ALGORITHMS = new Map(BLOCK_HASHES.map(({ code, algorithm }) => [code, algorithm]))

/** Whether a block can be checked against a CID with this multihash code. */
export function isKnownHash(code: number): boolean {
  return code === IDENTITY || ALGORITHMS.has(code)
}

/** The digest of `bytes` by a function of {@link BLOCK_HASHES}. */
export function digestOf({ algorithm }: Pick<BlockHash, 'algorithm'>, bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHash(algorithm).update(bytes).digest())
}

/** Whether `bytes` hash to `cid`; a hash function that is not known matches nothing, nor does a digest cut too short. */
export function blockMatches(cid: CID, bytes: Uint8Array): boolean {
  const { code, digest } = cid.multihash
  if (code === IDENTITY) return Buffer.compare(digest, bytes) === 0

  const algorithm = ALGORITHMS.get(code)
  if (algorithm === undefined || digest.length < MIN_DIGEST_BYTES) return false
  return Buffer.compare(digest, digestOf({ algorithm }, bytes).subarray(0, digest.length)) === 0
}
