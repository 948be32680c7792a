import type { Order, Slot } from './order.ts'
import { GRACE, HANDOVER_MARGIN, MAX_REPLICAS, MIN_CLAIM } from './rules.ts'

/** A seat that can be claimed now; as `IPerpetualSlots.OpenSlot`. */
export interface Opening {
  seat: number
  nonce: number
  price: bigint
  claimBy: number
  /** 0: none. */
  incumbent: number
  incumbentOnlyUntil: number
}

export const otherSeat = (seat: number): number => seat ^ MAX_REPLICAS

/** A claim that can still be proven, or a replica before its end. */
export function isLive(slot: Slot | undefined, now: number): slot is Slot {
  if (slot === undefined) return false
  return slot.state === 'Claimed' ? now <= slot.claimBy : slot.state === 'Active' && now < slot.end
}

/** A seat that a claim may take, closing on the way what is over. */
export function isReusable(slot: Slot | undefined, now: number): boolean {
  if (slot === undefined) return true
  if (slot.state === 'Claimed') return now > slot.claimBy
  return slot.state !== 'Active' || now >= slot.end + GRACE
}

/** A replica in the renewal window before its end. */
export function isWaning({ terms }: Order, slot: Slot, now: number): boolean {
  return slot.state === 'Active' && slot.end - terms.renewal <= now && now < slot.end
}

/** A pair's only live seat if it is in its window; 'settled' if a live one is not; undefined if none lives. */
function liveIn(order: Order, pair: number, now: number): Slot | 'settled' | undefined {
  const one = order.slots[pair]
  const other = order.slots[pair + MAX_REPLICAS]
  let waning: Slot | undefined
  if (isLive(one, now)) {
    if (!isWaning(order, one, now)) return 'settled'
    waning = one
  }
  if (isLive(other, now)) {
    if (!isWaning(order, other, now)) return 'settled'
    waning = other
  }
  return waning
}

/** Every slot of the order that can be claimed now: successors first, lowest pairs first, as many as are wanted and paid for. */
export function openSlots(order: Order, now: number): Opening[] {
  if (order.status !== 'Live') return []
  const waning: Slot[] = []
  let settled = 0
  let empty = 0 // a set of pairs
  for (let pair = 0; pair < MAX_REPLICAS; pair++) {
    const live = liveIn(order, pair, now)
    if (live === 'settled') settled++
    else if (live === undefined) empty |= 1 << pair
    else waning.push(live)
    if (settled >= order.replicas) return []
  }
  const wanted = order.replicas - settled
  const openings: Opening[] = []
  const add = (opening: Opening | undefined) => opening && openings.push(opening)
  for (const old of waning) if (openings.length < wanted) add(successorOf(order, old, now))
  const most = Math.min(wanted, openings.length + wanted - waning.length)
  for (let pair = 0; pair < MAX_REPLICAS && openings.length < most; pair++) {
    if (empty & (1 << pair)) add(freshIn(order, pair, now))
  }
  let covered = 0n
  return openings.filter(({ price }) => (covered += price * BigInt(order.terms.maxTerm)) <= order.free)
}

function successorOf(order: Order, old: Slot, now: number): Opening | undefined {
  const { claim, minTerm, renewal } = order.terms
  const seat = otherSeat(old.seat)
  if (!isReusable(order.slots[seat], now)) return undefined
  if (now + MIN_CLAIM + HANDOVER_MARGIN > old.end) return undefined
  if (order.endEpoch !== 0 && Math.max(now + claim, old.end) + minTerm > order.endEpoch) return undefined
  const opened = old.end - renewal
  const elapsed = now - opened
  const early = elapsed * 3 < renewal
  return {
    seat,
    nonce: (order.slots[seat]?.nonce ?? 0) + 1,
    price: early ? order.price : order.price + ((order.ceiling - order.price) * BigInt(elapsed)) / BigInt(renewal),
    claimBy: Math.min(now + claim, old.end - HANDOVER_MARGIN),
    incumbent: old.provider,
    incumbentOnlyUntil: early ? opened + Math.ceil(renewal / 3) : 0,
  }
}

function freshIn(order: Order, pair: number, now: number): Opening | undefined {
  const { claim, minTerm } = order.terms
  const seat = isReusable(order.slots[pair], now) ? pair : pair + MAX_REPLICAS
  if (!isReusable(order.slots[seat], now)) return undefined
  if (order.endEpoch !== 0 && now + claim + minTerm > order.endEpoch) return undefined
  return {
    seat,
    nonce: (order.slots[seat]?.nonce ?? 0) + 1,
    price: order.price,
    claimBy: now + claim,
    incumbent: 0,
    incumbentOnlyUntil: 0,
  }
}
