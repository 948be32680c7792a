import { network } from 'hardhat'

/** Hardhat's simulated network, with `ethers`, `networkHelpers` and `provider`. */
export type Connection = Awaited<ReturnType<typeof create>>

let shared: Promise<Connection> | undefined

const create = () => network.create({ network: 'fvm', chainType: 'l1' })

/** The one simulated network (chain id 31415926, every transaction mined at once) that all test files share, so that
 * their fixtures are snapshots of one chain. */
export function connect(): Promise<Connection> {
  return (shared ??= create())
}
