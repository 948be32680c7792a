import { pino } from 'pino'
import type { DestinationStream, Logger as PinoLogger } from 'pino'

export type Logger = PinoLogger

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

/**
 * What happens to a request, as JSON lines on standard output: `{"event": …, "requestId": "12", …}`. The names are stable:
 * `npm start` draws its progress from them. Amounts too large for JSON's numbers (bytes, ids) are decimal strings.
 *
 * | event          | when                                                   | more fields |
 * | -------------- | ------------------------------------------------------ | ----------- |
 * | requested      | the request's log has its confirmations; a row exists  | job, transaction, blockNumber |
 * | fetching       | blocks arrive (at most a few lines per second)         | blocks, known, bytes |
 * | pinned         | every block is here and hashes to its CID              | cid, blocks, bytes, carBytes |
 * | fetched        | a URL's bytes are here and are the CID                 | cid, sizeBytes |
 * | packed         | the canonical CAR is written and its CommP known       | pieceCid, pieceSize, carBytes |
 * | deal-proposed  | an Edge node took the CAR for one miner                | miner, edgeUrl, contentId |
 * | deal-status    | an Edge node's words for one replica changed           | miner, statusText |
 * | published      | a replica's deal has its id in the market actor        | miner, dealId |
 * | active         | the Edge node says that the deal is active             | miner, dealId |
 * | proof-verified | inclusion proof checked here, the deal by the contract | miner, dealId, providerId, aggregatePieceCid |
 * | reported       | this operator's vote, or a deal, is on-chain            | key, transaction |
 * | stored         | the contract says Stored                               | |
 * | answered       | every stage of a job without deals is answered         | |
 * | answered-final | a stage's answer is final, its operators are paid       | stage, fee, transaction |
 * | delivered      | the requester was told the answer to a stage           | stage, transaction |
 * | delivery-failed | the requester's callback reverted                     | stage, transaction |
 * | ordered        | it goes on as an order of PerpetualStorage             | orderId, deposit, transaction |
 * | challenged     | somebody says that an answer is false                  | stage, challenger, transaction |
 * | challenge-closed | it was ruled upon, or the arbiter was silent         | stage, ruling, transaction |
 * | disputed       | an answer is not what this operator found              | stage, answered, found |
 * | failed         | this operator cannot serve it; voted while it is asked | reason, error |
 * | retry          | an attempt failed and is made again                    | attempts, dueInMs, error |
 * | ended          | the request is over on-chain for another reason        | state |
 */
export const PROGRESS_EVENTS = [
  'requested',
  'fetching',
  'pinned',
  'fetched',
  'packed',
  'deal-proposed',
  'deal-status',
  'published',
  'active',
  'proof-verified',
  'reported',
  'stored',
  'answered',
  'answered-final',
  'delivered',
  'delivery-failed',
  'ordered',
  'challenged',
  'challenge-closed',
  'disputed',
  'failed',
  'retry',
  'ended',
] as const

/** Printed once when everything runs, without a request: `{"event": "started", …}`. */
export const STARTED_EVENT = 'started'

export type ProgressEvent = (typeof PROGRESS_EVENTS)[number]

/** Tells one step of a request's life. `fields` hold no bigints: decimal strings instead. */
export function tell(
  log: Logger,
  event: ProgressEvent,
  requestId: string,
  fields: Record<string, string | number | undefined> = {},
): void {
  const level = event === 'failed' || event === 'retry' || event === 'disputed' ? 'warn' : 'info'
  log[level]({ event, requestId, ...fields }, event)
}

/** One JSON line about something else than a request. Bigints become decimal strings. */
export function tellFields(log: Logger, level: 'info' | 'warn', event: string, fields: Record<string, unknown>): void {
  const plain = (_name: string, value: unknown) => (typeof value === 'bigint' ? `${value}` : value)
  log[level]({ event, ...(JSON.parse(JSON.stringify(fields, plain)) as object) }, event)
}

/** JSON lines on standard output, or to `destination`. */
export function createLogger(level: LogLevel, destination?: DestinationStream): Logger {
  const options = { level, base: { name: 'mooring' }, timestamp: pino.stdTimeFunctions.isoTime }
  return destination === undefined ? pino(options) : pino(options, destination)
}
