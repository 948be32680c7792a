import { keccak256, type BaseContract, type ContractTransactionResponse } from 'ethers'
import type { Connection } from '../lib/hardhat.ts'
import { CONTRACTS, type ContractName, type DeployedContract, type Deployment } from './deployments.ts'
import { edgeProviderTerms } from './edge-provider.ts'

export interface DeployOptions {
  /** The key that votes for the operator; the deployer itself unless given. */
  reporter?: string
  /** Where people find the operator; may be empty. */
  endpoint?: string
  onStep?: (words: string) => void
}

/** Deploys the contracts, registers the Edge provider, admits and joins the deployer as its first operator. */
export async function deployMooring(connection: Connection, options: DeployOptions = {}): Promise<Deployment> {
  const { ethers } = connection
  const step = options.onStep ?? (() => {})
  const [deployer] = await ethers.getSigners()
  if (!deployer)
    throw new Error(`network '${connection.network}' has no key: set MOORING_KEY in the keystore or the environment`)
  const reporter = options.reporter ?? deployer.address
  const endpoint = options.endpoint ?? ''
  const block = await ethers.provider.getBlockNumber()

  const registry = await ethers.deployContract('OracleRegistry')
  await registry.waitForDeployment()
  step(`OracleRegistry at ${await registry.getAddress()}`)

  const terms = edgeProviderTerms(connection.chainId)
  const providerId = await idFrom(
    await registry.getFunction('registerProvider').send(terms),
    registry,
    'ProviderRegistered',
  )
  await (await registry.getFunction('admit').send(providerId, deployer.address)).wait()
  const operatorId = await idFrom(
    await registry.getFunction('join').send(providerId, reporter, endpoint),
    registry,
    'OperatorJoined',
  )
  step(`provider ${providerId} '${terms.name}', operator ${operatorId} reports with ${reporter}`)
  await acceptAppointment(connection, registry, operatorId, reporter, deployer.address, step)

  const edge = await ethers.deployContract('EdgeProvider', [registry, providerId])
  await edge.waitForDeployment()
  const pinning = await ethers.deployContract('PinningRequests', [registry, providerId])
  await pinning.waitForDeployment()
  step(`EdgeProvider at ${await edge.getAddress()}, PinningRequests at ${await pinning.getAddress()}`)

  const deployed = { OracleRegistry: registry, EdgeProvider: edge, PinningRequests: pinning }
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
    operatorId: operatorId.toString(),
    operator: { owner: deployer.address, reporter, endpoint },
  }
}

/** A reporter that is not its operator's owner accepts its appointment itself: at once where its key is at hand. */
async function acceptAppointment(
  { ethers, network }: Connection,
  registry: BaseContract,
  operatorId: bigint,
  reporter: string,
  owner: string,
  step: (words: string) => void,
): Promise<void> {
  if (ethers.getAddress(reporter) === owner) return
  const signer = (await ethers.getSigners()).find((key) => key.address === ethers.getAddress(reporter))
  if (!signer)
    return step(
      `operator ${operatorId} is active once ${reporter} accepts: npm run mooring -- accept ${operatorId} --network ${network}`,
    )
  const call = registry.connect(signer)
  await (await call.getFunction('acceptReporter').send(operatorId)).wait()
}

/** Hash of block 0; null where the node does not serve it (Lotus keeps a limited past). */
export async function genesisHash(connection: Connection): Promise<string | null> {
  const block = (await connection.send('eth_getBlockByNumber', ['0x0', false]).catch(() => null)) as {
    hash: string
  } | null
  return block?.hash ?? null
}

async function idFrom(sent: ContractTransactionResponse, contract: BaseContract, event: string): Promise<bigint> {
  const receipt = await sent.wait()
  for (const log of receipt?.logs ?? []) {
    const parsed = contract.interface.parseLog(log)
    if (parsed?.name === event) return parsed.args[0] as bigint
  }
  throw new Error(`transaction ${sent.hash} shows no ${event} event`)
}
