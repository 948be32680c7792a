import { DEFAULT_MAX_TERM, defaultTerms, YEAR } from './model/rules.ts'
import { openOrder, type Order } from './model/order.ts'

/** How a client prices an order. Prices are multiples of the market's. */
export interface Policy {
  name: 'market' | 'generous' | 'tended'
  what: string
  /** The price at the start, of the market's then. */
  start: number
  /** Looks after the order once a year: sets the price to the market's, tops it up. */
  tended: boolean
}

export const POLICIES: readonly Policy[] = [
  { name: 'market', what: "the market's price, left alone", start: 1, tended: false },
  { name: 'generous', what: "double the market's price, left alone", start: 2, tended: false },
  { name: 'tended', what: "the market's price, set anew every year", start: 1, tended: true },
]

/** The ceiling as a multiple of the price: 1 is a price that never rises. */
export const CEILINGS = [1, 2, 10] as const

export const FAILURE_PERCENTS = [1, 3, 10, 20, 30] as const

export const CLIENT = 'client'
export const REPLICAS = 3

/** The market's price at the start: 0.2 FIL a year for a replica of 32 GiB, attoFIL per epoch. */
export const MARKET_PRICE = (2n * 10n ** 17n) / BigInt(YEAR)

export const REVIEW = YEAR

const times = (price: bigint, by: number): bigint => (price * BigInt(Math.round(by * 1e6))) / 1_000_000n

/** What the order would cost at a constant price: attoFIL for all replicas over so many epochs. */
export const costOf = (price: bigint, epochs: number): bigint => price * BigInt(REPLICAS) * BigInt(epochs)

/** The order at its start, with twice the money that its price would need for the whole time and a year more. */
export function orderOf(policy: Policy, ceiling: number, epochs: number): Order {
  const price = times(MARKET_PRICE, policy.start)
  return openOrder({
    client: CLIENT,
    replicas: REPLICAS,
    price,
    ceiling: price * BigInt(ceiling),
    endEpoch: 0,
    terms: defaultTerms(price),
    deposit: 2n * costOf(price, epochs + YEAR),
  })
}

/** What a client who looks after an order would have it be, when the market's price is `level` times that at the start. */
export function review(order: Order, ceiling: number, level: number) {
  const price = times(MARKET_PRICE, level)
  const wanted = 2n * costOf(price, DEFAULT_MAX_TERM) * BigInt(ceiling)
  return { price, ceiling: price * BigInt(ceiling), topUp: order.free < wanted ? wanted - order.free : 0n }
}
