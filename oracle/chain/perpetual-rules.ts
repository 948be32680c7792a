import { EPOCHS_PER_DAY } from './epochs.ts'

// Bounds and defaults of contracts/perpetual/PerpetualRules.sol, under its names; a test compares the two.

export const MAX_REPLICAS = 16n

/** Shortest and longest term of a slot, epochs: what the market actor takes. */
export const MIN_TERM = 180n * EPOCHS_PER_DAY
export const MAX_TERM = 1_278n * EPOCHS_PER_DAY
/** The longest term of an order's slots, epochs, unless it says otherwise. */
export const DEFAULT_MAX_TERM = 360n * EPOCHS_PER_DAY

/** Epochs after a term's end in which evidence can still be shown. */
export const GRACE = 7n * EPOCHS_PER_DAY
/** Epochs before a term's end by which a successor must be proven. */
export const HANDOVER_MARGIN = EPOCHS_PER_DAY

/** Of the collateral, hundredths, for who shows a loss. */
export const BOUNTY_PERCENT = 10n

/** What the contract runs in one `batch`. */
export const MAX_CALLS = 64
