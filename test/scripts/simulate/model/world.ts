import { expect } from 'chai'
import { claim } from '../../../../scripts/simulate/model/claims.ts'
import { openSlots } from '../../../../scripts/simulate/model/openings.ts'
import { openOrder, type NewOrder, type Order, type Slot } from '../../../../scripts/simulate/model/order.ts'
import { prove } from '../../../../scripts/simulate/model/claims.ts'
import { defaultTerms } from '../../../../scripts/simulate/model/rules.ts'

export const PRICE = 10n ** 12n
export const CEILING = 3n * PRICE
export const TERMS = defaultTerms(PRICE)
export const DEPOSIT = 100n * 10n ** 18n
export const NOW = 1_000_000
export const POSTER = 'poster'
/** All that a claim at the base price can earn. */
export const RESERVE = PRICE * BigInt(TERMS.maxTerm)

export const order = (given: Partial<NewOrder> = {}): Order =>
  openOrder({ client: 'client', replicas: 1, price: PRICE, ceiling: CEILING, endEpoch: 0, terms: TERMS, deposit: DEPOSIT, ...given }) // prettier-ignore

/** `provider` takes the first open slot, or the one in `seat`. */
export function take(of: Order, provider: number, now: number, seat = openSlots(of, now)[0].seat): Slot {
  const nonce = (of.slots[seat]?.nonce ?? 0) + 1
  return claim(of, { seat, nonce, version: of.version, minPrice: 0n, provider, owner: -provider, poster: POSTER }, now)
}

/** An order whose one slot `provider` has claimed and proven at {@link NOW}. */
export function proven(given: Partial<NewOrder> = {}, provider = 1): { order: Order; slot: Slot } {
  const one = order(given)
  const { seat } = take(one, provider, NOW)
  return { order: one, slot: prove(one, seat, { start: 0, end: NOW + 2 * TERMS.maxTerm }, NOW) }
}

/** The model refuses with the contract's error. */
export function expectRefusal(call: () => unknown, error: string): void {
  expect(call).to.throw(error)
}
