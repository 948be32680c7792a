import type { Context } from '../context.ts'
import { tellSlot } from '../perpetual/tell.ts'
import { batchOf, byUrgency, keepCall, readDone, wordsOf, type Task } from './calls.ts'
import { leftToSpend } from './budget.ts'
import { likelyFor, mostFor } from './cost.ts'
import type { KeeperParts } from './parts.ts'

export type HandOverContext = Pick<Context, 'config' | 'log'> &
  Pick<KeeperParts, 'chain' | 'sender' | 'perpetual' | 'keepings'>

/** Tasks in one transaction; the contract takes 64, a block's gas rather less. */
export const MAX_TASKS = 32

/** Tasks that are worth their gas, and the most that they may cost together, attoFIL. */
interface Priced {
  tasks: Task[]
  most: bigint
}

/**
 * Puts the most urgent tasks into one transaction: those that a simulation at the head does, that are worth more than their gas, and
 * that the day's cap pays for. What it can cost at most is stored before it is handed over.
 */
export async function handOver(ctx: HandOverContext, tasks: Task[], head: bigint): Promise<void> {
  const sorted = tasks.toSorted(byUrgency)
  for (let at = 0; at < sorted.length; at += MAX_TASKS) {
    // Tasks that cannot be done, or are worth nothing, must not hide those behind them.
    const possible = await simulate(ctx, sorted.slice(at, at + MAX_TASKS))
    const priced = await price(ctx, possible, head)
    if (priced === 'capped') return
    if (priced !== 'nothing') return send(ctx, priced, head)
  }
}

async function send(ctx: HandOverContext, { tasks, most }: Priced, head: bigint): Promise<void> {
  const balance = await ctx.chain.getBalance(ctx.sender.address)
  if (balance < most) {
    ctx.log.warn({ needed: `${most}`, balance: `${balance}` }, 'slots not kept: too little money for gas')
    return
  }

  const calls = tasks.map(wordsOf)
  const key = `keep:${head}:${calls[0]!.replace(' ', ':')}`
  if (!(await ctx.keepings.put({ key, epoch: head, slots: tasks.map(({ slot }) => slot), calls, most }))) return
  await ctx.sender.submit({ ...keepCall(ctx.perpetual.address, key, tasks), maxCost: most })
  tellSlot(ctx.log, 'slots-keeping', { calls, most })
}

/** The tasks that would be done now: the contract itself says so. */
async function simulate({ chain, sender, perpetual, log }: HandOverContext, tasks: Task[]): Promise<Task[]> {
  const returned = await chain.call({ from: sender.address, to: perpetual.address, data: batchOf(tasks, 0) })
  const done = readDone(returned)
  const refused = tasks.filter((_, i) => !done[i]).map(wordsOf)
  if (refused.length > 0) log.info({ calls: refused }, 'not possible now: looked at again later')
  return tasks.filter((_, i) => done[i])
}

/** As many tasks as the cap pays for, each worth its gas. */
async function price(ctx: HandOverContext, possible: Task[], head: bigint): Promise<Priced | 'nothing' | 'capped'> {
  if (possible.length === 0) return 'nothing'
  const { chain, sender, perpetual, config, log } = ctx
  const fees = await chain.feeData()
  const left = await leftToSpend(ctx, 'keep', head)

  for (let tasks = possible; tasks.length > 0;) {
    const data = batchOf(tasks, tasks.length)
    const gas = await chain.estimateGas({ from: sender.address, to: perpetual.address, data })
    const each = likelyFor(gas, fees) / BigInt(tasks.length)
    const worth = tasks.filter(({ due }) => due.stake >= each)
    const most = mostFor(gas, fees, config.gasCap)
    if (worth.length < tasks.length) {
      const poor = tasks.filter(({ due }) => due.stake < each).map(wordsOf)
      log.debug({ calls: poor, gas: `${each}` }, 'not worth its gas')
      tasks = worth
    } else if (most <= left) {
      return { tasks, most }
    } else if (tasks.length > 1) {
      tasks = tasks.slice(0, tasks.length / 2)
    } else {
      const words = 'slots not kept: MOORING_KEEPER_CAP is used up'
      log.warn({ calls: tasks.map(wordsOf), most: `${most}`, left: `${left}` }, words)
      return 'capped'
    }
  }
  return 'nothing'
}
