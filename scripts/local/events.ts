import type { Interface, Result } from 'ethers'
import type { Connection } from '../lib/hardhat.ts'

/** An event of a contract. */
export interface ContractEvent {
  name: string
  /** By name; ids and amounts are bigint, addresses have their checksums. */
  args: Record<string, unknown>
  epoch: bigint
  /** Its transaction's hash. */
  transaction: string
}

/** Whose events are read: a contract's address, and what it may say. */
export interface EventSource {
  address: string
  abi: Interface
}

/** Events of several contracts between two epochs, both inclusive, in chain order. */
export async function eventsBetween(
  { ethers }: Connection,
  sources: readonly EventSource[],
  from: bigint,
  to: bigint,
): Promise<ContractEvent[]> {
  const address = sources.map((source) => source.address)
  const logs = await ethers.provider.getLogs({ address, fromBlock: from, toBlock: to })
  return logs.flatMap((log) => {
    const event = sources.find((source) => source.address === log.address)!.abi.parseLog(log)
    if (!event) return []
    const args = named(event.args, event.fragment.inputs)
    return [{ name: event.name, args, epoch: BigInt(log.blockNumber), transaction: log.transactionHash }]
  })
}

function named(args: Result, inputs: readonly { name: string }[]): Record<string, unknown> {
  return Object.fromEntries(inputs.map(({ name }, at) => [name, args[at] as unknown]))
}
