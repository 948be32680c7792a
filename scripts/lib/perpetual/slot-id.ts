import { orderOf, seatOf, USED_SEATS } from '../../../oracle/chain/slot-id.ts'

/** A slot's id as a person types it. @throws Error with the form that is expected */
export function parseSlot(text: string): bigint {
  const slot = /^\d{1,77}$/.test(text) ? BigInt(text) : 0n
  if (orderOf(slot) > 0n && seatOf(slot) < USED_SEATS) return slot
  throw Object.assign(new Error(`expected a slot's id (order · 256 + seat, as 256), got '${text}'`), {
    hint: 'npm run mooring -- slots list shows those that can be claimed, storage show ID those of an order.',
  })
}
