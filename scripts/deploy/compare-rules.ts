import { ZeroAddress, ZeroHash } from 'ethers'
import { EPOCH_SECONDS } from '../../oracle/chain/epochs.ts'
import type { Connection } from '../lib/hardhat.ts'
import { OPERATOR_STANDINGS } from '../lib/standings.ts'
import { DATA_DAO_WIRING } from './data-daos.ts'
import { SINK } from './deploy-mooring.ts'
import type { Deployment } from './deployments.ts'
import { edgeProviderTerms, type ProviderTerms } from './edge-provider.ts'
import { createFacts, type Fact } from './facts.ts'

/** How the contracts are tied together, who governs, by which rules, and who answers: beside the deployment file. */
export async function compareRules(
  { ethers, chainId }: Connection,
  deployment: Deployment,
  changes?: Partial<ProviderTerms>,
): Promise<Fact[]> {
  const { facts, fact } = createFacts()
  const { contracts, providerId, governance, council, configVersion } = deployment
  const at = (name: keyof typeof contracts) => ethers.getContractAt(name, contracts[name].address)
  const read = async (name: keyof typeof contracts, method: string, ...args: unknown[]): Promise<unknown> =>
    (await at(name)).getFunction(method).staticCall(...args)

  fact(
    'wiring',
    'OracleRegistry extension',
    contracts.RegistryExtension.address,
    await read('OracleRegistry', 'extension'),
  )
  fact('wiring', 'OracleRegistry sink', ethers.getAddress(SINK), await read('OracleRegistry', 'sink'))
  for (const [extension, method] of [
    ['OrdersExtension', 'ordersExtension'],
    ['ProofsExtension', 'proofsExtension'],
  ] as const) {
    const { address } = contracts[extension]
    fact('wiring', `PerpetualStorage ${extension}`, address, await read('PerpetualStorage', method))
  }
  fact('wiring', 'PerpetualStorage sink', ethers.getAddress(SINK), await read('PerpetualStorage', 'sink'))
  const { PinningExtension, PerpetualStorage } = contracts
  fact('wiring', 'PinningRequests extension', PinningExtension.address, await read('PinningRequests', 'extension'))
  for (const name of ['PinningRequests', 'PinningExtension'] as const) {
    fact('wiring', `${name} opens orders in`, PerpetualStorage.address, await read(name, 'perpetualStorage'))
  }
  fact(
    'wiring',
    'PinningExtension asks registry',
    contracts.OracleRegistry.address,
    await read('PinningExtension', 'registry'),
  )
  for (const name of ['EdgeProvider', 'PinningRequests'] as const) {
    fact('wiring', `${name} asks registry`, contracts.OracleRegistry.address, await read(name, 'registry'))
    fact('wiring', `${name} asks provider`, providerId, await read(name, 'providerId'))
  }
  for (const [name, getter, named] of DATA_DAO_WIRING) {
    fact('wiring', `${name} ${getter}`, contracts[named].address, await read(name, getter))
  }

  const registry = await ethers.getContractAt('OracleRegistry', contracts.OracleRegistry.address)
  const terms = edgeProviderTerms(chainId, changes)
  const provider = await registry.getProvider(providerId)
  fact('governance', 'provider owner is the timelock', contracts.TimelockController.address, provider.owner)
  const minDelay = (await read('TimelockController', 'getMinDelay')) as bigint
  const unbonding = await registry.UNBONDING_EPOCHS()
  fact('governance', 'timelock delay, seconds', governance.minDelaySeconds, minDelay)
  fact('governance', 'timelock waits longer than unbonding', true, minDelay > unbonding * EPOCH_SECONDS)
  const proposer = await read('TimelockController', 'PROPOSER_ROLE')
  const executor = await read('TimelockController', 'EXECUTOR_ROLE')
  const hasRole = (role: unknown, account: string) => read('TimelockController', 'hasRole', role, account)
  fact('governance', 'the governor may propose', true, await hasRole(proposer, governance.governor))
  fact('governance', 'anyone may execute', true, await hasRole(executor, ZeroAddress))
  fact('governance', 'the governor is no admin', false, await hasRole(ZeroHash, governance.governor))

  fact(
    'council',
    'council members',
    council.members.join(' '),
    ((await read('CouncilArbiter', 'getMembers')) as string[]).join(' '),
  )
  fact('council', 'council threshold', council.threshold, await read('CouncilArbiter', 'threshold'))

  for (const key of ['name', 'open'] as const) fact('rules', `provider ${key}`, terms[key], provider[key])
  fact('rules', 'version in force', configVersion, provider.version)
  const config = await registry.getConfig(providerId, configVersion)
  for (const key of [
    ...(['quorum', 'windowEpochs', 'turnEpochs', 'rulingEpochs', 'callbackGas'] as const),
    ...(['minStake', 'slash', 'minBond'] as const),
  ]) {
    fact('rules', `provider ${key}`, terms[key], config[key])
  }
  fact('rules', 'provider arbiter', contracts.CouncilArbiter.address, config.arbiter)
  fact('rules', 'provider evidence', contracts.EdgeEvidence.address, config.evidence)
  fact('rules', 'provider jobs', terms.jobs.map(({ job }) => job).join(' '), [...config.jobs].join(' '))
  for (const expected of terms.jobs) {
    if (!config.jobs.includes(BigInt(expected.job))) continue
    const job = await registry.getJob(providerId, configVersion, expected.job)
    fact('rules', `job ${expected.job}`, jobWords(expected), jobWords(job))
  }

  for (const { id, owner, reporter } of deployment.operators) {
    const operator = await registry.getOperator(id)
    fact('operator', `operator ${id} owner`, owner, operator.owner)
    fact('operator', `operator ${id} reporter`, reporter, operator.reporter)
    fact('operator', `operator ${id} standing`, 'Active', OPERATOR_STANDINGS[Number(operator.standing)])
    fact('operator', `operator ${id} has its stake`, true, operator.stake >= config.minStake && !operator.jailed)
    fact('operator', `operator ${id} version`, configVersion, operator.version)
  }
  return facts
}

interface JobView {
  minDeadlineEpochs: number | bigint
  concludedByRequester: boolean
  failureFee: bigint
  stages: readonly { base: bigint; perGiB: bigint }[]
}

function jobWords({ minDeadlineEpochs, concludedByRequester, failureFee, stages }: JobView): string {
  const fees = stages.map(({ base, perGiB }) => `${base} + ${perGiB} a GiB`).join(', ')
  const last = concludedByRequester ? ', concluded by the requester' : ''
  return `${minDeadlineEpochs} epochs at least${last}; attoFIL for each operator: ${fees}; failure ${failureFee}`
}
