import { getAddress, zeroPadValue, toBeHex } from 'ethers'

/** The address under which the EVM sees actor `id`: 0xff, eleven zero bytes, the id as 8 big-endian bytes. */
export function maskedIdAddress(id: bigint | number): string {
  return getAddress('0xff' + zeroPadValue(toBeHex(id), 19).slice(2))
}

/** Where the stand-ins live: the precompiles' and actors' real addresses. */
export const ACTOR_ADDRESSES = {
  resolveAddress: '0xfE00000000000000000000000000000000000001',
  lookupDelegatedAddress: '0xFe00000000000000000000000000000000000002',
  callActorId: '0xfe00000000000000000000000000000000000005',
  addressBook: maskedIdAddress(1),
  power: maskedIdAddress(4),
  market: maskedIdAddress(5),
} as const

const CONTRACTS: Record<string, string> = {
  [ACTOR_ADDRESSES.callActorId]: 'CallActorId',
  [ACTOR_ADDRESSES.addressBook]: 'AddressBook',
}

/** A JSON-RPC connection of a development node: Hardhat's provider fits with `{ send }` around `request`, ethers' as it is. */
export interface Rpc {
  send(method: string, params: unknown[]): Promise<unknown>
}

/** Where compiled contracts are read from; Hardhat's `artifacts` fits. */
export interface ArtifactReader {
  readArtifact(name: string): Promise<{ abi: readonly unknown[]; deployedBytecode: string }>
}

/** Puts the code of contract `name` at `address`; its storage is left as it is. */
export async function setActorCode(rpc: Rpc, artifacts: ArtifactReader, address: string, name: string): Promise<void> {
  const { deployedBytecode } = await artifacts.readArtifact(name)
  await rpc.send('hardhat_setCode', [address, deployedBytecode])
}

/** Makes a development node (Hardhat's simulated network or anvil) answer as Filecoin's actors do. Safe to run again. */
export async function installActors(rpc: Rpc, artifacts: ArtifactReader): Promise<void> {
  for (const [address, name] of Object.entries(CONTRACTS)) await setActorCode(rpc, artifacts, address, name)
}
