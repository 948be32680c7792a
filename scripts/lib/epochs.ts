import { EPOCH_SECONDS } from '../../oracle/chain/epochs.ts'

/** `960 epochs (8.0 hours)`: at Filecoin's 30 seconds an epoch; a local chain's are shorter. */
export function inEpochs(epochs: bigint): string {
  const hours = Number(epochs * EPOCH_SECONDS) / 3600
  const length = hours >= 48 ? `${(hours / 24).toFixed(1)} days` : `${hours.toFixed(1)} hours`
  return `${epochs} epochs (${length} at 30 s each)`
}
