import type { Selectable } from 'kysely'
import type { Database } from './open.ts'
import type { RetrievalTable } from './schema.ts'

/** What checks saw of one replica's holder. Times are milliseconds since 1970. */
export interface Retrieval {
  slot: bigint
  nonce: bigint
  provider: bigint
  okCount: number
  failureCount: number
  lastOkAt: number | null
  lastFailureAt: number | null
  lastError: string | null
}

type Replica = Pick<Retrieval, 'slot' | 'nonce' | 'provider'>

/** The life of the table `retrieval`: a record, on which nothing on the chain depends. */
export interface RetrievalStore {
  /** Knows a replica from now on, first to be checked in `dueInMs`; one that is known stays as it is. */
  note(replica: Replica, dueInMs: number): Promise<void>
  /** Replicas to be checked now, the longest due first. */
  due(limit: number): Promise<Replica[]>
  /** Keeps what a check saw; `error` null: it was served. */
  record(replica: Replica, error: string | null, dueInMs: number): Promise<void>
  /** Looks again in `dueInMs`, having seen nothing. */
  putOff(replica: Replica, dueInMs: number): Promise<void>
  /** The replica is over: its record goes. */
  forget(replica: Replica): Promise<void>
  get(slot: bigint, nonce: bigint): Promise<Retrieval | undefined>
}

/** @param now Milliseconds since 1970. */
export function createRetrievalStore(db: Database, now: () => number = Date.now): RetrievalStore {
  const update = ({ slot, nonce }: Replica) =>
    db.updateTable('retrieval').where('slot', '=', slot.toString()).where('nonce', '=', nonce.toString())

  return {
    async note({ slot, nonce, provider }, dueInMs) {
      await db
        .insertInto('retrieval')
        .values({ slot: `${slot}`, nonce: `${nonce}`, provider: `${provider}`, due_at: now() + dueInMs })
        .onConflict((on) => on.columns(['slot', 'nonce']).doNothing())
        .execute()
    },

    async due(limit) {
      const query = db.selectFrom('retrieval').selectAll().where('due_at', '<=', now())
      return (await query.orderBy('due_at').limit(limit).execute()).map(read)
    },

    async record(replica, error, dueInMs) {
      const time = now()
      await update(replica)
        .set((row) =>
          error === null
            ? { ok_count: row('ok_count', '+', 1), last_ok_at: time, due_at: time + dueInMs }
            : {
                ...{ failure_count: row('failure_count', '+', 1), last_failure_at: time, last_error: error },
                due_at: time + dueInMs,
              },
        )
        .execute()
    },

    async putOff(replica, dueInMs) {
      await update(replica)
        .set({ due_at: now() + dueInMs })
        .execute()
    },

    async forget({ slot, nonce }) {
      await db
        .deleteFrom('retrieval')
        .where('slot', '=', slot.toString())
        .where('nonce', '=', nonce.toString())
        .execute()
    },

    async get(slot, nonce) {
      const row = await db
        .selectFrom('retrieval')
        .selectAll()
        .where('slot', '=', slot.toString())
        .where('nonce', '=', nonce.toString())
        .executeTakeFirst()
      return row && read(row)
    },
  }
}

function read(row: Selectable<RetrievalTable>): Retrieval {
  return {
    slot: BigInt(row.slot),
    nonce: BigInt(row.nonce),
    provider: BigInt(row.provider),
    okCount: row.ok_count,
    failureCount: row.failure_count,
    lastOkAt: row.last_ok_at,
    lastFailureAt: row.last_failure_at,
    lastError: row.last_error,
  }
}
