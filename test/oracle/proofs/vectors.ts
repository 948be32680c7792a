import { readFileSync } from 'node:fs'
import type { Inclusion } from '../../../oracle/proofs/inclusion.ts'
import { parsePieceCid } from '../../../oracle/proofs/piece-cid.ts'
import type { Piece } from '../../../oracle/proofs/piece.ts'

export const VECTOR_NAMES = ['1', '4', '7', '10'] as const

/** A real Edge node's answer with the proof of a real calibration deal. */
export interface Vector {
  name: string
  body: { data: { sub_piece_info: SubPieceInfo } }
  piece: Piece
  aggregate: Piece
  inclusion: Inclusion
}

interface SubPieceInfo {
  comm_pa: string
  size_pa: number
  comm_pc: string
  size_pc: number
  inclusion_proof: Record<'proofIndex' | 'proofSubtree', { index: string; path: string[] }>
}

export function readVector(name: string): Vector {
  const file = new URL(`../../vectors/podsi/${name}.json`, import.meta.url)
  const body = JSON.parse(readFileSync(file, 'utf8')) as Vector['body']
  const info = body.data.sub_piece_info
  const toProof = ({ index, path }: { index: string; path: string[] }) => ({
    index: BigInt(index),
    path: path.map((node) => new Uint8Array(Buffer.from(node.slice(2), 'hex'))),
  })
  return {
    name,
    body,
    piece: { digest: parsePieceCid(info.comm_pc).digest, size: BigInt(info.size_pc) },
    aggregate: { digest: parsePieceCid(info.comm_pa).digest, size: BigInt(info.size_pa) },
    inclusion: {
      subtree: toProof(info.inclusion_proof.proofSubtree),
      entry: toProof(info.inclusion_proof.proofIndex),
    },
  }
}
