import type { EventLog, Log, BaseContract, ContractEventName } from 'ethers'

/** What public nodes of Filecoin serve in one question. */
const RANGE_EPOCHS = 2_880

/** A contract's events from `fromBlock` to the chain's head, asked for in ranges that every node serves. */
export async function eventsOf(
  contract: BaseContract,
  filter: ContractEventName,
  fromBlock: number,
): Promise<EventLog[]> {
  const head = await contract.runner!.provider!.getBlockNumber()
  const found: (EventLog | Log)[] = []
  for (let from = fromBlock; from <= head; from += RANGE_EPOCHS) {
    found.push(...(await contract.queryFilter(filter, from, Math.min(from + RANGE_EPOCHS - 1, head))))
  }
  return found.filter((log): log is EventLog => 'args' in log)
}
