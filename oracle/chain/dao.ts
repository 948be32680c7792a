import { AbiCoder, Interface, getAddress, getBytes, keccak256, toBeHex, ZeroHash, type Result } from 'ethers'
import { MooringError } from '../errors.ts'
import { COLLECTION_ABI, DAO_TREASURY_ABI, DATA_DAO_ABI } from './abi.ts'
import type { ChainClient } from './client.ts'
import { CallReverted } from './rpc.ts'

export const daoAbi = new Interface(DATA_DAO_ABI)
export const treasuryAbi = new Interface(DAO_TREASURY_ABI)
export const collectionAbi = new Interface(COLLECTION_ABI)

/** What a proposal is about, in the order of `enum Subject` in IDataDAO. */
export const SUBJECTS = ['None', 'General', 'GuardianChange', 'Keep', 'Drop'] as const
export type Subject = (typeof SUBJECTS)[number]

/** By what a CID is stored, in the order of `enum StorageKind`. */
export const STORAGE_KINDS = ['Request', 'Order'] as const
export type StorageKind = (typeof STORAGE_KINDS)[number]

/** What a ballot says, in the order of OpenZeppelin's `enum VoteType`. */
export const SUPPORTS = ['Against', 'For', 'Abstain'] as const
export type Support = (typeof SUPPORTS)[number]

/** On which terms a CID is to be stored; its words are in `StorageTerms.sol`. Amounts are attoFIL; bytes are hex. */
export interface StorageTerms {
  kind: StorageKind
  replicas: number
  pieceSize: bigint
  termEpochs: bigint
  deadlineEpochs: bigint
  price: bigint
  budget: bigint
  pieceCid: string
  seed: string
}

/** A DataDAO and the contracts that belong to it for good; addresses with checksums. */
export interface DaoParts {
  address: string
  name: string
  treasury: string
  collection: string
  membership: string
}

/** What a proposal does when it is executed: the calls, one at each index. Bytes are hex. */
export interface Payload {
  targets: string[]
  /** attoFIL, from the treasury. */
  values: bigint[]
  calldatas: string[]
  /** keccak256 of the description's bytes. */
  descriptionHash: string
}

/** There is no DataDAO at an address. */
export class NotADao extends MooringError {}

const abi = AbiCoder.defaultAbiCoder()

/**
 * Reads what belongs to the DataDAO at `address`; none of it ever changes. Its parts must name each other.
 * @throws NotADao
 */
export async function readDaoParts(client: Pick<ChainClient, 'call'>, address: string): Promise<DaoParts> {
  async function ask(to: string, contract: Interface, method: string): Promise<string> {
    try {
      return getAddress(String(contract.decodeFunctionResult(method, await call(to, contract, method))[0]))
    } catch (cause) {
      throw explained(cause, address, `${method}() of ${to} gives no address`)
    }
  }
  const call = (to: string, contract: Interface, method: string) =>
    client.call({ to, data: contract.encodeFunctionData(method) })

  const treasury = await ask(address, daoAbi, 'timelock')
  const collection = await ask(address, daoAbi, 'collection')
  const membership = await ask(address, daoAbi, 'token')
  if ((await ask(collection, collectionAbi, 'dao')) !== address) throw stranger(address, 'collection', collection)
  if ((await ask(treasury, treasuryAbi, 'collection')) !== collection) throw stranger(address, 'treasury', treasury)
  try {
    const [name] = abi.decode(['bytes'], await call(address, daoAbi, 'name'))
    return { address, name: readText(name as string), treasury, collection, membership }
  } catch (cause) {
    throw explained(cause, address, 'it has no name')
  }
}

/** Weight that has to be for a proposal or abstain, of the snapshot at an epoch that is over. */
export async function readQuorum(client: Pick<ChainClient, 'call'>, dao: string, snapshot: bigint): Promise<bigint> {
  const data = await client.call({ to: dao, data: daoAbi.encodeFunctionData('quorum', [snapshot]) })
  return daoAbi.decodeFunctionResult('quorum', data)[0] as bigint
}

/** The timelock's operation of a proposal, hex: GovernorTimelockControl salts it with the governor's address. */
export function operationOf(dao: string, { targets, values, calldatas, descriptionHash }: Payload): string {
  const salt = toBeHex(BigInt(dao.padEnd(66, '0')) ^ BigInt(descriptionHash), 32)
  const types = ['address[]', 'uint256[]', 'bytes[]', 'bytes32', 'bytes32']
  return keccak256(abi.encode(types, [targets, values, calldatas, ZeroHash, salt]))
}

/** Terms as an event has them. */
export function readStorageTerms(terms: Result): StorageTerms {
  const { kind, replicas, ...rest } = terms.toObject() as Record<string, bigint>
  return {
    ...(rest as unknown as Omit<StorageTerms, 'kind' | 'replicas'>),
    kind: STORAGE_KINDS[Number(kind)]!,
    replicas: Number(replicas),
  }
}

/** A text of which nobody checks that it is UTF-8: what is not, and the character 0, shows as U+FFFD. */
export function readText(bytes: string): string {
  return new TextDecoder().decode(getBytes(bytes)).replaceAll('\0', '\uFFFD')
}

/** A revert, or an answer that cannot be read, says that there is none; that no node answers says nothing. */
function explained(cause: unknown, address: string, words: string): unknown {
  const said = cause instanceof CallReverted || !(cause instanceof MooringError)
  return said ? new NotADao(`there is no DataDAO at ${address}: ${words}`, { cause }) : cause
}

const stranger = (address: string, part: string, found: string) =>
  new NotADao(`there is no DataDAO at ${address}: the ${part} that it names, ${found}, belongs to another`)
