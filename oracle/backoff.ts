export interface BackoffPolicy {
  /** Ceiling of the first wait, milliseconds. */
  baseMs: number
  /** Ceiling of every wait, milliseconds. */
  capMs: number
}

/**
 * How long to wait before the next attempt: exponential with full jitter, so that many requests that failed together do not come
 * back together.
 * @param failures How many attempts have failed, from 1.
 * @param random A number in [0, 1).
 * @returns Whole milliseconds, 0 to min(capMs, baseMs · 2^(failures − 1)) exclusive.
 */
export function backoffMs(
  failures: number,
  { baseMs, capMs }: BackoffPolicy,
  random: () => number = Math.random,
): number {
  const ceiling = Math.min(capMs, baseMs * 2 ** Math.min(Math.max(failures, 1) - 1, 52))
  return Math.floor(random() * ceiling)
}
