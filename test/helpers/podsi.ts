import { hexlify, sha256 } from 'ethers'
import { buildAggregate } from '../../oracle/proofs/aggregate.ts'
import { pieceCidBytes } from '../../oracle/proofs/piece-cid.ts'
import type { Piece } from '../../oracle/proofs/piece.ts'
import type {
  InclusionProofStruct,
  InclusionVerifierDataStruct,
} from '../../types/ethers-contracts/contracts/pinning/IAggregatorOracle.js'

/** A piece as contracts take it: the commitment in hex and the padded size in bytes. */
export interface OnChainPiece {
  digest: string
  size: bigint
}

/** A piece's place in an aggregate, as {IAggregatorOracle-complete} takes it. */
export interface Segment {
  proof: InclusionProofStruct
  verifierData: InclusionVerifierDataStruct
}

/** A piece that no other `name` has. Its commitment belongs to no data, which no proof looks at. */
export function namedPiece(name: string, size = 2048n): Piece {
  const digest = Buffer.from(sha256(Buffer.from(name)).slice(2), 'hex')
  digest[31] &= 0x3f
  return { digest: Uint8Array.from(digest), size }
}

export const onChain = ({ digest, size }: Piece): OnChainPiece => ({ digest: hexlify(digest), size })

/** The piece CID v1 in binary. */
export const pieceCid = ({ digest }: Piece): string => hexlify(pieceCidBytes(digest))

export const verifierData = (piece: Piece): InclusionVerifierDataStruct => ({
  commPc: pieceCid(piece),
  sizePc: piece.size,
})

/** Packs pieces into one aggregate, by default with a filler beside them, and proves each of them. */
export function aggregateOf(pieces: Piece[], filler: Piece[] = [namedPiece('filler')]) {
  const { aggregate, inclusions } = buildAggregate([...pieces, ...filler])
  const segments = pieces.map((piece, at): Segment => {
    const { subtree, entry } = inclusions[at]
    return { proof: { proofSubtree: subtree, proofIndex: entry }, verifierData: verifierData(piece) }
  })
  return { aggregate, segments }
}
