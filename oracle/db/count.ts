import { sql } from 'kysely'
import type { Database } from './open.ts'
import type { Schema } from './schema.ts'

type TableWithState = { [T in keyof Schema]: Schema[T] extends { state: string } ? T : never }[keyof Schema]

/** How many rows a table has in each state. */
export async function countByState(db: Database, table: TableWithState): Promise<Record<string, number>> {
  const { rows } = await sql<{ state: string; count: number }>`
    select state, count(*) as count from ${sql.table(table)} group by state`.execute(db)
  return Object.fromEntries(rows.map(({ state, count }) => [state, Number(count)]))
}
