import { STAGE, decodeStatusPayload, encodeStatusAnswer } from '../chain/jobs.ts'
import type { Context } from '../context.ts'
import { vote } from './report.ts'
import { moveTo, type Step } from './step.ts'

type StatusContext = Pick<Context, 'config' | 'contracts' | 'sender' | 'operatorId' | 'log'>

/** On a `pin` nudge of a *status* request: read the deal from the market actor and vote for what it says. */
export const status: Step<StatusContext> = async (ctx, work) => {
  const { dealId } = decodeStatusPayload(work.request.payload)
  const answer = await ctx.contracts.dealStatus(dealId)

  await vote(ctx, work, STAGE.PINNED, encodeStatusAnswer(answer))
  return moveTo('reported')
}
