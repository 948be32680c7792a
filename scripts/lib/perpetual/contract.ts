import type { Signer } from 'ethers'
import type { Connection } from '../hardhat.ts'

/** PerpetualStorage at an address; to be read only where nobody signs. */
export function perpetualAt({ ethers }: Pick<Connection, 'ethers'>, address: string, signer?: Signer) {
  return ethers.getContractAt('IPerpetualStorage', address, signer)
}

/** Tells where sectors are, by eth_call. */
export function locatorAt({ ethers }: Pick<Connection, 'ethers'>, address: string) {
  return ethers.getContractAt('ISectorLocator', address)
}

export type Perpetual = Awaited<ReturnType<typeof perpetualAt>>
export type SectorLocator = Awaited<ReturnType<typeof locatorAt>>
