import type { Selectable } from 'kysely'
import { countByState } from './count.ts'
import type { Database, Tx } from './open.ts'
import type { DisputeTable } from './schema.ts'

/**
 * found: nothing is on its way. challenging: the challenge is handed to the sender, its bond counts as out. challenged: it is
 * open on-chain. closed: nothing is left to do, see {@link DisputeOutcome}.
 */
export type DisputeState = 'found' | 'challenging' | 'challenged' | 'closed'

/**
 * upheld, rejected, silent: how a challenge of the stage ended, this operator's or another's. undone: the answer fell without
 * one of its own. late: it became final unchallenged.
 */
export type DisputeOutcome = 'upheld' | 'rejected' | 'silent' | 'undone' | 'late'

/** An answer that is not what this operator found. */
export interface NewDispute {
  requestId: string
  stage: number
  /** The answer that is disputed: another one for the same stage is another matter. */
  answerHash: string
  /** Both sides in words: what the quorum answered, and what this operator found. */
  answered: string
  found: string
  /** Whether whoever looks must find the same. */
  sure: boolean
}

export interface Dispute extends NewDispute {
  state: DisputeState
  outcome: DisputeOutcome | null
  /** Of this operator's challenge, attoFIL; null while there is none. */
  bond: bigint | null
  /** Challenges that were refused or failed. */
  attempts: number
  /** What its people were told last: why nothing is done, what they can do, or what failed. */
  told: string | null
}

export type DisputeChange = Partial<Pick<Dispute, 'state' | 'outcome' | 'bond' | 'attempts' | 'told'>>

/** The life of the table `dispute`. */
export interface DisputeStore {
  /** Answers that were not compared yet, those that become final first at the front. */
  unjudged(): Promise<{ requestId: string; stage: number }[]>
  /** An answer was compared: with a dispute when it differs. A dispute about the same answer stays as it is. */
  judged(answer: { requestId: string; stage: number; answerHash: string }, dispute?: NewDispute): Promise<void>
  get(requestId: string, stage: number, tx?: Tx): Promise<Dispute | undefined>
  /** Disputes that are not closed, oldest first. */
  open(): Promise<Dispute[]>
  set(requestId: string, stage: number, change: DisputeChange): Promise<void>
  /** Bonds of challenges that are on their way or open, attoFIL. */
  bondsOut(): Promise<bigint>
  /** The chain says in `blockNumber` how it ended. Nothing happens to one that is closed. */
  close(requestId: string, stage: number, outcome: DisputeOutcome, blockNumber: bigint, tx?: Tx): Promise<void>
  /** The answers from this stage on fell in `blockNumber`. */
  undone(requestId: string, fromStage: number, blockNumber: bigint, tx?: Tx): Promise<void>
  /** A reorg removed every block above `blockNumber`: what was closed by one of those is looked after again. */
  rollBack(blockNumber: bigint, tx: Tx): Promise<void>
  /** By state. */
  count(): Promise<Record<string, number>>
}

/** @param now Milliseconds since 1970. */
export function createDisputeStore(db: Database, now: () => number = Date.now): DisputeStore {
  const update = (tx: Database | Tx = db) => tx.updateTable('dispute').set({ updated_at: now() })

  return {
    async unjudged() {
      const rows = await db
        .selectFrom('answer')
        .select(['request_id', 'stage'])
        .where('undone_block', 'is', null)
        .where((is) => is.or([is('judged_hash', 'is', null), is('judged_hash', '!=', is.ref('answer_hash'))]))
        .orderBy('mature_epoch')
        .execute()
      return rows.map((row) => ({ requestId: row.request_id, stage: row.stage }))
    },

    async judged({ requestId, stage, answerHash }, dispute) {
      await db.transaction().execute(async (tx) => {
        await tx
          .updateTable('answer')
          .set({ judged_hash: answerHash })
          .where('request_id', '=', requestId)
          .where('stage', '=', stage)
          .where('answer_hash', '=', answerHash)
          .execute()
        if (dispute === undefined) return

        const { answered, found, sure } = dispute
        const row = {
          ...{
            answer_hash: answerHash,
            answered,
            found,
            sure: sure ? 1 : 0,
            state: 'found',
            outcome: null,
            bond: null,
          },
          ...{ attempts: 0, told: null, closed_block: null, updated_at: now() },
        }
        await tx
          .insertInto('dispute')
          .values({ request_id: requestId, stage, ...row, created_at: now() })
          .onConflict((on) =>
            on.columns(['request_id', 'stage']).doUpdateSet(row).where('dispute.answer_hash', '!=', answerHash),
          )
          .execute()
      })
    },

    async get(requestId, stage, tx) {
      const query = (tx ?? db).selectFrom('dispute').selectAll().where('request_id', '=', requestId)
      const row = await query.where('stage', '=', stage).executeTakeFirst()
      return row && read(row)
    },

    async open() {
      const query = db.selectFrom('dispute').selectAll().where('state', '!=', 'closed')
      return (await query.orderBy('created_at').orderBy('request_id').orderBy('stage').execute()).map(read)
    },

    async set(requestId, stage, { state, outcome, bond, attempts, told }) {
      await update()
        .set({
          ...(state !== undefined && { state }),
          ...(outcome !== undefined && { outcome }),
          ...(bond !== undefined && { bond: bond === null ? null : bond.toString() }),
          ...(attempts !== undefined && { attempts }),
          ...(told !== undefined && { told }),
        })
        .where('request_id', '=', requestId)
        .where('stage', '=', stage)
        .where('state', '!=', 'closed')
        .execute()
    },

    async bondsOut() {
      const rows = await db
        .selectFrom('dispute')
        .select('bond')
        .where('state', 'in', ['challenging', 'challenged'])
        .execute()
      return rows.reduce((sum, { bond }) => sum + BigInt(bond ?? 0), 0n)
    },

    async close(requestId, stage, outcome, blockNumber, tx) {
      await update(tx)
        .set({ state: 'closed', outcome, closed_block: blockNumber })
        .where('request_id', '=', requestId)
        .where('stage', '=', stage)
        .where('state', '!=', 'closed')
        .execute()
    },

    async undone(requestId, fromStage, blockNumber, tx) {
      await update(tx)
        .set({ state: 'closed', outcome: 'undone', closed_block: blockNumber })
        .where('request_id', '=', requestId)
        .where('stage', '>=', fromStage)
        .where('state', '!=', 'closed')
        .execute()
    },

    async rollBack(blockNumber, tx) {
      const reopened = update(tx)
        .set({ outcome: null, closed_block: null })
        .where('closed_block', '>', Number(blockNumber))
      await reopened.set({ state: 'challenged' }).where('bond', 'is not', null).execute()
      await reopened.set({ state: 'found' }).where('bond', 'is', null).execute()
    },

    count: () => countByState(db, 'dispute'),
  }
}

function read(row: Selectable<DisputeTable>): Dispute {
  return {
    requestId: row.request_id,
    stage: row.stage,
    answerHash: row.answer_hash,
    answered: row.answered,
    found: row.found,
    sure: row.sure === 1,
    state: row.state as DisputeState,
    outcome: row.outcome as DisputeOutcome | null,
    bond: row.bond === null ? null : BigInt(row.bond),
    attempts: row.attempts,
    told: row.told,
  }
}
