import { sql, type Insertable } from 'kysely'
import type { ChainLog } from '../chain/answers.ts'
import type { Database, Tx } from './open.ts'
import type { Schema } from './schema.ts'

/** Tables whose rows are versions: see `VersionColumns` in schema.ts. */
type VersionedTable = 'storage_order' | 'slot' | 'dao' | 'proposal' | 'collection_entry'

/** Versions that ended so many blocks ago are forgotten: no reorg reaches beyond Filecoin's finality of 900 epochs. */
const KEEP_BLOCKS = 1_000

/** How something is after an event, and that event's place in the chain. */
export interface Versioned {
  /** Block of the last event in it. */
  fromBlock: bigint
  /** Position of that event in its block. */
  logIndex: number
}

/** Whether a log is in the version already: sums must not take it twice. */
export function isOld({ fromBlock, logIndex }: Versioned, at: Pick<ChainLog, 'blockNumber' | 'logIndex'>): boolean {
  return at.blockNumber < fromBlock || (at.blockNumber === fromBlock && at.logIndex <= logIndex)
}

/** The place of a log, for the version that it begins. */
export const placeOf = ({ blockNumber, logIndex }: ChainLog): Versioned => ({ fromBlock: blockNumber, logIndex })

/** Stores how something is from the row's `from_block` on: it ends the present version, or replaces it where that begins there too. */
export async function putVersion<T extends VersionedTable>(
  tx: Database | Tx,
  table: T,
  row: Insertable<Schema[T]> & { id: string; from_block: bigint },
): Promise<void> {
  const { id } = row
  const at = Number(row.from_block)
  await sql`update ${sql.table(table)} set until_block = ${at}
    where id = ${id} and until_block is null and from_block < ${at}`.execute(tx)
  await sql`delete from ${sql.table(table)} where id = ${id} and until_block < ${at - KEEP_BLOCKS}`.execute(tx)
  await tx
    .insertInto(table)
    .values(row)
    .onConflict((on) => on.columns(['id', 'from_block']).doUpdateSet(row))
    .execute()
}

/** A reorg removed every block above `block`: everything is again as it was then. */
export async function rollBackVersions(tx: Tx, table: VersionedTable, block: bigint): Promise<void> {
  const at = Number(block)
  await sql`delete from ${sql.table(table)} where from_block > ${at}`.execute(tx)
  await sql`update ${sql.table(table)} set until_block = null where until_block > ${at}`.execute(tx)
}
