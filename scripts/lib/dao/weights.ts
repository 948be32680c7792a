import { formatUnits, parseUnits } from 'ethers'
import type { Dao } from './contracts.ts'

/** Of a token that votes by weight. */
const DECIMALS = 18

type Membership = Pick<Dao, 'weighted' | 'symbol'>

/** Weight in the unit that members count in: `3 votes`, or `2.5 FISH`. */
export function weightWords({ weighted, symbol }: Membership, weight: bigint): string {
  if (weighted) return `${formatUnits(weight, DECIMALS).replace(/\.0$/, '')} ${symbol}`
  return `${weight} ${weight === 1n ? 'vote' : 'votes'}`
}

/** Weight as a person types it, in what the contract counts in. */
export function parseWeight(option: string, text: string, weighted: boolean): bigint {
  const known = weighted ? /^\d{1,15}(\.\d{1,18})?$/ : /^\d{1,15}$/
  if (known.test(text)) return weighted ? parseUnits(text, DECIMALS) : BigInt(text)
  throw new Error(`${option} expects ${weighted ? 'a weight, as 100 or 2.5' : 'a number of votes'}, got '${text}'`)
}
