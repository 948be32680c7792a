import { decodeStatusAnswer, type StatusAnswer } from '../chain/jobs.ts'
import { pieceToCid } from '../proofs/piece-cid.ts'
import type { Judgement } from './judge.ts'

export interface StatusCase {
  /** The deal that was asked about. */
  dealId: bigint
  /** The request's epoch: no vote looked at the market earlier. */
  requestedEpoch: bigint
  /** When the quorum was reached: no vote looked later. */
  answeredEpoch: bigint
  /** What the market shows now. */
  now: StatusAnswer
}

/**
 * Judges a *status* answer by what the market actor shows now. Only what cannot have been true at any epoch between the request
 * and the answer is false: a status may legitimately have changed since. The market's rules (FIP-0074, built-in actors v18): a deal's
 * piece, provider and term are fixed when it is published; it is published before its term begins; it is activated once; what
 * was removed does not come back; ids below the next one were published.
 */
export function judgeStatus(data: Uint8Array, at: StatusCase): Judgement {
  let answer: StatusAnswer
  try {
    answer = decodeStatusAnswer(data)
  } catch (error) {
    return { kind: 'differs', answered: (error as Error).message, found: 'no encoding of a status', sure: true }
  }
  const fault = findFault(answer, at)
  if (fault === undefined) return { kind: 'same' }
  return { kind: 'differs', answered: describeStatus(answer), found: `${describeStatus(at.now)}: ${fault}`, sure: true }
}

/** Why the answer was never true; undefined where it may have been. */
function findFault(answer: StatusAnswer, at: StatusCase): string | undefined {
  if (answer.dealId !== at.dealId) return `deal ${at.dealId} was asked about`
  if (!isThere(answer)) return isBlank(answer) ? faultOfAbsent(answer, at) : 'a deal that is not there has no details'
  return faultOfTerm(answer, at) ?? faultOfActivation(answer, at)
}

const isThere = ({ state }: StatusAnswer) => state !== 'Unknown' && state !== 'Removed'

function isBlank({ providerId, pieceDigest, pieceSize, activatedEpoch, startEpoch, endEpoch }: StatusAnswer): boolean {
  const numbers = [providerId, pieceSize, activatedEpoch, startEpoch, endEpoch]
  return numbers.every((number) => number === 0n) && pieceDigest.every((byte) => byte === 0)
}

function faultOfAbsent({ state }: StatusAnswer, { now, requestedEpoch }: StatusCase): string | undefined {
  if (state === 'Removed') {
    if (now.state === 'Unknown') return 'it was never published'
    return isThere(now) ? 'what is removed does not come back' : undefined
  }
  const published = isThere(now) && (now.startEpoch <= requestedEpoch || isActiveBy(now, requestedEpoch))
  return published ? `it was published before the request of epoch ${requestedEpoch}` : undefined
}

const isActiveBy = ({ activatedEpoch }: StatusAnswer, epoch: bigint) => activatedEpoch > 0n && activatedEpoch <= epoch

/** What an answer says about a deal that is there agrees with itself, and with what was fixed at publication. */
function faultOfTerm(answer: StatusAnswer, { now, requestedEpoch, answeredEpoch }: StatusCase): string | undefined {
  if (answer.state === 'Ended' && answer.endEpoch > answeredEpoch) return `its term ends at epoch ${answer.endEpoch}`
  if (answer.state === 'Active' && answer.endEpoch <= requestedEpoch)
    return `its term ended at epoch ${answer.endEpoch}`
  if ((answer.state === 'Published') !== answer.activatedEpoch <= 0n) {
    return `state and activation (epoch ${answer.activatedEpoch}) contradict each other`
  }
  if (now.state === 'Unknown') return 'it was never published'
  if (now.state === 'Removed') return undefined

  if (Buffer.compare(answer.pieceDigest, now.pieceDigest) !== 0 || answer.pieceSize !== now.pieceSize)
    return 'another piece'
  if (answer.providerId !== now.providerId) return 'another provider'
  if (answer.startEpoch !== now.startEpoch || answer.endEpoch !== now.endEpoch) return 'another term'
  return undefined
}

function faultOfActivation(answer: StatusAnswer, { now, requestedEpoch }: StatusCase): string | undefined {
  if (!isThere(now)) return undefined
  if (answer.state === 'Published') {
    return isActiveBy(now, requestedEpoch)
      ? `it was activated before the request of epoch ${requestedEpoch}`
      : undefined
  }
  return answer.activatedEpoch === now.activatedEpoch ? undefined : 'another activation'
}

/** A deal in words. */
export function describeStatus(status: StatusAnswer): string {
  const { dealId, state, providerId, pieceDigest, pieceSize, activatedEpoch, startEpoch, endEpoch } = status
  if (!isThere(status) && isBlank(status)) return `deal ${dealId} ${state}`
  const piece = `piece ${pieceToCid(pieceDigest)} of ${pieceSize}`
  return `deal ${dealId} ${state}, provider f0${providerId}, ${piece}, activated ${activatedEpoch}, term ${startEpoch} to ${endEpoch}`
}
