import type { CliContext } from './context.ts'
import { parseRequestId } from './context.ts'

async function registryOf({ connection, deployment }: CliContext) {
  return connection.ethers.getContractAt('OracleRegistry', deployment.contracts.OracleRegistry.address)
}

/** `accept OPERATOR`: the reporter that an operator named agrees to vote for it. Signed with the reporter's key. */
export async function accept(context: CliContext, idText: string): Promise<void> {
  const operatorId = parseRequestId(idText)
  const registry = await registryOf(context)
  const sent = await registry.acceptReporter(operatorId)
  await sent.wait()
  const { reporter } = await registry.getOperator(operatorId)
  context.say(`operator ${operatorId} is active: ${reporter} votes for it`, {
    operatorId,
    reporter,
    transaction: sent.hash,
  })
}

/** `deliver ID`: makes the callbacks of a request that failed before, oldest first. Anyone may. */
export async function deliver(context: CliContext, idText: string): Promise<void> {
  const id = parseRequestId(idText)
  const registry = await registryOf(context)
  const answered = await registry.queryFilter(registry.filters.StageAnswered(id), context.deployment.block)
  const transactions: string[] = []
  for (const { args } of answered) {
    const { delivery } = await registry.getAnswer(id, args.stage)
    if (Number(delivery) === DELIVERED) continue
    const sent = await registry.deliver(id, args.stage, args.data)
    await sent.wait()
    const now = Number((await registry.getAnswer(id, args.stage)).delivery)
    context.note(`stage ${args.stage}: ${now === DELIVERED ? 'delivered' : 'failed again'} in transaction ${sent.hash}`)
    transactions.push(sent.hash)
    if (now !== DELIVERED) break // the later ones wait for this one
  }
  context.say(`${transactions.length} callbacks of request #${id} made`, { id, transactions })
}

/** IOracleRegistry.Delivery.Done */
const DELIVERED = 2
