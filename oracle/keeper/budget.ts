import type { Config } from '../config.ts'
import type { KeepingStore, Purpose } from '../db/keeping.ts'
import { CAP_EPOCHS } from './cost.ts'

export interface BudgetContext {
  config: Pick<Config, 'keeperCap'>
  keepings: Pick<KeepingStore, 'spentSince'>
}

/** Of the cap, what may be spent on all that is not for slots: what strangers ask for must not keep slots from being kept. */
const OTHERS_SHARE = 2n

/** What may still be spent for a purpose within the day that ends at `head`, attoFIL; below zero where the cap was lowered. */
export async function leftToSpend(
  { config, keepings }: BudgetContext,
  purpose: Purpose,
  head: bigint,
): Promise<bigint> {
  const since = head - CAP_EPOCHS
  const spent = await keepings.spentSince(since)
  const left = config.keeperCap - spent
  if (purpose === 'keep') return left

  const spentOnOthers = spent - (await keepings.spentSince(since, 'keep'))
  const leftOfShare = config.keeperCap / OTHERS_SHARE - spentOnOthers
  return left < leftOfShare ? left : leftOfShare
}
