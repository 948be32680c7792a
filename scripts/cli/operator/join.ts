import { formatEther, isAddress } from 'ethers'
import { joinProvider } from '../../deploy/join.ts'
import { describeRevert } from '../../lib/revert.ts'
import { fil, parseFil } from '../../lib/amounts.ts'
import type { CliContext } from '../context.ts'
import { parseProvider, readProvider, type ProviderFacts } from '../provider.ts'
import { registryOf, type Registry } from '../registry.ts'

export interface JoinOptions {
  stake: string
  provider: string
  reporter?: string
  endpoint: string
}

/** `operator join`: takes a seat at a provider with stake. What is missing is said before anything is sent. */
export async function join(context: CliContext, options: JoinOptions): Promise<void> {
  const { connection, signer, network } = context
  const registry = await registryOf(context)
  const stake = parseFil('--stake', options.stake)
  const provider = await readProvider(registry, parseProvider(context, options.provider))
  const reporter = parseReporter(context, options.reporter)
  const terms = { providerId: provider.id, owner: signer, reporter, endpoint: options.endpoint, stake }

  const missing = await whatIsMissing(context, registry, provider, reporter, stake)
  if (missing.length > 0) throw new Error(['cannot join yet:', ...missing].join('\n  - '))

  const { operatorId, transaction, active } = await joinProvider(connection, registry, terms)
  const joined = `operator ${operatorId} joined provider ${provider.id} '${provider.name}' with a stake of ${fil(stake)}`
  const next = active
    ? `it votes with ${reporter} on requests from the next epoch on; start its executor: npm run executor`
    : `it votes once ${reporter} accepts, signed with that key: npm run mooring -- operator accept ${operatorId} --network ${network}`
  if (provider.proposedVersion > 0n) {
    context.note(
      `version ${provider.proposedVersion} of the rules takes effect at epoch ${provider.proposedEpoch}; to serve it: npm run mooring -- operator optin ${provider.proposedVersion}`,
    )
  }
  context.say(`${joined}\n${next}`, { operatorId, providerId: provider.id, reporter, stake, active, transaction })
}

export function parseReporter({ connection, signer }: CliContext, text: string | undefined): string {
  if (text === undefined) return signer.address
  if (!isAddress(text)) throw new Error(`--reporter expects an address (0x and 40 hex digits), got '${String(text)}'`)
  return connection.ethers.getAddress(text)
}

/** Everything that stands in the way, each with what to do. */
async function whatIsMissing(
  { connection, deployment, signer, network }: CliContext,
  registry: Registry,
  provider: ProviderFacts,
  reporter: string,
  stake: bigint,
): Promise<string[]> {
  const { address } = signer
  const missing: string[] = []
  const mine = await registry.operatorOfOwner(provider.id, address)
  if (mine !== 0n) {
    missing.push(
      `${address} has operator ${mine} there already: npm run mooring -- operator show ${mine} --network ${network}`,
    )
  }
  const seats = 2n * provider.quorum - 1n
  if (BigInt(provider.operators.length) >= seats) {
    missing.push(
      `all ${seats} seats are taken, by operators ${provider.operators.join(', ')} (a quorum of ${provider.quorum} allows no more): wait until one of them leaves`,
    )
  }
  if (stake < provider.minStake) {
    missing.push(
      `the stake is ${fil(stake)}, the least is ${fil(provider.minStake)}: --stake ${formatEther(provider.minStake)}`,
    )
  }
  const balance = await connection.ethers.provider.getBalance(address)
  if (balance <= stake) missing.push(`${address} has ${fil(balance)}: send it more than the stake, gas is paid too`)
  const taken = await registry.operatorOf(reporter)
  if (taken !== 0n) missing.push(`${reporter} votes for operator ${taken}: name another key, --reporter ADDRESS`)
  if (missing.length === 0 && !(await isAdmitted(registry, provider, reporter, stake))) {
    missing.push(
      `provider '${provider.name}' admits its operators, and ${address} is not admitted: ask ${deployment.governance.governor}, who proposes to its owner, the timelock ${provider.owner}; that takes ${deployment.governance.minDelaySeconds / 86_400} days`,
    )
  }
  return missing
}

/** The registry has no list of the admitted: it is asked whether it would let this account in. */
async function isAdmitted(
  registry: Registry,
  provider: ProviderFacts,
  reporter: string,
  stake: bigint,
): Promise<boolean> {
  if (provider.open) return true
  try {
    await registry.join.staticCall(provider.id, reporter, '', { value: stake })
    return true
  } catch (error) {
    if (describeRevert(error)?.startsWith('NotAdmitted')) return false
    throw error
  }
}
