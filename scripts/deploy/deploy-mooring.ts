import { formatEther, keccak256, ZeroAddress, type BaseContract } from 'ethers'
import type { Connection } from '../lib/hardhat.ts'
import { CONTRACTS, type ContractName, type DeployedContract, type Deployment } from './deployments.ts'
import { deployDataDaos, type Deploy } from './data-daos.ts'
import { edgeProviderTerms, providerConfig, type ProviderTerms } from './edge-provider.ts'
import { idFrom, joinProvider } from './join.ts'

/** f099, the burn actor: what of a slash, or of a storage provider's collateral, is nobody's to gain goes there. */
export const SINK = '0xff00000000000000000000000000000000000063'

/** What the provider's owner wants waits so long: longer than an operator needs to leave with its stake (7 days). */
export const GOVERNANCE_DELAY_SECONDS = 8 * 24 * 3600

export interface OperatorToJoin {
  /** An account of the network; the deployer unless given. */
  owner?: string
  /** The key that votes; the owner itself unless given. */
  reporter?: string
  /** Where people find the operator; may be empty. */
  endpoint?: string
}

export interface DeployOptions {
  /** Who join at once with the least stake; the deployer unless given. */
  operators?: OperatorToJoin[]
  /** Who are admitted beside them. */
  admit?: string[]
  /** Who proposes to the provider's timelock; the deployer unless given. */
  governor?: string
  /** Who rule on challenges, more than half of them; the deployer alone unless given. */
  council?: string[]
  /** Rules of the Edge provider that a test wants otherwise. */
  terms?: Partial<ProviderTerms>
  onStep?: (words: string) => void
}

/** Deploys the contracts, registers the Edge provider under a timelock, and joins its first operators with their stake. */
export async function deployMooring(connection: Connection, options: DeployOptions = {}): Promise<Deployment> {
  const { ethers } = connection
  const step = options.onStep ?? (() => {})
  const signers = await ethers.getSigners()
  const [deployer] = signers
  if (!deployer)
    throw new Error(`network '${connection.network}' has no key: set MOORING_KEY in the keystore or the environment`)
  const terms = edgeProviderTerms(connection.chainId, options.terms)
  const governor = ethers.getAddress(options.governor ?? deployer.address)
  const council = (options.council ?? [deployer.address]).map((member) => ethers.getAddress(member))
  const threshold = Math.floor(council.length / 2) + 1
  const joining = (options.operators ?? [{}]).map(({ owner = deployer.address, reporter = owner, endpoint = '' }) => ({
    ...{ reporter: ethers.getAddress(reporter), endpoint },
    owner: signers.find(({ address }) => address === ethers.getAddress(owner))!,
  }))
  await requireStake(connection, deployer.address, terms)
  const block = await ethers.provider.getBlockNumber()

  const deployed = {} as Record<ContractName, BaseContract>
  const deploy: Deploy = async (name, args = []) => {
    const contract: BaseContract = await ethers.deployContract(name, args)
    await contract.waitForDeployment()
    deployed[name] = contract
    step(`${name} at ${await contract.getAddress()}`)
    return contract
  }

  const extension = await deploy('RegistryExtension', [SINK])
  const registry = await deploy('OracleRegistry', [extension])
  const arbiter = await deploy('CouncilArbiter', [council, threshold])
  const evidence = await deploy('EdgeEvidence')
  const timelock = await deploy('TimelockController', [
    GOVERNANCE_DELAY_SECONDS,
    [governor],
    [ZeroAddress], // what has waited, anyone may execute
    ZeroAddress, // nobody may change the roles but the timelock itself
  ])

  const config = providerConfig(terms, await arbiter.getAddress(), await evidence.getAddress())
  const admitted = terms.open ? [] : [...joining.map(({ owner }) => owner.address), ...(options.admit ?? [])]
  const registered = await registry
    .getFunction('registerProvider')
    .send(terms.name, timelock, terms.open, config, [...new Set(admitted.map((address) => ethers.getAddress(address)))])
  const providerId = idFrom((await registered.wait())!, registry, 'ProviderRegistered')
  step(`provider ${providerId} '${terms.name}', owned by the timelock; quorum ${terms.quorum}`)

  await deploy('EdgeProvider', [registry, providerId])
  await deploy('SectorLocator')
  const orders = await deploy('OrdersExtension', [SINK])
  const proofs = await deploy('ProofsExtension', [SINK])
  const storage = await deploy('PerpetualStorage', [orders, proofs])
  const pinningExtension = await deploy('PinningExtension', [registry, storage])
  const pinning = await deploy('PinningRequests', [registry, providerId, storage, pinningExtension])
  await deployDataDaos(deploy, pinning, storage)

  const operators: Deployment['operators'] = []
  for (const { owner, reporter, endpoint } of joining) {
    const stake = terms.minStake
    const { operatorId, active } = await joinProvider(connection, registry, {
      ...{ providerId, owner, reporter, endpoint, stake },
    })
    operators.push({ id: operatorId.toString(), owner: owner.address, reporter, endpoint })
    step(`operator ${operatorId} joined with a stake of ${formatEther(stake)} FIL, reports with ${reporter}`)
    if (!active) {
      step(
        `operator ${operatorId} votes once ${reporter} accepts: npm run mooring -- operator accept ${operatorId} --network ${connection.network}`,
      )
    }
  }

  const contracts = {} as Record<ContractName, DeployedContract>
  for (const name of CONTRACTS) {
    const address = await deployed[name].getAddress()
    contracts[name] = { address, codeHash: keccak256(await ethers.provider.getCode(address)) }
  }
  return {
    network: connection.network,
    chainId: connection.chainId,
    genesisHash: await genesisHash(connection),
    block,
    contracts,
    providerId: providerId.toString(),
    configVersion: 1,
    governance: { governor, minDelaySeconds: GOVERNANCE_DELAY_SECONDS },
    council: { members: council, threshold },
    operators,
  }
}

/** A deployment without its operator is half a deployment: said before the first transaction. */
async function requireStake(
  { ethers, network }: Connection,
  deployer: string,
  { minStake }: ProviderTerms,
): Promise<void> {
  const balance = await ethers.provider.getBalance(deployer)
  if (balance > minStake) return
  throw Object.assign(
    new Error(
      `${deployer} has ${formatEther(balance)} FIL on '${network}': expected more than ${formatEther(minStake)} FIL, the stake of its operator, and the gas`,
    ),
    { hint: 'Send it what is missing; the stake can be withdrawn 7 days after leaving.' },
  )
}

/** Hash of block 0; null where the node does not serve it (Lotus keeps a limited past). */
export async function genesisHash(connection: Connection): Promise<string | null> {
  const block = (await connection.send('eth_getBlockByNumber', ['0x0', false]).catch(() => null)) as {
    hash: string
  } | null
  return block?.hash ?? null
}
