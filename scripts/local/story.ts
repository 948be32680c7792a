import { fil } from '../lib/amounts.ts'
import { stageName } from '../lib/stages.ts'
import type { OnExecutorEvent } from './operators.ts'
import type { Progress } from './progress.ts'

const n = (value: unknown) => Number(value).toLocaleString('en-US')

/** Of how many executors the story is told, and how many of them must agree. */
export interface Quorum {
  operators: number
  quorum: number
}

/**
 * Words for the events of several executors' logs (oracle/logger.ts), as one story: what each operator does for itself is told
 * once, when as many as must agree have done it; what only the one does whose turn it is, at once.
 */
export function createStory(progress: Progress, { operators, quorum }: Quorum): { hear: OnExecutorEvent } {
  /** Which operators said what. */
  const said = new Map<string, string[]>()

  /** Tells it when operator `times` has said the same; once. */
  function told(times: number, what: string, operatorId: string): string[] | undefined {
    const by = said.get(what) ?? []
    if (by.includes(operatorId)) return undefined
    by.push(operatorId)
    said.set(what, by)
    return by.length === times ? [...by].sort() : undefined
  }

  return {
    hear(event, operatorId) {
      if (typeof event.requestId !== 'string') return
      const id = event.requestId
      const about = `#${id} `
      const all = (stage: string, same: unknown, words: (by: string[]) => string) => {
        const by = told(quorum, `${stage} ${id} ${String(same)}`, operatorId)
        if (by) progress.done(stage, about + words(by))
      }
      const one = (stage: string, same: unknown, words: string) => {
        if (told(1, `${stage} ${id} ${String(same)}`, operatorId)) progress.done(stage, about + words)
      }
      const { miner, dealId } = event as { miner?: string; dealId?: string }
      const stage = stageName(Number(event.stage))

      switch (event.event) {
        case 'fetching':
          return progress.under(
            'fetching',
            `${about}operator ${operatorId}: blocks ${n(event.blocks)}/${n(event.known)}, ${n(event.bytes)} B`,
          )
        case 'pinned':
          return all('pinned', event.cid, (by) => `all ${n(event.blocks)} blocks present and verified by ${names(by)}`)
        case 'packed':
          return all(
            'packed',
            event.pieceCid,
            (by) =>
              `into piece ${String(event.pieceCid)}, ${n(event.pieceSize)} B padded, CAR of ${n(event.carBytes)} B, by ${names(by)}`,
          )
        case 'deal-proposed':
          return one(
            'proposed',
            `${operatorId} ${miner}`,
            `deal with ${miner} through the Edge node, by ${names([operatorId])}`,
          )
        case 'deal-status':
          return progress.under('dealing', `${about}${miner}: ${String(event.statusText)}`)
        case 'published':
          return one('published', dealId, `deal ${dealId} of ${miner}`)
        case 'active':
          return one('active', dealId, `deal ${dealId} of ${miner}`)
        case 'proof-verified':
          return one('proof', dealId, `of deal ${dealId} verified`)
        case 'reported': {
          const [kind, , what] = String(event.key).split(':')
          const hash = String(event.transaction)
          if (kind === 'complete') return one('reported', event.key, `deal of ${what} in transaction ${hash}`)
          if (kind !== 'report') return
          return all(
            'reported',
            what,
            (by) =>
              `${stageName(Number(what))}: ${by.length} of ${operators} agree (${names(by)}), transaction ${hash}`,
          )
        }
        case 'delivered':
          return one(
            'delivered',
            event.stage,
            `${stage}, which is final now, in transaction ${String(event.transaction)}`,
          )
        case 'ordered':
          return one(
            'ordered',
            event.orderId,
            `it goes on as order ${String(event.orderId)} with ${fil(BigInt(String(event.deposit)))}, in transaction ${String(event.transaction)}`,
          )
        case 'delivery-failed':
          return one('undelivered', event.transaction, `${stage}: the requester did not take it; it is tried again`)
        case 'challenged':
          return one('challenged', event.stage, `${stage}, by ${String(event.challenger)}`)
        case 'challenge-closed':
          return one('ruled', event.stage, `the challenge of ${stage} is ${String(event.ruling).toLowerCase()}`)
        case 'disputed':
          return one(
            'disputed',
            `${operatorId} ${String(event.stage)}`,
            `operator ${operatorId} finds ${String(event.found)}, the answer on ${stage} is ${String(event.answered)}`,
          )
        case 'stored':
          return one('stored', '', 'all deals proven')
        case 'failed':
          return all(
            'failed',
            event.reason,
            (by) => `${String(event.reason)}, say ${names(by)}: ${String(event.error)}`,
          )
      }
    },
  }
}

/** `operators 1 and 3`. */
function names(ids: string[]): string {
  if (ids.length === 1) return `operator ${ids[0]}`
  return `operators ${ids.slice(0, -1).join(', ')} and ${ids.at(-1)}`
}
