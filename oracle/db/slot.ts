import type { Selectable } from 'kysely'
import type { SlotKind, SlotState, SlotView } from '../chain/perpetual.ts'
import type { Database, Tx } from './open.ts'
import { storedEpoch, type SlotTable } from './schema.ts'
import { putVersion, rollBackVersions, type Versioned } from './versions.ts'

/** The last claim of a seat, rebuilt from its events. */
export interface Slot extends Omit<SlotView, 'slot' | 'settleBy'>, Versioned {
  /** orderId · 256 + seat. */
  id: bigint
  orderId: bigint
}

/** The life of the table `slot`: written by the watcher alone. */
export interface SlotStore {
  /** How the slot is from its `fromBlock` on. */
  put(slot: Slot, tx?: Tx): Promise<void>
  get(id: bigint, tx?: Tx): Promise<Slot | undefined>
  /** All seats of an order that were ever claimed. */
  of(orderId: bigint): Promise<Slot[]>
  /** Claimed and active slots of all orders. */
  live(): Promise<Slot[]>
  /** A reorg removed every block above `blockNumber`. */
  rollBack(blockNumber: bigint, tx: Tx): Promise<void>
}

/** @param now Milliseconds since 1970. */
export function createSlotStore(db: Database, now: () => number = Date.now): SlotStore {
  const present = (tx: Database | Tx = db) => tx.selectFrom('slot').selectAll().where('until_block', 'is', null)

  return {
    put: (slot, tx) => putVersion(tx ?? db, 'slot', write(slot, now())),

    async get(id, tx) {
      const row = await present(tx).where('id', '=', id.toString()).executeTakeFirst()
      return row && read(row)
    },

    async of(orderId) {
      const rows = await present().where('order_id', '=', orderId.toString()).execute()
      return rows.map(read).sort((a, b) => Number(a.id - b.id))
    },

    live: async () => (await present().where('state', 'in', ['Claimed', 'Active']).execute()).map(read),

    rollBack: (blockNumber, tx) => rollBackVersions(tx, 'slot', blockNumber),
  }
}

function write(slot: Slot, now: number) {
  return {
    id: slot.id.toString(),
    from_block: slot.fromBlock,
    until_block: null,
    log_index: slot.logIndex,
    updated_at: now,
    order_id: slot.orderId.toString(),
    nonce: slot.nonce.toString(),
    state: slot.state,
    kind: slot.kind,
    provider: slot.provider.toString(),
    owner: slot.owner.toString(),
    poster: slot.poster,
    price: slot.price.toString(),
    collateral: slot.collateral.toString(),
    max_term_epochs: storedEpoch(slot.maxTermEpochs),
    order_end: storedEpoch(slot.orderEnd),
    claimed_epoch: slot.claimedEpoch,
    claim_by: storedEpoch(slot.claimBy),
    start_epoch: storedEpoch(slot.start),
    end_epoch: storedEpoch(slot.end),
    proven_to: storedEpoch(slot.provenTo),
    fault_since: storedEpoch(slot.faultSince),
    deal_id: slot.dealId.toString(),
    sector: slot.sector.toString(),
    paid: slot.paid.toString(),
  }
}

function read(row: Selectable<SlotTable>): Slot {
  return {
    id: BigInt(row.id),
    fromBlock: BigInt(row.from_block),
    logIndex: row.log_index,
    orderId: BigInt(row.order_id),
    nonce: BigInt(row.nonce),
    state: row.state as SlotState,
    kind: row.kind as SlotKind,
    provider: BigInt(row.provider),
    owner: BigInt(row.owner),
    poster: row.poster,
    price: BigInt(row.price),
    collateral: BigInt(row.collateral),
    maxTermEpochs: BigInt(row.max_term_epochs),
    orderEnd: BigInt(row.order_end),
    claimedEpoch: BigInt(row.claimed_epoch),
    claimBy: BigInt(row.claim_by),
    start: BigInt(row.start_epoch),
    end: BigInt(row.end_epoch),
    provenTo: BigInt(row.proven_to),
    faultSince: BigInt(row.fault_since),
    dealId: BigInt(row.deal_id),
    sector: BigInt(row.sector),
    paid: BigInt(row.paid),
  }
}
