import type { Context } from '../context.ts'
import type { IntentError } from '../db/intent.ts'
import type { Keeping, Purpose } from '../db/keeping.ts'
import { leftToSpend } from './budget.ts'
import type { KeeperParts } from './parts.ts'

export type FollowContext = Pick<Context, 'config'> & Pick<KeeperParts, 'chain' | 'sender' | 'keepings'>

/** Epochs after which a transaction that is not mined may cost more, and again after as many. */
export const RAISE_EPOCHS = 40n

/** What became of a transaction that was handed over. */
export type Outcome =
  | { state: 'under way' }
  /** It was mined and did its work; what its gas cost, attoFIL. */
  | { state: 'done'; cost: bigint; transaction?: string }
  /** It was mined without effect, or never sent. */
  | { state: 'failed'; error: IntentError | null }

/**
 * What became of a transaction that was handed over, and what it cost, once that is known. One that waits may cost twice as much, as far
 * as the cap goes: it must not hold up this operator's votes.
 */
export async function follow(ctx: FollowContext, purpose: Purpose, keeping: Keeping, head: bigint): Promise<Outcome> {
  const { key } = keeping
  const status = await ctx.sender.status(key)
  if (status === undefined || status.state === 'refused') {
    // This process died before it was handed over, or the chain had moved on: nothing was sent.
    await ctx.keepings.close(key, 0n)
    return { state: 'failed', error: status?.error ?? null }
  }
  if (status.state === 'queued' || status.state === 'sent') {
    await raise(ctx, purpose, keeping, head)
    return { state: 'under way' }
  }

  const { cost, transaction } = await costOf(ctx, keeping, status.hashes)
  await ctx.keepings.close(key, cost)
  return status.state === 'confirmed' ? { state: 'done', cost, transaction } : { state: 'failed', error: status.error }
}

/** What the gas of the one that was mined cost; the most it can have been where no node has its receipt any more. */
async function costOf(
  { chain }: FollowContext,
  { most }: Keeping,
  hashes: string[],
): Promise<{ cost: bigint; transaction?: string }> {
  for (const hash of hashes.toReversed()) {
    const receipt = await chain.getTransactionReceipt(hash)
    if (receipt) return { cost: receipt.gasUsed * receipt.effectiveGasPrice, transaction: hash }
  }
  return { cost: most }
}

async function raise(ctx: FollowContext, purpose: Purpose, keeping: Keeping, head: bigint): Promise<void> {
  const { key, most, raisedEpoch } = keeping
  if (head < raisedEpoch + RAISE_EPOCHS) return
  const left = await leftToSpend(ctx, purpose, head)
  const more = left < most ? left : most
  if (more <= 0n) return

  await ctx.keepings.raise(key, most + more, head)
  await ctx.sender.allow(key, most + more)
}
