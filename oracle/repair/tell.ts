import type { Logger } from '../logger.ts'

/**
 * What this operator does for orders of PerpetualStorage beside watching them, as JSON lines like those of requests (logger.ts),
 * without a requestId. Numbers of the chain are decimal strings, amounts attoFIL.
 *
 * | event               | when                                                     | more fields |
 * | ------------------- | -------------------------------------------------------- | ----------- |
 * | piece-kept          | an order's piece is here, checked, and served            | pieceCid, payloadCid, carBytes |
 * | slot-offered        | a slot can be claimed, and its piece fetched here        | slot, nonce, price, claimBy, pieceCid, url |
 * | slot-deal-asked     | an Edge node took the piece of a claimed slot            | slot, nonce, miner, edgeUrl, contentId |
 * | slot-deal-status    | the Edge node's words for the deal changed               | slot, nonce, miner, statusText |
 * | slot-deal-published | the deal has its id in the market actor                  | slot, nonce, miner, dealId |
 * | slot-deal-proving   | the deal is shown to the contract                        | slot, nonce, miner, dealId |
 * | slot-deal-left      | what is missing is the provider's to do                  | slot, nonce, miner, why |
 * | slot-deal-failed    | the Edge node, or the contract, will not have it         | slot, nonce, miner, why |
 * | retrieval-failed    | a holder did not serve a block of its replica            | slot, provider, cid, url, error |
 */
export const REPAIR_EVENTS = [
  'piece-kept',
  'slot-offered',
  'slot-deal-asked',
  'slot-deal-status',
  'slot-deal-published',
  'slot-deal-proving',
  'slot-deal-left',
  'slot-deal-failed',
  'retrieval-failed',
] as const

export type RepairEvent = (typeof REPAIR_EVENTS)[number]

const WARNINGS: readonly RepairEvent[] = ['slot-deal-left', 'slot-deal-failed', 'retrieval-failed']

/** Tells one of them. Bigints become decimal strings. */
export function tellRepair(log: Logger, event: RepairEvent, fields: Record<string, unknown>): void {
  const plain = Object.entries(fields).map(([name, value]) => [name, typeof value === 'bigint' ? `${value}` : value])
  log[WARNINGS.includes(event) ? 'warn' : 'info']({ event, ...Object.fromEntries(plain) }, event)
}
