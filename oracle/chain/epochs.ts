/** What an epoch lasts on Filecoin; a local chain's are shorter. */
export const EPOCH_SECONDS = 30n

export const EPOCHS_PER_DAY = 2_880n

/** Of 365 days. */
export const EPOCHS_PER_YEAR = 365n * EPOCHS_PER_DAY
