import { followRequest } from '../../follow.ts'
import type { RequestFacts } from '../../../lib/request.ts'
import type { Executors } from '../executors.ts'
import type { Stage } from '../stage.ts'

/** The operators serve the request as any other; gives it when it is over. */
export async function store(
  { narrator, progress, signal }: Stage,
  { world, lastWords }: Executors,
  requestId: bigint,
): Promise<RequestFacts> {
  await narrator.act(`The operators' executors store it: to them it is a request like any other`)

  const facts = await followRequest(world, requestId, signal, (operatorId) =>
    progress.done('assigned', `#${requestId} to operator ${operatorId}: its turn to make the deals`),
  )
  await lastWords(requestId)
  return facts
}
