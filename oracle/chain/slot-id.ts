/** Seats of an order that its slots' ids leave room for. */
const SEATS = 256n

/** A replica's successor sits so many seats beside it. */
const PAIRS = 16n

/** Seats that an order has: two for each replica. */
export const USED_SEATS = 2n * PAIRS

/** The slot of an order's seat: orderId · 256 + seat. */
export const slotId = (orderId: bigint, seat: bigint | number): bigint => orderId * SEATS + BigInt(seat)

/** The order that a slot belongs to. */
export const orderOf = (slot: bigint): bigint => slot / SEATS

export const seatOf = (slot: bigint): bigint => slot % SEATS

/** Which of the order's replicas a slot and its {@link otherSlot} are about. */
export const pairOf = (slot: bigint): bigint => seatOf(slot) % PAIRS

/** The other slot of the pair, in which the successor of a slot's replica is claimed, and the other way round. */
export function otherSlot(slot: bigint): bigint {
  const seat = seatOf(slot)
  return slotId(orderOf(slot), seat < PAIRS ? seat + PAIRS : seat - PAIRS)
}

/** How a claim is named outside of the contract, in a deal's label or a sector's notification: `SLOT/NONCE`. */
export const slotLabel = (slot: bigint, nonce: bigint): string => `${slot}/${nonce}`
