import type { Kysely } from 'kysely'

/** What the quorum answered, and a request that is over on-chain before this operator has found its own answer. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('answer')
    .addColumn('request_id', 'text', (c) => c.notNull().references('request.id').onDelete('cascade'))
    .addColumn('stage', 'integer', (c) => c.notNull())
    .addColumn('ok', 'integer', (c) => c.notNull())
    .addColumn('data', 'blob', (c) => c.notNull())
    .addColumn('answer_hash', 'text', (c) => c.notNull())
    .addColumn('answered_block', 'integer', (c) => c.notNull())
    .addColumn('mature_epoch', 'integer', (c) => c.notNull())
    .addColumn('settled_block', 'integer')
    .addColumn('delivered_block', 'integer')
    .addColumn('undone_block', 'integer')
    .addColumn('delivery_failures', 'integer', (c) => c.notNull().defaultTo(0))
    .addColumn('delivery_failed_block', 'integer')
    .addColumn('due_epoch', 'integer')
    .addColumn('updated_at', 'integer', (c) => c.notNull())
    .addPrimaryKeyConstraint('answer_pk', ['request_id', 'stage'])
    .execute()
  await db.schema.createIndex('answer_due').on('answer').column('due_epoch').execute()

  await db.schema.alterTable('request').addColumn('ended_as', 'text').execute()
}
