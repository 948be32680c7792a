import type { Selectable } from 'kysely'
import type { Database, Tx } from './open.ts'
import type { IntentTable } from './schema.ts'

/**
 * queued: stored, nothing signed. sent: signed with a nonce, perhaps broadcast. confirmed: its event is in a block that is deep
 * enough. refused: the simulation reverted, nothing was sent. failed: it was mined and reverted, or did not do what was expected.
 */
export type IntentState = IntentTable['state']

/** An event that proves that an intent did its work; a null topic matches any. */
export interface ExpectedEvent {
  address: string
  topics: (string | null)[]
}

/** Why the chain said no. */
export interface IntentError {
  message: string
  /** The revert's bytes, hex. */
  data?: string
  /** The custom error's name and arguments, when its ABI is known. */
  name?: string
  args?: string[]
}

/** A transaction that is wanted exactly once. */
export interface NewIntent {
  /** Idempotency key, as `report:12:0`: a second intent with the key of a living one is the same intent. */
  key: string
  from: string
  to: string
  /** Calldata, hex. */
  data: string
  /** attoFIL. */
  value: bigint
  /** The most that its gas may cost, attoFIL; null: no limit of its own. */
  maxCost?: bigint | null
  expect: ExpectedEvent | null
}

export interface Intent extends NewIntent {
  maxCost: bigint | null
  state: IntentState
  nonce: number | null
  /** Every hash ever signed for it, oldest first. */
  hashes: string[]
  /** The signed transactions with the present nonce, oldest first. */
  raw: string[]
  /** The head when it was first signed: its event cannot be older. */
  firstBlock: bigint | null
  /** The head when it was last signed. */
  sentBlock: bigint | null
  error: IntentError | null
  /** Block of the transaction that did it. */
  blockNumber: bigint | null
}

/** A transaction that was signed for an intent and is about to be broadcast. */
export interface Signed {
  nonce: number
  raw: string
  hash: string
  /** The chain's head at signing. */
  head: bigint
}

/** The life of the table `intent`: queued → sent → confirmed, or refused, or failed. Every change names the state it starts from. */
export interface IntentStore {
  /** Stores a new intent as queued. A refused or failed one is queued again with the given call; any other is left as it is. */
  put(intent: NewIntent, tx?: Tx): Promise<void>
  get(key: string): Promise<Intent | undefined>
  /** Sets what the gas of a queued or sent intent may cost. */
  allow(key: string, maxCost: bigint): Promise<void>
  /** Oldest first. */
  queued(from: string, limit: number): Promise<Intent[]>
  /** Lowest nonce first. */
  sent(from: string): Promise<Intent[]>
  /** Confirmed or failed intents with a nonce at or above `nonce`. */
  settledFrom(from: string, nonce: number): Promise<Intent[]>
  /** queued | sent → sent, adding one signed transaction. False when the row was in no such state. */
  addSigned(key: string, signed: Signed): Promise<boolean>
  /** sent → confirmed. */
  confirm(key: string, blockNumber: bigint): Promise<boolean>
  /** queued → refused. */
  refuse(key: string, error: IntentError): Promise<boolean>
  /** sent → failed. */
  fail(key: string, error: IntentError, blockNumber: bigint): Promise<boolean>
  /** sent → queued: its nonce went to another transaction and its event is nowhere. The hashes stay known. */
  requeue(key: string): Promise<boolean>
  /** confirmed | failed → sent: its transaction is no longer in the chain. */
  reopen(key: string): Promise<boolean>
  /** confirmed | failed → sent for whatever was mined above `blockNumber`: a reorg took those blocks. */
  reopenAbove(blockNumber: bigint, tx?: Tx): Promise<void>
}

/** @param now Milliseconds since 1970. */
export function createIntentStore(db: Database, now: () => number = Date.now): IntentStore {
  const update = (key: string, states: IntentState[], tx: Database | Tx = db) =>
    tx.updateTable('intent').where('key', '=', key).where('state', 'in', states).set({ updated_at: now() })

  async function changed(query: ReturnType<typeof update>): Promise<boolean> {
    return (await query.executeTakeFirst()).numUpdatedRows === 1n
  }

  return {
    async put(intent, tx) {
      const call = {
        from_address: intent.from,
        to_address: intent.to,
        data: Buffer.from(intent.data.slice(2), 'hex'),
        value: intent.value.toString(),
        max_cost: intent.maxCost?.toString() ?? null,
        expect: intent.expect && JSON.stringify(intent.expect),
        state: 'queued' as const,
        nonce: null,
        raw: '[]',
        sent_block: null,
        error: null,
        block_number: null,
        updated_at: now(),
      }
      await (tx ?? db)
        .insertInto('intent')
        .values({ key: intent.key, ...call, hashes: '[]', first_block: null, created_at: now() })
        .onConflict((on) =>
          on
            .column('key')
            .doUpdateSet(call)
            .where('intent.state', 'in', ['refused', 'failed'] as IntentState[]),
        )
        .execute()
    },

    async get(key) {
      const row = await db.selectFrom('intent').selectAll().where('key', '=', key).executeTakeFirst()
      return row && read(row)
    },

    async allow(key, maxCost) {
      await update(key, ['queued', 'sent']).set({ max_cost: maxCost.toString() }).execute()
    },

    async queued(from, limit) {
      const query = db.selectFrom('intent').selectAll().where('from_address', '=', from).where('state', '=', 'queued')
      return (await query.orderBy('position').limit(limit).execute()).map(read)
    },

    async sent(from) {
      const query = db.selectFrom('intent').selectAll().where('from_address', '=', from).where('state', '=', 'sent')
      return (await query.orderBy('nonce').execute()).map(read)
    },

    async settledFrom(from, nonce) {
      const query = db.selectFrom('intent').selectAll().where('from_address', '=', from).where('nonce', '>=', nonce)
      return (await query.where('state', 'in', ['confirmed', 'failed']).orderBy('nonce').execute()).map(read)
    },

    async addSigned(key, { nonce, raw, hash, head }) {
      return db.transaction().execute(async (tx) => {
        const row = await tx.selectFrom('intent').selectAll().where('key', '=', key).executeTakeFirst()
        if (row === undefined || (row.state !== 'queued' && row.state !== 'sent')) return false

        const before = row.nonce === nonce ? (JSON.parse(row.raw) as string[]) : []
        const hashes = JSON.parse(row.hashes) as string[]
        return changed(
          update(key, ['queued', 'sent'], tx).set({
            state: 'sent',
            nonce,
            raw: JSON.stringify([...before, raw]),
            hashes: JSON.stringify([...hashes, hash]),
            first_block: row.first_block ?? head,
            sent_block: head,
          }),
        )
      })
    },

    confirm: (key, blockNumber) =>
      changed(update(key, ['sent']).set({ state: 'confirmed', block_number: blockNumber, error: null })),

    refuse: (key, error) => changed(update(key, ['queued']).set({ state: 'refused', error: JSON.stringify(error) })),

    fail: (key, error, blockNumber) =>
      changed(update(key, ['sent']).set({ state: 'failed', error: JSON.stringify(error), block_number: blockNumber })),

    requeue: (key) => changed(update(key, ['sent']).set({ state: 'queued', nonce: null, raw: '[]', sent_block: null })),

    reopen: (key) =>
      changed(update(key, ['confirmed', 'failed']).set({ state: 'sent', block_number: null, error: null })),

    async reopenAbove(blockNumber, tx) {
      await (tx ?? db)
        .updateTable('intent')
        .where('state', 'in', ['confirmed', 'failed'])
        .where('block_number', '>', Number(blockNumber))
        .set({ state: 'sent', block_number: null, error: null, updated_at: now() })
        .execute()
    },
  }
}

function read(row: Selectable<IntentTable>): Intent {
  const height = (value: number | null) => (value === null ? null : BigInt(value))
  return {
    key: row.key,
    from: row.from_address,
    to: row.to_address,
    data: `0x${Buffer.from(row.data).toString('hex')}`,
    value: BigInt(row.value),
    maxCost: row.max_cost === null ? null : BigInt(row.max_cost),
    expect: row.expect === null ? null : (JSON.parse(row.expect) as ExpectedEvent),
    state: row.state,
    nonce: row.nonce,
    hashes: JSON.parse(row.hashes) as string[],
    raw: JSON.parse(row.raw) as string[],
    firstBlock: height(row.first_block),
    sentBlock: height(row.sent_block),
    error: row.error === null ? null : (JSON.parse(row.error) as IntentError),
    blockNumber: height(row.block_number),
  }
}
