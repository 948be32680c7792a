import { readOutcome } from '../outcome.ts'
import type { RequestFacts } from '../../lib/request.ts'
import type { Stage } from './stage.ts'

/** The last line of `npm start -- --once dao`. Ids are decimal strings. */
export interface DaoOutcome {
  /** `stored`: the collection says so, and the money adds up. Otherwise `unbalanced`, or what became of the request. */
  state: string
  dao: string
  proposalId: string
  requestId: string
  cid: string
  /** Of the first deal; null if there is none. */
  dealId: string | null
  /** Hashes of all transactions that the DAO, the request and its deals left events of, in chain order. */
  transactions: string[]
  seconds: number
}

/** How the play ended. */
export interface Ending {
  /** What the collection says. */
  stored: boolean
  addsUp: boolean
  seconds: number
}

export async function outcomeOf(
  { connection, ground, narrator }: Stage,
  dao: string,
  proposalId: bigint,
  { id, state }: RequestFacts,
  { stored, addsUp, seconds }: Ending,
): Promise<DaoOutcome> {
  const request = await readOutcome(connection, ground.deployment, id, seconds)
  const { epoch } = narrator.events.find(({ name }) => name === 'CidFunded')!
  const upToRequest = narrator.events.filter((event) => event.epoch <= epoch).map(({ transaction }) => transaction)
  return {
    state: stateOf(state, stored, addsUp),
    dao,
    proposalId: proposalId.toString(),
    requestId: request.requestId,
    cid: request.cid,
    dealId: request.dealId,
    transactions: [...new Set([...upToRequest, ...request.transactions])],
    seconds: request.seconds,
  }
}

function stateOf(request: RequestFacts['state'], stored: boolean, addsUp: boolean): string {
  if (request !== 'Stored') return request.toLowerCase()
  if (!stored) return 'gone'
  return addsUp ? 'stored' : 'unbalanced'
}
