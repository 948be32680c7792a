import type { Terms } from './rules.ts'

export type OrderStatus = 'Live' | 'Suspended' | 'Cancelled'

/** `IPerpetualSlots.SlotState`, in its order. */
export const SLOT_STATES = ['None', 'Claimed', 'Active', 'Abandoned', 'Lapsed', 'Lost', 'Resigned', 'Ended'] as const
export type SlotState = (typeof SLOT_STATES)[number]

/** A seat's latest claim. Epochs are safe integers, money is attoFIL; names as in `IPerpetualSlots.SlotView`. */
export interface Slot {
  seat: number
  nonce: number
  state: SlotState
  provider: number
  owner: number
  poster: string
  price: bigint
  collateral: bigint
  maxTerm: number
  orderEnd: number
  claimedAt: number
  claimBy: number
  start: number
  end: number
  provenTo: number
  faultSince: number
  paid: bigint
}

/** What is owed outside of orders. */
export interface Ledger {
  credits: Map<string, bigint>
  earned: Map<number, bigint>
}

export interface Order {
  client: string
  status: OrderStatus
  version: number
  replicas: number
  /** The most replicas that were ever wanted: pairs of seats that may be in use. */
  pairs: number
  price: bigint
  ceiling: bigint
  endEpoch: number
  free: bigint
  reserved: bigint
  terms: Terms
  /** By seat, 0 to 31; a seat that was never claimed has none. */
  slots: (Slot | undefined)[]
  /** First epoch at which a provider or an owner may claim again. */
  barred: Map<number, number>
  ledger: Ledger
}

export type NewOrder = Pick<Order, 'client' | 'replicas' | 'price' | 'ceiling' | 'endEpoch' | 'terms'> & {
  deposit: bigint
}

export const newLedger = (): Ledger => ({ credits: new Map(), earned: new Map() })

/** A new order whose money is all free; bounds are the contract's to check. */
export function openOrder({ deposit, ...given }: NewOrder, ledger = newLedger()): Order {
  return {
    ...given,
    pairs: given.replicas,
    status: 'Live',
    version: 1,
    free: deposit,
    reserved: 0n,
    slots: new Array<Slot | undefined>(32).fill(undefined),
    barred: new Map(),
    ledger,
  }
}

/** What an account is owed grows. */
export function credit(ledger: Ledger, account: string, amount: bigint): void {
  if (amount > 0n) ledger.credits.set(account, (ledger.credits.get(account) ?? 0n) + amount)
}

/** Money that is the order's again: free, or the client's credit once it is cancelled. */
export function giveBack(order: Order, amount: bigint): void {
  if (order.status === 'Cancelled') credit(order.ledger, order.client, amount)
  else order.free += amount
}
