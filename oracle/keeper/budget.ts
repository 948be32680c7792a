import type { Config } from '../config.ts'
import type { KeepingStore, Purpose } from '../db/keeping.ts'
import { CAP_EPOCHS } from './cost.ts'

export interface BudgetContext {
  config: Pick<Config, 'keeperCap'>
  keepings: Pick<KeepingStore, 'spentSince'>
}

/** Of the cap, what may be spent for DataDAOs at most: what their members pass must not keep slots from being kept. */
const DAO_SHARE = 2n

/** What may still be spent for a purpose within the day that ends at `head`, attoFIL; below zero where the cap was lowered. */
export async function leftToSpend(
  { config, keepings }: BudgetContext,
  purpose: Purpose,
  head: bigint,
): Promise<bigint> {
  const since = head - CAP_EPOCHS
  const left = config.keeperCap - (await keepings.spentSince(since))
  if (purpose === 'keep') return left

  const leftOfShare = config.keeperCap / DAO_SHARE - (await keepings.spentSince(since, purpose))
  return left < leftOfShare ? left : leftOfShare
}
