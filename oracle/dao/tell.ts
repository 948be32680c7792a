import { hexlify } from 'ethers'
import { CID } from 'multiformats/cid'
import { tellFields, type Logger } from '../logger.ts'

/**
 * What happens to DataDAOs, as JSON lines like those of requests (logger.ts), without a requestId:
 * `{"event": …, "dao": "0x…", "proposalId": "3", …}`. Numbers of the chain are decimal strings, amounts attoFIL.
 *
 * | event             | when                                                       | more fields |
 * | ----------------- | ---------------------------------------------------------- | ----------- |
 * | dao-changed       | one of its settings was set                                | what (the contract's event), and its arguments |
 * | proposal-made     | something is put to the vote                               | proposer, snapshot, deadline, description |
 * | proposal-subject  | it is about a CID                                          | subject, cid, size, providerId |
 * | proposal-vote     | a ballot counted                                           | voter, support, weight |
 * | proposal-extended | quorum came late: voting goes on up to `deadline`          | deadline |
 * | proposal-queued   | it passed; it can be executed from `eta` (a Unix second)    | eta, earmarked |
 * | proposal-executed | it is carried out                                          | transaction |
 * | proposal-canceled | it never will be                                           | transaction |
 * | cid-added         | a CID joined the collection                                | index, cid, proposalId, kind, storageId |
 * | cid-removed       | one left it                                                | index, cid, reason |
 * | dao-waits         | what passed cannot be carried out now: tried again at `again` (an epoch) | action, error, need, free (attoFIL, where the treasury is short), again |
 * | dao-acting        | this operator's keeper hands over a transaction            | action, most (that it can cost) |
 * | dao-acted         | that transaction is believed                               | done (actions), cost, transaction |
 */
export const DAO_EVENTS = [
  'dao-changed',
  'proposal-made',
  'proposal-subject',
  'proposal-vote',
  'proposal-extended',
  'proposal-queued',
  'proposal-executed',
  'proposal-canceled',
  'cid-added',
  'cid-removed',
  'dao-waits',
  'dao-acting',
  'dao-acted',
] as const

export type DaoEventName = (typeof DAO_EVENTS)[number]

/** Tells one step of a DAO's life. Bigints become decimal strings. */
export function tellDao(log: Logger, event: DaoEventName, fields: Record<string, unknown>): void {
  tellFields(log, event === 'dao-waits' ? 'warn' : 'info', event, fields)
}

/** A binary CID as people write it; hex where it is none. */
export function cidText(bytes: Uint8Array): string {
  try {
    return CID.decode(bytes).toString()
  } catch {
    return hexlify(bytes)
  }
}
