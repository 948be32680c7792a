import { setTimeout as wait } from 'node:timers/promises'
import { hexlify } from 'ethers'
import type { CID } from 'multiformats/cid'
import type { Dao } from '../../lib/dao/contracts.ts'
import { PROPOSAL_STATES, STORAGE_KINDS, type ProposalState } from '../../lib/dao/names.ts'
import { OVER, readRequest, type RequestState } from '../../lib/request.ts'
import type { ReadContext } from '../context.ts'

const LOST: readonly ProposalState[] = ['Canceled', 'Defeated', 'Expired']
/** Operators have the data from there on. */
const PACKED: readonly RequestState[] = ['Packed', 'Storing', ...OVER]

/** Waits while somebody may still fetch what is served from here: until it is packed or proven, or the vote has failed. */
export async function serveWhileNeeded(context: ReadContext, dao: Dao, proposalId: bigint, cid: CID): Promise<void> {
  const interrupted = new AbortController()
  process.once('SIGINT', () => interrupted.abort())
  let told: string | undefined
  while (!interrupted.signal.aborted) {
    const { words, needed } = await standing(context, dao, proposalId, cid)
    if (words !== told) context.note(words)
    told = words
    if (!needed) return
    await wait(1_000, undefined, { signal: interrupted.signal }).catch(() => undefined) // Ctrl-C ends the wait alone
  }
}

async function standing(
  context: ReadContext,
  { governor, collection }: Dao,
  proposalId: bigint,
  cid: CID,
): Promise<{ words: string; needed: boolean }> {
  const state = PROPOSAL_STATES[Number(await governor.state(proposalId))]!
  if (LOST.includes(state)) return { words: state, needed: false }
  const [collected, index] = await collection.find(hexlify(cid.bytes))
  if (!collected) return { words: state, needed: true }

  const [[entry], [keeping]] = await collection.entries(index, 1)
  if (STORAGE_KINDS[Number(entry!.kind)] === 'Order') {
    const words = `order ${entry!.storageId}: ${keeping!.running} of ${keeping!.wanted} replicas proven`
    return { words, needed: !keeping!.stored }
  }
  const request = await readRequest(context.connection, context.deployment, entry!.storageId)
  return { words: `request ${entry!.storageId}: ${request.state}`, needed: !PACKED.includes(request.state) }
}
