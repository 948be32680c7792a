import type { Selectable } from 'kysely'
import { FREE, heldBy, isFree, type Lease } from './lease.ts'
import type { Database } from './open.ts'
import type { SlotDealTable } from './schema.ts'

/**
 * asked: an Edge node is to be asked, or is being asked: whether it has the piece is to be looked up. dealing: it has it. published:
 * the deal has its id. proving: the proof is handed over. left: what is missing is the provider's to do. proven: the contract
 * counts the deal. failed: given up. over: the claim ended otherwise.
 */
export type SlotDealState = 'asked' | 'dealing' | 'published' | 'proving' | 'left' | 'proven' | 'failed' | 'over'

/** The deal for one claim of a slot. */
export interface SlotDeal {
  slot: bigint
  nonce: bigint
  orderId: bigint
  /** Actor id of the claiming provider. */
  provider: bigint
  /** The provider as Edge names it: f01234 or t01234. */
  miner: string
  /** Names the upload for good: by it the Edge node's content is found again. */
  uploadName: string
  edgeUrl: string
  contentId: string | null
  /** Edge's own word for where it stands. */
  statusText: string | null
  dealId: bigint | null
  state: SlotDealState
  /** Words of the last error, for people. */
  error: string | null
  /** Failed attempts at the present state. */
  attempts: number
}

export type NewSlotDeal = Pick<SlotDeal, 'slot' | 'nonce' | 'orderId' | 'provider' | 'miner' | 'uploadName' | 'edgeUrl'>

/** What a look at a deal came to. */
export type SlotDealMove = Partial<Pick<SlotDeal, 'edgeUrl' | 'contentId' | 'statusText' | 'dealId' | 'error'>> & {
  state: SlotDealState
  /** When to look at it again; ignored in a final state. */
  dueInMs: number
  /** Failed attempts, to be kept; 0 unless given. */
  attempts?: number
}

/** The life of the table `slot_deal`: one row for each claim, written before an Edge node is asked. */
export interface SlotDealStore {
  /** The intention, due in `dueInMs`. One that exists stays as it is. */
  note(deal: NewSlotDeal, dueInMs: number): Promise<void>
  get(slot: bigint, nonce: bigint): Promise<SlotDeal | undefined>
  /** Takes up to `limit` rows that are due, the longest due first. */
  claim(limit: number, lease: Lease): Promise<SlotDeal[]>
  renew(deal: SlotDeal, lease: Lease): Promise<boolean>
  /** Moves a claimed row and gives its lease back. False when the lease was lost. */
  move(deal: SlotDeal, owner: string, move: SlotDealMove): Promise<boolean>
  releaseLeases(): Promise<void>
}

const FINAL: readonly SlotDealState[] = ['proven', 'failed', 'over']

/** @param now Milliseconds since 1970. */
export function createSlotDealStore(db: Database, now: () => number = Date.now): SlotDealStore {
  const update = ({ slot, nonce }: Pick<SlotDeal, 'slot' | 'nonce'>, owner: string) =>
    db
      .updateTable('slot_deal')
      .where('slot', '=', slot.toString())
      .where('nonce', '=', nonce.toString())
      .where('lease_owner', '=', owner)

  return {
    async note({ slot, nonce, orderId, provider, miner, uploadName, edgeUrl }, dueInMs) {
      const time = now()
      await db
        .insertInto('slot_deal')
        .values({
          ...{ slot: slot.toString(), nonce: nonce.toString(), order_id: orderId.toString() },
          ...{ provider: provider.toString(), miner, upload_name: uploadName, edge_url: edgeUrl, state: 'asked' },
          ...{ due_at: time + dueInMs, created_at: time, updated_at: time },
        })
        .onConflict((on) => on.columns(['slot', 'nonce']).doNothing())
        .execute()
    },

    async get(slot, nonce) {
      const row = await db
        .selectFrom('slot_deal')
        .selectAll()
        .where('slot', '=', slot.toString())
        .where('nonce', '=', nonce.toString())
        .executeTakeFirst()
      return row && read(row)
    },

    async claim(limit, lease) {
      const time = now()
      const due = db
        .selectFrom('slot_deal')
        .select('slot_deal.slot')
        .select('slot_deal.nonce')
        .where('due_at', '<=', time)
        .where(isFree(time))
        .orderBy('due_at')
        .limit(limit)
      const rows = await db
        .updateTable('slot_deal')
        .set(heldBy(lease, time))
        .where((is) => is(is.refTuple('slot', 'nonce'), 'in', due.$asTuple('slot', 'nonce')))
        .returningAll()
        .execute()
      return rows.map(read)
    },

    async renew(deal, lease) {
      const renewed = await update(deal, lease.owner).set(heldBy(lease, now())).executeTakeFirst()
      return renewed.numUpdatedRows === 1n
    },

    async move(deal, owner, { state, dueInMs, attempts = 0, edgeUrl, contentId, statusText, dealId, error }) {
      const moved = await update(deal, owner)
        .set({
          ...{ ...FREE, state, attempts, updated_at: now() },
          due_at: FINAL.includes(state) ? null : now() + dueInMs,
          ...(edgeUrl !== undefined && { edge_url: edgeUrl }),
          ...(contentId !== undefined && { content_id: contentId }),
          ...(statusText !== undefined && { status_text: statusText }),
          ...(dealId !== undefined && { deal_id: dealId === null ? null : dealId.toString() }),
          ...(error !== undefined && { error }),
        })
        .executeTakeFirst()
      return moved.numUpdatedRows === 1n
    },

    async releaseLeases() {
      await db.updateTable('slot_deal').set(FREE).execute()
    },
  }
}

function read(row: Selectable<SlotDealTable>): SlotDeal {
  return {
    slot: BigInt(row.slot),
    nonce: BigInt(row.nonce),
    orderId: BigInt(row.order_id),
    provider: BigInt(row.provider),
    miner: row.miner,
    uploadName: row.upload_name,
    edgeUrl: row.edge_url,
    contentId: row.content_id,
    statusText: row.status_text,
    dealId: row.deal_id === null ? null : BigInt(row.deal_id),
    state: row.state as SlotDealState,
    error: row.error,
    attempts: row.attempts,
  }
}
