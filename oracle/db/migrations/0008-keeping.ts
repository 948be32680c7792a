import type { Kysely } from 'kysely'

/** What keeping slots cost, so that a restart does not forget it; and a limit of its own for a transaction's gas. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('keeping')
    .addColumn('key', 'text', (c) => c.primaryKey())
    .addColumn('epoch', 'integer', (c) => c.notNull())
    .addColumn('slots', 'text', (c) => c.notNull())
    .addColumn('calls', 'text', (c) => c.notNull())
    .addColumn('most', 'text', (c) => c.notNull())
    .addColumn('raised_epoch', 'integer', (c) => c.notNull())
    .addColumn('cost', 'text')
    .addColumn('updated_at', 'integer', (c) => c.notNull())
    .execute()
  await db.schema.createIndex('keeping_epoch').on('keeping').column('epoch').execute()

  await db.schema.alterTable('intent').addColumn('max_cost', 'text').execute()
}
