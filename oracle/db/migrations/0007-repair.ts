import type { Kysely } from 'kysely'

/** Pieces of storage orders that are kept here to be fetched by those who seal them. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('kept_piece')
    .addColumn('piece_cid', 'text', (c) => c.primaryKey())
    .addColumn('piece_digest', 'blob', (c) => c.notNull())
    .addColumn('piece_size', 'text', (c) => c.notNull())
    .addColumn('payload_cid', 'text')
    .addColumn('seed', 'blob', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('car_path', 'text')
    .addColumn('car_bytes', 'text')
    .addColumn('error', 'text')
    .addColumn('attempts', 'integer', (c) => c.notNull().defaultTo(0))
    .addColumn('due_at', 'integer')
    .addColumn('lease_owner', 'text')
    .addColumn('lease_until', 'integer')
    .addColumn('created_at', 'integer', (c) => c.notNull())
    .addColumn('updated_at', 'integer', (c) => c.notNull())
    .execute()
  await db.schema.createIndex('kept_piece_due').on('kept_piece').column('due_at').execute()
}
