import { AbiCoder, getAddress, type BaseContract, type Signer } from 'ethers'
import { readText } from '../../../oracle/chain/dao.ts'
import type { Deployment } from '../../deploy/deployments.ts'
import type { Connection } from '../hardhat.ts'
import { parseAddress } from './address.ts'
import { perpetualAt } from '../perpetual/contract.ts'
import { oneLine } from './text.ts'

/** Where DataDAOs are made. */
export function factoryOf({ ethers }: Pick<Connection, 'ethers'>, deployment: Deployment, signer?: Signer) {
  return ethers.getContractAt('DataDAOFactory', deployment.contracts.DataDAOFactory.address, signer)
}

/** A DAO and its parts; to be read only where nobody signs. */
export async function daoAt(
  { ethers }: Pick<Connection, 'ethers'>,
  deployment: Deployment,
  address: string,
  signer?: Signer,
) {
  const factory = await factoryOf({ ethers }, deployment)
  const parts = await factory.partsOf(address)
  const governor = await ethers.getContractAt('DataDAO', address, signer)
  const token = await ethers.getContractAt('WeightToken', parts.membership, signer)
  const { PerpetualStorage, PinningRequests, OracleRegistry } = deployment.contracts
  return {
    address: getAddress(address),
    name: await readName(governor),
    symbol: await readTextOf(token, 'symbol'), // a badge has one too
    weighted: isCloneOf(await ethers.provider.getCode(parts.membership), deployment.contracts.WeightToken.address),
    /** Where its history begins, at the earliest: the block before the deployment. */
    deployedBlock: deployment.block,
    governor,
    treasury: await ethers.getContractAt('DaoTreasury', parts.treasury, signer),
    collection: await ethers.getContractAt('Collection', parts.collection),
    membership: await ethers.getContractAt('IMembership', parts.membership, signer),
    /** The membership by its kind: only the one that `weighted` says answers. */
    token,
    badge: await ethers.getContractAt('MemberBadge', parts.membership),
    /** Where the treasury is the client of orders and requests. */
    storage: await perpetualAt({ ethers }, PerpetualStorage.address),
    pinning: await ethers.getContractAt('IPinningRequests', PinningRequests.address),
    registry: await ethers.getContractAt('IOracleRegistry', OracleRegistry.address),
  }
}

/** What a DAO calls itself, in a line. */
export const readName = (governor: BaseContract): Promise<string> => readTextOf(governor, 'name')

/** Nobody checks that it is UTF-8: it is read as bytes first. */
async function readTextOf(contract: BaseContract, method: 'name' | 'symbol'): Promise<string> {
  const data = contract.interface.encodeFunctionData(method)
  const answer = await contract.runner!.provider!.call({ to: contract.target, data })
  const [bytes] = AbiCoder.defaultAbiCoder().decode(['bytes'], answer)
  return oneLine(readText(bytes as string))
}

export type Dao = Awaited<ReturnType<typeof daoAt>>
export type Factory = Awaited<ReturnType<typeof factoryOf>>

/** An ERC-1167 clone's code holds the address of what it is a clone of. */
const isCloneOf = (code: string, address: string): boolean =>
  code.toLowerCase().includes(address.slice(2).toLowerCase())

const MOST_NAMED = 20n

/** The DAO that is named, or the only one there is. @throws Error that says how to name one */
export async function findDao(
  connection: Pick<Connection, 'ethers'>,
  deployment: Deployment,
  named: string | undefined,
  signer?: Signer,
): Promise<Dao> {
  const factory = await factoryOf(connection, deployment)
  if (named !== undefined) {
    const address = parseAddress('--dao expects', named)
    if (await factory.isDAO(address)) return daoAt(connection, deployment, address, signer)
    throw Object.assign(new Error(`${named} is no DAO of the factory at ${await factory.getAddress()}`), {
      hint: 'npm run mooring -- dao list names those that are.',
    })
  }

  const count = await factory.daoCount()
  const [first, ...others] = await factory.daos(0, MOST_NAMED)
  if (first === undefined) {
    throw Object.assign(new Error('there is no DAO yet'), { hint: 'Make one: npm run mooring -- dao create --help.' })
  }
  if (others.length === 0) return daoAt(connection, deployment, first, signer)
  throw Object.assign(new Error(`there are ${count} DAOs: say which one by --dao ADDRESS, or set MOORING_DAO`), {
    hint: 'npm run mooring -- dao list names them.',
  })
}
