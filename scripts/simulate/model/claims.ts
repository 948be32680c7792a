import { isLive, isReusable, openingAt, otherSeat } from './openings.ts'
import { giveBack, type Order, type Slot } from './order.ts'
import { require } from './refused.ts'
import { ABANDON_FEE_PERCENT, BARRED } from './rules.ts'
import { close, inState, release, unearned } from './settle.ts'

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
  const overdue = before && isOccupied(before) && isReusable(before, now) ? before : undefined
  const freed = overdue ? unearned(overdue) : 0n
  const opening = openingAt(order, seat, now, order.free + freed)
  require(opening !== undefined, 'SlotNotOpen')
  require(opening.price >= given.minPrice, 'PriceTooLow')
  require(opening.incumbentOnlyUntil === 0 || opening.incumbent === provider, 'IncumbentOnly')
  for (const id of [provider, owner]) {
    const lapses = overdue?.state === 'Claimed' && (overdue.provider === id || overdue.owner === id)
    require(!lapses && now >= (order.barred.get(id) ?? 0), 'ProviderBarred')
  }
  for (const slot of order.slots) {
    if (slot && slot !== overdue && keepsOut(slot, seat, now)) {
      require(slot.provider !== provider && slot.owner !== owner, 'AlreadyLive')
    }
  }

  if (overdue?.state === 'Claimed') lapse(order, seat, now)
  else if (overdue) release(order, seat, now)
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

const isOccupied = ({ state }: Slot): boolean => state === 'Claimed' || state === 'Active'

/** Whether its provider and owner cannot claim `seat` besides; a lapsed claim counts until it is closed. */
const keepsOut = (slot: Slot, seat: number, now: number): boolean =>
  slot.state === 'Claimed' || (slot.state === 'Active' && now < slot.end && slot.seat !== otherSeat(seat))

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

/** The provider gives a claim back soon, and before it lapses, for a small fee. */
export function abandon(order: Order, seat: number, now: number): void {
  const slot = inState(order, seat, 'Claimed')
  require(now <= Math.min(slot.claimedAt + order.terms.fetch, slot.claimBy), 'FetchWindowOver')
  const fee = (slot.collateral * ABANDON_FEE_PERCENT) / 100n
  close(order, slot, 'Abandoned', { toPoster: slot.collateral - fee, toSink: fee })
}

/** A claim that was not proven in time is closed; its provider and owner wait before they claim here again. */
export function lapse(order: Order, seat: number, now: number): void {
  const slot = inState(order, seat, 'Claimed')
  require(now > slot.claimBy, 'NotLapsed')
  order.barred.set(slot.provider, now + BARRED)
  order.barred.set(slot.owner, now + BARRED)
  close(order, slot, 'Lapsed', { toSink: slot.collateral })
}
