import { sql, type Kysely } from 'kysely'

/** *pack*: of what was asked before, each may be one; the chain tells when its order is to be opened. */
const PACK = 5

/** Requests that are to go on as an order of PerpetualStorage, and what became of them. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('perpetual_request')
    .addColumn('request_id', 'text', (c) => c.primaryKey().references('request.id').onDelete('cascade'))
    .addColumn('asked_block', 'integer', (c) => c.notNull())
    .addColumn('order_id', 'text')
    .addColumn('ended_block', 'integer')
    .addColumn('updated_at', 'integer', (c) => c.notNull())
    .execute()

  await sql`insert into perpetual_request (request_id, asked_block, updated_at)
    select id, block_number, updated_at from request where job = ${PACK} and state != 'orphaned'`.execute(db)
}
