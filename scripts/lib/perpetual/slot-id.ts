/** Seats that an order's slot ids leave room for. */
const SEATS = 256n
/** A replica's successor sits so many seats beside it. */
const OTHER_SEAT = 16n

/** The slot of an order's seat: orderId · 256 + seat. */
export const slotId = (orderId: bigint, seat: bigint | number): bigint => orderId * SEATS + BigInt(seat)

export const orderOf = (slot: bigint): bigint => slot / SEATS

export const seatOf = (slot: bigint): bigint => slot % SEATS

/** The other slot of the pair, in which the successor of a slot's replica is claimed, and the other way round. */
export function otherSlot(slot: bigint): bigint {
  const seat = seatOf(slot)
  return slotId(orderOf(slot), seat < OTHER_SEAT ? seat + OTHER_SEAT : seat - OTHER_SEAT)
}

/** How a claim is named outside of the contract, in a deal's label or a sector's notification: `SLOT/NONCE`. */
export const labelOf = (slot: bigint, nonce: bigint): string => `${slot}/${nonce}`

/** A slot's id as a person types it. @throws Error with the form that is expected */
export function parseSlot(text: string): bigint {
  const slot = /^\d{1,77}$/.test(text) ? BigInt(text) : 0n
  if (orderOf(slot) > 0n && seatOf(slot) < 2n * OTHER_SEAT) return slot
  throw Object.assign(new Error(`expected a slot's id (order · 256 + seat, as 256), got '${text}'`), {
    hint: 'npm run mooring -- slots list shows those that can be claimed, storage show ID those of an order.',
  })
}
