import { isLive, isReusable, openSlots, otherSeat } from './openings.ts'
import { giveBack, type Order, type Slot } from './order.ts'
import { require } from './refused.ts'
import { ABANDON_FEE_PERCENT, BARRED, MAX_REPLICAS } from './rules.ts'
import { close, release } from './settle.ts'

export interface Claim {
  seat: number
  nonce: number
  version: number
  minPrice: bigint
  provider: number
  owner: number
  /** Who sends the collateral. */
  poster: string
}

/** A provider takes an open slot: its price and term are fixed, and all it can earn is reserved. What the seat still held is closed. */
export function claim(order: Order, given: Claim, now: number): Slot {
  const { seat, provider, owner, poster } = given
  require(order.status === 'Live', 'WrongOrderStatus')
  require(given.version === order.version, 'StaleVersion')
  const before = order.slots[seat]
  require(given.nonce === (before?.nonce ?? 0) + 1, 'StaleNonce')
  const opening = openSlots(order, now).find((one) => one.seat === seat)
  require(opening !== undefined, 'SlotNotOpen')
  require(opening.price >= given.minPrice, 'PriceTooLow')
  require(opening.incumbentOnlyUntil === 0 || opening.incumbent === provider, 'IncumbentOnly')
  const bars = (id: number) => now < (order.barred.get(id) ?? 0) || (lapsesNow(before, now) && holds(before, id))
  require(!bars(provider) && !bars(owner), 'ProviderBarred')
  for (let other = 0; other < 2 * MAX_REPLICAS; other++) {
    const slot = order.slots[other]
    if (!isLive(slot, now) || (other === otherSeat(seat) && slot.provider === provider)) continue
    require(slot.provider !== provider && slot.owner !== owner, 'AlreadyLive')
  }

  if (before?.state === 'Claimed') lapse(order, seat, now)
  else if (before?.state === 'Active') release(order, seat, now)
  const { maxTerm, collateral } = order.terms
  const reserve = opening.price * BigInt(maxTerm)
  order.free -= reserve
  order.reserved += reserve
  return (order.slots[seat] = {
    seat,
    nonce: given.nonce,
    state: 'Claimed',
    provider,
    owner,
    poster,
    price: opening.price,
    collateral,
    maxTerm,
    orderEnd: order.endEpoch,
    claimedAt: now,
    claimBy: opening.claimBy,
    start: 0,
    end: 0,
    provenTo: 0,
    faultSince: 0,
    paid: 0n,
  })
}

const lapsesNow = (slot: Slot | undefined, now: number): slot is Slot =>
  slot?.state === 'Claimed' && isReusable(slot, now)
const holds = (slot: Slot, id: number): boolean => slot.provider === id || slot.owner === id

/** A replica that the chain shows: first and last epoch (exclusive) of the deal; a sector without a deal starts at 0. */
export interface Replica {
  start: number
  end: number
}

/** The claimed slot's replica is shown to the chain: it is paid from now on, and what the claim reserved beyond its term is given back. */
export function prove(order: Order, seat: number, replica: Replica, now: number): Slot {
  const slot = inState(order, seat, 'Claimed')
  require(now <= slot.claimBy, 'ClaimOver')
  require(replica.start <= slot.claimBy, 'StartsTooLate')
  const before = order.slots[otherSeat(seat)]
  const own = isLive(before, now) && before.state === 'Active' && before.provider === slot.provider ? before.end : 0
  const start = Math.max(now, replica.start, own)
  const end = Math.min(replica.end, start + slot.maxTerm, slot.orderEnd || Infinity)
  require(end - start >= order.terms.minTerm, 'SlotTermTooShort')

  const unused = slot.price * BigInt(slot.maxTerm - (end - start))
  Object.assign(slot, { state: 'Active', start, end, provenTo: start } satisfies Partial<Slot>)
  order.reserved -= unused
  giveBack(order, unused)
  return slot
}

/** The provider gives a claim back soon, for a small fee. */
export function abandon(order: Order, seat: number, now: number): void {
  const slot = inState(order, seat, 'Claimed')
  require(now <= slot.claimedAt + order.terms.fetch, 'FetchWindowOver')
  unreserve(order, slot)
  const fee = (slot.collateral * ABANDON_FEE_PERCENT) / 100n
  close(order, slot, 'Abandoned', { toPoster: slot.collateral - fee, toSink: fee })
}

/** A claim that was not proven in time is closed; its provider and owner wait before they claim here again. */
export function lapse(order: Order, seat: number, now: number): void {
  const slot = inState(order, seat, 'Claimed')
  require(now > slot.claimBy, 'NotLapsed')
  unreserve(order, slot)
  order.barred.set(slot.provider, now + BARRED)
  order.barred.set(slot.owner, now + BARRED)
  close(order, slot, 'Lapsed', { toSink: slot.collateral })
}

function unreserve(order: Order, { price, maxTerm }: Slot): void {
  const amount = price * BigInt(maxTerm)
  order.reserved -= amount
  giveBack(order, amount)
}

/** The seat's slot, which must be in `state`. */
export function inState(order: Order, seat: number, state: 'Claimed' | 'Active'): Slot {
  const slot = order.slots[seat]
  require(slot !== undefined, 'UnknownSlot')
  require(slot.state === state, 'WrongSlotState')
  return slot
}
