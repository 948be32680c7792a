import { keccak256, toUtf8Bytes } from 'ethers'

/** A commitment that differs from piece to piece. */
export function digestOf(i: number): Uint8Array {
  const digest = Buffer.from(keccak256(toUtf8Bytes(`piece ${i}`)).slice(2), 'hex')
  digest[31]! &= 0x3f
  return digest
}
