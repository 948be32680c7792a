import type { EventLog, Log, BaseContract, ContractEventName } from 'ethers'

/** What public nodes of Filecoin serve in one question. */
const RANGE_EPOCHS = 2_880

/** A contract's events from `fromBlock` to `toBlock`, the chain's head unless given, asked for in ranges that every node serves. */
export async function eventsOf(
  contract: BaseContract,
  filter: ContractEventName,
  fromBlock: number,
  toBlock?: number,
): Promise<EventLog[]> {
  const last = toBlock ?? (await contract.runner!.provider!.getBlockNumber())
  const found: (EventLog | Log)[] = []
  for (let from = fromBlock; from <= last; from += RANGE_EPOCHS) {
    found.push(...(await contract.queryFilter(filter, from, Math.min(from + RANGE_EPOCHS - 1, last))))
  }
  return found.filter((log): log is EventLog => 'args' in log)
}
