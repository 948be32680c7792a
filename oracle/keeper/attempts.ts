import { EPOCHS_PER_DAY } from '../chain/epochs.ts'
import type { IntentError } from '../db/intent.ts'
import { AGAIN_EPOCHS } from './find.ts'

/** Longest wait after what reverts. */
const LONGEST_WAIT = EPOCHS_PER_DAY

/** What reverts say, by the error's name. */
export interface Refusals {
  /** Others were quicker, or the rows are behind: the rows will tell. */
  overtaken: readonly string[]
  /** What is tried again after so many epochs each time; all else waits twice as long each time. */
  retried?: Record<string, bigint>
}

interface Attempt {
  firstSeen: bigint
  next: bigint
  failures: number
  told: string
}

/** When what is due is tried, by its words. In memory only: a new process looks at everything at once. */
export interface Attempts {
  /** Whether it is to be tried now; `turn` epochs after it was first asked about at the earliest. */
  isDue(words: string, head: bigint, turn: bigint): boolean
  /** It was handed over. */
  tried(words: string, head: bigint): void
  /** It did not work. Gives when it is tried again, if that is news for people. */
  failed(words: string, error: IntentError, head: bigint): bigint | undefined
  /** Nothing else is due any more. */
  keepOnly(words: ReadonlySet<string>): void
}

export function createAttempts({ overtaken, retried = {} }: Refusals): Attempts {
  const attempts = new Map<string, Attempt>()

  function of(words: string, head: bigint): Attempt {
    const known = attempts.get(words) ?? { firstSeen: head, next: head, failures: 0, told: '' }
    attempts.set(words, known)
    return known
  }

  return {
    isDue(words, head, turn) {
      const { firstSeen, next } = of(words, head)
      return head >= firstSeen + turn && head >= next
    },

    tried(words, head) {
      of(words, head).next = head + AGAIN_EPOCHS
    },

    failed(words, error, head) {
      const attempt = of(words, head)
      if (overtaken.includes(error.name ?? '')) {
        attempt.next = head + AGAIN_EPOCHS
        return undefined
      }
      attempt.next = head + (retried[error.name ?? ''] ?? backoff(attempt.failures++))
      const isNews = attempt.told !== error.message
      attempt.told = error.message
      return isNews ? attempt.next : undefined
    },

    keepOnly(words) {
      for (const known of attempts.keys()) if (!words.has(known)) attempts.delete(known)
    },
  }
}

/** Twice as long each time. */
function backoff(failures: number): bigint {
  const wait = AGAIN_EPOCHS << BigInt(Math.min(failures, 32))
  return wait < LONGEST_WAIT ? wait : LONGEST_WAIT
}
