import { tellFields, type Logger } from '../logger.ts'

/**
 * What happens to orders and slots of PerpetualStorage, as JSON lines like those of requests (logger.ts), without a requestId:
 * `{"event": …, "orderId": "3", "slot": "768", …}`. Numbers of the chain are decimal strings, amounts attoFIL.
 *
 * | event          | when                                                     | more fields |
 * | -------------- | -------------------------------------------------------- | ----------- |
 * | order-opened   | a client funded an order                                 | client, replicas, price, deposit |
 * | order-changed  | what future claims find, the money or the state changed  | what (the contract's event), and its arguments |
 * | slot-claimed   | a provider took a slot                                   | nonce, provider, price, claimBy, collateral |
 * | slot-bound     | a deal or a sector was tied to it                        | nonce, provider, dealId, sector |
 * | slot-proven    | its replica is proven and is paid from `start` to `end`  | nonce, provider, dealId, sector, start, end |
 * | slot-paid      | its provider earned `amount` for the epochs to `provenTo` | nonce, provider, provenTo, amount |
 * | slot-cut       | `amount` for epochs nobody proved went back to the order | nonce, provider, provenTo, amount |
 * | slot-faulty    | its sector was shown faulty                              | nonce, provider, sinceEpoch |
 * | slot-recovered | its sector was shown active again                        | nonce, provider |
 * | slot-closed    | it ended: `state` is Abandoned, Lapsed, Lost, Resigned or Ended | nonce, provider, state, returned, toPoster, toOrder, toCaller, toSink |
 * | provider-barred | a lapse keeps a provider and its owner out for a while  | provider, owner, untilEpoch |
 * | slots-keeping  | this operator's keeper hands over a transaction          | calls (as `settle 768/1 Active`), most (that it can cost) |
 * | slots-kept     | that transaction is believed                             | done (calls), cost, transaction |
 * | order-opening  | this operator's keeper opens the order that a request goes on as | requestId, most (that it can cost) |
 * | order-kept     | that transaction is believed                             | requestId, cost, transaction |
 */
export const SLOT_EVENTS = [
  'order-opened',
  'order-changed',
  'slot-claimed',
  'slot-bound',
  'slot-proven',
  'slot-paid',
  'slot-cut',
  'slot-faulty',
  'slot-recovered',
  'slot-closed',
  'provider-barred',
  'slots-keeping',
  'slots-kept',
  'order-opening',
  'order-kept',
] as const

export type SlotEventName = (typeof SLOT_EVENTS)[number]

/** Tells one step of an order's life. Bigints become decimal strings. */
export function tellSlot(log: Logger, event: SlotEventName, fields: Record<string, unknown>): void {
  tellFields(log, 'info', event, fields)
}
