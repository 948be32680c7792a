import type { Logger } from 'pino'
import type { Lease } from './db/lease.ts'

/** A lease that is prolonged until it is stopped. */
export interface KeptLease {
  /** Aborts when the lease is lost: the row is over, or another process has it. */
  lost: AbortSignal
  stop(): void
}

/**
 * Prolongs the lease of a row while it is worked on.
 * @param renew Prolongs it once; false: it is lost.
 * @param row Names the row in the log.
 */
export function keepLease(renew: () => Promise<boolean>, lease: Lease, log: Logger, row: object): KeptLease {
  const lost = new AbortController()
  const timer = setInterval(() => {
    renew().then(
      (held) => held || lost.abort(),
      (error: unknown) => log.warn({ err: error, ...row }, 'lease not renewed'),
    )
  }, lease.ms / 3)
  return { lost: lost.signal, stop: () => clearInterval(timer) }
}
