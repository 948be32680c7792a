import { EPOCHS_PER_YEAR } from '../../../oracle/chain/epochs.ts'

export const GIB = 2n ** 30n

/** What keeping a GiB for a year pays or costs, attoFIL. @param price Per replica and epoch, attoFIL. @param pieceSize Padded bytes. */
export const perGibYear = (price: bigint, pieceSize: bigint): bigint => (price * EPOCHS_PER_YEAR * GIB) / pieceSize

/** The price per replica and epoch, attoFIL, that pays at most `rate` for a GiB kept a year; 0 where not even one attoFIL fits. */
export const priceOfRate = (rate: bigint, pieceSize: bigint): bigint => (rate * pieceSize) / (EPOCHS_PER_YEAR * GIB)
