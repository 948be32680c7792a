import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { isAddress } from 'ethers'
import { dataDir, repoRoot } from '../lib/paths.ts'

/** What is deployed, in this order, by the names of the artifacts. */
export const CONTRACTS = [
  'RegistryExtension',
  'OracleRegistry',
  'CouncilArbiter',
  'EdgeEvidence',
  'TimelockController',
  'EdgeProvider',
  'SectorLocator',
  'OrdersExtension',
  'ProofsExtension',
  'PerpetualStorage',
  'PinningExtension',
  'PinningRequests',
  'ProposalDesk',
  'GovernorExtension',
  'DataDAO',
  'DaoTreasury',
  'Collection',
  'MemberBadge',
  'WeightToken',
  'DataDAOFactory',
] as const

export type ContractName = (typeof CONTRACTS)[number]

export interface DeployedContract {
  address: string
  /** keccak256 of the runtime code on the chain */
  codeHash: string
}

export interface DeployedOperator {
  /** Decimal. */
  id: string
  owner: string
  reporter: string
  endpoint: string
}

export interface Deployment {
  network: string
  chainId: number
  /** Hash of block 0, where the node serves it. */
  genesisHash: string | null
  /** The block before the first deployment: where a watcher starts. */
  block: number
  contracts: Record<ContractName, DeployedContract>
  /** The Edge provider's id, decimal. */
  providerId: string
  /** The version of its rules that scripts/deploy/edge-provider.ts describes. */
  configVersion: number
  /** Who proposes to the timelock that owns the provider, and how long everything waits there. */
  governance: { governor: string; minDelaySeconds: number }
  /** Who rules on challenges. */
  council: { members: string[]; threshold: number }
  /** The operators that joined with the deployment. */
  operators: DeployedOperator[]
}

/** `npm start` keeps its chain's deployment beside the chain; every other network's is in the repository. */
export function deploymentFile(network: string): string {
  const running = join(dataDir(), 'deployment.json')
  if (network === 'local' && existsSync(running)) return running
  return join(repoRoot, 'deployments', `${network}.json`)
}

export function readDeployment(network: string, file = deploymentFile(network)): Deployment {
  if (existsSync(file)) return parseDeployment(readFileSync(file, 'utf8'), file)
  const how =
    network === 'local'
      ? 'start the local chain with `npm start`'
      : `deploy with \`npm run deploy -- --network ${network}\``
  throw new Error(`no deployment of Mooring on '${network}' is known here (${file} is missing): ${how} first`)
}

function parseDeployment(text: string, file: string): Deployment {
  try {
    const deployment = JSON.parse(text) as Deployment
    if (CONTRACTS.every((name) => isAddress(deployment.contracts[name]?.address))) return deployment
  } catch (cause) {
    throw new Error(`${file} is no deployment file: restore it, or deploy anew with --force`, { cause })
  }
  throw new Error(`${file} lacks the address of a contract: restore it, or deploy anew with --force`)
}

export function writeDeployment(deployment: Deployment, file: string): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(`${file}.new`, JSON.stringify(deployment, null, 2) + '\n')
  renameSync(`${file}.new`, file)
}
