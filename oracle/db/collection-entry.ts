import type { Selectable } from 'kysely'
import type { StorageKind } from '../chain/dao.ts'
import type { Database, Tx } from './open.ts'
import type { CollectionEntryTable } from './schema.ts'
import { putVersion, rollBackVersions, type Versioned } from './versions.ts'

/** A CID that a DataDAO keeps, or kept. */
export interface CollectionEntry extends Versioned {
  /** The DataDAO's address. */
  dao: string
  /** From 0, in the order in which they were added. */
  index: bigint
  cid: Uint8Array
  /** The proposal that added it. */
  proposalId: bigint
  kind: StorageKind
  /** Of the request in PinningRequests or the order in PerpetualStorage, as `kind` says. */
  storageId: bigint
  addedEpoch: bigint
  /** Null while it is in the collection. */
  removedEpoch: bigint | null
  /** Why it was removed. */
  reason: string | null
}

/** The life of the table `collection_entry`: written by the watcher alone. */
export interface CollectionEntryStore {
  /** How the entry is from its `fromBlock` on. */
  put(entry: CollectionEntry, tx?: Tx): Promise<void>
  get(dao: string, index: bigint, tx?: Tx): Promise<CollectionEntry | undefined>
  /** All that there ever were, by index. */
  of(dao: string): Promise<CollectionEntry[]>
  /** A reorg removed every block above `blockNumber`. */
  rollBack(blockNumber: bigint, tx: Tx): Promise<void>
}

/** @param now Milliseconds since 1970. */
export function createCollectionEntryStore(db: Database, now: () => number = Date.now): CollectionEntryStore {
  const present = (tx: Database | Tx = db) =>
    tx.selectFrom('collection_entry').selectAll().where('until_block', 'is', null)

  return {
    put: (entry, tx) => putVersion(tx ?? db, 'collection_entry', write(entry, now())),

    async get(dao, index, tx) {
      const row = await present(tx).where('id', '=', idOf(dao, index)).executeTakeFirst()
      return row && read(row)
    },

    async of(dao) {
      const rows = await present().where('dao', '=', dao).execute()
      return rows.map(read).sort((a, b) => Number(a.index - b.index))
    },

    rollBack: (blockNumber, tx) => rollBackVersions(tx, 'collection_entry', blockNumber),
  }
}

const idOf = (dao: string, index: bigint) => `${dao}:${index}`

function write(entry: CollectionEntry, now: number) {
  return {
    id: idOf(entry.dao, entry.index),
    from_block: entry.fromBlock,
    until_block: null,
    log_index: entry.logIndex,
    updated_at: now,
    dao: entry.dao,
    position: entry.index.toString(),
    cid: entry.cid,
    proposal_id: entry.proposalId.toString(),
    kind: entry.kind,
    storage_id: entry.storageId.toString(),
    added_epoch: entry.addedEpoch,
    removed_epoch: entry.removedEpoch,
    reason: entry.reason,
  }
}

function read(row: Selectable<CollectionEntryTable>): CollectionEntry {
  return {
    dao: row.dao,
    index: BigInt(row.position),
    fromBlock: BigInt(row.from_block),
    logIndex: row.log_index,
    cid: row.cid,
    proposalId: BigInt(row.proposal_id),
    kind: row.kind as StorageKind,
    storageId: BigInt(row.storage_id),
    addedEpoch: BigInt(row.added_epoch),
    removedEpoch: row.removed_epoch === null ? null : BigInt(row.removed_epoch),
    reason: row.reason,
  }
}
