import { formatEther, ZeroAddress } from 'ethers'
import { OPERATOR_STANDINGS, type OperatorStanding } from '../../lib/standings.ts'
import { inEpochs } from '../../lib/epochs.ts'
import { eventsOf } from '../../lib/logs.ts'
import { fil } from '../../lib/amounts.ts'
import { parseId, type ReadContext } from '../context.ts'
import { readProvider, type ProviderFacts } from '../provider.ts'
import { registryOf, type Registry } from '../registry.ts'
import { lastOperatorOfOwner, type ProviderOption } from './own.ts'

/** Amounts in attoFIL. */
interface OperatorFacts {
  operatorId: bigint
  providerId: bigint
  owner: string
  reporter: string | null
  appointed: string | null
  standing: OperatorStanding
  jailed: boolean
  stake: bigint
  locked: bigint
  free: bigint
  /** Of its owner, in both contracts; not withdrawn yet. */
  credit: bigint
  /** Credited to its owner for requests that it voted on, since it joined. */
  earned: bigint
  slashed: bigint
  agreed: bigint
  dissented: bigint
  missed: bigint
  version: bigint
  joinedEpoch: bigint
  unbondedEpoch: bigint
  endpoint: string
  epoch: bigint
}

/** `operator show [ID]`: its stake, its record, what it earned, and what is to be done. */
export async function show(context: ReadContext, idText: string | undefined, options: ProviderOption): Promise<void> {
  const registry = await registryOf(context)
  const owner = context.from ?? context.deployment.operators[0]!.owner
  const operatorId =
    idText === undefined
      ? await lastOperatorOfOwner(context, registry, options, owner)
      : parseId('an operator id', idText)
  const operator = await registry.getOperator(operatorId)
  const provider = await readProvider(registry, operator.providerId)
  const { earned, slashed } = await readEarnings(context, registry, operatorId, operator.owner)
  const facts: OperatorFacts = {
    operatorId,
    providerId: operator.providerId,
    owner: operator.owner,
    reporter: orNull(operator.reporter),
    appointed: orNull(operator.appointed),
    standing: OPERATOR_STANDINGS[Number(operator.standing)]!,
    jailed: operator.jailed,
    stake: operator.stake,
    locked: operator.locked,
    free: operator.stake - operator.locked,
    credit: await readCredit(context, registry, operator.owner),
    earned,
    slashed,
    agreed: operator.agreed,
    dissented: operator.dissented,
    missed: operator.missed,
    version: operator.version,
    joinedEpoch: operator.joinedEpoch,
    unbondedEpoch: operator.unbondedEpoch,
    endpoint: operator.endpoint,
    epoch: BigInt(await context.connection.ethers.provider.getBlockNumber()),
  }
  const announced =
    provider.proposedVersion === 0n
      ? null
      : { version: provider.proposedVersion, effectiveEpoch: provider.proposedEpoch }
  context.say(describe(facts, provider), { ...facts, versionInForce: provider.version, announced })
}

const orNull = (address: string) => (address === ZeroAddress ? null : address)

async function readCredit({ connection, deployment }: ReadContext, registry: Registry, owner: string): Promise<bigint> {
  const pinning = await connection.ethers.getContractAt('PinningRequests', deployment.contracts.PinningRequests.address)
  return (await registry.creditOf(owner)) + (await pinning.creditOf(owner))
}

/** What was credited to the owner for requests that the operator voted on, and what it lost, by the contracts' events. */
async function readEarnings(
  { connection, deployment }: ReadContext,
  registry: Registry,
  operatorId: bigint,
  owner: string,
): Promise<{ earned: bigint; slashed: bigint }> {
  const pinning = await connection.ethers.getContractAt('PinningRequests', deployment.contracts.PinningRequests.address)
  const from = deployment.block
  const votes = await eventsOf(registry, registry.filters.Voted(undefined, undefined, operatorId), from)
  const votedOn = new Set(votes.map(({ args }) => args[0] as bigint))
  const credits = [
    ...(await eventsOf(registry, registry.filters.Credited(owner), from)),
    ...(await eventsOf(pinning, pinning.filters.Credited(owner), from)),
  ].filter(({ args }) => votedOn.has(args[1] as bigint))
  const slashes = await eventsOf(registry, registry.filters.Slashed(operatorId), from)
  return {
    earned: credits.reduce((sum, { args }) => sum + (args[2] as bigint), 0n),
    slashed: slashes.reduce((sum, { args }) => sum + (args[3] as bigint), 0n),
  }
}

function describe(facts: OperatorFacts, provider: ProviderFacts): string {
  const { operatorId, standing, reporter, appointed, jailed, stake, locked, free } = facts
  const rows: [string, string][] = [
    ['standing', standingWords(facts)],
    ['owner', facts.owner],
    ['reporter', reporter ?? 'none yet'],
    ...(appointed
      ? [['appointed', `${appointed}, until it accepts: operator accept ${operatorId}`] as [string, string]]
      : []),
    [
      'stake',
      `${fil(stake)}: ${fil(locked)} locked by votes, ${fil(free)} free; the least is ${fil(provider.minStake)}`,
    ],
    ['earned', `${fil(facts.earned)} for requests it voted on; credit of its owner now ${fil(facts.credit)}`],
    ['slashed', fil(facts.slashed)],
    ['votes', `${facts.agreed} agreed, ${facts.dissented} dissented, ${facts.missed} missed`],
    ['version', versionWords(facts, provider)],
    ...(facts.endpoint ? [['endpoint', facts.endpoint] as [string, string]] : []),
  ]
  if (standing === 'Unbonding') rows.push(['unbonding', unbondingWords(facts)])
  if (jailed)
    rows.push(['next', `jailed: npm run mooring -- operator topup --stake ${formatEther(provider.minStake - stake)}`])
  const title = `operator ${operatorId} of provider ${provider.id} '${provider.name}'`
  return [title, ...rows.map(([name, words]) => `  ${name.padEnd(12)} ${words}`)].join('\n')
}

function standingWords({ standing, jailed, joinedEpoch }: OperatorFacts): string {
  if (standing === 'Active')
    return jailed ? 'Active, but jailed: it cannot vote' : `Active: votes on requests made after epoch ${joinedEpoch}`
  if (standing === 'Appointing') return 'Appointing: votes once its reporter accepts'
  return standing
}

function versionWords({ version, epoch }: OperatorFacts, provider: ProviderFacts): string {
  const { version: inForce, proposedVersion: next, proposedEpoch } = provider
  const words = version === inForce ? `${version}, in force` : `${version}; in force is ${inForce}`
  if (version < inForce) return `${words}: npm run mooring -- operator optin ${inForce}`
  if (next === 0n) return words
  const when = `version ${next} takes effect at epoch ${proposedEpoch}, in ${inEpochs(proposedEpoch - epoch)}`
  return version === next
    ? `${words}; ${when}`
    : `${words}; ${when}: npm run mooring -- operator optin ${next}, or leave before`
}

function unbondingWords({ operatorId, unbondedEpoch, epoch, stake }: OperatorFacts): string {
  if (unbondedEpoch > epoch) return `until epoch ${unbondedEpoch}: ${inEpochs(unbondedEpoch - epoch)} left`
  return stake > 0n ? `over: npm run mooring -- operator withdraw ${operatorId}` : 'over, the stake is withdrawn'
}
