import type { Selectable } from 'kysely'
import type { OrderStatus, OrderTerms, OrderView } from '../chain/perpetual.ts'
import type { Database, Tx } from './open.ts'
import { storedEpoch, type StorageOrderTable } from './schema.ts'
import { putVersion, rollBackVersions, type Versioned } from './versions.ts'

/** An order of PerpetualStorage, rebuilt from its events. */
export interface StorageOrder extends OrderView<Uint8Array>, Versioned {
  id: bigint
  pieceCid: Uint8Array
  /** Providers on its list, in the order they came; what that means says `terms.access`. */
  listed: bigint[]
  /** Actors (providers and owners) that a lapse barred, and until when. */
  barred: Record<string, bigint>
}

/** The life of the table `storage_order`: written by the watcher alone. */
export interface StorageOrderStore {
  /** How the order is from its `fromBlock` on. */
  put(order: StorageOrder, tx?: Tx): Promise<void>
  get(id: bigint, tx?: Tx): Promise<StorageOrder | undefined>
  /** Oldest first. */
  all(): Promise<StorageOrder[]>
  /** Those that can have open slots: Live, oldest first. */
  live(): Promise<StorageOrder[]>
  /** A reorg removed every block above `blockNumber`. */
  rollBack(blockNumber: bigint, tx: Tx): Promise<void>
}

/** @param now Milliseconds since 1970. */
export function createStorageOrderStore(db: Database, now: () => number = Date.now): StorageOrderStore {
  const present = (tx: Database | Tx = db) =>
    tx.selectFrom('storage_order').selectAll().where('until_block', 'is', null)

  return {
    put: (order, tx) => putVersion(tx ?? db, 'storage_order', write(order, now())),

    async get(id, tx) {
      const row = await present(tx).where('id', '=', id.toString()).executeTakeFirst()
      return row && read(row)
    },

    all: async () => (await present().orderBy('opened_epoch').execute()).map(read),

    live: async () => (await present().where('status', '=', 'Live').orderBy('opened_epoch').execute()).map(read),

    rollBack: (blockNumber, tx) => rollBackVersions(tx, 'storage_order', blockNumber),
  }
}

function write(order: StorageOrder, now: number) {
  return {
    id: order.id.toString(),
    from_block: order.fromBlock,
    until_block: null,
    log_index: order.logIndex,
    updated_at: now,
    client: order.client,
    status: order.status,
    version: Number(order.version),
    replicas: order.replicas,
    price: order.price.toString(),
    ceiling: order.ceiling.toString(),
    end_epoch: storedEpoch(order.endEpoch),
    opened_epoch: order.openedEpoch,
    piece_cid: order.pieceCid,
    piece_size: order.pieceSize.toString(),
    piece_digest: order.pieceDigest,
    payload_cid: order.payloadCid,
    seed: order.seed,
    free: order.free.toString(),
    reserved: order.reserved.toString(),
    terms: JSON.stringify(order.terms, (_name, value: unknown) =>
      typeof value === 'bigint' ? value.toString() : value,
    ),
    listed: JSON.stringify(order.listed.map(String)),
    barred: JSON.stringify(Object.fromEntries(Object.entries(order.barred).map(([actor, to]) => [actor, `${to}`]))),
  }
}

function read(row: Selectable<StorageOrderTable>): StorageOrder {
  const { liveness, access, ...numbers } = JSON.parse(row.terms) as Record<keyof OrderTerms, string>
  const terms = Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, BigInt(value)]))
  const barred = Object.entries(JSON.parse(row.barred) as Record<string, string>)
  return {
    id: BigInt(row.id),
    fromBlock: BigInt(row.from_block),
    logIndex: row.log_index,
    client: row.client,
    status: row.status as OrderStatus,
    version: BigInt(row.version),
    replicas: row.replicas,
    price: BigInt(row.price),
    ceiling: BigInt(row.ceiling),
    endEpoch: BigInt(row.end_epoch),
    openedEpoch: BigInt(row.opened_epoch),
    pieceCid: row.piece_cid,
    pieceSize: BigInt(row.piece_size),
    pieceDigest: row.piece_digest,
    payloadCid: row.payload_cid,
    seed: row.seed,
    free: BigInt(row.free),
    reserved: BigInt(row.reserved),
    terms: { ...terms, liveness, access } as unknown as OrderTerms,
    listed: (JSON.parse(row.listed) as string[]).map(BigInt),
    barred: Object.fromEntries(barred.map(([actor, until]) => [actor, BigInt(until)])),
  }
}
