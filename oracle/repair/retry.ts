import { backoffMs, type BackoffPolicy } from '../backoff.ts'
import { wordsOf } from '../errors.ts'

/** What a failed attempt leaves in its row. */
export interface Retry {
  /** Failed attempts, with this one. */
  attempts: number
  /** At least 1: not in this pass. */
  dueInMs: number
  error: string
}

/** An attempt at a row failed that may succeed later. @param attempts Those that failed before. */
export function retryAfter(error: unknown, attempts: number, policy: BackoffPolicy): Retry {
  const failures = attempts + 1
  return { attempts: failures, dueInMs: Math.max(backoffMs(failures, policy), 1), error: wordsOf(error) }
}
