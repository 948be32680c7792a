import type { BaseContract, ContractTransactionReceipt, ContractTransactionResponse, LogDescription } from 'ethers'

/** A transaction of ours that is in a block, and what the contract says in it, in order. */
export interface Done {
  transaction: string
  events: LogDescription[]
}

/** Waits until a transaction is in a block. @throws Error when it has no receipt, or reverted after all */
export async function done(contract: BaseContract, sent: ContractTransactionResponse): Promise<Done> {
  const receipt = await sent.wait()
  if (!receipt) throw new Error(`transaction ${sent.hash} has no receipt`)
  return { transaction: sent.hash, events: eventsIn(contract, receipt) }
}

/** What a contract says in a transaction, in order. */
export function eventsIn(contract: BaseContract, receipt: ContractTransactionReceipt): LogDescription[] {
  return receipt.logs
    .filter(({ address }) => address === contract.target)
    .flatMap((log) => contract.interface.parseLog(log) ?? [])
}

/** The first event of that name. @throws Error where there is none */
export function eventNamed({ transaction, events }: Done, name: string): LogDescription {
  const found = events.find((event) => event.name === name)
  if (!found) throw new Error(`transaction ${transaction} shows no ${name} event`)
  return found
}
