/** Why a request cannot be served, in the order of the contract's `enum FailReason`. */
export const FAIL_REASONS = ['NotFound', 'TooLarge', 'BadContent', 'PieceMismatch', 'DealFailed'] as const

export type FailReason = (typeof FAIL_REASONS)[number]

export interface ErrorWords {
  cause?: unknown
  /** Stable name for programs; the class's name unless given. */
  code?: string
  /** What the reader can do about it. */
  hint?: string
}

/** Root of every error this program throws on purpose. */
export class MooringError extends Error {
  override name: string
  readonly code: string
  readonly hint?: string

  constructor(message: string, { cause, code, hint }: ErrorWords = {}) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = new.target.name
    this.code = code ?? new.target.name
    this.hint = hint
  }
}

/** The same attempt may succeed later: it is made again, with backoff. */
export class RetryableError extends MooringError {}

/** No later attempt can succeed: the request ends `Failed` on-chain with `reason`. */
export class PermanentError extends MooringError {
  readonly reason: FailReason

  constructor(message: string, { reason, ...words }: ErrorWords & { reason: FailReason }) {
    super(message, words)
    this.reason = reason
  }
}

/** The configuration cannot be used; `faults` names everything that is wrong with it. */
export class ConfigError extends MooringError {
  readonly faults: string[]

  constructor(faults: string[], words: ErrorWords = {}) {
    super(faults.join('\n'), words)
    this.faults = faults
  }
}

/** What a caught value says, for people. */
export const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
