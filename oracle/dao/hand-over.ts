import { daoCall } from '../chain/dao-calls.ts'
import { contractErrors } from '../chain/contract-errors.ts'
import { CallReverted } from '../chain/rpc.ts'
import { decodeRevert } from '../chain/sender-outcome.ts'
import type { Context } from '../context.ts'
import type { IntentError } from '../db/intent.ts'
import { leftToSpend } from '../keeper/budget.ts'
import { mostFor } from '../keeper/cost.ts'
import type { KeeperParts } from '../keeper/parts.ts'
import { wordsOf, type DaoTask } from './tasks.ts'
import { tellDao } from './tell.ts'

export type HandOverContext = Pick<Context, 'config' | 'log'> & Pick<KeeperParts, 'chain' | 'sender' | 'keepings'>

/** reverts: nothing was sent, the chain would not do it now. poor: there is no money for it now, nor for anything after it. */
export type HandedOver = { state: 'sent' | 'poor' } | { state: 'reverts'; error: IntentError }

/**
 * Hands one task to the sender, if a simulation at the head does it and the day's cap pays for it. What it can cost at most is stored
 * before.
 */
export async function handOver(ctx: HandOverContext, task: DaoTask, head: bigint): Promise<HandedOver> {
  const { chain, sender, keepings, config, log } = ctx
  const { action, dao, proposal } = task
  const wanted = daoCall(action, dao, proposal)
  const asked = { from: sender.address, to: wanted.to, data: wanted.data }
  let gas: bigint
  try {
    await chain.call(asked)
    gas = await chain.estimateGas(asked)
  } catch (error) {
    if (!(error instanceof CallReverted)) throw error
    return { state: 'reverts', error: decodeRevert(error, contractErrors) }
  }

  const most = mostFor(gas, await chain.feeData(), config.gasCap)
  const which = { dao: dao.address, proposalId: proposal.id, action }
  const left = await leftToSpend(ctx, 'dao', head)
  if (most > left) return poor('MOORING_KEEPER_CAP is used up, or half of it for DataDAOs', left)
  const balance = await chain.getBalance(sender.address)
  if (most > balance) return poor('too little money for gas', balance)

  const calls = [wordsOf(task)]
  for (let attempt = 0; ; attempt++) {
    const key = `dao:${action}:${proposal.id}:${attempt}`
    const before = await sender.status(key)
    // A living one is looked after by the sender, also when a reorg takes it back: the rows will tell.
    if (before && before.state !== 'refused' && before.state !== 'failed') return { state: 'sent' }
    if (before || !(await keepings.put({ key, epoch: head, slots: [proposal.id], calls, most }))) continue

    await sender.submit({ key, ...wanted, maxCost: most })
    tellDao(log, 'dao-acting', { ...which, most })
    return { state: 'sent' }
  }

  function poor(why: string, has: bigint): HandedOver {
    log.warn({ ...which, proposalId: `${proposal.id}`, most: `${most}`, left: `${has}` }, `not ${PAST[action]}: ${why}`)
    return { state: 'poor' }
  }
}

const PAST = { queue: 'queued', execute: 'executed', release: 'released' }
