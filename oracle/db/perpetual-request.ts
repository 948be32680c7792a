import type { Selectable } from 'kysely'
import { STAGE } from '../chain/jobs.ts'
import type { Database, Tx } from './open.ts'
import type { PerpetualRequestTable } from './schema.ts'

/** A request that is to go on as an order of PerpetualStorage, once *Packed* is final and delivered. */
export interface PerpetualRequest {
  requestId: string
  askedBlock: bigint
  /** The order that it has become; null until then. */
  orderId: bigint | null
  /** Block of the event that made it an order, or ended it otherwise; null while none did. */
  endedBlock: bigint | null
}

/** The life of the table `perpetual_request`: asked → ordered, or over. All of it is what the chain's events tell. */
export interface PerpetualRequestStore {
  /** One that is known stays as it is. */
  put(requestId: string, askedBlock: bigint, tx?: Tx): Promise<void>
  get(requestId: string, tx?: Tx): Promise<PerpetualRequest | undefined>
  ordered(requestId: string, orderId: bigint, blockNumber: bigint, tx?: Tx): Promise<void>
  /** It is over, and no order can be opened any more. */
  over(requestId: string, blockNumber: bigint, tx?: Tx): Promise<void>
  /** Ids of those whose *Packed* was delivered and that wait for their order, the longest waiting first. */
  orderable(): Promise<string[]>
  /** A reorg removed every block above `blockNumber`, and what was heard in them. */
  rollBack(blockNumber: bigint, tx: Tx): Promise<void>
}

/** @param now Milliseconds since 1970. */
export function createPerpetualRequestStore(db: Database, now: () => number = Date.now): PerpetualRequestStore {
  const end = (requestId: string, blockNumber: bigint, tx: Database | Tx = db) =>
    tx
      .updateTable('perpetual_request')
      .set({ ended_block: blockNumber, updated_at: now() })
      .where('request_id', '=', requestId)
      .where('ended_block', 'is', null)

  return {
    async put(requestId, askedBlock, tx) {
      await (tx ?? db)
        .insertInto('perpetual_request')
        .values({ request_id: requestId, asked_block: askedBlock, updated_at: now() })
        .onConflict((on) => on.column('request_id').doNothing())
        .execute()
    },

    async get(requestId, tx) {
      const query = (tx ?? db).selectFrom('perpetual_request').selectAll().where('request_id', '=', requestId)
      const row = await query.executeTakeFirst()
      return row && read(row)
    },

    async ordered(requestId, orderId, blockNumber, tx) {
      await end(requestId, blockNumber, tx).set({ order_id: orderId.toString() }).execute()
    },

    async over(requestId, blockNumber, tx) {
      await end(requestId, blockNumber, tx).execute()
    },

    async orderable() {
      const rows = await db
        .selectFrom('perpetual_request')
        .innerJoin('answer', 'answer.request_id', 'perpetual_request.request_id')
        .select('perpetual_request.request_id')
        .where('ended_block', 'is', null)
        .where('stage', '=', STAGE.PACKED)
        .where('ok', '=', 1)
        .where('delivered_block', 'is not', null)
        .where('undone_block', 'is', null)
        .orderBy('delivered_block')
        .execute()
      return rows.map(({ request_id }) => request_id)
    },

    async rollBack(blockNumber, tx) {
      const above = Number(blockNumber)
      await tx.deleteFrom('perpetual_request').where('asked_block', '>', above).execute()
      await tx
        .updateTable('perpetual_request')
        .set({ order_id: null, ended_block: null, updated_at: now() })
        .where('ended_block', '>', above)
        .execute()
    },
  }
}

function read(row: Selectable<PerpetualRequestTable>): PerpetualRequest {
  return {
    requestId: row.request_id,
    askedBlock: BigInt(row.asked_block),
    orderId: row.order_id === null ? null : BigInt(row.order_id),
    endedBlock: row.ended_block === null ? null : BigInt(row.ended_block),
  }
}
