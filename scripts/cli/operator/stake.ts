import { inEpochs } from '../../lib/epochs.ts'
import { fil, parseFil } from '../../lib/amounts.ts'
import { parseId, type CliContext } from '../context.ts'
import { registryOf } from '../registry.ts'
import { lastOperatorOfOwner, operatorOfOwner, type ProviderOption } from './own.ts'

/** `operator topup`: adds to the stake. */
export async function topup(context: CliContext, options: ProviderOption & { stake: string }): Promise<void> {
  const registry = await registryOf(context)
  const operatorId = await operatorOfOwner(context, registry, options, context.signer.address)
  const sent = await registry.addStake(operatorId, { value: parseFil('--stake', options.stake) })
  await sent.wait()
  const { stake, jailed } = await registry.getOperator(operatorId)
  const words = jailed ? 'still below the minimum, so it is jailed' : 'enough to vote'
  context.say(`operator ${operatorId} has a stake of ${fil(stake)} now, ${words}`, {
    ...{ operatorId, stake, jailed, transaction: sent.hash },
  })
}

/** `operator optin VERSION`: agrees to a version of the provider's rules. */
export async function optIn(context: CliContext, versionText: string, options: ProviderOption): Promise<void> {
  const version = parseId('a version (a number from 1)', versionText)
  const registry = await registryOf(context)
  const operatorId = await operatorOfOwner(context, registry, options, context.signer.address)
  const sent = await registry.optIn(operatorId, version)
  await sent.wait()
  context.say(
    `operator ${operatorId} serves version ${version} of the rules from the next epoch on, and requests of the version before to their end`,
    { operatorId, version, transaction: sent.hash },
  )
}

/** `operator leave`: no further votes; the stake follows after the unbonding period. */
export async function leave(context: CliContext, options: ProviderOption): Promise<void> {
  const registry = await registryOf(context)
  const operatorId = await operatorOfOwner(context, registry, options, context.signer.address)
  const sent = await registry.leave(operatorId)
  const receipt = await sent.wait()
  const { stake, unbondedEpoch } = await registry.getOperator(operatorId)
  const left = unbondedEpoch - BigInt(receipt!.blockNumber)
  context.say(
    `operator ${operatorId} has left; its stake of ${fil(stake)} can be withdrawn from epoch ${unbondedEpoch} on, in ${inEpochs(left)}: npm run mooring -- operator withdraw ${operatorId} --network ${context.network}`,
    { operatorId, stake, unbondedEpoch, transaction: sent.hash },
  )
}

/** `operator withdraw [ID]`: the stake of an operator that has left, to its owner's credit. */
export async function withdrawStake(
  context: CliContext,
  idText: string | undefined,
  options: ProviderOption,
): Promise<void> {
  const registry = await registryOf(context)
  const operatorId =
    idText === undefined
      ? await lastOperatorOfOwner(context, registry, options, context.signer.address)
      : parseId('an operator id', idText)
  const amount = await registry.withdrawStake.staticCall(operatorId)
  const sent = await registry.withdrawStake(operatorId)
  await sent.wait()
  const { owner, locked } = await registry.getOperator(operatorId)
  const rest = locked > 0n ? `; ${fil(locked)} are locked by votes and follow when those are final` : ''
  context.say(
    `${fil(amount)} of the stake of operator ${operatorId} are the credit of ${owner} now${rest}; fetch them: npm run mooring -- withdraw --network ${context.network}`,
    { operatorId, amount, owner, locked, transaction: sent.hash },
  )
}
