import { failureCall, reportCall, voteKey } from '../chain/calls.ts'
import type { Context } from '../context.ts'
import type { Move } from '../db/request.ts'
import { moveTo, waitFor, type Step, type Work } from './step.ts'

type ReportContext = Pick<Context, 'config' | 'contracts' | 'sender' | 'operatorId' | 'log'>

/** Hands this operator's vote to the sender. The same vote again changes nothing; one that was refused is tried once more. */
export async function vote(ctx: ReportContext, id: string, stage: number, data: Uint8Array): Promise<void> {
  await ctx.sender.submit(reportCall(ctx.contracts, ctx.operatorId, id, stage, data))
}

/** Errors after which the registry will never take this operator's vote on the request. */
const NEVER_OURS = new Set(['NotReporter', 'NotEligible', 'UnknownOperator'])
/** Errors that mean that there is nothing to send: the vote counts, or the request is over and its event is on the way. */
const NOTHING_TO_SEND = new Set(['AlreadyVoted', 'NotOpen', 'DeadlinePassed'])

/**
 * Waits for the answer to `stage`, on which this operator's vote is handed over.
 * @returns Nothing once it is answered; else how the row moves meanwhile: back to `votesFrom` when the vote has to be cast again.
 */
export async function awaitAnswer(
  ctx: ReportContext,
  work: Work,
  stage: number,
  votesFrom: 'requested' | 'pinned',
): Promise<Move | undefined> {
  if (work.view.stage > stage) return undefined
  const pollMs = ctx.config.pollMs * 4 // the answer's event wakes the row; this is for when it got lost
  const status = await ctx.sender.status(voteKey(work.request.id, stage))
  if (status && status.state !== 'refused' && status.state !== 'failed') return waitFor(work, pollMs)

  const name = status?.error?.name
  const words = status?.error?.message ?? 'the vote was never handed over'
  if (name && NEVER_OURS.has(name)) return moveTo('refused', { error: words })
  if (name && NOTHING_TO_SEND.has(name)) return waitFor(work, pollMs)
  return { ...moveTo(votesFrom, { error: words }), dueInMs: pollMs }
}

/** On a `report` nudge, when the only vote of a job is handed over: watch that it gets there. */
export const awaitEnd: Step<ReportContext> = async (ctx, work) => {
  return (await awaitAnswer(ctx, work, 0, 'requested')) ?? waitFor(work, ctx.config.pollMs * 4)
}

/**
 * On a `report` nudge, when the request cannot be served: vote for a failure at the stage that is awaited, once this operator's
 * own earlier vote is out of the way.
 */
export const fail: Step<ReportContext> = async (ctx, work) => {
  const { request, view } = work
  const wait = waitFor(work, ctx.config.pollMs * 4, { error: request.error })
  const earlier = await ctx.sender.status(voteKey(request.id, view.stage))
  if (earlier?.state === 'queued' || earlier?.state === 'sent') return wait
  if (await ctx.contracts.hasVoted(request.id, view.stage, ctx.operatorId)) return wait

  await ctx.sender.submit(
    failureCall(ctx.contracts, ctx.operatorId, request.id, view.stage, request.failReason ?? 'NotFound'),
  )
  return wait
}
