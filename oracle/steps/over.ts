import type { RequestView } from '../chain/contracts.ts'
import { lastStageOf } from '../chain/jobs.ts'
import type { Context } from '../context.ts'
import { isChecking, type Claimed, type Move } from '../db/request.ts'
import { waitFor } from './step.ts'

type OverContext = Pick<Context, 'config' | 'contracts' | 'answers' | 'operatorId'>

/**
 * What becomes of a row whose request the registry does not have Open any more; nothing when its step is to run all the same.
 * Every operator finds its own answer, also where the others were quicker: content that is answered is kept by all of them, and
 * a false answer is found out by those who look. A failure is looked into for as long as it can be challenged. What was asked
 * before this operator took part is left alone.
 */
export async function whenOver(
  ctx: OverContext,
  request: Claimed,
  view: RequestView,
  head: bigint,
): Promise<Move | undefined> {
  if (view.state === 'Open') return undefined
  if (isChecking(request) && (await isToBeChecked(ctx, request, view, head))) return undefined
  if (request.endedAs !== null) return { to: request.endedAs, dueInMs: 0 }
  return (await endedBefore(ctx, request, view)) ?? waitFor({ request }, ctx.config.pollMs * 4)
}

async function isToBeChecked(
  { contracts, operatorId }: OverContext,
  { id, blockNumber }: Claimed,
  { state, stage }: RequestView,
  head: bigint,
): Promise<boolean> {
  if (state !== 'Answered' && state !== 'Failed') return false
  const joinedEpoch = await contracts.joinedEpochOf(operatorId)
  if (joinedEpoch === 0n || joinedEpoch >= blockNumber) return false
  return state === 'Answered' || head <= (await contracts.answerView(id, stage)).matureEpoch
}

/**
 * The event that ends a request ends its row, once it is believed. Where a reorg took away that the answer was undone, the event
 * of the answer is not read again, but the answer is still here.
 */
async function endedBefore(ctx: OverContext, { id, job }: Claimed, { state }: RequestView): Promise<Move | undefined> {
  if (state !== 'Failed' && state !== 'Answered') return undefined
  const answer = (await ctx.answers.of(id)).at(-1)
  if (answer === undefined || answer.undoneBlock !== null || answer.ok !== (state === 'Answered')) return undefined
  if (answer.ok && answer.stage !== lastStageOf(job)) return undefined
  return { to: answer.ok ? 'answered' : 'failed', dueInMs: 0, endedBlock: answer.answeredBlock }
}
