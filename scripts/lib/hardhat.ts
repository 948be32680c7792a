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

export interface ConnectOptions {
  /** Overrides the network's URL: the local chain's is known only once it runs. */
  url?: string
  /** Needs no key and can send nothing. */
  readOnly?: boolean
}

export async function connect(network: string, { url, readOnly }: ConnectOptions = {}): Promise<Connection> {
  const override = { ...(url && { url }), ...(readOnly && { accounts: 'remote' as const }) }
  const connection = await hre.network.create({ network, override })
  const ethers = connection.ethers
  return {
    network,
    chainId: await chainIdOf(ethers, network),
    ethers,
    send: (method, params) => connection.provider.request({ method, params }),
    close: () => connection.close(),
  }
}

/** The first question to the node: where a missing key or a node that is away shows. */
async function chainIdOf(ethers: HardhatEthers, network: string): Promise<number> {
  try {
    return Number((await ethers.provider.getNetwork()).chainId)
  } catch (cause) {
    const words = cause instanceof Error ? cause.message : String(cause)
    if (words.includes('"MOORING_KEY" not found')) {
      throw Object.assign(new Error(`no key to sign with on '${network}'`, { cause }), {
        hint: 'Store one: npx hardhat keystore set MOORING_KEY (or set MOORING_KEY in the environment).',
      })
    }
    throw Object.assign(
      new Error(`the node of network '${network}' does not answer: ${words.split('\n')[0]}`, { cause }),
      {
        hint: network === 'local' ? 'Start it with `npm start`.' : `Is its URL right? See hardhat.config.ts.`,
      },
    )
  }
}

/**
 * Compiles what changed of contracts/. The compiler's warnings are for who runs `npm run build`, its errors for everybody. Does nothing
 * where MOORING_BUILT says that it has just been done, as the test runner's commands do.
 */
export async function build({ tests = false } = {}): Promise<void> {
  if (process.env.MOORING_BUILT) return
  const { warn } = console
  console.warn = () => {}
  try {
    await hre.tasks.getTask('build').run({ quiet: true, noTests: !tests })
  } finally {
    console.warn = warn
  }
}

export async function bytecodeOf(contract: string): Promise<string> {
  return (await hre.artifacts.readArtifact(contract)).deployedBytecode
}
