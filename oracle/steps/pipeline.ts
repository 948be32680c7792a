import { backoffMs } from '../backoff.ts'
import { JOB } from '../chain/jobs.ts'
import { NoEndpoint, isFault } from '../chain/endpoints.ts'
import type { Context } from '../context.ts'
import type { Lease } from '../db/lease.ts'
import { isActive, type ActiveState, type Claimed, type Move } from '../db/request.ts'
import { PermanentError, wordsOf, type FailReason } from '../errors.ts'
import { keepLease } from '../keep-lease.ts'
import { tell } from '../logger.ts'
import type { NudgeHandler, Topic } from '../queue/queue.ts'
import { deal } from './deal.ts'
import { fetch } from './fetch.ts'
import { pack } from './pack.ts'
import { pin } from './pin.ts'
import { awaitEnd, fail } from './report.ts'
import { status } from './status.ts'
import { DeadlineNear, msBeforeDeadline, RequestInvalid, waitFor, type Step, type Work } from './step.ts'
import { track } from './track.ts'
import { whenOver } from './over.ts'

interface Stop {
  topic: Topic
  step: Step
  /**
   * The reason when attempts run out, or time does (deals decide for themselves what that means); without it the step is tried
   * for as long as the request lives.
   */
  givesUpWith?: FailReason
}

/** Requests of every state, and what is done for them. */
export const STOPS: Record<ActiveState, Stop> = {
  requested: { topic: 'mooring.pin', step: begin, givesUpWith: 'NotFound' },
  pinned: { topic: 'mooring.pack', step: pack, givesUpWith: 'NotFound' },
  packed: { topic: 'mooring.deal', step: deal, givesUpWith: 'DealFailed' },
  dealing: { topic: 'mooring.track', step: track, givesUpWith: 'DealFailed' },
  reported: { topic: 'mooring.report', step: awaitEnd },
  failing: { topic: 'mooring.report', step: fail },
}

export const topicOf = (state: ActiveState): Topic => STOPS[state].topic

function begin(ctx: Context, work: Work): Promise<Move> {
  const { job } = work.request
  if (job === JOB.PIN || job === JOB.STORE || job === JOB.PACK) return pin(ctx, work)
  if (job === JOB.STATUS) return status(ctx, work)
  if (job === JOB.FETCH) return fetch(ctx, work)
  throw new RequestInvalid(`expected job ${Object.values(JOB).join(', ')}, got ${job}`)
}

const LEASE_MS = 15_000
const RETRY_CAP_MS = 600_000
/** Deeper blocks are final on Filecoin; providers forget them. */
const FINALITY_EPOCHS = 900n

/** Handles nudges of `topic`: claims the row, looks again at the chain, runs the state's step, moves the row. */
export function createWorker(ctx: Context, topic: Topic, leaseMs = LEASE_MS): NudgeHandler {
  const states = (Object.keys(STOPS) as ActiveState[]).filter((state) => topicOf(state) === topic)
  const lease: Lease = { owner: ctx.leaseOwner, ms: leaseMs }
  const perRequester = Math.ceil(ctx.config.concurrency / 2)

  return async (id, stopping) => {
    const request = await ctx.requests.claim(id, states, lease, perRequester)
    if (request === undefined) return // someone has it, or the row knows better than a late nudge

    const renew = () => ctx.requests.renew(id, request.state, lease)
    const kept = keepLease(renew, lease, ctx.log, { requestId: id })
    const signal = AbortSignal.any([stopping, kept.lost])
    let move: Move
    let head: bigint | undefined
    try {
      head = await ctx.chain.blockNumber()
      move = await advance(ctx, request, head, signal)
    } catch (error) {
      move = stopping.aborted
        ? { to: request.state, dueInMs: 0, attempts: request.attempts } // given back; nothing failed
        : afterError(ctx, request, error, head)
    } finally {
      kept.stop()
    }

    const moved = await ctx.requests.move(id, request.state, lease.owner, move)
    if (moved && isActive(move.to) && move.dueInMs === 0) await ctx.queue.publish(topicOf(move.to), id)
  }
}

async function advance(ctx: Context, request: Claimed, head: bigint, signal: AbortSignal): Promise<Move> {
  const { pollMs, deadlineLagEpochs } = ctx.config
  if (!(await isCanonical(ctx, request, head))) {
    return waitFor({ request }, pollMs * 4, { error: `block ${request.blockNumber} is not in the chain now` })
  }
  const view = await ctx.contracts.requestView(request.id)
  const over = await whenOver(ctx, request, view, head)
  if (over) return over

  const { step, givesUpWith } = STOPS[request.state]
  const { deadlineEpoch } = view
  const deadlineCounts = view.state === 'Open' && !view.challenged // an open challenge stops the clock
  if (deadlineCounts && head > deadlineEpoch) {
    tell(ctx.log, 'ended', request.id, { state: 'expired' })
    return { to: 'expired', dueInMs: 0 }
  }
  const deadlineNear = deadlineCounts && head + BigInt(deadlineLagEpochs) >= deadlineEpoch
  const work = { request: { ...request, deadlineEpoch }, view, head, deadlineNear, signal }
  if (deadlineNear && givesUpWith && givesUpWith !== 'DealFailed') throw new DeadlineNear(work, givesUpWith)
  return step(ctx, work)
}

async function isCanonical({ chain }: Context, request: Claimed, head: bigint): Promise<boolean> {
  if (head - request.blockNumber > FINALITY_EPOCHS) return true
  return (await chain.getBlock(request.blockNumber))?.hash === request.blockHash
}

function afterError(ctx: Context, request: Claimed, error: unknown, head?: bigint): Move {
  const { retryBaseMs, maxAttempts, deadlineLagEpochs } = ctx.config
  const { givesUpWith } = STOPS[request.state]
  const words = wordsOf(error)
  // A chain that cannot be reached is not the request's fault, and it could not be told either.
  const counts = givesUpWith !== undefined && !(error instanceof NoEndpoint && !isFault(error))
  const attempts = request.attempts + 1
  const permanent = error instanceof PermanentError
  if (givesUpWith && (permanent || (counts && attempts >= maxAttempts))) {
    const reason = permanent ? error.reason : givesUpWith
    tell(ctx.log, 'failed', request.id, { reason, error: words })
    ctx.log.debug({ err: error, requestId: request.id }, 'cause of the failure')
    return { to: 'failing', dueInMs: 0, findings: { failReason: reason, error: words } }
  }
  const timeLeftMs =
    head === undefined || head > request.deadlineEpoch
      ? RETRY_CAP_MS
      : msBeforeDeadline(request.deadlineEpoch, head, deadlineLagEpochs)
  const dueInMs = Math.min(backoffMs(attempts, { baseMs: retryBaseMs, capMs: RETRY_CAP_MS }), timeLeftMs)
  tell(ctx.log, 'retry', request.id, { attempts, dueInMs, error: words })
  ctx.log.debug({ err: error, requestId: request.id }, 'cause of the retry')
  return { to: request.state, dueInMs, attempts: counts ? attempts : request.attempts, findings: { error: words } }
}
