import type { BaseContract, ContractTransactionReceipt, Signer } from 'ethers'
import hre from 'hardhat'
import { deployMooring } from '../../deploy/deploy-mooring.ts'
import { connect, type Connection } from '../../lib/hardhat.ts'
import { ACTOR_ADDRESSES, createMiners, installActors } from '../../local/actors.ts'

export interface GasRow {
  call: string
  what: string
  /** Gas of the whole transaction, 21,000 and calldata included, by each of `items`. EVM gas, as Ethereum counts it. */
  gas: bigint
  /** How many items one transaction holds; 1 unless it is a batch. */
  items: bigint
  /** What it may cost at most. */
  limit?: bigint
}

/** How a transaction is sent and recorded. Without `what` it is not in the table. */
export interface Sending {
  from?: Signer
  value?: bigint
  what?: string
  items?: bigint
  limit?: bigint
}

export interface GasWorld {
  connection: Connection
  rows: GasRow[]
  /** Owns the registry's first operator and is the council; asks too. */
  deployer: Signer
  requester: Signer
  worker: Signer
  /** Vote for themselves; two of the three are a quorum. */
  operators: Signer[]
  registry: BaseContract
  pinning: BaseContract
  perpetual: BaseContract
  /** Makes DataDAOs. */
  factory: BaseContract
  edge: BaseContract
  arbiter: BaseContract
  market: BaseContract
  sample: BaseContract
  /** By which a contract's calls are listed. */
  names: Map<BaseContract, string>
  send: (
    contract: BaseContract,
    name: string,
    args: unknown[],
    sending?: Sending,
  ) => Promise<ContractTransactionReceipt>
  /** {@link send} of what makes a request; its id. */
  sendAsking: (contract: BaseContract, name: string, args: unknown[], sending?: Sending) => Promise<bigint>
  epoch: () => Promise<bigint>
  mine: (blocks: bigint) => Promise<unknown>
}

const MINERS = [1000n, 1001n, 1002n]

/** Everything deployed on a simulated network of its own, with three operators: the same in every run. */
export async function gasWorld(): Promise<GasWorld> {
  const rows: GasRow[] = []
  const connection = await connect('fvm')
  const { ethers } = connection
  const [deployer, requester, worker, second, third] = await ethers.getSigners()
  await installActors(connection, hre.artifacts)
  const address = worker!.address
  await createMiners(
    connection,
    hre.artifacts,
    MINERS.map((id) => ({ id, owner: address, worker: address })),
  )
  const operators = [deployer!, second!, third!]
  const { contracts } = await deployMooring(connection, {
    operators: operators.map(({ address: owner }) => ({ owner })),
  })
  const at = (name: string, of: string): Promise<BaseContract> => ethers.getContractAt(name, of)
  const registry = await at('OracleRegistry', contracts.OracleRegistry.address)
  const pinning = await at('PinningRequests', contracts.PinningRequests.address)
  const perpetual = await at('PerpetualStorage', contracts.PerpetualStorage.address)
  const factory = await at('DataDAOFactory', contracts.DataDAOFactory.address)
  const edge = await at('EdgeProvider', contracts.EdgeProvider.address)
  const arbiter = await at('CouncilArbiter', contracts.CouncilArbiter.address)
  const market = (await at('ILocalMarket', ACTOR_ADDRESSES.market)).connect(worker!)
  const sample: BaseContract = await ethers.deployContract('KeepMyFile', [contracts.EdgeProvider.address])
  const names = new Map<BaseContract, string>([
    [registry, 'OracleRegistry'],
    [pinning, 'PinningRequests'],
    [perpetual, 'PerpetualStorage'],
    [factory, 'DataDAOFactory'],
    [arbiter, 'CouncilArbiter'],
    [sample, 'KeepMyFile (sample)'],
  ])

  const send: GasWorld['send'] = async (contract, name, args, { from, value = 0n, what, items = 1n, limit } = {}) => {
    const sent = await (from ? contract.connect(from) : contract).getFunction(name).send(...args, { value })
    const receipt = (await sent.wait())!
    if (what !== undefined) {
      rows.push({ call: `${names.get(contract)}.${name}`, what, gas: receipt.gasUsed / items, items, limit })
    }
    return receipt
  }
  const sendAsking: GasWorld['sendAsking'] = async (contract, name, args, sending) => {
    const { logs } = await send(contract, name, args, sending)
    const asked = logs.map((log) => registry.interface.parseLog(log)).find((event) => event?.name === 'Requested')
    return asked!.args[0] as bigint
  }
  return {
    ...{ connection, rows, deployer: deployer!, requester: requester!, worker: worker!, operators },
    ...{ registry, pinning, perpetual, factory, edge, arbiter, market, sample, names, send, sendAsking },
    epoch: async () => BigInt(await ethers.provider.getBlockNumber()),
    mine: (blocks) => connection.send('hardhat_mine', [ethers.toBeHex(blocks)]),
  }
}
