import { hexlify, keccak256, toUtf8Bytes } from 'ethers'
import type { Inclusion } from '../../../oracle/proofs/inclusion.ts'

/** A commitment that differs from piece to piece. */
export function digestOf(i: number): Uint8Array {
  const digest = Buffer.from(keccak256(toUtf8Bytes(`piece ${i}`)).slice(2), 'hex')
  digest[31]! &= 0x3f
  return digest
}

/** A proof of inclusion as the contracts take it. */
export function proof({ subtree, entry }: Inclusion): unknown {
  const part = ({ index, path }: Inclusion['subtree']) => ({ index, path: path.map((node) => hexlify(node)) })
  return { proofSubtree: part(subtree), proofIndex: part(entry) }
}
