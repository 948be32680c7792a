import { existsSync } from 'node:fs'
import { STAGE, answerHash } from '../chain/jobs.ts'
import type { Context } from '../context.ts'
import { minerId, type Replica } from '../db/replica.ts'
import type { Claimed, Move } from '../db/request.ts'
import { RetryableError } from '../errors.ts'
import type { EdgeClient } from '../edge/client.ts'
import { EdgeRefused } from '../edge/errors.ts'
import { tell } from '../logger.ts'
import { ownAnswer } from './own-answer.ts'
import { awaitAnswer } from './report.ts'
import { DeadlineNear, MinersExhausted, moveTo, waitFor, type Step, type Work } from './step.ts'

type DealContext = Pick<
  Context,
  'config' | 'contracts' | 'replicas' | 'answers' | 'sender' | 'operatorId' | 'edges' | 'log'
>

/** After so many failed attempts with one Edge node the next one is asked. */
const ATTEMPTS_PER_NODE = 3

/** The Edge node took the upload but did not say for which miner. */
export class EdgeAnswerIncomplete extends RetryableError {}

/**
 * On a `deal` nudge, in this operator's turn: give the CAR to an Edge node, one deal for each miner. The intention is a row
 * before the node is asked, and a row that was there before is looked up at the node: it may have taken the CAR just before this
 * process died. A node that refuses is passed over; that the last one refuses too is for good.
 *
 * Who says DealFailed: an operator says it of its own attempts alone, made in its turn: no miner is left, every Edge node
 * refuses, or the deadline is near and its deals are not shown. An operator that has not tried knows nothing of deals, and is
 * silent: the turn passes on, so a request fails when as many operators as its quorum have tried in vain, and expires otherwise,
 * which costs the requester no failure fee and cannot undo what another operator is about to show.
 */
export const deal: Step<DealContext> = async (ctx, work) => {
  const wait = await awaitAnswer(ctx, work, STAGE.PACKED)
  if (wait) return wait

  const replicas = await ctx.replicas.of(work.request.id)
  const why = await standsBack(ctx, work)
  if (work.deadlineNear && (why === undefined || replicas.some(isOwn))) throw new DeadlineNear(work, 'DealFailed')
  if (why !== undefined) {
    ctx.log.debug({ requestId: work.request.id, why }, 'begins no deals now')
    const next = replicas.some(isUnderWay) ? moveTo('dealing') : waitFor(work, 0)
    return { ...next, dueInMs: ctx.config.dealPollMs }
  }

  try {
    return await ask(ctx, work)
  } catch (error) {
    const next = Math.floor(work.request.attempts / ATTEMPTS_PER_NODE) + 1
    if (!(error instanceof EdgeRefused) || next >= ctx.edges.length) throw error
    ctx.log.warn({ err: error, requestId: work.request.id }, 'an Edge node refuses: the next one is asked')
    return { ...waitFor(work, 0, { error: error.message }), attempts: next * ATTEMPTS_PER_NODE }
  }
}

/** Why this operator spends nothing on deals now; nothing when it is to. */
async function standsBack({ answers, contracts, operatorId }: DealContext, work: Work): Promise<string | undefined> {
  const { request, view } = work
  if (view.challenged) return 'a challenge is open'
  const packed = await answers.get(request.id, STAGE.PACKED)
  if (packed === undefined) return 'the answer on the piece has not its confirmations yet'
  const own = ownAnswer(request, STAGE.PACKED)
  if (own === undefined || packed.answerHash !== answerHash(true, own)) {
    return 'the operators answered another piece than this one found'
  }
  const assignee = await contracts.assigneeOf(request.id)
  return assignee === operatorId ? undefined : `it is the turn of operator ${assignee}`
}

const isOwn = ({ edgeUrl }: Replica) => edgeUrl !== ''
const isUnderWay = ({ state }: Replica) => state !== 'failed' && state !== 'proven'

async function ask(ctx: DealContext, { request }: Work): Promise<Move> {
  if (request.carPath === null || !existsSync(request.carPath)) return moveTo('pinned') // to be written again
  const before = await ctx.replicas.of(request.id)
  const missing = request.replicas! - before.filter(({ state }) => state !== 'failed').length
  const spare = spareMiners(ctx.config.miners, before)
  const pending = before.some(isUnderWay)
  if (missing > spare.length && !pending) {
    throw new MinersExhausted(missing, spare.length, before.findLast(({ error }) => error)?.error)
  }

  const node = ctx.edges[Math.floor(request.attempts / ATTEMPTS_PER_NODE) % ctx.edges.length]!
  await ctx.replicas.ask(request.id, spare.slice(0, Math.max(missing, 0)), node.url)
  for (const { state, miner, edgeUrl } of before) {
    const lost = !ctx.edges.some(({ url }) => url === edgeUrl)
    const rotated = request.attempts > 0 && request.attempts % ATTEMPTS_PER_NODE === 0
    if (state === 'asked' && (lost || rotated)) await ctx.replicas.set(request.id, miner, { edgeUrl: node.url })
  }

  const asked = (await ctx.replicas.of(request.id)).filter(({ state }) => state === 'asked')
  for (const [url, replicas] of Map.groupBy(asked, ({ edgeUrl }) => edgeUrl)) {
    const edge = ctx.edges.find((candidate) => candidate.url === url)!
    const known = replicas.filter(({ miner }) => before.some((row) => row.miner === miner))
    const found = known.length > 0 ? await lookUp(ctx, edge, request, known) : []
    await upload(
      ctx,
      edge,
      request,
      replicas.filter((replica) => !found.includes(replica)),
    )
  }
  return { ...moveTo('dealing'), dueInMs: ctx.config.dealPollMs }
}

/** Configured miners that no replica of the request was ever asked of. */
export function spareMiners(miners: string[], replicas: Replica[]): string[] {
  const tried = new Set(replicas.map(({ miner }) => minerId(miner)))
  return miners.filter((miner) => !tried.has(minerId(miner)))
}

/** Takes over the contents that the node has for this request already; gives the replicas they are for. */
async function lookUp(ctx: DealContext, edge: EdgeClient, request: Claimed, replicas: Replica[]): Promise<Replica[]> {
  const taken = await ctx.replicas.contentsOfOthers(request.id, edge.url)
  const contents = (await edge.findByCid(request.cid!)).filter(
    ({ contentId, state }) => !taken.has(contentId) && state !== 'failed',
  )
  const found: Replica[] = []
  for (const replica of replicas) {
    const content = contents.find(({ miner }) => miner !== '' && minerId(miner) === minerId(replica.miner))
    if (content === undefined) continue
    await propose(ctx, edge, replica, content.contentId)
    found.push(replica)
  }
  return found
}

async function upload(ctx: DealContext, edge: EdgeClient, request: Claimed, replicas: Replica[]): Promise<void> {
  if (replicas.length === 0) return
  const name = `mooring-${ctx.config.chainId}-${request.id}.car`
  const contents = await edge.addCar(request.carPath!, name, { miners: replicas.map(({ miner }) => miner) })
  for (const replica of replicas) {
    const content = contents.find(({ miner }) => miner !== '' && minerId(miner) === minerId(replica.miner))
    if (content === undefined)
      throw new EdgeAnswerIncomplete(`${edge.url} took ${name} but tells no content for ${replica.miner}`)
    await propose(ctx, edge, replica, content.contentId)
  }
}

async function propose(ctx: DealContext, edge: EdgeClient, replica: Replica, contentId: string): Promise<void> {
  await ctx.replicas.set(replica.requestId, replica.miner, { state: 'dealing', contentId, error: null })
  tell(ctx.log, 'deal-proposed', replica.requestId, { miner: replica.miner, edgeUrl: edge.url, contentId })
}
