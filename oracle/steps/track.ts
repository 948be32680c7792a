import { STAGE } from '../chain/jobs.ts'
import type { Context } from '../context.ts'
import type { Replica, ReplicaChange } from '../db/replica.ts'
import type { Claimed } from '../db/request.ts'
import type { EdgeStatus } from '../edge/client.ts'
import { EdgeContentUnknown } from '../edge/errors.ts'
import { PermanentError, RetryableError } from '../errors.ts'
import { tell } from '../logger.ts'
import { pieceToCid } from '../proofs/piece-cid.ts'
import { spareMiners } from './deal.ts'
import { checkProving, prove, type ProveContext } from './prove.ts'
import { awaitAnswer } from './report.ts'
import { DeadlineNear, MinersExhausted, moveTo, waitFor, type Step } from './step.ts'

type TrackContext = ProveContext & Pick<Context, 'operatorId' | 'edges'>

/** An Edge node made another piece of the CAR than this operator did, and so than every operator does. */
export class EdgePieceDiffers extends PermanentError {
  constructor(ours: string, theirs: string, url: string) {
    super(`the CAR is piece ${ours}, ${url} made ${theirs} of it`, { reason: 'DealFailed' })
  }
}

/**
 * On a `track` nudge: ask the Edge node about each replica's deal, and show every deal that is active to the contract. A replica
 * that fails is replaced by one with another miner as long as there are any. What this operator began it goes on with, whoever's turn
 * it is.
 */
export const track: Step<TrackContext> = async (ctx, work) => {
  const { request } = work
  const packed = await awaitAnswer(ctx, work, STAGE.PACKED) // a reorg may have taken it back
  if (packed && packed.to !== request.state) return packed

  let trouble: Error | undefined
  for (const replica of await ctx.replicas.of(request.id)) {
    try {
      await look(ctx, request, replica)
    } catch (error) {
      if (error instanceof PermanentError) throw error
      trouble = error instanceof Error ? error : new Error(String(error)) // the other replicas do not wait for this one's Edge node
    }
  }

  const replicas = await ctx.replicas.of(request.id)
  const pending = replicas.filter(({ state }) => !['proven', 'failed'].includes(state))
  const failed = replicas.findLast(({ state }) => state === 'failed')
  const missing = request.replicas! - replicas.filter(({ state }) => state !== 'failed').length
  const spare = missing > 0 ? spareMiners(ctx.config.miners, replicas).length : 0
  if (work.deadlineNear && pending.some(({ state }) => state !== 'proving')) throw new DeadlineNear(work, 'DealFailed')
  if (spare > 0 || pending.some(({ state }) => state === 'asked')) {
    return { ...moveTo('packed'), dueInMs: trouble ? ctx.config.dealPollMs : 0 }
  }
  if (missing > 0 && pending.length === 0) throw new MinersExhausted(missing, 0, failed?.error)
  if (trouble) throw trouble
  return waitFor(work, ctx.config.dealPollMs)
}

async function look(ctx: TrackContext, request: Claimed, replica: Replica): Promise<void> {
  if (replica.state === 'proving') return checkProving(ctx, replica)
  if (replica.state !== 'dealing' && replica.state !== 'published') return
  try {
    const status = await poll(ctx, request, replica)
    if (status?.state === 'active' && status.deal) await prove(ctx, request, replica, status)
  } catch (error) {
    if (!(error instanceof PermanentError) || error instanceof EdgePieceDiffers) throw error
    await ctx.replicas.set(request.id, replica.miner, { state: 'failed', error: error.message })
    ctx.log.warn({ err: error, requestId: request.id, miner: replica.miner }, 'replica failed')
  }
}

/** Asks the Edge node and keeps what is new; nothing when the node does not know the content any more. */
async function poll(ctx: TrackContext, request: Claimed, replica: Replica): Promise<EdgeStatus | undefined> {
  const { miner } = replica
  const edge = ctx.edges.find(({ url }) => url === replica.edgeUrl)
  if (edge === undefined) throw new RetryableError(`Edge node ${replica.edgeUrl} is not in MOORING_EDGE_URLS any more`)

  let status: EdgeStatus
  try {
    status = await edge.status(replica.contentId!)
  } catch (error) {
    if (!(error instanceof EdgeContentUnknown)) throw error
    await ctx.replicas.set(request.id, miner, { state: 'asked', contentId: null, error: error.message })
    ctx.log.warn({ err: error, requestId: request.id, miner }, 'the Edge node lost the content')
    return undefined
  }

  const ours = pieceToCid(request.piece!.digest)
  if (status.pieceCid && status.pieceCid !== ours) throw new EdgePieceDiffers(ours, status.pieceCid, edge.url)
  const news: ReplicaChange = { statusText: status.stateText, error: status.message || null }
  const dealId = status.deal?.dealId
  if (status.stateText !== replica.statusText) {
    tell(ctx.log, 'deal-status', request.id, { miner, statusText: status.stateText })
  }
  if (dealId !== undefined && dealId !== replica.dealId) {
    Object.assign(news, { state: 'published', dealId })
    tell(ctx.log, 'published', request.id, { miner, dealId: dealId.toString() })
  }
  if (status.state === 'active' && status.stateText !== replica.statusText && dealId !== undefined) {
    tell(ctx.log, 'active', request.id, { miner, dealId: dealId.toString() })
  }
  if (status.state === 'failed') {
    Object.assign(news, { state: 'failed', error: `${status.stateText}: ${status.message ?? 'no words'}` })
  }
  await ctx.replicas.set(request.id, miner, news)
  return status
}
