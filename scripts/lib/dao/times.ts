import { EPOCH_SECONDS, EPOCHS_PER_DAY } from '../../../oracle/chain/epochs.ts'
import { inEpochs } from '../epochs.ts'
import { dayOf, type Clock } from '../perpetual/clock.ts'

const UNITS: Record<string, bigint> = { m: 2n, h: 120n, d: EPOCHS_PER_DAY, epochs: 1n }

/** A length of time as a person types it, in epochs: `90m`, `2h`, `3d`, `20epochs`. */
export function parseDuration(option: string, text: string): bigint {
  const [, digits, unit] = /^(\d{1,7}) ?(m|h|d|epochs)$/.exec(text) ?? []
  if (digits !== undefined) return BigInt(digits) * UNITS[unit!]!
  throw new Error(`${option} expects a time, as 90m, 2h, 3d or 20epochs, got '${text}'`)
}

/** How long until an epoch is over: `960 epochs (8.0 hours at 30 s each), to the end of epoch 5000 (2031-05-07)`. */
export function leftWords(clock: Clock, lastEpoch: bigint): string {
  return `${inEpochs(lastEpoch - clock.epoch)}, to the end of epoch ${lastEpoch} (${dayOf(clock, lastEpoch)})`
}

/** A Unix time beside the chain's: `2031-05-07 12:00 UTC, in 960 epochs (8.0 hours at 30 s each)`. */
export function atSeconds(clock: Clock, seconds: bigint): string {
  const day = new Date(Number(seconds) * 1000).toISOString().replace('T', ' ').slice(0, 16)
  const ahead = seconds - clock.time
  if (ahead <= 0n) return `${day} UTC, which has passed`
  return `${day} UTC, in ${inEpochs((ahead + EPOCH_SECONDS - 1n) / EPOCH_SECONDS)}`
}
