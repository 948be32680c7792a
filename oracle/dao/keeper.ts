import { createLoop } from '../chain/loop.ts'
import type { ChainClient } from '../chain/client.ts'
import type { Context } from '../context.ts'
import type { IntentError } from '../db/intent.ts'
import { RetryableError } from '../errors.ts'
import { createAttempts } from '../keeper/attempts.ts'
import { delayOf } from '../keeper/find.ts'
import { follow, type FollowContext } from '../keeper/follow.ts'
import type { HandedOver } from '../keeper/hand-over-one.ts'
import type { Keeper } from '../keeper/keeper.ts'
import { handOver, type HandOverContext } from './hand-over.ts'
import { createTaskFinder, wordsOf, type DaoTask, type TasksContext } from './tasks.ts'
import { tellDao } from './tell.ts'

export type DaoKeeperContext = FollowContext &
  HandOverContext &
  TasksContext &
  Pick<Context, 'operatorId'> & { chain: Pick<ChainClient, 'getBlock'> }

/** Transactions under way at once: they share the sender with this operator's votes. */
const MAX_UNDER_WAY = 2
/** How often a treasury that was too short is looked at again: an hour. */
export const SHORT_EPOCHS = 120n

const REFUSALS = {
  overtaken: [
    ...['GovernorUnexpectedProposalState', 'GovernorAlreadyQueuedProposal', 'TimelockUnexpectedOperationState'],
    ...['NoEarmark', 'NotExpired'],
  ],
  retried: { TreasuryShort: SHORT_EPOCHS },
}

/**
 * Queues and executes what DataDAOs have passed, and releases what was earmarked for what was not executed in time. Everything is decided
 * by what the chain says at the head: run twice, or by several operators at once, it does no harm.
 */
export function createDaoKeeper(ctx: DaoKeeperContext, { everyMs }: { everyMs: number }): Keeper {
  const finder = createTaskFinder(ctx)
  const attempts = createAttempts(REFUSALS)
  const loop = createLoop({ name: 'DAO keeper', pass, everyMs, log: ctx.log })

  async function pass(stopping: AbortSignal): Promise<void> {
    const head = await ctx.chain.blockNumber()
    const block = await ctx.chain.getBlock(head)
    if (block === null) return
    const busy = await followAll(head)
    const tasks = await finder.find(head, block.timestamp)
    attempts.keepOnly(new Set(tasks.map(wordsOf)))
    for (const task of tasks) {
      if (stopping.aborted || busy.size >= MAX_UNDER_WAY) return
      const { id } = task.proposal
      if (busy.has(id) || !attempts.isDue(wordsOf(task), head, delayOf(ctx.operatorId, id))) continue
      const { state } = await attempt(task, head)
      if (state === 'poor') return
      if (state === 'sent') busy.add(id)
    }
  }

  /** Looks after what was handed over before; gives the proposals of what is still under way. */
  async function followAll(head: bigint): Promise<Set<bigint>> {
    const busy = new Set<bigint>()
    for (const keeping of await ctx.keepings.open('dao')) {
      const { state, ...known } = await follow(ctx, 'dao', keeping, head)
      const [id] = keeping.slots
      if (state === 'under way') busy.add(id!)
      if (state === 'done') tellDao(ctx.log, 'dao-acted', { done: keeping.calls, ...known })
      if (state === 'failed' && 'error' in known && known.error) attempts.failed(keeping.calls[0]!, known.error, head)
    }
    return busy
  }

  /** What is wrong with one proposal does not hold up the others; that no node answers does. */
  async function attempt(task: DaoTask, head: bigint): Promise<HandedOver> {
    try {
      const result = await handOver(ctx, task, head)
      if (result.state === 'sent') attempts.tried(wordsOf(task), head)
      if (result.state === 'reverts') wait(task, result.error, head)
      return result
    } catch (error) {
      if (error instanceof RetryableError) throw error
      const why = { message: error instanceof Error ? error.message : String(error) }
      wait(task, why, head)
      return { state: 'reverts', error: why }
    }
  }

  function wait({ action, dao, proposal }: DaoTask, error: IntentError, head: bigint): void {
    const again = attempts.failed(wordsOf({ action, proposal }), error, head)
    if (again === undefined) return
    const [need, free] = error.name === 'TreasuryShort' ? error.args! : []
    const which = { dao: dao.address, proposalId: proposal.id, action }
    tellDao(ctx.log, 'dao-waits', { ...which, error: error.message, need, free, again })
  }

  return { start: loop.start, stop: loop.stop, processAll: loop.runNow }
}
