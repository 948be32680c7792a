import type { WantedCall } from '../chain/calls.ts'
import { contractErrors } from '../chain/contract-errors.ts'
import { CallReverted } from '../chain/rpc.ts'
import { decodeRevert } from '../chain/sender-outcome.ts'
import type { Context } from '../context.ts'
import type { IntentError } from '../db/intent.ts'
import type { Purpose } from '../db/keeping.ts'
import { leftToSpend } from './budget.ts'
import { likelyFor, mostFor } from './cost.ts'
import type { KeeperParts } from './parts.ts'

export type HandOverOneContext = Pick<Context, 'config'> & Pick<KeeperParts, 'chain' | 'sender' | 'keepings'>

/** One thing to be done in a transaction of its own. */
export interface Single {
  purpose: Purpose
  /** Its id: of a proposal, or of a request. */
  about: bigint
  /** What it is in words, as `execute 8123…`. */
  words: string
  wanted: Omit<WantedCall, 'key'>
  /** The intent's key; it begins with the purpose. */
  keyOf(attempt: number): string
  /** What is lost to anybody if nobody does it, attoFIL: no gas is worth more. Unlimited unless given. */
  stake?: bigint
}

/**
 * sent: it is under way; `most`, attoFIL, where it was handed over now. reverts: nothing was sent, the chain would not do it now.
 * poor: there is no money for it now, nor for anything after it: `most` is more than what is `left`. worthless: its gas costs more than
 * its stake.
 */
export type HandedOver =
  | { state: 'sent'; most?: bigint }
  | { state: 'reverts'; error: IntentError }
  | { state: 'poor'; why: 'cap' | 'balance'; most: bigint; left: bigint }
  | { state: 'worthless'; gas: bigint }

/**
 * Hands one thing to the sender, if a simulation at the head does it, it is worth its gas and the day's cap pays for it. What it can
 * cost at most is stored before.
 */
export async function handOverOne(ctx: HandOverOneContext, single: Single, head: bigint): Promise<HandedOver> {
  const { chain, sender, keepings, config } = ctx
  const { purpose, about, words, wanted, stake } = single
  const asked = { from: sender.address, to: wanted.to, data: wanted.data }
  let gas: bigint
  try {
    await chain.call(asked)
    gas = await chain.estimateGas(asked)
  } catch (error) {
    if (!(error instanceof CallReverted)) throw error
    return { state: 'reverts', error: decodeRevert(error, contractErrors) }
  }

  const fees = await chain.feeData()
  const likely = likelyFor(gas, fees)
  if (stake !== undefined && likely > stake) return { state: 'worthless', gas: likely }
  const most = mostFor(gas, fees, config.gasCap)
  const left = await leftToSpend(ctx, purpose, head)
  if (most > left) return { state: 'poor', why: 'cap', most, left }
  const balance = await chain.getBalance(sender.address)
  if (most > balance) return { state: 'poor', why: 'balance', most, left: balance }

  for (let attempt = 0; ; attempt++) {
    const key = single.keyOf(attempt)
    const before = await sender.status(key)
    // A living one is looked after by the sender, also when a reorg takes it back: the rows will tell.
    if (before && before.state !== 'refused' && before.state !== 'failed') return { state: 'sent' }
    if (before || !(await keepings.put({ key, epoch: head, slots: [about], calls: [words], most }))) continue

    await sender.submit({ key, ...wanted, maxCost: most })
    return { state: 'sent', most }
  }
}
