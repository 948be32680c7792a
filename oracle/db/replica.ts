import { sql, type Selectable } from 'kysely'
import type { Inclusion, ProofData } from '../proofs/inclusion.ts'
import type { Piece } from '../proofs/piece.ts'
import type { Database, Tx } from './open.ts'
import type { ReplicaTable } from './schema.ts'

/**
 * asked: the Edge node is (about to be) given the CAR; whether it has it is to be looked up. dealing: it has it.
 * published: the deal has its id. proving: `complete` is handed over. proven: the contract counts it. failed: given up.
 */
export type ReplicaState = 'asked' | 'dealing' | 'published' | 'proving' | 'proven' | 'failed'

/** One copy of a request's piece with one provider, through one Edge node. */
export interface Replica {
  requestId: string
  /** The provider as Edge names it: f01234 or t01234. */
  miner: string
  /** Empty where another operator made the deal. */
  edgeUrl: string
  contentId: string | null
  /** Edge's own word for where it stands. */
  statusText: string | null
  dealId: bigint | null
  /** The provider's actor id. */
  providerId: bigint | null
  aggregate: Piece | null
  inclusion: Inclusion | null
  state: ReplicaState
  error: string | null
}

export type ReplicaChange = Partial<Omit<Replica, 'requestId' | 'miner'>>

/** The life of the table `replica`. Written only under its request's lease, and by the watcher when a deal is proven. */
export interface ReplicaStore {
  /** The intention, before an Edge node is asked. One that exists stays as it is. */
  ask(requestId: string, miners: string[], edgeUrl: string): Promise<void>
  /** In the order they were asked. */
  of(requestId: string): Promise<Replica[]>
  set(requestId: string, miner: string, change: ReplicaChange): Promise<void>
  /** The contract counts the deal of this provider, since `blockNumber`. One that another operator made gets a row without Edge node. */
  proven(requestId: string, providerId: bigint, dealId: bigint, blockNumber: bigint, tx?: Tx): Promise<void>
  /** A reorg took back what `proven` heard of in blocks above `blockNumber`: whether it comes again is to be seen. */
  rollBack(blockNumber: bigint, tx: Tx): Promise<void>
  /** Content ids of an Edge node that belong to any request but this one. */
  contentsOfOthers(requestId: string, edgeUrl: string): Promise<Set<string>>
}

/** @param now Milliseconds since 1970. */
export function createReplicaStore(db: Database, now: () => number = Date.now): ReplicaStore {
  return {
    async ask(requestId, miners, edgeUrl) {
      if (miners.length === 0) return
      const row = { request_id: requestId, edge_url: edgeUrl, state: 'asked' as const, attempts: 0, updated_at: now() }
      await db
        .insertInto('replica')
        .values(miners.map((miner) => ({ ...row, miner, provider_id: minerId(miner).toString() })))
        .onConflict((on) => on.columns(['request_id', 'miner']).doNothing())
        .execute()
    },

    async of(requestId) {
      const rows = await db
        .selectFrom('replica')
        .selectAll()
        .where('request_id', '=', requestId)
        .orderBy(sql`rowid`)
        .execute()
      return rows.map(read)
    },

    async set(requestId, miner, change) {
      await db
        .updateTable('replica')
        .set({ ...columns(change), updated_at: now() })
        .where('request_id', '=', requestId)
        .where('miner', '=', miner)
        .execute()
    },

    async proven(requestId, providerId, dealId, blockNumber, tx) {
      const provider = providerId.toString()
      const proof = {
        state: 'proven' as const,
        deal_id: dealId.toString(),
        proven_block: blockNumber,
        updated_at: now(),
      }
      const own = await (tx ?? db)
        .updateTable('replica')
        .set({ ...proof, error: null })
        .where('request_id', '=', requestId)
        .where('provider_id', '=', provider)
        .executeTakeFirst()
      if (own.numUpdatedRows > 0n) return
      await (tx ?? db)
        .insertInto('replica')
        .values({ ...proof, request_id: requestId, miner: `f0${provider}`, provider_id: provider })
        .execute()
    },

    async rollBack(blockNumber, tx) {
      await tx
        .deleteFrom('replica')
        .where('proven_block', '>', Number(blockNumber))
        .where('edge_url', 'is', null)
        .execute()
      await tx
        .updateTable('replica')
        .set({ state: 'proving', proven_block: null, updated_at: now() })
        .where('state', '=', 'proven')
        .where('proven_block', '>', Number(blockNumber))
        .execute()
    },

    async contentsOfOthers(requestId, edgeUrl) {
      const rows = await db
        .selectFrom('replica')
        .select('content_id')
        .where('edge_url', '=', edgeUrl)
        .where('request_id', '!=', requestId)
        .where('content_id', 'is not', null)
        .execute()
      return new Set(rows.map((row) => row.content_id!))
    },
  }
}

/** The actor id of `f01234` or `t01234`. */
export function minerId(miner: string): bigint {
  return BigInt(miner.slice(2))
}

function columns(change: ReplicaChange): Partial<Selectable<ReplicaTable>> {
  const { edgeUrl, contentId, statusText, dealId, providerId, aggregate, inclusion, state, error } = change
  return {
    ...(edgeUrl !== undefined && { edge_url: edgeUrl }),
    ...(contentId !== undefined && { content_id: contentId }),
    ...(statusText !== undefined && { status_text: statusText }),
    ...(dealId !== undefined && { deal_id: dealId === null ? null : dealId.toString() }),
    ...(providerId !== undefined && { provider_id: providerId === null ? null : providerId.toString() }),
    ...(aggregate && { aggregate_digest: aggregate.digest, aggregate_size: aggregate.size.toString() }),
    ...(inclusion !== undefined && { inclusion: inclusion === null ? null : inclusionToJson(inclusion) }),
    ...(state !== undefined && { state }),
    ...(error !== undefined && { error }),
  }
}

function read(row: Selectable<ReplicaTable>): Replica {
  return {
    requestId: row.request_id,
    miner: row.miner,
    edgeUrl: row.edge_url ?? '',
    contentId: row.content_id,
    statusText: row.status_text,
    dealId: row.deal_id === null ? null : BigInt(row.deal_id),
    providerId: row.provider_id === null ? null : BigInt(row.provider_id),
    aggregate:
      row.aggregate_digest && row.aggregate_size
        ? { digest: row.aggregate_digest, size: BigInt(row.aggregate_size) }
        : null,
    inclusion: row.inclusion === null ? null : inclusionFromJson(row.inclusion),
    state: row.state as ReplicaState,
    error: row.error,
  }
}

interface ProofJson {
  index: string
  path: string[]
}

function inclusionToJson({ subtree, entry }: Inclusion): string {
  const proof = ({ index, path }: ProofData): ProofJson => ({
    index: index.toString(),
    path: path.map((node) => Buffer.from(node).toString('hex')),
  })
  return JSON.stringify({ subtree: proof(subtree), entry: proof(entry) })
}

function inclusionFromJson(text: string): Inclusion {
  const { subtree, entry } = JSON.parse(text) as { subtree: ProofJson; entry: ProofJson }
  const proof = ({ index, path }: ProofJson): ProofData => ({
    index: BigInt(index),
    path: path.map((node) => Uint8Array.from(Buffer.from(node, 'hex'))),
  })
  return { subtree: proof(subtree), entry: proof(entry) }
}
