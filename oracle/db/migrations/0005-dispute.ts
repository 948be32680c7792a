import type { Kysely } from 'kysely'

/** Answers are compared with what this operator found; where they differ, and what is done about it. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('dispute')
    .addColumn('request_id', 'text', (c) => c.notNull().references('request.id').onDelete('cascade'))
    .addColumn('stage', 'integer', (c) => c.notNull())
    .addColumn('answer_hash', 'text', (c) => c.notNull())
    .addColumn('answered', 'text', (c) => c.notNull())
    .addColumn('found', 'text', (c) => c.notNull())
    .addColumn('sure', 'integer', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('outcome', 'text')
    .addColumn('bond', 'text')
    .addColumn('attempts', 'integer', (c) => c.notNull().defaultTo(0))
    .addColumn('told', 'text')
    .addColumn('closed_block', 'integer')
    .addColumn('created_at', 'integer', (c) => c.notNull())
    .addColumn('updated_at', 'integer', (c) => c.notNull())
    .addPrimaryKeyConstraint('dispute_pk', ['request_id', 'stage'])
    .execute()
  await db.schema.createIndex('dispute_state').on('dispute').column('state').execute()

  await db.schema.alterTable('answer').addColumn('judged_hash', 'text').execute()
}
