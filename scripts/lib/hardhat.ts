import type { HardhatEthers } from '@nomicfoundation/hardhat-ethers/types'
import hre from 'hardhat'

export type NetworkName = 'local' | 'calibration' | 'mainnet'

export const NETWORKS: readonly NetworkName[] = ['local', 'calibration', 'mainnet']

/** A network of hardhat.config.ts with its signers: keys come from Hardhat's keystore or the environment, never from files. */
export interface Connection {
  network: string
  chainId: number
  ethers: HardhatEthers
  send(method: string, params: unknown[]): Promise<unknown>
  close(): Promise<void>
}

/** @param url Overrides the network's URL: the local chain's is known only once it runs. */
export async function connect(network: string, url?: string): Promise<Connection> {
  const connection = await hre.network.create({ network, ...(url ? { override: { url } } : {}) })
  const ethers = connection.ethers
  return {
    network,
    chainId: Number((await ethers.provider.getNetwork()).chainId),
    ethers,
    send: (method, params) => connection.provider.request({ method, params }),
    close: () => connection.close(),
  }
}

/** Compiles what changed; quiet when nothing did. */
export async function build(): Promise<void> {
  await hre.tasks.getTask('build').run({ quiet: true })
}

export async function bytecodeOf(contract: string): Promise<string> {
  return (await hre.artifacts.readArtifact(contract)).deployedBytecode
}
