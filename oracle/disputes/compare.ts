import { voteKey } from '../chain/calls.ts'
import { JOB, STAGE, decodeStatusPayload } from '../chain/jobs.ts'
import type { Context } from '../context.ts'
import type { Answer } from '../db/answer.ts'
import { isActive, type Request } from '../db/request.ts'
import { PermanentError } from '../errors.ts'
import { tell } from '../logger.ts'
import { judge, type Judgement } from './judge.ts'
import { describeStatus, judgeStatus } from './judge-status.ts'

export type CompareContext = Pick<Context, 'requests' | 'answers' | 'disputes' | 'contracts' | 'sender' | 'log'>

/**
 * Compares every answer of the chain with what this operator found itself, once it has found that, and keeps a dispute of each
 * that differs. Answers come from final blocks only.
 */
export async function compareAnswers(ctx: CompareContext): Promise<void> {
  for (const { requestId, stage } of await ctx.disputes.unjudged()) {
    try {
      await compareOne(ctx, requestId, stage)
    } catch (error) {
      ctx.log.warn({ err: error, requestId, stage }, 'answer not compared: the next pass will')
    }
  }
}

async function compareOne(ctx: CompareContext, requestId: string, stage: number): Promise<void> {
  const [request, answer] = [await ctx.requests.get(requestId), await ctx.answers.get(requestId, stage)]
  if (request === undefined || answer === undefined) return // a reorg took it

  const judgement = request.job === JOB.STATUS ? await lookAt(ctx, request, answer) : await weigh(ctx, request, answer)
  if (judgement.kind === 'open' && isActive(request.state)) return
  if (judgement.kind !== 'differs') return ctx.disputes.judged(answer)

  const { answered, found, sure } = judgement
  const { answerHash, settledBlock } = answer
  await ctx.disputes.judged(answer, { requestId, stage, answerHash, answered, found, sure })
  if (settledBlock !== null) await ctx.disputes.close(requestId, stage, 'late', settledBlock)
  tell(ctx.log, 'disputed', requestId, { stage, answered, found })
}

/** By this operator's own findings, which are in the request's row. */
async function weigh({ sender }: CompareContext, request: Request, answer: Answer): Promise<Judgement> {
  const vote = await sender.status(voteKey(request.id, STAGE.PINNED))
  return judge({ ...request, votedBefore: vote !== undefined }, answer)
}

/** By the market actor, as it is now. */
async function lookAt({ contracts }: CompareContext, request: Request, answer: Answer): Promise<Judgement> {
  const dealId = readDealId(request.payload)
  if (dealId === undefined) return { kind: 'same' } // whatever was answered to what nobody can read
  const now = await contracts.dealStatus(dealId)
  const { blockNumber: requestedEpoch } = request
  if (answer.ok) return judgeStatus(answer.data, { dealId, requestedEpoch, answeredEpoch: answer.answeredBlock, now })
  return { kind: 'differs', answered: 'that it cannot be told', found: describeStatus(now), sure: false }
}

function readDealId(payload: Uint8Array): bigint | undefined {
  try {
    return decodeStatusPayload(payload).dealId
  } catch (error) {
    if (error instanceof PermanentError) return undefined
    throw error
  }
}
