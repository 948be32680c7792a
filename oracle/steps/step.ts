import type { RequestView } from '../chain/contracts.ts'
import type { Config } from '../config.ts'
import type { Context } from '../context.ts'
import type { ActiveState, Claimed, EndState, Findings, Move } from '../db/request.ts'
import { PermanentError, type FailReason } from '../errors.ts'

/**
 * One claimed request, looked at again just before the step: its log is still in the chain, and the registry has it Open, or
 * answered without this operator, which then finds its own answer all the same.
 */
export interface Work {
  /** With the deadline as the registry has it now. */
  request: Claimed
  /** What the registry says now. */
  view: RequestView
  /** The chain's head, epochs. */
  head: bigint
  /** Few epochs are left before the deadline, and no challenge may move it: nothing new is begun. */
  deadlineNear: boolean
  /** Aborts when the process stops or the lease is lost. */
  signal: AbortSignal
}

/**
 * Does one thing for a request and says how its row moves. Safe to run twice: the pipeline applies the move only if the row is as
 * it was. Throws a PermanentError when the request can never be served, anything else for another attempt later.
 */
export type Step<Needs = Context> = (ctx: Needs, work: Work) => Promise<Move>

/** The shortest epoch of any chain served here (a local one); Filecoin's is 30 s. */
const SHORTEST_EPOCH_MS = 1_000

/** A time that surely ends before the deadline is near: at least one epoch. What waits no longer can still be answered in time. */
export function msBeforeDeadline(deadlineEpoch: bigint, head: bigint, lagEpochs: number): number {
  return Math.max(Number(deadlineEpoch - head) - lagEpochs, 1) * SHORTEST_EPOCH_MS
}

/** How long one attempt to fetch content may take: not beyond a deadline that is still to be met. */
export function fetchTimeoutOf(
  { fetchTimeoutMs, deadlineLagEpochs }: Pick<Config, 'fetchTimeoutMs' | 'deadlineLagEpochs'>,
  { request, view, head }: Pick<Work, 'request' | 'view' | 'head'>,
): number {
  if (view.state !== 'Open' || view.challenged) return fetchTimeoutMs
  return Math.min(fetchTimeoutMs, msBeforeDeadline(request.deadlineEpoch, head, deadlineLagEpochs))
}

/** On to the next state, at once. */
export function moveTo(to: ActiveState | EndState, findings: Findings = {}): Move {
  return { to, dueInMs: 0, findings: { error: null, ...findings } }
}

/** The same state again in `dueInMs`: nothing failed, something outside is awaited. */
export function waitFor({ request }: Pick<Work, 'request'>, dueInMs: number, findings: Findings = {}): Move {
  return { to: request.state, dueInMs, findings: { error: null, ...findings } }
}

/** The request says something that cannot be done. */
export class RequestInvalid extends PermanentError {
  constructor(message: string, words: { cause?: unknown; hint?: string } = {}) {
    super(message, { ...words, reason: 'BadContent' })
  }
}

/** Fewer storage providers are left than the request wants deals. */
export class MinersExhausted extends PermanentError {
  constructor(wanted: number, left: number, last?: string | null) {
    super(`${wanted} more deals are wanted, ${left} miners are left${last ? `; the last one failed: ${last}` : ''}`, {
      reason: 'DealFailed',
      hint: 'add miners to MOORING_MINERS',
    })
  }
}

/** What is not done by now will not be done in time. */
export class DeadlineNear extends PermanentError {
  constructor({ request, head }: Pick<Work, 'request' | 'head'>, reason: FailReason) {
    const words = request.error ? `; the last trouble: ${request.error}` : ''
    super(`epoch ${head} is close to the deadline ${request.deadlineEpoch}${words}`, { reason })
  }
}
