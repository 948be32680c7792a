import { parseArgs } from 'node:util'
import { BEHAVIOUR } from './market.ts'

export interface SimulateOptions {
  /** Orders in each scenario. */
  orders: number
  years: number
  seed: number
  /** How much the market's price moves in a year, of 1. */
  volatility: number
  /** One JSON object on standard output instead of the table. */
  json: boolean
}

export const USAGE = `npm run simulate -- [--orders N] [--years N] [--seed N] [--volatility PERCENT] [--json]

Lives through orders of PerpetualStorage off-chain, epoch by epoch: storage providers claim, seal, fail and renew; the price may rise.
Prints a table and draws docs/perpetual-simulation.svg (only with the default options).

  --orders N            orders in each scenario (default 1000)
  --years N             1 to 50 (default 20)
  --seed N              another history of everything (default 1)
  --volatility PERCENT  how much the market's price moves in a year (default ${BEHAVIOUR.volatility * 100})
  --json                one JSON object on standard output instead of the table`

export const DEFAULTS: SimulateOptions = {
  orders: 1_000,
  years: 20,
  seed: 1,
  volatility: BEHAVIOUR.volatility,
  json: false,
}

/** Reads the command line. Throws with words; returns undefined if help was asked for. */
export function parseSimulateOptions(args: string[]): SimulateOptions | undefined {
  const { values } = parseArgs({
    args,
    options: {
      orders: { type: 'string' },
      years: { type: 'string' },
      seed: { type: 'string' },
      volatility: { type: 'string' },
      json: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  })
  if (values.help) return undefined
  return {
    orders: whole('--orders', values.orders, 1, 100_000) ?? DEFAULTS.orders,
    years: whole('--years', values.years, 1, 50) ?? DEFAULTS.years,
    seed: whole('--seed', values.seed, 0, 2 ** 32 - 1) ?? DEFAULTS.seed,
    volatility: (whole('--volatility', values.volatility, 0, 200) ?? DEFAULTS.volatility * 100) / 100,
    json: values.json ?? DEFAULTS.json,
  }
}

function whole(option: string, text: string | undefined, least: number, most: number): number | undefined {
  if (text === undefined) return undefined
  const value = /^\d+$/.test(text) ? Number(text) : NaN
  if (!(value >= least && value <= most)) {
    throw new Error(`${option} expects a whole number from ${least} to ${most}, got '${text}'`)
  }
  return value
}
