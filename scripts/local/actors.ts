import { setTimeout as delay } from 'node:timers/promises'
import { Interface, type InterfaceAbi } from 'ethers'
import { maskedIdAddress } from '../../oracle/chain/actor-address.ts'

export { maskedIdAddress }

/** A JSON-RPC connection of a development node with unlocked accounts; ethers' JsonRpcProvider fits as it is. */
export interface Rpc {
  send(method: string, params: unknown[]): Promise<unknown>
}

/** Where compiled contracts are read from; Hardhat's `artifacts` fits. */
export interface ArtifactReader {
  readArtifact(name: string): Promise<{ abi: readonly unknown[]; deployedBytecode: string }>
}

/** A storage provider of the local chain. */
export interface Miner {
  id: bigint
  owner: string
  worker: string
  control?: string[]
  /** Bytes of a sector; 32 GiB by default. */
  sectorSize?: bigint
}

/** Where the stand-ins live: the precompiles' and actors' real addresses. */
export const ACTOR_ADDRESSES = {
  resolveAddress: '0xfe00000000000000000000000000000000000001',
  lookupDelegatedAddress: '0xfe00000000000000000000000000000000000002',
  callActorId: '0xfe00000000000000000000000000000000000005',
  addressBook: maskedIdAddress(1),
  power: maskedIdAddress(4),
  market: maskedIdAddress(5),
  verifiedRegistry: maskedIdAddress(6),
} as const

/** The miners that a local chain has when nothing else is said. */
export const DEFAULT_MINER_IDS = [1000n, 1001n, 1002n] as const

/** Where deal ids begin: in Edge's answers 0 means that there is no deal yet. */
export const FIRST_DEAL_ID = 1n

const SECTOR_BYTES = 32n << 30n
const RECEIPT_WITHIN_MS = 30_000

const CODE: Record<keyof typeof ACTOR_ADDRESSES, string> = {
  resolveAddress: 'ResolveAddress',
  lookupDelegatedAddress: 'LookupDelegatedAddress',
  callActorId: 'CallActorId',
  addressBook: 'AddressBook',
  power: 'LocalPower',
  market: 'LocalMarket',
  verifiedRegistry: 'LocalVerifiedRegistry',
}

/** Puts the code of contract `name` at `address`; its storage is left as it is. */
export async function setActorCode(rpc: Rpc, artifacts: ArtifactReader, address: string, name: string): Promise<void> {
  const { deployedBytecode } = await artifacts.readArtifact(name)
  await rpc.send('hardhat_setCode', [address, deployedBytecode])
}

/** Makes a development node (Hardhat's simulated network or anvil) answer as Filecoin's actors do. Safe to run again: what
 * the actors keep stays. Miners are made by `createMiners`. */
export async function installActors(rpc: Rpc, artifacts: ArtifactReader): Promise<void> {
  for (const [actor, address] of Object.entries(ACTOR_ADDRESSES)) {
    await setActorCode(rpc, artifacts, address, CODE[actor as keyof typeof ACTOR_ADDRESSES])
  }
  const market = new Interface((await artifacts.readArtifact('ILocalMarket')).abi as InterfaceAbi)
  const next = await rpc.send('eth_call', [
    { to: ACTOR_ADDRESSES.market, data: market.encodeFunctionData('nextDealId') },
    'latest',
  ])
  if (BigInt(next as string) === 0n) {
    await transact(rpc, ACTOR_ADDRESSES.market, market.encodeFunctionData('beginAt', [FIRST_DEAL_ID]))
  }
}

/** Makes `miners` exist on a node that has the actors. Safe to run again: it sets who controls them, their sectors stay. */
export async function createMiners(rpc: Rpc, artifacts: ArtifactReader, miners: Miner[]): Promise<void> {
  const miner = new Interface((await artifacts.readArtifact('ILocalMiner')).abi as InterfaceAbi)
  const power = new Interface((await artifacts.readArtifact('ILocalPower')).abi as InterfaceAbi)

  for (const { id, owner, worker, control = [], sectorSize = SECTOR_BYTES } of miners) {
    const address = maskedIdAddress(id)
    await setActorCode(rpc, artifacts, address, 'LocalMiner')
    await transact(rpc, address, miner.encodeFunctionData('configure', [owner, worker, control, sectorSize]))
    await transact(rpc, ACTOR_ADDRESSES.power, power.encodeFunctionData('addMiner', [id]))
  }
}

/** Sends a transaction from the node's first account and waits until it is mined. */
async function transact(rpc: Rpc, to: string, data: string): Promise<void> {
  const [from] = (await rpc.send('eth_accounts', [])) as string[]
  const hash = await rpc.send('eth_sendTransaction', [{ from, to, data }])

  const deadline = Date.now() + RECEIPT_WITHIN_MS
  while (Date.now() < deadline) {
    const receipt = (await rpc.send('eth_getTransactionReceipt', [hash])) as { status: string } | null
    if (receipt?.status === '0x1') return
    if (receipt) throw new Error(`the transaction ${String(hash)} to the stand-in actor at ${to} reverted`)
    await delay(50)
  }
  throw new Error(`the transaction ${String(hash)} to ${to} was not mined within ${RECEIPT_WITHIN_MS} ms`)
}
