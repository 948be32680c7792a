import type { Selectable } from 'kysely'
import type { Database } from './open.ts'
import type { KeepingTable } from './schema.ts'

/**
 * For what a keeper spends: for slots of PerpetualStorage, for orders that requests go on as, or for what DataDAOs have passed. Keys
 * begin with it and a colon.
 */
export type Purpose = 'keep' | 'order' | 'dao'

/** A transaction by which a keeper does what is due. Amounts are attoFIL. */
export interface Keeping {
  /** The intent's key. */
  key: string
  /** The head when it was decided. */
  epoch: bigint
  /** The slots, the requests or the proposals that it is about. */
  slots: bigint[]
  /** Its calls in words, as `settle 768/1 Active`. */
  calls: string[]
  /** The most that its gas can cost, and since when. */
  most: bigint
  raisedEpoch: bigint
  /** What its gas did cost; null until that is known. */
  cost: bigint | null
}

/** The life of the table `keeping`: put → closed. */
export interface KeepingStore {
  /** Counts as spent from now on. False when there is one of this key. */
  put(keeping: Omit<Keeping, 'cost' | 'raisedEpoch'>): Promise<boolean>
  /** Those whose cost is not known, oldest first; of every purpose unless one is named. */
  open(purpose?: Purpose): Promise<Keeping[]>
  /** It can cost more than it was put with. */
  raise(key: string, most: bigint, epoch: bigint): Promise<void>
  close(key: string, cost: bigint): Promise<void>
  /** Spent on what was decided after `epoch`, and on whatever is open: its cost if known, else the most that it can be. */
  spentSince(epoch: bigint, purpose?: Purpose): Promise<bigint>
}

/** Rows are kept so long after they count, for people. */
const KEEP_EPOCHS = 86_400

/** @param now Milliseconds since 1970. */
export function createKeepingStore(db: Database, now: () => number = Date.now): KeepingStore {
  const change = (key: string) => db.updateTable('keeping').set({ updated_at: now() }).where('key', '=', key)

  return {
    async put({ key, epoch, slots, calls, most }) {
      const words = { slots: JSON.stringify(slots.map(String)), calls: JSON.stringify(calls) }
      const old = Number(epoch) - KEEP_EPOCHS
      await db.deleteFrom('keeping').where('epoch', '<', old).where('cost', 'is not', null).execute()
      const { numInsertedOrUpdatedRows } = await db
        .insertInto('keeping')
        .values({ key, epoch, ...words, most: most.toString(), raised_epoch: epoch, cost: null, updated_at: now() })
        .onConflict((on) => on.column('key').doNothing())
        .executeTakeFirst()
      return numInsertedOrUpdatedRows === 1n
    },

    async open(purpose) {
      const query = db.selectFrom('keeping').selectAll().where('cost', 'is', null).where('key', 'like', keysOf(purpose))
      return (await query.orderBy('epoch').execute()).map(read)
    },

    async raise(key, most, epoch) {
      await change(key).set({ most: most.toString(), raised_epoch: epoch }).execute()
    },

    async close(key, cost) {
      await change(key).set({ cost: cost.toString() }).execute()
    },

    async spentSince(epoch, purpose) {
      const rows = await db
        .selectFrom('keeping')
        .select(['most', 'cost'])
        .where('key', 'like', keysOf(purpose))
        .where((is) => is.or([is('epoch', '>', Number(epoch)), is('cost', 'is', null)]))
        .execute()
      return rows.reduce((sum, { most, cost }) => sum + BigInt(cost ?? most), 0n)
    },
  }
}

const keysOf = (purpose?: Purpose) => (purpose === undefined ? '%' : `${purpose}:%`)

function read(row: Selectable<KeepingTable>): Keeping {
  return {
    key: row.key,
    epoch: BigInt(row.epoch),
    slots: (JSON.parse(row.slots) as string[]).map(BigInt),
    calls: JSON.parse(row.calls) as string[],
    most: BigInt(row.most),
    raisedEpoch: BigInt(row.raised_epoch),
    cost: row.cost === null ? null : BigInt(row.cost),
  }
}
