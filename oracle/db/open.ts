import { type Dialect, Kysely, type Transaction } from 'kysely'
import { Migrator, type Migration } from 'kysely/migration'
import { MooringError, wordsOf } from '../errors.ts'
import * as init from './migrations/0001-init.ts'
import * as cleanUp from './migrations/0002-clean-up.ts'
import * as fetchJob from './migrations/0003-fetch.ts'
import * as answer from './migrations/0004-answer.ts'
import * as dispute from './migrations/0005-dispute.ts'
import * as perpetual from './migrations/0006-perpetual.ts'
import * as repair from './migrations/0007-repair.ts'
import * as keeping from './migrations/0008-keeping.ts'
import * as dao from './migrations/0009-dao.ts'
import * as perpetualRequest from './migrations/0010-perpetual-request.ts'
import type { Schema } from './schema.ts'
import { sqliteDialect } from './sqlite.ts'

/** The open database. Close it with `destroy()`. */
export type Database = Kysely<Schema>

/** A transaction; every store takes one in the database's place. */
export type Tx = Transaction<Schema>

/** Every change of the tables, in order; a released one is never edited. */
export const MIGRATIONS: Record<string, Migration> = {
  '0001-init': init,
  '0002-clean-up': cleanUp,
  '0003-fetch': fetchJob,
  '0004-answer': answer,
  '0005-dispute': dispute,
  '0006-perpetual': perpetual,
  '0007-repair': repair,
  '0008-keeping': keeping,
  '0009-dao': dao,
  '0010-perpetual-request': perpetualRequest,
}

/** The file is no database that this version can work with. */
export class DatabaseUnusable extends MooringError {}

/**
 * Opens (or makes) the SQLite database in `file` and brings its tables up to date.
 * `:memory:` gives one that is gone when closed.
 * @throws DatabaseUnusable when the file is none or cannot be made, was written by a newer version, or a migration fails.
 */
export async function openDatabase(file: string): Promise<Database> {
  const db: Database = new Kysely<Schema>({ dialect: openDialect(file) })
  const migrator = new Migrator({ db, provider: { getMigrations: () => Promise.resolve(MIGRATIONS) } })
  const { error } = await migrator.migrateToLatest()
  if (error === undefined) return db

  await db.destroy()
  throw unusable(file, error)
}

function openDialect(file: string): Dialect {
  try {
    return sqliteDialect(file)
  } catch (error) {
    throw unusable(file, error)
  }
}

function unusable(file: string, cause: unknown): DatabaseUnusable {
  return new DatabaseUnusable(`the database ${file} cannot be used: ${wordsOf(cause)}`, {
    cause,
    hint: 'Run the version of the program that wrote it, or move the file away to start anew.',
  })
}

/**
 * Runs `work` in one transaction: all of it happens, or nothing when it throws. Use only the given `tx` inside: SQLite has one
 * connection, and a query on `db` would wait for the transaction to end. No network calls inside, for the same reason.
 */
export async function transact<T>(db: Database | Tx, work: (tx: Tx) => Promise<T>): Promise<T> {
  return db.isTransaction ? work(db as Tx) : db.transaction().execute(work)
}
