import { EPOCHS_PER_DAY, EPOCHS_PER_YEAR } from '../../../oracle/chain/epochs.ts'
import * as rules from '../../../oracle/chain/perpetual-rules.ts'

// The bounds and defaults of contracts/perpetual/PerpetualRules.sol, in epochs and attoFIL; a test compares the two. Epochs are plain
// numbers here: a simulation counts millions of them.
export const DAY = Number(EPOCHS_PER_DAY)
export const YEAR = Number(EPOCHS_PER_YEAR)

export const MAX_REPLICAS = Number(rules.MAX_REPLICAS)
export const MIN_TERM = Number(rules.MIN_TERM)
export const MAX_TERM = Number(rules.MAX_TERM)
export const MIN_CLAIM = DAY
export const MIN_COLLATERAL = 10n ** 17n
export const GRACE = Number(rules.GRACE)
export const HANDOVER_MARGIN = Number(rules.HANDOVER_MARGIN)
export const BARRED = 30 * DAY
export const ABANDON_FEE_PERCENT = 5n
export const { BOUNTY_PERCENT } = rules

export const DEFAULT_MAX_TERM = Number(rules.DEFAULT_MAX_TERM)
export const DEFAULT_CLAIM = 7 * DAY
export const DEFAULT_FETCH = DAY
export const DEFAULT_GAP = 7 * DAY
export const DEFAULT_RENEWAL = 30 * DAY
export const DEFAULT_EVICT = 14 * DAY
export const DEFAULT_COLLATERAL_EPOCHS = 30 * DAY

/** Rules of an order that never change: `IPerpetualOrders.Terms` but for who may claim. Epochs; the collateral is attoFIL. */
export interface Terms {
  minTerm: number
  maxTerm: number
  claim: number
  fetch: number
  gap: number
  renewal: number
  evict: number
  collateral: bigint
  liveness: 'Sector' | 'Deal'
}

/** The terms with which `open` opens an order of this price (attoFIL per replica and epoch). */
export function defaultTerms(price: bigint): Terms {
  const pay = price * BigInt(DEFAULT_COLLATERAL_EPOCHS)
  return {
    minTerm: MIN_TERM,
    maxTerm: DEFAULT_MAX_TERM,
    claim: DEFAULT_CLAIM,
    fetch: DEFAULT_FETCH,
    gap: DEFAULT_GAP,
    renewal: DEFAULT_RENEWAL,
    evict: DEFAULT_EVICT,
    collateral: pay > MIN_COLLATERAL ? pay : MIN_COLLATERAL,
    liveness: 'Sector',
  }
}
