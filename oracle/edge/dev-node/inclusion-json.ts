import type { Inclusion, ProofData } from '../../proofs/inclusion.ts'

/** A proof's half as Edge writes it: the index as 16 hexadecimal digits, the path as 0x-hex nodes. */
export interface ProofJson {
  index: string
  path: string[] | null
}

export function toProofJson(proof: ProofData | undefined): ProofJson {
  if (!proof) return { index: '', path: null }
  return { index: `0x${proof.index.toString(16).padStart(16, '0')}`, path: proof.path.map(hex) }
}

export function encodeInclusion({ subtree, entry }: Inclusion): string {
  return JSON.stringify({ subtree: toProofJson(subtree), entry: toProofJson(entry) })
}

export function decodeInclusion(text: string): Inclusion {
  const { subtree, entry } = JSON.parse(text) as Record<'subtree' | 'entry', ProofJson>
  return { subtree: fromJson(subtree), entry: fromJson(entry) }
}

function fromJson({ index, path }: ProofJson): ProofData {
  return { index: BigInt(index), path: (path ?? []).map((node) => Uint8Array.from(Buffer.from(node.slice(2), 'hex'))) }
}

function hex(bytes: Uint8Array): string {
  return `0x${Buffer.from(bytes).toString('hex')}`
}
