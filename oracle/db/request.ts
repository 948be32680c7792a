import { sql, type Selectable } from 'kysely'
import type { FailReason } from '../errors.ts'
import type { Piece } from '../proofs/piece.ts'
import { countByState } from './count.ts'
import { FREE, heldBy, isFree, type Lease } from './lease.ts'
import { transact, type Database, type Tx } from './open.ts'
import { storedEpoch, type RequestTable } from './schema.ts'

/**
 * Where this operator's work on a request stands; each state has one step that works on it.
 * requested: its log has its confirmations. pinned: every block is here, the Pinned vote is handed over.
 * packed: the Packed vote is handed over. dealing: an Edge node has the CAR, deals are awaited and shown.
 * reported: the last vote is handed over. failing: it cannot be served, the contract is being told.
 */
export const ACTIVE_STATES = ['requested', 'pinned', 'packed', 'dealing', 'reported', 'failing'] as const
export type ActiveState = (typeof ACTIVE_STATES)[number]

/**
 * Nothing is left to do. stored, answered, failed, cancelled, expired, refuted, undecided: so says the contract. refused: the
 * contract does not take this operator's votes on it. orphaned: its log vanished in a reorg after something was sent.
 */
export type EndState =
  'stored' | 'answered' | 'failed' | 'cancelled' | 'expired' | 'refuted' | 'undecided' | 'refused' | 'orphaned'

/** What a log says about a new request. */
export interface NewRequest {
  /** Decimal. */
  id: string
  providerId: bigint
  requester: string
  job: number
  payload: Uint8Array
  maxBytes: bigint
  deadlineEpoch: bigint
  blockNumber: bigint
  blockHash: string
  txHash: string
  logIndex: number
  /** The content that is asked for, as far as the log's payload can be read. */
  cid?: string | null
}

/** What steps find out on the way. */
export interface Findings {
  cid?: string
  fetchLink?: Uint8Array
  /** Deals asked for. */
  replicas?: number
  carPath?: string
  carBytes?: bigint
  /** What a URL served. */
  sizeBytes?: bigint
  piece?: Piece
  failReason?: FailReason
  /** Words of the last error, for people; null when it is over. */
  error?: string | null
}

export interface Request extends NewRequest {
  state: ActiveState | EndState
  cid: string | null
  fetchLink: Uint8Array | null
  replicas: number | null
  carPath: string | null
  carBytes: bigint | null
  sizeBytes: bigint | null
  piece: Piece | null
  failReason: FailReason | null
  error: string | null
  /** How the contract says it is over, while this operator still looks for its own answer; null otherwise. */
  endedAs: EndState | null
  /** Failed attempts at the present step. */
  attempts: number
}

/** A request whose step this process runs; nobody else touches it while the lease lasts. */
export type Claimed = Request & { state: ActiveState }

/** A request that is over and may have left something on the disk. */
export type Ended = Pick<Request, 'id' | 'cid'> & {
  state: EndState
  /** Whether this operator has the content whole. */
  isComplete: boolean
}

/** What a step did to its row. */
export interface Move {
  to: ActiveState | EndState
  /** When the row is to be looked at again, milliseconds from now; ignored when nothing is left to do. */
  dueInMs: number
  /** Failed attempts, to be kept; 0 unless given. */
  attempts?: number
  findings?: Findings
  /** Block of the event that ended the request, where the step saw it first. */
  endedBlock?: bigint
}

/** The life of the table `request`. Every change names the state or the lease it starts from. */
export interface RequestStore {
  /** Stores a request, due at once. One that is known stays as it is, unless a reorg had orphaned it: then it starts anew. */
  insert(request: NewRequest, tx?: Tx): Promise<void>
  /** On whose behalf the asking contract asked: fairness is counted by it. */
  setRequester(id: string, requester: string, tx?: Tx): Promise<void>
  get(id: string, tx?: Tx): Promise<Request | undefined>
  /**
   * Takes the lease of a due row that nobody holds. Nothing when the row is not in one of `states`, not due, held, or its
   * requester has `perRequester` rows held already.
   */
  claim(id: string, states: readonly ActiveState[], lease: Lease, perRequester: number): Promise<Claimed | undefined>
  /** Prolongs a lease; false when it is lost or the request is over. */
  renew(id: string, from: ActiveState, lease: Lease): Promise<boolean>
  /**
   * Applies what the step did and gives the lease back; false when the row moved meanwhile (then nothing changes). A row that was
   * over but for this operator's own answer ends as it was told, once it has that.
   */
  move(id: string, from: ActiveState, owner: string, move: Move): Promise<boolean>
  /**
   * The contract says in `blockNumber` that the request is over. False when it was over already or is not known. With
   * `afterOwnAnswer` a row whose answer this operator has not found yet ({@link isChecking}) goes on until it has.
   */
  end(id: string, to: EndState, blockNumber: bigint, options?: { afterOwnAnswer?: boolean }, tx?: Tx): Promise<boolean>
  /** Makes a row due now: something happened to it. */
  wake(id: string, tx?: Tx): Promise<void>
  /** Due rows that nobody holds: each requester's first, then each one's second, …; fresh ones before failed attempts. */
  due(limit: number): Promise<{ id: string; state: ActiveState }[]>
  /**
   * A reorg removed every block above `blockNumber`. Requests of those are forgotten, or orphaned when a vote was handed over;
   * what ended in those goes through its steps again, each of which finds what it did.
   */
  rollBack(blockNumber: bigint, tx: Tx): Promise<void>
  /**
   * Requests that are over, not cleaned up, and that no step works on any more; the contract's last word on them is known, because
   * an event ended them or the logs up to their deadline are read.
   */
  uncleaned(limit: number): Promise<Ended[]>
  /** Whether any request but `id` still has a use for the content: it is worked on, not cleaned up yet, or kept for good. */
  wants(cid: string, id: string): Promise<boolean>
  /** What the request left is removed; false when it is not in `state` any more. */
  markCleaned(id: string, state: EndState): Promise<boolean>
  /** Gives back every lease. Only for a process that has the database to itself. */
  releaseLeases(): Promise<void>
  count(): Promise<Record<string, number>>
}

/** @param now Milliseconds since 1970. */
export function createRequestStore(db: Database, now: () => number = Date.now): RequestStore {
  const update = (tx: Database | Tx = db) => tx.updateTable('request').set({ updated_at: now() })

  return {
    async insert(request, tx) {
      const row = {
        provider_id: request.providerId.toString(),
        requester: request.requester,
        job: request.job,
        payload: request.payload,
        max_bytes: request.maxBytes.toString(),
        deadline_epoch: storedEpoch(request.deadlineEpoch),
        block_number: request.blockNumber,
        block_hash: request.blockHash,
        tx_hash: request.txHash,
        log_index: request.logIndex,
        state: 'requested',
        attempts: 0,
        due_at: now(),
        updated_at: now(),
      }
      const fresh = { cid: request.cid ?? null, fetch_link: null, replicas: null, car_path: null, car_bytes: null }
      const blank = {
        ...fresh,
        piece_digest: null,
        piece_size: null,
        size_bytes: null,
        fail_reason: null,
        error: null,
        ended_block: null,
        ended_as: null,
        cleaned_at: null,
      }
      await (tx ?? db)
        .insertInto('request')
        .values({ id: request.id, ...row, cid: request.cid ?? null, created_at: now() })
        .onConflict((on) =>
          on
            .column('id')
            .doUpdateSet({ ...row, ...blank, ...FREE })
            .where('request.state', '=', 'orphaned'),
        )
        .execute()
    },

    async setRequester(id, requester, tx) {
      await update(tx).set({ requester }).where('id', '=', id).execute()
    },

    async get(id, tx) {
      const row = await (tx ?? db).selectFrom('request').selectAll().where('id', '=', id).executeTakeFirst()
      return row && read(row)
    },

    async claim(id, states, lease, perRequester) {
      const time = now()
      const row = await update()
        .set(heldBy(lease, time))
        .where('id', '=', id)
        .where('state', 'in', states)
        .where('due_at', '<=', time)
        .where(isFree(time))
        .where((is) =>
          is(
            is
              .selectFrom('request as other')
              .select((of) => of.fn.countAll<number>().as('held'))
              .whereRef('other.requester', '=', 'request.requester')
              .where('other.state', 'in', states)
              .where('other.lease_until', '>', time),
            '<',
            perRequester,
          ),
        )
        .returningAll()
        .executeTakeFirst()
      return row && (read(row) as Claimed)
    },

    async renew(id, from, lease) {
      const query = update()
        .set(heldBy(lease, now()))
        .where('id', '=', id)
        .where('state', '=', from)
        .where('lease_owner', '=', lease.owner)
      return (await query.executeTakeFirst()).numUpdatedRows === 1n
    },

    async move(id, from, owner, { to, dueInMs, attempts = 0, findings = {}, endedBlock }) {
      return transact(db, async (tx) => {
        const moved = await update(tx)
          .set({ ...columns(findings), ...FREE, state: to, attempts, due_at: isActive(to) ? now() + dueInMs : null })
          .$if(endedBlock !== undefined, (set) => set.set({ ended_block: endedBlock! }))
          .where('id', '=', id)
          .where('state', '=', from)
          .where('lease_owner', '=', owner)
          .executeTakeFirst()
        if (moved.numUpdatedRows !== 1n) return false

        await update(tx)
          .set((is) => ({ state: is.ref('ended_as').$notNull(), ended_as: null, due_at: null }))
          .where('id', '=', id)
          .where('ended_as', 'is not', null)
          .where((is) => is.not(is.or(CHECKING.map((row) => is.and(row)))))
          .execute()
        return true
      })
    },

    async end(id, to, blockNumber, { afterOwnAnswer = false } = {}, tx) {
      const undone = to === 'refuted' || to === 'undecided'
      const over = { due_at: null, ended_block: blockNumber, ended_as: null, cleaned_at: null }
      return transact(tx ?? db, async (inside) => {
        const found = await inside.selectFrom('request').selectAll().where('id', '=', id).executeTakeFirst()
        if (found === undefined) return false
        const row = read(found)
        if (row.state === 'expired' && (to === 'expired' || undone)) {
          if (found.ended_block !== null) return false // an answer that ran on does not change how the request ended
          if (to === 'expired') {
            await update(inside).set({ ended_block: blockNumber }).where('id', '=', id).execute()
            return false
          }
        }
        if (afterOwnAnswer && isChecking(row)) {
          if (row.endedAs === to) return false
          await update(inside)
            .set({ ended_as: to, ended_block: blockNumber, due_at: now() })
            .where('id', '=', id)
            .execute()
          return true
        }
        const ended = await update(inside)
          .set({ ...over, state: to }) // the lease stays: a step may still be at work
          .where('id', '=', id)
          .where('state', 'in', [...ACTIVE_STATES, 'refused', 'expired', ...(undone ? ['answered', 'failed'] : [])])
          .where('state', '!=', to)
          .executeTakeFirst()
        return ended.numUpdatedRows === 1n
      })
    },

    async wake(id, tx) {
      await update(tx).set({ due_at: now() }).where('id', '=', id).where('due_at', 'is not', null).execute()
    },

    async due(limit) {
      const turn = sql<number>`row_number() over (partition by requester order by attempts, due_at, block_number, log_index)`
      const rows = await db
        .selectFrom('request')
        .select(['id', 'state', turn.as('turn')])
        .where('due_at', '<=', now())
        .where(isFree(now()))
        .orderBy('turn')
        .orderBy('attempts')
        .orderBy('due_at')
        .limit(limit)
        .execute()
      return rows.map(({ id, state }) => ({ id, state: state as ActiveState }))
    },

    async rollBack(blockNumber, tx) {
      const handedOver = tx
        .selectFrom('intent')
        .select('key')
        .where(sql<boolean>`key like 'report:' || request.id || ':%' or key like 'fail:' || request.id || ':%'`)
      await update(tx)
        .set({ state: 'orphaned', due_at: null })
        .where('block_number', '>', Number(blockNumber))
        .where((is) => is.exists(handedOver))
        .execute()
      await tx
        .deleteFrom('request')
        .where('block_number', '>', Number(blockNumber))
        .where('state', '!=', 'orphaned')
        .execute()
      await update(tx)
        .set({ state: 'requested', attempts: 0, due_at: now(), ended_block: null, ended_as: null, cleaned_at: null })
        .set({ fail_reason: null, error: null })
        .where('ended_block', '>', Number(blockNumber))
        .where('state', '!=', 'orphaned')
        .execute()
    },

    async uncleaned(limit) {
      const read = db.selectFrom('cursor').select('block_number').where('name', '=', 'watcher')
      const rows = await db
        .selectFrom('request')
        .select(['id', 'state', 'cid', 'car_bytes', 'size_bytes'])
        .where('state', 'not in', ACTIVE_STATES)
        .where('cleaned_at', 'is', null)
        .where(isFree(now()))
        .where((is) => is.or([is('ended_block', 'is not', null), is('deadline_epoch', '<', read)]))
        .orderBy('updated_at')
        .limit(limit)
        .execute()
      return rows.map(({ id, state, cid, car_bytes, size_bytes }) => ({
        ...{ id, state: state as EndState, cid },
        isComplete: car_bytes !== null || size_bytes !== null,
      }))
    },

    async wants(cid, id) {
      const row = await db
        .selectFrom('request')
        .select('id')
        .where('cid', '=', cid)
        .where('id', '!=', id)
        .where((is) =>
          is.or([
            is('cleaned_at', 'is', null),
            is.and([
              is('state', 'in', ['stored', 'answered']),
              is.or([is('car_bytes', 'is not', null), is('size_bytes', 'is not', null)]),
            ]),
          ]),
        )
        .limit(1)
        .executeTakeFirst()
      return row !== undefined
    },

    async markCleaned(id, state) {
      const query = update().set({ cleaned_at: now(), car_path: null }).where('id', '=', id).where('state', '=', state)
      return (await query.executeTakeFirst()).numUpdatedRows === 1n
    },

    async releaseLeases() {
      await update().set(FREE).where('lease_owner', 'is not', null).execute()
    },

    count: () => countByState(db, 'request'),
  }
}

/** Rows for which this operator has not found its own answer yet. */
const CHECKING = [{ state: 'requested' }, { state: 'pinned', piece_digest: null }]

/** Whether this operator still looks for its own answer: its blocks, or the piece that they are. */
export function isChecking({ state, piece }: Pick<Request, 'state' | 'piece'>): boolean {
  return state === 'requested' || (state === 'pinned' && piece === null)
}

export function isActive(state: ActiveState | EndState): state is ActiveState {
  return (ACTIVE_STATES as readonly string[]).includes(state)
}

function columns(findings: Findings): Partial<Selectable<RequestTable>> {
  const { cid, fetchLink, replicas, carPath, carBytes, sizeBytes, piece, failReason, error } = findings
  return {
    ...(cid !== undefined && { cid }),
    ...(fetchLink !== undefined && { fetch_link: fetchLink }),
    ...(replicas !== undefined && { replicas }),
    ...(carPath !== undefined && { car_path: carPath }),
    ...(carBytes !== undefined && { car_bytes: carBytes.toString() }),
    ...(sizeBytes !== undefined && { size_bytes: sizeBytes.toString() }),
    ...(piece !== undefined && { piece_digest: piece.digest, piece_size: piece.size.toString() }),
    ...(failReason !== undefined && { fail_reason: failReason }),
    ...(error !== undefined && { error }),
  }
}

function read(row: Selectable<RequestTable>): Request {
  return {
    id: row.id,
    providerId: BigInt(row.provider_id),
    requester: row.requester,
    job: row.job,
    payload: row.payload,
    maxBytes: BigInt(row.max_bytes),
    deadlineEpoch: BigInt(row.deadline_epoch),
    blockNumber: BigInt(row.block_number),
    blockHash: row.block_hash,
    txHash: row.tx_hash,
    logIndex: row.log_index,
    state: row.state as ActiveState | EndState,
    cid: row.cid,
    fetchLink: row.fetch_link,
    replicas: row.replicas,
    carPath: row.car_path,
    carBytes: row.car_bytes === null ? null : BigInt(row.car_bytes),
    sizeBytes: row.size_bytes === null ? null : BigInt(row.size_bytes),
    piece: row.piece_digest && row.piece_size ? { digest: row.piece_digest, size: BigInt(row.piece_size) } : null,
    failReason: row.fail_reason as FailReason | null,
    error: row.error,
    endedAs: row.ended_as as EndState | null,
    attempts: row.attempts,
  }
}
