import type { Kysely } from 'kysely'

/** What a request that is over leaves behind is removed once, and a reorg doubts only the proofs that it took back. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('request').addColumn('cleaned_at', 'integer').execute()
  await db.schema.createIndex('request_cid').on('request').column('cid').execute()
  await db.schema.alterTable('replica').addColumn('proven_block', 'integer').execute()
}
