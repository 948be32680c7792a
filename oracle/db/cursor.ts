import { type Database, transact, type Tx } from './open.ts'

/** A block that was processed. */
export interface BlockRef {
  number: bigint
  hash: string
  parentHash: string
}

/** How far logs are processed. */
export interface Cursor {
  /** The last processed block, inclusive; may be a null round. */
  blockNumber: bigint
  /** Hash of the last non-null block at or below it; null when there is none. */
  blockHash: string | null
}

/** The life of the tables `cursor` and `block`: one reader's position and the blocks it may have to take back. */
export interface CursorStore {
  /** Runs `work` in one database transaction. */
  transact<T>(work: (tx: Tx) => Promise<T>): Promise<T>
  read(): Promise<Cursor | undefined>
  /** The newest kept block at or below `atMost`; the newest of all without it. */
  newestBlock(atMost?: bigint): Promise<BlockRef | undefined>
  /** Moves the cursor forward and keeps `blocks`; forgets blocks below `keepFrom`. */
  advance(tx: Tx, cursor: Cursor, blocks: BlockRef[], keepFrom: bigint): Promise<void>
  /** Moves the cursor back and forgets every block above it. */
  rollBack(tx: Tx, cursor: Cursor): Promise<void>
}

/** @param name The reader's name; all readers of one database share its kept blocks. */
export function createCursorStore(db: Database, name = 'watcher'): CursorStore {
  async function write(tx: Tx, cursor: Cursor): Promise<void> {
    const position = { block_number: cursor.blockNumber, block_hash: cursor.blockHash }
    await tx
      .insertInto('cursor')
      .values({ name, ...position })
      .onConflict((on) => on.column('name').doUpdateSet(position))
      .execute()
  }

  return {
    transact: (work) => transact(db, work),

    async read() {
      const row = await db.selectFrom('cursor').selectAll().where('name', '=', name).executeTakeFirst()
      return row && { blockNumber: BigInt(row.block_number), blockHash: row.block_hash }
    },

    async newestBlock(atMost) {
      let query = db.selectFrom('block').selectAll().orderBy('number', 'desc').limit(1)
      if (atMost !== undefined) query = query.where('number', '<=', Number(atMost))
      const row = await query.executeTakeFirst()
      return row && { number: BigInt(row.number), hash: row.hash, parentHash: row.parent_hash }
    },

    async advance(tx, cursor, blocks, keepFrom) {
      for (const block of blocks) {
        const hashes = { hash: block.hash, parent_hash: block.parentHash }
        await tx
          .insertInto('block')
          .values({ number: block.number, ...hashes })
          .onConflict((on) => on.column('number').doUpdateSet(hashes))
          .execute()
      }
      await tx.deleteFrom('block').where('number', '<', Number(keepFrom)).execute()
      await write(tx, cursor)
    },

    async rollBack(tx, cursor) {
      await tx.deleteFrom('block').where('number', '>', Number(cursor.blockNumber)).execute()
      await write(tx, cursor)
    },
  }
}
