import { sql, type Kysely } from 'kysely'

/** Orders and slots of PerpetualStorage, with the versions that a reorg may bring back. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const versions = (table: string) =>
    db.schema
      .createTable(table)
      .addColumn('id', 'text', (c) => c.notNull())
      .addColumn('from_block', 'integer', (c) => c.notNull())
      .addColumn('until_block', 'integer')
      .addColumn('log_index', 'integer', (c) => c.notNull())
      .addColumn('updated_at', 'integer', (c) => c.notNull())
      .addPrimaryKeyConstraint(`${table}_pk`, ['id', 'from_block'])

  await versions('storage_order')
    .addColumn('client', 'text', (c) => c.notNull())
    .addColumn('status', 'text', (c) => c.notNull())
    .addColumn('version', 'integer', (c) => c.notNull())
    .addColumn('replicas', 'integer', (c) => c.notNull())
    .addColumn('price', 'text', (c) => c.notNull())
    .addColumn('ceiling', 'text', (c) => c.notNull())
    .addColumn('end_epoch', 'integer', (c) => c.notNull())
    .addColumn('opened_epoch', 'integer', (c) => c.notNull())
    .addColumn('piece_cid', 'blob', (c) => c.notNull())
    .addColumn('piece_size', 'text', (c) => c.notNull())
    .addColumn('piece_digest', 'blob', (c) => c.notNull())
    .addColumn('payload_cid', 'blob', (c) => c.notNull())
    .addColumn('seed', 'blob', (c) => c.notNull())
    .addColumn('free', 'text', (c) => c.notNull())
    .addColumn('reserved', 'text', (c) => c.notNull())
    .addColumn('terms', 'text', (c) => c.notNull())
    .addColumn('listed', 'text', (c) => c.notNull())
    .addColumn('barred', 'text', (c) => c.notNull())
    .execute()

  await versions('slot')
    .addColumn('order_id', 'text', (c) => c.notNull())
    .addColumn('nonce', 'text', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('provider', 'text', (c) => c.notNull())
    .addColumn('owner', 'text', (c) => c.notNull())
    .addColumn('poster', 'text', (c) => c.notNull())
    .addColumn('price', 'text', (c) => c.notNull())
    .addColumn('collateral', 'text', (c) => c.notNull())
    .addColumn('max_term_epochs', 'integer', (c) => c.notNull())
    .addColumn('order_end', 'integer', (c) => c.notNull())
    .addColumn('claimed_epoch', 'integer', (c) => c.notNull())
    .addColumn('claim_by', 'integer', (c) => c.notNull())
    .addColumn('start_epoch', 'integer', (c) => c.notNull())
    .addColumn('end_epoch', 'integer', (c) => c.notNull())
    .addColumn('proven_to', 'integer', (c) => c.notNull())
    .addColumn('fault_since', 'integer', (c) => c.notNull())
    .addColumn('deal_id', 'text', (c) => c.notNull())
    .addColumn('sector', 'text', (c) => c.notNull())
    .addColumn('paid', 'text', (c) => c.notNull())
    .execute()
  await db.schema.createIndex('slot_order').on('slot').column('order_id').execute()

  for (const table of ['storage_order', 'slot']) {
    await db.schema
      .createIndex(`${table}_now`)
      .on(table)
      .column('id')
      .unique()
      .where(sql<boolean>`until_block is null`)
      .execute()
  }
}
