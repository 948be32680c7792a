import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { parseStatus } from '../../../oracle/edge/shapes.ts'
import type { Inclusion } from '../../../oracle/proofs/inclusion.ts'
import { pieceToCid } from '../../../oracle/proofs/piece-cid.ts'
import { samePiece, type Piece } from '../../../oracle/proofs/piece.ts'

/** A proof that a piece lies in an aggregate, checked, and the deal that is said to store that. */
export interface FiledProof {
  inclusion: Inclusion
  aggregate: Piece
  /** Where the file names it. */
  dealId?: bigint
}

/**
 * Reads what an Edge node answers to a status request, as `{data: …}` or bare: its inclusion proof for `piece`.
 * @throws Error that says what the file lacks
 */
export function readProofFile(file: string, piece: Piece): FiledProof {
  const body = readJson(file)
  const bare = typeof body === 'object' && body !== null && 'sub_piece_info' in body
  const status = parseStatus(bare ? { data: body } : body, basename(file))
  if (!status.piece || !status.inclusion || !status.aggregate) {
    throw Object.assign(new Error(`${file} has no inclusion proof: the Edge node has not aggregated the content yet`), {
      hint: 'Ask it for the status again, once its deal is made.',
    })
  }
  if (!samePiece(status.piece, piece)) {
    const words = ({ digest, size }: Piece) => `${pieceToCid(digest)} of ${size} B`
    throw new Error(`${file} proves another piece: expected ${words(piece)}, got ${words(status.piece)}`)
  }
  return {
    inclusion: status.inclusion,
    aggregate: status.aggregate,
    ...(status.deal && { dealId: status.deal.dealId }),
  }
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (cause) {
    const why = (cause as NodeJS.ErrnoException).code === 'ENOENT' ? 'does not exist' : 'is no JSON file'
    throw new Error(`${file} ${why}: expected an Edge node's answer to a status request`, { cause })
  }
}
