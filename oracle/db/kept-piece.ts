import type { Selectable } from 'kysely'
import { pieceToCid } from '../proofs/piece-cid.ts'
import type { Piece } from '../proofs/piece.ts'
import { countByState } from './count.ts'
import { FREE, heldBy, isFree, type Lease } from './lease.ts'
import { transact, type Database } from './open.ts'
import type { KeptPieceTable } from './schema.ts'

/**
 * wanted: an order wants it, it is not here yet. kept: its CAR is on this disk and its piece is the order's. refused: it cannot be
 * kept, until the order names another seed. unwanted: no order wants it any more, it is to be removed.
 */
export type KeptPieceState = 'wanted' | 'kept' | 'refused' | 'unwanted'

/** A piece that a storage order is about. */
export interface WantedPiece {
  piece: Piece
  /** What was packed into the piece, as text; null where the order does not say. */
  payloadCid: string | null
  /** Where the order says it can be fetched, UTF-8. */
  seed: Uint8Array
}

export interface KeptPiece extends WantedPiece {
  /** v1, as text. */
  pieceCid: string
  state: KeptPieceState
  carPath: string | null
  carBytes: bigint | null
  /** Words of the last error, for people. */
  error: string | null
  /** Failed attempts since it was wanted or its seed changed. */
  attempts: number
}

/** What an attempt came to. */
export interface KeptPieceMove {
  state: KeptPieceState
  /** When to look at it again; null: not by itself. */
  dueInMs: number | null
  carPath?: string | null
  carBytes?: bigint | null
  error?: string | null
  attempts?: number
}

/** The life of the table `kept_piece`. */
export interface KeptPieceStore {
  /**
   * Says which pieces orders want, all of them: new ones are due at once, a changed seed or payload is tried anew, and what is
   * missing from the list becomes unwanted.
   */
  want(pieces: WantedPiece[]): Promise<void>
  get(pieceCid: string): Promise<KeptPiece | undefined>
  /** Takes up to `limit` rows that are due: the unwanted, then the longest wanted first. */
  claim(limit: number, lease: Lease): Promise<KeptPiece[]>
  renew(pieceCid: string, lease: Lease): Promise<boolean>
  /** Moves a claimed row and gives its lease back. False when the lease was lost, or {@link want} made it unwanted. */
  move(pieceCid: string, owner: string, move: KeptPieceMove): Promise<boolean>
  /** Forgets an unwanted row that was removed from the disk; false when it is wanted again. */
  remove(pieceCid: string, owner: string): Promise<boolean>
  /** Its file is gone: a kept row is wanted again, at once. */
  lost(pieceCid: string): Promise<void>
  /** CAR bytes of all kept rows. */
  keptBytes(): Promise<bigint>
  /** Whether a row other than `pieceCid` keeps or wants the payload. */
  wants(payloadCid: string, pieceCid?: string): Promise<boolean>
  releaseLeases(): Promise<void>
  /** Rows in each state. */
  count(): Promise<Record<string, number>>
}

const ANEW = { ...FREE, attempts: 0, error: null }

/** @param now Milliseconds since 1970. */
export function createKeptPieceStore(db: Database, now: () => number = Date.now): KeptPieceStore {
  return {
    async want(pieces) {
      const wanted = new Map(pieces.map((one) => [pieceToCid(one.piece.digest), one]))
      await transact(db, async (tx) => {
        const rows = new Map(
          (await tx.selectFrom('kept_piece').selectAll().execute()).map((row) => [row.piece_cid, row]),
        )
        for (const [pieceCid, { piece, payloadCid, seed }] of wanted) {
          const row = rows.get(pieceCid)
          const time = now()
          const terms = { payload_cid: payloadCid, seed, updated_at: time }
          if (row === undefined) {
            const fixed = { piece_cid: pieceCid, piece_digest: piece.digest, piece_size: piece.size.toString() }
            await tx
              .insertInto('kept_piece')
              .values({ ...fixed, ...terms, state: 'wanted', due_at: time, created_at: time })
              .execute()
          } else if (row.state === 'unwanted') {
            const kept = row.car_path !== null
            await tx
              .updateTable('kept_piece')
              .set({ ...terms, ...ANEW, state: kept ? 'kept' : 'wanted', due_at: kept ? null : time })
              .where('piece_cid', '=', pieceCid)
              .execute()
          } else if (row.state !== 'kept' && changed(row, payloadCid, seed)) {
            await tx
              .updateTable('kept_piece')
              .set({ ...terms, ...ANEW, state: 'wanted', due_at: time })
              .where('piece_cid', '=', pieceCid)
              .execute()
          }
        }
        const gone = [...rows.values()].filter((row) => row.state !== 'unwanted' && !wanted.has(row.piece_cid))
        for (const { piece_cid } of gone) {
          await tx
            .updateTable('kept_piece')
            .set({ ...ANEW, state: 'unwanted', due_at: now(), updated_at: now() })
            .where('piece_cid', '=', piece_cid)
            .execute()
        }
      })
    },

    async get(pieceCid) {
      const row = await db.selectFrom('kept_piece').selectAll().where('piece_cid', '=', pieceCid).executeTakeFirst()
      return row && read(row)
    },

    async claim(limit, lease) {
      const time = now()
      const due = db
        .selectFrom('kept_piece')
        .select('piece_cid')
        .where('due_at', '<=', time)
        .where(isFree(time))
        .orderBy((of) => of('state', '=', 'unwanted'), 'desc')
        .orderBy('created_at')
        .limit(limit)
      const rows = await db
        .updateTable('kept_piece')
        .set(heldBy(lease, time))
        .where('piece_cid', 'in', due)
        .returningAll()
        .execute()
      return rows.map(read)
    },

    async renew(pieceCid, lease) {
      const renewed = await db
        .updateTable('kept_piece')
        .set(heldBy(lease, now()))
        .where('piece_cid', '=', pieceCid)
        .where('lease_owner', '=', lease.owner)
        .executeTakeFirst()
      return renewed.numUpdatedRows === 1n
    },

    async move(pieceCid, owner, { state, dueInMs, carPath, carBytes, error, attempts }) {
      const moved = await db
        .updateTable('kept_piece')
        .set({
          state,
          due_at: dueInMs === null ? null : now() + dueInMs,
          ...(carPath !== undefined && { car_path: carPath }),
          ...(carBytes !== undefined && { car_bytes: carBytes === null ? null : carBytes.toString() }),
          ...(error !== undefined && { error }),
          ...(attempts !== undefined && { attempts }),
          ...FREE,
          updated_at: now(),
        })
        .where('piece_cid', '=', pieceCid)
        .where('lease_owner', '=', owner)
        .where('state', '!=', 'unwanted')
        .executeTakeFirst()
      return moved.numUpdatedRows === 1n
    },

    async remove(pieceCid, owner) {
      const removed = await db
        .deleteFrom('kept_piece')
        .where('piece_cid', '=', pieceCid)
        .where('state', '=', 'unwanted')
        .where('lease_owner', '=', owner)
        .executeTakeFirst()
      return removed.numDeletedRows === 1n
    },

    async lost(pieceCid) {
      await db
        .updateTable('kept_piece')
        .set({ ...ANEW, state: 'wanted', car_path: null, car_bytes: null, due_at: now(), updated_at: now() })
        .where('piece_cid', '=', pieceCid)
        .where('state', '=', 'kept')
        .execute()
    },

    async keptBytes() {
      const rows = await db.selectFrom('kept_piece').select('car_bytes').where('car_bytes', 'is not', null).execute()
      return rows.reduce((sum, row) => sum + BigInt(row.car_bytes!), 0n)
    },

    async wants(payloadCid, pieceCid = '') {
      const row = await db
        .selectFrom('kept_piece')
        .select('piece_cid')
        .where('payload_cid', '=', payloadCid)
        .where('piece_cid', '!=', pieceCid)
        .where('state', 'in', ['wanted', 'kept'])
        .limit(1)
        .executeTakeFirst()
      return row !== undefined
    },

    async releaseLeases() {
      await db.updateTable('kept_piece').set(FREE).execute()
    },

    count: () => countByState(db, 'kept_piece'),
  }
}

function changed(row: Selectable<KeptPieceTable>, payloadCid: string | null, seed: Uint8Array): boolean {
  return row.payload_cid !== payloadCid || Buffer.compare(row.seed, seed) !== 0
}

function read(row: Selectable<KeptPieceTable>): KeptPiece {
  return {
    pieceCid: row.piece_cid,
    piece: { digest: row.piece_digest, size: BigInt(row.piece_size) },
    payloadCid: row.payload_cid,
    seed: row.seed,
    state: row.state as KeptPieceState,
    carPath: row.car_path,
    carBytes: row.car_bytes === null ? null : BigInt(row.car_bytes),
    error: row.error,
    attempts: row.attempts,
  }
}
