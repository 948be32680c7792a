import { createHash } from 'node:crypto'

const FIRST_HASHED_METHOD = 1n << 24n

/** The number of an actor's exported method: the first 4 bytes of blake2b-512("1|name") that make 2^24 or more (FRC-0042). */
export function frc42(name: string): bigint {
  const digest = createHash('blake2b512').update(`1|${name}`).digest()
  for (let at = 0; at < digest.length; at += 4) {
    const method = BigInt(digest.readUInt32BE(at))
    if (method >= FIRST_HASHED_METHOD) return method
  }
  throw new Error(`no method number for ${name}`)
}
