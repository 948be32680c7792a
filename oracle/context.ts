import type { ChainClient } from './chain/client.ts'
import type { Contracts } from './chain/contracts.ts'
import type { Perpetual } from './chain/perpetual.ts'
import type { SectorLocator } from './chain/sector-locator.ts'
import type { Sender } from './chain/sender.ts'
import type { Config } from './config.ts'
import type { AnswerStore } from './db/answer.ts'
import type { DisputeStore } from './db/dispute.ts'
import type { KeptPieceStore } from './db/kept-piece.ts'
import type { PerpetualRequestStore } from './db/perpetual-request.ts'
import type { ReplicaStore } from './db/replica.ts'
import type { RequestStore } from './db/request.ts'
import type { RetrievalStore } from './db/retrieval.ts'
import type { SlotDealStore } from './db/slot-deal.ts'
import type { SlotStore } from './db/slot.ts'
import type { StorageOrderStore } from './db/storage-order.ts'
import type { EdgeClient } from './edge/client.ts'
import type { Ipfs } from './ipfs/node.ts'
import type { Logger } from './logger.ts'
import type { Queue } from './queue/queue.ts'

/** Everything that a step may need; each takes only its part of it (`Pick<Context, …>`), so that a test builds it in three lines. */
export interface Context {
  config: Config
  log: Logger
  requests: RequestStore
  replicas: ReplicaStore
  answers: AnswerStore
  perpetualRequests: PerpetualRequestStore
  disputes: DisputeStore
  orders: StorageOrderStore
  slots: SlotStore
  pieces: KeptPieceStore
  slotDeals: SlotDealStore
  retrievals: RetrievalStore
  queue: Pick<Queue, 'publish'>
  chain: Pick<ChainClient, 'blockNumber' | 'getBlock' | 'getBalance' | 'call'>
  contracts: Contracts
  /** PerpetualStorage; null where MOORING_PERPETUAL names none. */
  perpetual: Perpetual | null
  /** Where sectors are; null where MOORING_SECTOR_LOCATOR names none. */
  locator: SectorLocator | null
  sender: Pick<Sender, 'address' | 'submit' | 'status' | 'recheckAbove'>
  ipfs: Pick<Ipfs, 'fetchDag' | 'fetchUrl' | 'exportCar'>
  /** Edge nodes, the preferred one first. */
  edges: EdgeClient[]
  /** The operator that the reporter's key votes for. */
  operatorId: bigint
  /** Names this process as the holder of leases. */
  leaseOwner: string
}
