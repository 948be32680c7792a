import { JOB, STAGE, encodeFetchedAnswer, encodePackedAnswer, encodePinnedAnswer } from '../chain/jobs.ts'
import type { Request } from '../db/request.ts'

/**
 * What this operator found itself for a stage, encoded as it votes; undefined while it has not, or where the row does not keep
 * it (the status of a deal changes with time).
 */
export function ownAnswer(
  { job, carBytes, sizeBytes, piece }: Pick<Request, 'job' | 'carBytes' | 'sizeBytes' | 'piece'>,
  stage: number,
): Uint8Array | undefined {
  if (job === JOB.FETCH) return sizeBytes === null ? undefined : encodeFetchedAnswer(sizeBytes)
  if (job === JOB.STATUS) return undefined
  if (carBytes === null) return undefined
  if (stage === STAGE.PINNED) return encodePinnedAnswer(carBytes)
  return stage === STAGE.PACKED && piece !== null ? encodePackedAnswer(piece, carBytes) : undefined
}
