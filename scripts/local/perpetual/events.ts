import type { Result } from 'ethers'
import type { Connection } from '../../lib/hardhat.ts'

/** An event of PerpetualStorage. */
export interface PerpetualEvent {
  name: string
  /** By name; ids and amounts are bigint, addresses have their checksums. */
  args: Record<string, unknown>
  epoch: bigint
}

/** The contract's events between two epochs, both inclusive, in chain order. */
export async function eventsBetween(
  { ethers }: Connection,
  address: string,
  from: bigint,
  to: bigint,
): Promise<PerpetualEvent[]> {
  const { interface: abi } = await ethers.getContractAt('IPerpetualStorage', address)
  const logs = await ethers.provider.getLogs({ address, fromBlock: from, toBlock: to })
  return logs.flatMap((log) => {
    const event = abi.parseLog(log)
    if (!event) return []
    return [{ name: event.name, args: named(event.args, event.fragment.inputs), epoch: BigInt(log.blockNumber) }]
  })
}

function named(args: Result, inputs: readonly { name: string }[]): Record<string, unknown> {
  return Object.fromEntries(inputs.map(({ name }, at) => [name, args[at] as unknown]))
}
