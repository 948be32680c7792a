import type { Connection } from '../../lib/hardhat.ts'
import { eventsBetween, type ContractEvent, type EventSource } from '../events.ts'

/** An event of the DAO's contracts, and who sent its transaction. */
export interface DaoEvent extends ContractEvent {
  sender: string
}

/** Events between two epochs, both inclusive, in chain order. */
export async function daoEventsBetween(
  connection: Connection,
  sources: readonly EventSource[],
  from: bigint,
  to: bigint,
): Promise<DaoEvent[]> {
  const events = await eventsBetween(connection, sources, from, to)
  const hashes = [...new Set(events.map(({ transaction }) => transaction))]
  const transactions = await Promise.all(hashes.map((hash) => connection.ethers.provider.getTransaction(hash)))
  return events.map((event) => ({ ...event, sender: transactions[hashes.indexOf(event.transaction)]!.from }))
}
