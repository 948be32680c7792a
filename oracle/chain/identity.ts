import { getAddress, keccak256 } from 'ethers'
import type { Logger } from 'pino'
import type { DeploymentIdentity, DeploymentStore } from '../db/deployment.ts'
import { MooringError } from '../errors.ts'
import type { ChainClient } from './client.ts'

/** The local chain, whose node always serves block 0; it is started anew often, so nothing else tells two of them apart. */
export const LOCAL_CHAIN_ID = 31415926n

/** The database's rows belong to another chain or deployment; `differences` lists every one. */
export class DeploymentMismatch extends MooringError {
  readonly differences: string[]

  constructor(differences: string[], hint: string) {
    super(`the database belongs to another deployment:\n  ${differences.join('\n  ')}`, { hint })
    this.differences = differences
  }
}

/** There is no contract where one is expected. */
export class ContractMissing extends MooringError {}

/** The node does not serve block 0 where it must. */
export class GenesisMissing extends MooringError {}

export interface IdentityOptions {
  client: ChainClient
  deployments: DeploymentStore
  /** The contracts that the executor works with: address by name. */
  contracts: Record<string, string>
  /** Reads what happened so far at the contracts of these names, which the database has no rows of; they are recorded after. */
  adopt?: (names: string[]) => Promise<void>
  /** Whether the executor may stop working with a contract that the database has rows of. */
  mayLeave?: (name: string) => boolean
  log: Logger
}

/**
 * At start, before any row is read or written: on a new database records which chain and contracts its rows will belong to; on any
 * other compares. Block 0's hash is recorded as soon as a node serves it.
 * @throws DeploymentMismatch when something differs; ContractMissing; GenesisMissing (chain 31415926 only).
 */
export async function checkIdentity({
  client,
  deployments,
  contracts,
  adopt,
  mayLeave = () => false,
  log,
}: IdentityOptions): Promise<DeploymentIdentity> {
  const recorded = await deployments.read()
  const chainId = await client.chainId()
  // Another chain has other contracts, or none: that it is another chain is the fact to tell.
  if (recorded !== undefined && recorded.chainId !== chainId) throw mismatch([chainDifference(recorded, chainId)])

  const genesisHash = await readGenesis(client, chainId)
  const genesisDiffers = recorded?.genesisHash && genesisHash && recorded.genesisHash !== genesisHash
  if (genesisDiffers) throw mismatch([`block 0: expected ${recorded.genesisHash}, found ${genesisHash}`])

  const found = { chainId, genesisHash, contracts: await readContracts(client, contracts, recorded) }
  const added = recorded && adopt ? Object.keys(found.contracts).filter((name) => !recorded.contracts[name]) : []
  const left = Object.keys(recorded?.contracts ?? {}).filter((name) => !(name in contracts) && mayLeave(name))
  const changed = [...added, ...left]
  const differences = recorded ? contractDifferences(recorded, found, changed) : []
  if (differences.length > 0) throw mismatch(differences)
  if (recorded && changed.length === 0 && (recorded.genesisHash !== null || genesisHash === null)) return recorded

  if (added.length > 0) await adopt?.(added)
  const identity = { ...found, genesisHash: genesisHash ?? recorded?.genesisHash ?? null }
  await deployments.write(identity)
  log.info({ ...identity, chainId: chainId.toString() }, 'deployment recorded')
  return identity
}

async function readGenesis(client: ChainClient, chainId: bigint): Promise<string | null> {
  const hash = await client.genesisHash()
  if (hash === null && chainId === LOCAL_CHAIN_ID) {
    throw new GenesisMissing(`the node of chain ${chainId} does not serve block 0`, {
      hint: 'Without it two local chains cannot be told apart. Use a node that keeps its whole chain.',
    })
  }
  return hash
}

async function readContracts(
  client: ChainClient,
  contracts: Record<string, string>,
  recorded?: DeploymentIdentity,
): Promise<DeploymentIdentity['contracts']> {
  const found: DeploymentIdentity['contracts'] = {}
  for (const [name, given] of Object.entries(contracts)) {
    const address = getAddress(given)
    const code = await client.getCode(address)
    if (code === '0x') {
      const before = recorded?.contracts[name]
      if (before !== undefined) throw mismatch([`${name}: expected code ${before.codeHash} at ${address}, found none`])
      throw new ContractMissing(`${name}: there is no contract at ${address} on chain ${await client.chainId()}`, {
        hint: 'Deploy the contracts first, or correct the address.',
      })
    }
    found[name] = { address, codeHash: keccak256(code) }
  }
  return found
}

function contractDifferences(recorded: DeploymentIdentity, found: DeploymentIdentity, changed: string[]): string[] {
  const differences: string[] = []
  for (const name of new Set([...Object.keys(recorded.contracts), ...Object.keys(found.contracts)])) {
    if (changed.includes(name)) continue
    const before = recorded.contracts[name]
    const now = found.contracts[name]
    if (before?.address !== now?.address) {
      differences.push(`${name}: expected address ${before?.address ?? 'none'}, found ${now?.address ?? 'none'}`)
    } else if (before?.codeHash !== now?.codeHash) {
      differences.push(`${name} at ${now?.address}: expected code ${before?.codeHash}, found ${now?.codeHash}`)
    }
  }
  return differences
}

function chainDifference(recorded: DeploymentIdentity, chainId: bigint): string {
  return `chain id: expected ${recorded.chainId}, found ${chainId}`
}

function mismatch(differences: string[]): DeploymentMismatch {
  return new DeploymentMismatch(
    differences,
    'Point the executor at the chain and contracts that this database was filled from, or give it an empty data folder.',
  )
}
