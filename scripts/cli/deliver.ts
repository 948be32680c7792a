import { AbiCoder } from 'ethers'
import { DELIVERIES } from '../../oracle/chain/contracts.ts'
import { readAnswers, type AnswerFacts } from '../lib/answers.ts'
import { eventsOf } from '../lib/logs.ts'
import { stageName } from '../lib/stages.ts'
import { parseRequestId, type CliContext, type ReadContext } from './context.ts'
import { registryOf, type Registry } from './registry.ts'

/** `deliver ID`: makes the callbacks of a request's final answers that were not made or failed before, oldest first. Anyone may. */
export async function deliver(context: CliContext, idText: string): Promise<void> {
  const id = parseRequestId(idText)
  const registry = await registryOf(context)
  const { answers, job } = await readAnswers(context.connection, context.deployment, id)
  const transactions: string[] = []
  for (const answer of answers) {
    const { stage, standing, delivery, matureEpoch } = answer
    const name = stageName(stage, job)
    if (delivery === 'Done' || delivery === 'None') continue
    if (standing !== 'Final') {
      context.note(`${name}: ${standing.toLowerCase()}; it can be delivered after epoch ${matureEpoch}`)
      break // the later ones wait for this one
    }
    const sent = await registry.deliver(id, stage, await dataOf(context, registry, id, answer))
    await sent.wait()
    transactions.push(sent.hash)
    const now = DELIVERIES[Number((await registry.getAnswer(id, stage)).delivery)]
    context.note(`${name}: ${now === 'Done' ? 'delivered' : 'failed again'} in transaction ${sent.hash}`)
    if (now !== 'Done') break
  }
  context.say(`${transactions.length} callbacks of request #${id} made`, { id, transactions })
}

/** What the operators voted, as the contract's events tell it. */
export async function dataOf(
  { deployment }: ReadContext,
  registry: Registry,
  id: bigint,
  { stage, ok }: Pick<AnswerFacts, 'stage' | 'ok'>,
): Promise<string> {
  const filter = ok ? registry.filters.StageAnswered(id, stage) : registry.filters.RequestFailed(id, stage)
  const [event] = await eventsOf(registry, filter, deployment.block)
  if (!event) throw new Error(`the chain shows no answer to stage ${stage} of request #${id}`)
  return ok ? (event.args[2] as string) : AbiCoder.defaultAbiCoder().encode(['uint8'], [event.args[2]])
}
