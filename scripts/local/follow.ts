import { setTimeout as wait } from 'node:timers/promises'
import { formatEther } from 'ethers'
import { OVER, readRequest, type RequestFacts } from '../lib/request.ts'
import type { Progress } from './progress.ts'
import type { World } from './world.ts'

const n = (value: unknown) => Number(value).toLocaleString('en-US')

/** Words for each event of the executor's log (oracle/logger.ts); undefined for what a person need not see. */
function printExecutorEvent(event: Record<string, unknown>, progress: Progress): void {
  const about = `#${String(event.requestId)} `
  if (typeof event.requestId !== 'string') return
  const done = (stage: string, words: string) => progress.done(stage, about + words)
  switch (event.event) {
    case 'fetching':
      return progress.under('fetching', `${about}blocks ${n(event.blocks)}/${n(event.known)}, ${n(event.bytes)} B`)
    case 'pinned':
      return done('pinned', `all ${n(event.blocks)} blocks present and verified`)
    case 'packed':
      return done(
        'packed',
        `into piece ${String(event.pieceCid)}, ${n(event.pieceSize)} B padded, CAR of ${n(event.carBytes)} B`,
      )
    case 'deal-proposed':
      return done('proposed', `deal with ${String(event.miner)} through the Edge node`)
    case 'deal-status':
      return progress.under('dealing', `${about}${String(event.miner)}: ${String(event.statusText)}`)
    case 'published':
      return done('published', `deal ${String(event.dealId)} of ${String(event.miner)}`)
    case 'active':
      return done('active', `deal ${String(event.dealId)} of ${String(event.miner)}`)
    case 'proof-verified':
      return done('proof', `of deal ${String(event.dealId)} verified`)
    case 'reported':
      return done('reported', `${whatWasReported(String(event.key))} in transaction ${String(event.transaction)}`)
    case 'stored':
      return done('stored', 'all deals proven')
    case 'failed':
      return done('failed', `${String(event.reason)}: ${String(event.error)}`)
  }
}

const STAGES = ['pinned', 'packed', 'stored']

/** Words for an intent's key: `report:ID:STAGE` or `complete:ID:MINER`. */
export function whatWasReported(key: string): string {
  const [kind, , what] = key.split(':')
  if (kind === 'complete') return `deal of ${what}`
  return `vote on ${STAGES[Number(what)] ?? `stage ${what}`}`
}

/** Waits until the request is over on-chain, or the executor or the Edge node is gone. */
export async function followRequest(world: World, id: bigint, signal: AbortSignal): Promise<RequestFacts> {
  let gone: string | undefined
  for (const child of [world.executor, world.edge]) {
    void child.exited.then(({ code, signal: by }) => (gone = `the ${child.name} ended (${by ?? `exit code ${code}`})`))
  }
  for (;;) {
    signal.throwIfAborted()
    const facts = await readRequest(world.connection, world.deployment, id)
    if (OVER.includes(facts.state)) return facts
    if (gone) throw new Error(`${gone} before request ${id} was over: see ${world.dir}/logs`)
    await wait(300, undefined, { signal })
  }
}

/** Events after which the executor says no more of a request. */
const LAST_WORDS = ['stored', 'answered', 'failed', 'ended']

/** Remembers what the executor said, so that its last words on a request can be waited for. */
export function createListener(progress: Progress): {
  hear: (event: Record<string, unknown>) => void
  lastWords: (id: bigint) => Promise<void>
} {
  const over = new Set<string>()
  const waiting = new Map<string, () => void>()
  return {
    hear(event) {
      printExecutorEvent(event, progress)
      if (!LAST_WORDS.includes(String(event.event))) return
      over.add(String(event.requestId))
      waiting.get(String(event.requestId))?.()
    },
    /** The executor reads the chain a block later than we do; it gets five seconds to tell its side. */
    async lastWords(id) {
      if (over.has(id.toString())) return
      const told = new Promise<void>((resolve) => waiting.set(id.toString(), resolve))
      await Promise.race([told, wait(5_000, undefined, { ref: false })])
    },
  }
}

export const fil = (attoFil: bigint) => `${formatEther(attoFil)} FIL`
