import { EPOCH_SECONDS } from '../../../oracle/chain/epochs.ts'
import type { Connection } from '../hardhat.ts'

/** The chain's head as a clock: its epoch, and the time that its block says, Unix seconds. */
export interface Clock {
  epoch: bigint
  time: bigint
}

export async function readClock({ ethers }: Pick<Connection, 'ethers'>): Promise<Clock> {
  const head = (await ethers.provider.getBlock('latest'))!
  return { epoch: BigInt(head.number), time: BigInt(head.timestamp) }
}

/** The day of an epoch, as 2031-05-07, at 30 seconds an epoch from the head on; a local chain's are shorter. */
export function dayOf({ epoch, time }: Clock, of: bigint): string {
  return new Date(Number(time + (of - epoch) * EPOCH_SECONDS) * 1000).toISOString().slice(0, 10)
}

/** `epoch 2073600 (2031-05-07, in 720 days)`. */
export function whenWords(clock: Clock, of: bigint): string {
  return `epoch ${of} (${dayOf(clock, of)}, ${distance(of - clock.epoch)})`
}

function distance(epochs: bigint): string {
  if (epochs === 0n) return 'now'
  const length = lengthWords(epochs < 0n ? -epochs : epochs)
  return epochs < 0n ? `${length} ago` : `in ${length}`
}

/** `7 days`, `2.5 hours`: a time in epochs as a person thinks of it. */
export function lengthWords(epochs: bigint): string {
  const hours = Number(epochs) / 120
  const round = (value: number, unit: string) =>
    `${Number(value.toFixed(1))} ${unit}${value.toFixed(1) === '1.0' ? '' : 's'}`
  if (hours >= 48) return round(hours / 24, 'day')
  return hours >= 1 ? round(hours, 'hour') : round(hours * 60, 'minute')
}
