import { sql, type Selectable } from 'kysely'
import type { Database, Tx } from './open.ts'
import { storedEpoch, type AnswerTable } from './schema.ts'

/** What the chain tells when the quorum on a stage is reached. */
export interface NewAnswer {
  requestId: string
  stage: number
  /** False for a failure. */
  ok: boolean
  /** The answer, encoded as its job says; for a failure `abi.encode(FailReason)`. */
  data: Uint8Array
  /** keccak256(abi.encode(ok, data)), hex. */
  answerHash: string
  answeredBlock: bigint
  /** The last epoch, inclusive, at which it can be challenged, as far as it is known: a rejected challenge moves it. */
  matureEpoch: bigint
}

/** The quorum's answer to one stage of a request. Blocks are those of the events that said so; null while none did. */
export interface Answer extends NewAnswer {
  /** The operators that agreed were paid. */
  settledBlock: bigint | null
  /** The requester took the callback. */
  deliveredBlock: bigint | null
  /** It was refuted, or fell with another or with the arbiter's silence. */
  undoneBlock: bigint | null
  /** Callbacks that failed. */
  deliveryFailures: number
  /** Block of the last of them. */
  deliveryFailedBlock: bigint | null
}

/** The life of the table `answer`. What the chain says is written by the watcher alone; `due_epoch` by the one who delivers. */
export interface AnswerStore {
  /** Stores an answer, to be looked after once it is final. One that is known is replaced only by another answer. */
  put(answer: NewAnswer, tx?: Tx): Promise<void>
  get(requestId: string, stage: number, tx?: Tx): Promise<Answer | undefined>
  /** By stage. */
  of(requestId: string, tx?: Tx): Promise<Answer[]>
  settled(requestId: string, stage: number, blockNumber: bigint, tx?: Tx): Promise<void>
  delivered(requestId: string, stage: number, blockNumber: bigint, tx?: Tx): Promise<void>
  deliveryFailed(requestId: string, stage: number, blockNumber: bigint, tx?: Tx): Promise<void>
  /** This stage's answer and all after it. */
  undone(requestId: string, fromStage: number, blockNumber: bigint, tx?: Tx): Promise<void>
  /** A reorg removed every block above `blockNumber`, and what was heard in them. */
  rollBack(blockNumber: bigint, tx: Tx): Promise<void>
  /** Answers whose time to be looked after has come and that are not both delivered and settled. */
  due(head: bigint, limit: number): Promise<Answer[]>
  /** When it is to be looked after again; null: never by this operator. */
  lookAgain(requestId: string, stage: number, atEpoch: bigint | null): Promise<void>
}

/** @param now Milliseconds since 1970. */
export function createAnswerStore(db: Database, now: () => number = Date.now): AnswerStore {
  const update = (requestId: string, stage: number, tx: Database | Tx = db) =>
    tx.updateTable('answer').where('request_id', '=', requestId).where('stage', '=', stage).set({ updated_at: now() })

  return {
    async put({ requestId, stage, ok, data, answerHash, answeredBlock, matureEpoch }, tx) {
      const row = {
        ok: ok ? 1 : 0,
        data,
        answer_hash: answerHash,
        answered_block: answeredBlock,
        mature_epoch: storedEpoch(matureEpoch),
        due_epoch: storedEpoch(matureEpoch + 1n),
        updated_at: now(),
      }
      const unheard = { settled_block: null, delivered_block: null, undone_block: null }
      await (tx ?? db)
        .insertInto('answer')
        .values({ request_id: requestId, stage, ...row })
        .onConflict((on) =>
          on
            .columns(['request_id', 'stage'])
            .doUpdateSet({ ...row, ...unheard, delivery_failures: 0, delivery_failed_block: null })
            .where('answer.answered_block', '!=', Number(answeredBlock)),
        )
        .execute()
    },

    async get(requestId, stage, tx) {
      const query = (tx ?? db).selectFrom('answer').selectAll().where('request_id', '=', requestId)
      const row = await query.where('stage', '=', stage).executeTakeFirst()
      return row && read(row)
    },

    async of(requestId, tx) {
      const query = (tx ?? db).selectFrom('answer').selectAll().where('request_id', '=', requestId)
      return (await query.orderBy('stage').execute()).map(read)
    },

    async settled(requestId, stage, blockNumber, tx) {
      await update(requestId, stage, tx).set({ settled_block: blockNumber }).execute()
    },

    async delivered(requestId, stage, blockNumber, tx) {
      await update(requestId, stage, tx).set({ delivered_block: blockNumber }).execute()
    },

    async deliveryFailed(requestId, stage, blockNumber, tx) {
      await update(requestId, stage, tx)
        .set({ delivery_failures: sql<number>`delivery_failures + 1`, delivery_failed_block: blockNumber })
        .where((is) =>
          is.or([is('delivery_failed_block', 'is', null), is('delivery_failed_block', '<', Number(blockNumber))]),
        )
        .execute()
    },

    async undone(requestId, fromStage, blockNumber, tx) {
      await (tx ?? db)
        .updateTable('answer')
        .set({ undone_block: blockNumber, updated_at: now() })
        .where('request_id', '=', requestId)
        .where('stage', '>=', fromStage)
        .where('undone_block', 'is', null)
        .execute()
    },

    async rollBack(blockNumber, tx) {
      const above = Number(blockNumber)
      await tx.deleteFrom('answer').where('answered_block', '>', above).execute()
      for (const column of ['settled_block', 'delivered_block', 'undone_block'] as const) {
        await tx
          .updateTable('answer')
          .set({ [column]: null, due_epoch: sql<number>`mature_epoch`, updated_at: now() })
          .where(column, '>', above)
          .execute()
      }
      await tx
        .updateTable('answer')
        .set({ delivery_failures: sql<number>`delivery_failures - 1`, delivery_failed_block: null, updated_at: now() })
        .where('delivery_failed_block', '>', above)
        .execute()
    },

    async due(head, limit) {
      const rows = await db
        .selectFrom('answer')
        .selectAll()
        .where('due_epoch', '<=', storedEpoch(head))
        .where('undone_block', 'is', null)
        .where((is) => is.or([is('delivered_block', 'is', null), is('settled_block', 'is', null)]))
        .orderBy('due_epoch')
        .limit(limit)
        .execute()
      return rows.map(read)
    },

    async lookAgain(requestId, stage, atEpoch) {
      await update(requestId, stage)
        .set({ due_epoch: atEpoch === null ? null : storedEpoch(atEpoch) })
        .execute()
    },
  }
}

function read(row: Selectable<AnswerTable>): Answer {
  const height = (value: number | null) => (value === null ? null : BigInt(value))
  return {
    requestId: row.request_id,
    stage: row.stage,
    ok: row.ok === 1,
    data: row.data,
    answerHash: row.answer_hash,
    answeredBlock: BigInt(row.answered_block),
    matureEpoch: BigInt(row.mature_epoch),
    settledBlock: height(row.settled_block),
    deliveredBlock: height(row.delivered_block),
    undoneBlock: height(row.undone_block),
    deliveryFailures: row.delivery_failures,
    deliveryFailedBlock: height(row.delivery_failed_block),
  }
}
