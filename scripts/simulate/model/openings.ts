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

interface Survey {
  /** Pairs with a live seat that is not in its window; and those whose only live seat is. */
  settled: number
  waning: number
}

function survey(order: Order, now: number): Survey {
  const counts = { settled: 0, waning: 0 }
  for (let pair = 0; pair < order.pairs; pair++) {
    const live = liveIn(order, pair, now)
    if (live === 'settled') counts.settled++
    else if (live !== undefined) counts.waning++
  }
  return counts
}

/**
 * What a claim of the seat would get now, if it is open.
 * @param free What the order has for it, attoFIL; more than its free money where the claim closes something on the way.
 */
export function openingAt(order: Order, seat: number, now: number, free = order.free): Opening | undefined {
  const pair = seat % MAX_REPLICAS
  if (order.status !== 'Live' || pair >= order.pairs || !isReusable(order.slots[seat], now)) return undefined
  const { settled, waning } = survey(order, now)
  const live = liveIn(order, pair, now)
  let opening: Opening | undefined
  if (live === undefined) opening = settled + waning < order.replicas ? vacancyIn(order, pair, now) : undefined
  else if (live !== 'settled') opening = settled < order.replicas ? successorOf(order, live, now) : undefined
  return opening?.seat === seat && needOf(order, opening) <= free ? opening : undefined
}

/** Every slot that is shown as open: successors first, lowest pairs first, as many as are wanted and paid for. */
export function openSlots(order: Order, now: number): Opening[] {
  if (order.status !== 'Live') return []
  const { settled, waning } = survey(order, now)
  if (settled >= order.replicas) return []
  const openings: Opening[] = []
  let money = order.free
  const show = (opening: Opening | undefined) => {
    if (opening === undefined || needOf(order, opening) > money) return
    money -= needOf(order, opening)
    openings.push(opening)
  }
  for (let pair = 0; pair < order.pairs && openings.length < order.replicas - settled; pair++) {
    const live = liveIn(order, pair, now)
    if (live !== undefined && live !== 'settled') show(successorOf(order, live, now))
  }
  if (openings.length === order.replicas - settled) return openings
  const most = openings.length + order.replicas - settled - waning
  for (let pair = 0; pair < order.pairs && openings.length < most; pair++) {
    if (liveIn(order, pair, now) === undefined) show(vacancyIn(order, pair, now))
  }
  return openings
}

const needOf = ({ terms }: Order, { price }: Opening): bigint => price * BigInt(terms.maxTerm)

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

function vacancyIn(order: Order, pair: number, now: number): Opening | undefined {
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
