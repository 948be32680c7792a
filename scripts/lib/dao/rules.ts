import { EPOCHS_PER_DAY } from '../../../oracle/chain/epochs.ts'

// Bounds of contracts/dao/DaoRules.sol, under its names; a test compares the two. Times are epochs.

export const MIN_VOTING_DELAY = 1n
export const MAX_VOTING_DELAY = 14n * EPOCHS_PER_DAY
export const MIN_VOTING_PERIOD = 20n
export const MAX_VOTING_PERIOD = 42n * EPOCHS_PER_DAY
export const MAX_TIMELOCK_DELAY = 30n * EPOCHS_PER_DAY

/** In hundredths of all weight. */
export const MIN_QUORUM = 1n
export const MAX_QUORUM = 50n

export const MIN_THRESHOLD = 1n
export const MIN_MEMBERS = 2n

/** From when it is set. */
export const MAX_GUARDIAN_TERM = 365n * EPOCHS_PER_DAY
