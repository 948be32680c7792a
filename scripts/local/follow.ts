import { setTimeout as wait } from 'node:timers/promises'
import { OVER, readRequest, type RequestFacts } from '../lib/request.ts'
import type { OnExecutorEvent } from './operators.ts'
import type { World } from './world.ts'

/** Waits until the request is over on-chain, or too few operators are left to agree, or the Edge node is gone. */
export async function followRequest(
  world: World,
  id: bigint,
  signal: AbortSignal,
  onAssignee: (operatorId: bigint) => void = () => {},
): Promise<RequestFacts> {
  const registry = await world.connection.ethers.getContractAt(
    'OracleRegistry',
    world.deployment.contracts.OracleRegistry.address,
  )
  const { quorum } = await registry.getRequest(id)
  let assignee: bigint | undefined
  for (;;) {
    signal.throwIfAborted()
    const facts = await readRequest(world.connection, world.deployment, id)
    if (OVER.includes(facts.state)) return facts
    const dead = world.operators.flatMap(({ executor }) => executor.ended() ?? [])
    const gone = [world.edge.ended(), ...(world.operators.length - dead.length < quorum ? dead : [])].filter(Boolean)
    if (gone.length > 0) throw new Error(`${gone.join(', ')} before request ${id} was over: see ${world.dir}/logs`)

    const turn = await registry.assigneeOf(id)
    if (turn !== assignee) onAssignee((assignee = turn))
    await wait(300, undefined, { signal })
  }
}

/** Events after which an executor says no more of a request. */
const LAST_WORDS = ['stored', 'answered', 'failed', 'ended']

/** Passes the executors' words on to `hear`, and remembers the last ones on each request, so that they can be waited for. */
export function createListener(hear: OnExecutorEvent): {
  hear: OnExecutorEvent
  lastWords: (id: bigint) => Promise<void>
} {
  const over = new Set<string>()
  const waiting = new Map<string, () => void>()
  return {
    hear(event, operatorId) {
      hear(event, operatorId)
      if (!LAST_WORDS.includes(String(event.event))) return
      over.add(String(event.requestId))
      waiting.get(String(event.requestId))?.()
    },
    /** The executors read the chain a block later than we do; they get five seconds to tell their side. */
    async lastWords(id) {
      if (over.has(id.toString())) return
      const told = new Promise<void>((resolve) => waiting.set(id.toString(), resolve))
      await Promise.race([told, wait(5_000, undefined, { ref: false })])
    },
  }
}
