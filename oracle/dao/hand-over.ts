import { daoCall } from '../chain/dao-calls.ts'
import type { Context } from '../context.ts'
import { handOverOne, type HandedOver, type HandOverOneContext } from '../keeper/hand-over-one.ts'
import { wordsOf, type DaoTask } from './tasks.ts'
import { tellDao } from './tell.ts'

export type HandOverContext = HandOverOneContext & Pick<Context, 'log'>

/** Hands one task to the sender, if the chain would do it now and the day's cap pays for it. */
export async function handOver(ctx: HandOverContext, task: DaoTask, head: bigint): Promise<HandedOver> {
  const { action, dao, proposal } = task
  const which = { dao: dao.address, proposalId: proposal.id, action }
  const single = {
    ...{ purpose: 'dao' as const, about: proposal.id, words: wordsOf(task), wanted: daoCall(action, dao, proposal) },
    keyOf: (attempt: number) => `dao:${action}:${proposal.id}:${attempt}`,
  }
  const result = await handOverOne(ctx, single, head)
  if (result.state === 'sent' && result.most !== undefined)
    tellDao(ctx.log, 'dao-acting', { ...which, most: result.most })
  if (result.state === 'poor') {
    const { why, most, left } = result
    const money = { most: `${most}`, left: `${left}` }
    ctx.log.warn({ ...which, proposalId: `${proposal.id}`, ...money }, `not ${PAST[action]}: ${SHORT_OF[why]}`)
  }
  return result
}

const PAST = { queue: 'queued', execute: 'executed', release: 'released' }
const SHORT_OF = {
  cap: 'MOORING_KEEPER_CAP is used up, or the half of it that is not for slots',
  balance: 'too little money for gas',
}
