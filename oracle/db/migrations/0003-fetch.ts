import type { Kysely } from 'kysely'

/** What a URL served is remembered: it is this operator's answer to a *fetch* request. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('request').addColumn('size_bytes', 'text').execute()
}
