import { createHash } from 'node:crypto'
import type { CID } from 'multiformats/cid'

/** Multihash codes that Node hashes itself. */
const ALGORITHMS = new Map([
  [0x11, 'sha1'],
  [0x12, 'sha256'],
  [0x13, 'sha512'],
  [0xb240, 'blake2b512'],
])
const IDENTITY = 0x00

/** Whether `bytes` hash to `cid`; a hash function that is not known matches nothing. */
export function blockMatches(cid: CID, bytes: Uint8Array): boolean {
  const { code, digest } = cid.multihash
  if (code === IDENTITY) return Buffer.compare(digest, bytes) === 0

  const algorithm = ALGORITHMS.get(code)
  if (!algorithm) return false
  return Buffer.compare(digest, createHash(algorithm).update(bytes).digest()) === 0
}
