import type { Context } from '../context.ts'
import type { Keeping } from '../db/keeping.ts'
import { tellSlot } from '../perpetual/tell.ts'
import { CAP_EPOCHS } from './cost.ts'
import type { KeeperParts } from './parts.ts'

export type FollowContext = Pick<Context, 'config' | 'log'> & Pick<KeeperParts, 'chain' | 'sender' | 'keepings'>

/** Epochs after which a transaction that is not mined may cost more, and again after as many. */
export const RAISE_EPOCHS = 40n

/**
 * What became of a transaction that was handed over: what it cost, once that is known. One that waits may cost twice as much, as far
 * as the cap goes: it must not hold up this operator's votes.
 * @returns Whether it is still under way.
 */
export async function follow(ctx: FollowContext, keeping: Keeping, head: bigint): Promise<boolean> {
  const { key, calls } = keeping
  const status = await ctx.sender.status(key)
  if (status === undefined || status.state === 'refused') {
    // This process died before it was handed over, or the chain had moved on: nothing was sent.
    await ctx.keepings.close(key, 0n)
    return false
  }
  if (status.state === 'queued' || status.state === 'sent') {
    await raise(ctx, keeping, head)
    return true
  }

  const { cost, transaction } = await costOf(ctx, keeping, status.hashes)
  await ctx.keepings.close(key, cost)
  if (status.state === 'confirmed') tellSlot(ctx.log, 'slots-kept', { calls, cost, transaction })
  return false
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

async function raise({ keepings, sender, config }: FollowContext, keeping: Keeping, head: bigint): Promise<void> {
  const { key, most, raisedEpoch } = keeping
  if (head < raisedEpoch + RAISE_EPOCHS) return
  const left = config.keeperCap - (await keepings.spentSince(head - CAP_EPOCHS))
  const more = left < most ? left : most
  if (more <= 0n) return

  await keepings.raise(key, most + more, head)
  await sender.allow(key, most + more)
}
