import { ZeroAddress } from 'ethers'
import { acceptWithKeyAtHand } from '../../deploy/join.ts'
import { parseId, type CliContext } from '../context.ts'
import { registryOf } from '../registry.ts'
import { parseReporter } from './join.ts'
import { operatorOfOwner, type ProviderOption } from './own.ts'

/** `operator accept ID`: the key that an operator appointed agrees to vote for it. */
export async function accept(context: CliContext, idText: string): Promise<void> {
  const operatorId = parseId('an operator id', idText)
  const registry = await registryOf(context)
  const { appointed, reporter } = await registry.getOperator(operatorId)
  if (appointed === ZeroAddress) {
    throw new Error(`operator ${operatorId} has appointed nobody: ${reporter} votes for it`)
  }
  const transaction = await acceptWithKeyAtHand(context.connection, registry, operatorId, appointed)
  if (transaction === undefined) {
    throw Object.assign(new Error(`operator ${operatorId} has appointed ${appointed}, whose key is not here`), {
      hint: 'Set MOORING_KEY, or MOORING_REPORTER_KEY, in the environment to that key.',
    })
  }
  context.say(`operator ${operatorId} is active: ${appointed} votes for it`, {
    operatorId,
    reporter: appointed,
    transaction,
  })
}

/** `operator rotate`: appoints another key to vote; the present one votes until the new one accepts. */
export async function rotate(context: CliContext, options: ProviderOption & { reporter: string }): Promise<void> {
  const registry = await registryOf(context)
  const operatorId = await operatorOfOwner(context, registry, options, context.signer.address)
  const appointed = parseReporter(context, options.reporter)
  const sent = await registry.appointReporter(operatorId, appointed)
  await sent.wait()
  const itself = appointed === context.signer.address
  const active =
    itself || (await acceptWithKeyAtHand(context.connection, registry, operatorId, appointed)) !== undefined
  const { reporter } = await registry.getOperator(operatorId)
  const words = active
    ? `${reporter} votes for operator ${operatorId} now: start its executor with that key`
    : `operator ${operatorId} appointed ${appointed}; ${reporter} votes until that key accepts: npm run mooring -- operator accept ${operatorId} --network ${context.network}`
  context.say(words, { operatorId, appointed, reporter, active, transaction: sent.hash })
}
