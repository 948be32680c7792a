import { EPOCH_SECONDS, EPOCHS_PER_DAY } from './epochs.ts'

// Bounds of contracts/dao/DaoRules.sol, under its names; a test compares the two.

/** Epochs after a vote's end in which what passed can be queued. */
export const QUEUE_WINDOW = 14n * EPOCHS_PER_DAY
/** After the timelock's delay, in which what is queued can be executed. */
export const EXECUTION_WINDOW_SECONDS = 14n * EPOCHS_PER_DAY * EPOCH_SECONDS
