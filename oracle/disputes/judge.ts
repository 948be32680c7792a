import { JOB, STAGE, decodeFetchedAnswer, decodePackedAnswer, decodePinnedAnswer } from '../chain/jobs.ts'
import type { Request } from '../db/request.ts'
import { FAIL_REASONS, type FailReason } from '../errors.ts'
import { pieceToCid } from '../proofs/piece-cid.ts'
import { samePiece, type Piece } from '../proofs/piece.ts'

/** What the chain answered to one stage. */
export interface ChainAnswer {
  stage: number
  /** False for a failure. */
  ok: boolean
  /** The answer, encoded as its job says; for a failure `abi.encode(FailReason)`. */
  data: Uint8Array
}

/** What this operator found itself. */
export type Found = Pick<Request, 'job' | 'maxBytes' | 'carBytes' | 'sizeBytes' | 'piece' | 'failReason'> & {
  /** Whether its own vote that the content is here was handed over while the request was open: before the quorum's answer. */
  votedBefore: boolean
}

/**
 * same: nothing says that the answer is false. open: this operator has not found its own answer yet. differs: it is false, as far
 * as this operator can tell; `sure` where the content's CID or the chain alone decides it, so that whoever looks finds the same.
 */
export type Judgement =
  { kind: 'same' } | { kind: 'open' } | { kind: 'differs'; answered: string; found: string; sure: boolean }

const SAME: Judgement = { kind: 'same' }
const OPEN: Judgement = { kind: 'open' }

/**
 * Compares an answer about content with what this operator found. A *status* answer is judged by {@link judgeStatus}.
 * @throws nothing: an answer that is no encoding of its job's differs.
 */
export function judge(found: Found, answer: ChainAnswer): Judgement {
  if (!answer.ok) return judgeFailure(found, readReason(answer.data))
  try {
    if (found.job === JOB.FETCH) {
      return compare(found, decodeFetchedAnswer(answer.data).sizeBytes, found.sizeBytes, (bytes) => `${bytes} bytes`)
    }
    if (answer.stage === STAGE.PINNED) {
      return compare(
        found,
        decodePinnedAnswer(answer.data).carBytes,
        found.carBytes,
        (bytes) => `a CAR of ${bytes} bytes`,
      )
    }
    if (answer.stage === STAGE.PACKED) return judgePacked(found, answer.data)
  } catch (error) {
    return { kind: 'differs', answered: (error as Error).message, found: 'no encoding of an answer', sure: true }
  }
  return SAME // the last stage of *store* is never voted: the asking contract proves it
}

function compare(found: Found, answered: bigint, own: bigint | null, words: (bytes: bigint) => string): Judgement {
  if (own === null) return judgeSuccess(found, words(answered))
  if (own === answered) return SAME
  return { kind: 'differs', answered: words(answered), found: words(own), sure: true }
}

function judgePacked(found: Found, data: Uint8Array): Judgement {
  const { piece, carBytes } = decodePackedAnswer(data)
  const answered = packedWords(piece, carBytes)
  if (found.piece === null || found.carBytes === null) return judgeSuccess(found, answered)
  if (samePiece(piece, found.piece) && carBytes === found.carBytes) return SAME
  return { kind: 'differs', answered, found: packedWords(found.piece, found.carBytes), sure: true }
}

const packedWords = ({ digest, size }: Piece, carBytes: bigint) =>
  `piece ${pieceToCid(digest)} of ${size} padded bytes, from a CAR of ${carBytes} bytes`

/** The quorum has an answer where this operator only has a reason for there being none. */
function judgeSuccess({ failReason, maxBytes }: Found, answered: string): Judgement {
  // What was not found here may be there; how large is too large depends on this operator's own limits, too.
  if (failReason === null) return OPEN
  if (failReason === 'BadContent' || failReason === 'PieceMismatch') {
    return { kind: 'differs', answered, found: `${failReason} (limit of the request: ${maxBytes} bytes)`, sure: false }
  }
  return SAME
}

/** The quorum says that there is no answer. Which it is of no matter to this operator, as long as it has none either. */
function judgeFailure(found: Found, reason: FailReason | undefined): Judgement {
  if (reason === undefined) {
    return { kind: 'differs', answered: 'a failure without a known reason', found: 'no such reason', sure: true }
  }
  if (reason === 'DealFailed') return SAME
  const own = found.job === JOB.FETCH ? found.sizeBytes : found.carBytes
  const whole = reason === 'PieceMismatch' ? found.piece !== null : own !== null
  if (!whole) return found.failReason === null ? OPEN : SAME

  const words =
    reason === 'PieceMismatch'
      ? `no other piece was named than its own, ${pieceToCid(found.piece!.digest)} of ${found.piece!.size} padded bytes`
      : `all of it, ${own} bytes where ${found.maxBytes} are allowed`
  return { kind: 'differs', answered: reason, found: words, sure: isSure(found, reason) }
}

/**
 * A URL may serve others something else, and what nobody offered then may be offered now: such a failure can be true for those who
 * answered it although the content is here.
 */
function isSure({ job, votedBefore }: Found, reason: FailReason): boolean {
  if (job === JOB.FETCH) return false
  return reason !== 'NotFound' || votedBefore
}

function readReason(data: Uint8Array): FailReason | undefined {
  return data.length === 32 ? FAIL_REASONS[Number(BigInt(`0x${Buffer.from(data).toString('hex')}`))] : undefined
}
