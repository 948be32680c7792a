import type { Random } from './random.ts'
import { DAY, YEAR } from './model/rules.ts'

/** How storage providers behave. Times are epochs, shares are of 1. */
export interface Behaviour {
  /** Share of providers that leave for good within a year. */
  failuresPerYear: number
  /** Providers that know the order, and how often one of them looks at it. */
  providers: number
  meanBetweenLooks: number
  /** Spread of what providers ask around the market's price: the standard deviation of its logarithm. */
  askSpread: number
  /** How much the market's price moves in a year: the standard deviation of its logarithm's change. */
  volatility: number
  /** Of the claims by a new provider: given back in time, or never proven. */
  abandonShare: number
  lapseShare: number
  sealing: [least: number, most: number]
  /** Of the failures: announced by resigning, or by terminating the sector; the others are sectors that stay faulty. */
  resignShare: number
  terminateShare: number
  /** Times that a provider's sector is faulty for a while for each time that it fails for good, and for how long. */
  faultsPerFailure: number
  meanFault: number
  /** From what happens to when a keeper shows it to the contract: up to so long. */
  notice: number
}

/** The market of the published table. */
export const BEHAVIOUR: Omit<Behaviour, 'failuresPerYear'> = {
  providers: 100,
  meanBetweenLooks: DAY,
  askSpread: 0.5,
  volatility: 0.3,
  abandonShare: 0.05,
  lapseShare: 0.05,
  sealing: [DAY, 4 * DAY],
  resignShare: 0.2,
  terminateShare: 0.4,
  faultsPerFailure: 5,
  meanFault: DAY,
  notice: DAY,
}

/** Epochs for which the market's price stays the same. */
export const STEP = 30 * DAY

/** The market's price over time, as a multiple of the one at the start: a random walk of its logarithm, without drift. */
export function pricePath(random: Random, volatility: number, epochs: number): number[] {
  const deviation = volatility * Math.sqrt(STEP / YEAR)
  const path = [1]
  while (path.length * STEP <= epochs) path.push(path.at(-1)! * Math.exp(deviation * random.normal()))
  return path
}

/** What each provider asks as a multiple of the market's price, cheapest first: the middles of equal shares of a log-normal distribution. */
export function asks(providers: number, spread: number): number[] {
  return Array.from({ length: providers }, (_, k) => Math.exp(spread * normalQuantile((k + 0.5) / providers)))
}

/** How many of `sorted` asks are at most `price`. */
export function countWilling(sorted: readonly number[], price: number): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (sorted[middle]! <= price) low = middle + 1
    else high = middle
  }
  return low
}

/** Where the standard normal distribution reaches a share: by bisection of Abramowitz and Stegun's 7.1.26 (error below 1.5e-7). */
export function normalQuantile(share: number): number {
  let low = -9
  let high = 9
  for (let round = 0; round < 60; round++) {
    const middle = (low + high) / 2
    if (normalShare(middle) < share) low = middle
    else high = middle
  }
  return low
}

function normalShare(x: number): number {
  const z = Math.abs(x) / Math.SQRT2
  const t = 1 / (1 + 0.3275911 * z)
  const poly = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t
  const tail = (poly * Math.exp(-z * z)) / 2
  return x < 0 ? tail : 1 - tail
}
