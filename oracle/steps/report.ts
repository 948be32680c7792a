import { failureCall, reportCall, voteKey } from '../chain/calls.ts'
import { STAGE, lastStageOf } from '../chain/jobs.ts'
import type { Context } from '../context.ts'
import type { Claimed, Move } from '../db/request.ts'
import { ownAnswer } from './own-answer.ts'
import { moveTo, waitFor, type Step, type Work } from './step.ts'

type ReportContext = Pick<Context, 'config' | 'contracts' | 'sender' | 'operatorId' | 'log'>

/**
 * Hands this operator's vote on `stage` to the sender, unless that stage is not the awaited one (its quorum was reached without
 * this operator) or a challenge is open: then the vote is cast when it is over. The same vote again changes nothing; one that
 * was refused is tried once more.
 */
export async function vote(
  ctx: ReportContext,
  { request, view }: Pick<Work, 'request' | 'view'>,
  stage: number,
  data: Uint8Array,
): Promise<void> {
  if (view.state !== 'Open' || view.stage !== stage || view.challenged) return
  await ctx.sender.submit(reportCall(ctx.contracts, ctx.operatorId, request.id, stage, data))
}

/** Errors after which the registry will never take this operator's vote on the request. */
const NEVER_OURS: Record<string, string> = {
  NotEligible: 'the operator took part after this request was made, or has left: later requests are not touched',
  UnknownOperator: 'the operator is not in this registry: check MOORING_REGISTRY',
}
/** Errors that mean that there is nothing to send: the vote counts, or the request is over and its event is on the way. */
const NOTHING_TO_SEND = new Set(['AlreadyVoted', 'NotOpen', 'DeadlinePassed'])
/** Errors that the operator has to mend, and how. The vote is tried again until the deadline. */
const TO_MEND: Record<string, string> = {
  StakeExhausted:
    'the stake that no vote has locked is too small: add stake (OracleRegistry.addStake), or wait until answers are final',
  NotReporter:
    'the key votes for no operator now: start the executor with the reporter that was accepted last, or have the owner appoint this one',
}

/**
 * Waits until the answer to `stage` is there, and looks after this operator's vote on the stage that is awaited meanwhile: one
 * that was lost or refused is cast again from what the row keeps, or found anew.
 * @returns Nothing once it is answered; else how the row moves.
 */
export async function awaitAnswer(ctx: ReportContext, work: Work, stage: number): Promise<Move | undefined> {
  const { request, view } = work
  if (view.stage > stage) return undefined
  const wait = waitFor(work, ctx.config.pollMs * 4) // the answer's event wakes the row; this is for when it got lost
  if (view.challenged) return wait
  const status = await ctx.sender.status(voteKey(request.id, view.stage))
  if (status && status.state !== 'refused' && status.state !== 'failed') return wait

  const name = status?.error?.name ?? ''
  const error = status?.error?.message ?? 'the vote was never handed over'
  if (NOTHING_TO_SEND.has(name)) return wait
  if (name in NEVER_OURS) {
    ctx.log.warn({ requestId: request.id, error, hint: NEVER_OURS[name] }, 'no votes on this request')
    return moveTo('refused', { error })
  }
  if (name in TO_MEND) ctx.log.error({ requestId: request.id, error, hint: TO_MEND[name] }, 'the vote was refused')

  const own = ownAnswer(request, view.stage)
  const later = name in TO_MEND ? ctx.config.dealPollMs : ctx.config.pollMs * 4
  if (own === undefined) return { ...moveTo('requested', { error }), dueInMs: later }
  await vote(ctx, work, view.stage, own)
  return waitFor(work, later, { error })
}

/** On a `report` nudge, when the last vote of a job without deals is handed over: watch that it gets there. */
export const awaitEnd: Step<ReportContext> = async (ctx, work) => {
  return (await awaitAnswer(ctx, work, lastStageOf(work.request.job))) ?? waitFor(work, ctx.config.pollMs * 4)
}

/**
 * On a `report` nudge, when this operator cannot serve the request: vote for a failure at the stage that is awaited, once its own
 * earlier vote is out of the way. It speaks of what it found itself: where the others have answered the stage at which it
 * failed, it says nothing of later ones.
 */
export const fail: Step<ReportContext> = async (ctx, work) => {
  const { request, view } = work
  const wait = waitFor(work, ctx.config.pollMs * 4, { error: request.error })
  if (view.challenged || view.stage > failedStage(request)) return wait
  const earlier = await ctx.sender.status(voteKey(request.id, view.stage))
  if (earlier?.state === 'queued' || earlier?.state === 'sent') return wait
  if (await ctx.contracts.hasVoted(request.id, view.stage, ctx.operatorId)) return wait

  await ctx.sender.submit(
    failureCall(ctx.contracts, ctx.operatorId, request.id, view.stage, request.failReason ?? 'NotFound'),
  )
  return wait
}

/** The stage that this operator has no answer to. */
function failedStage({ failReason, carBytes }: Claimed): number {
  if (failReason === 'DealFailed') return STAGE.STORED
  return carBytes === null ? STAGE.PINNED : STAGE.PACKED
}
