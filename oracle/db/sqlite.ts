import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { SqliteDialect, type SqliteDatabase } from 'kysely'

/** Milliseconds that a statement waits for another process's write lock. */
const BUSY_TIMEOUT_MS = 5_000

/** Node's own SQLite in the shape that Kysely's dialect expects (that of better-sqlite3). */
function adapt(sqlite: DatabaseSync): SqliteDatabase {
  return {
    close: () => sqlite.close(),
    prepare(sql) {
      // A deferred transaction that reads before it writes fails when another process wrote in between; taking the write lock
      // at once waits instead.
      const statement = sqlite.prepare(sql === 'begin' ? 'begin immediate' : sql)
      return {
        reader: statement.columns().length > 0,
        all: (parameters) => statement.all(...(parameters as SQLInputValue[])),
        run: (parameters) => statement.run(...(parameters as SQLInputValue[])),
        iterate: (parameters) => statement.iterate(...(parameters as SQLInputValue[])),
      }
    },
  }
}

/**
 * Kysely's dialect over a SQLite file; its folder is made when missing.
 * A commit is on the disk when it returns (`synchronous = full`): a signed transaction that was stored is never forgotten.
 */
export function sqliteDialect(file: string): SqliteDialect {
  if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true })

  const sqlite = new DatabaseSync(file)
  try {
    sqlite.exec(`pragma busy_timeout = ${BUSY_TIMEOUT_MS}`)
    sqlite.exec('pragma journal_mode = wal')
    sqlite.exec('pragma synchronous = full')
    sqlite.exec('pragma foreign_keys = on')
  } catch (error) {
    sqlite.close()
    throw error
  }
  return new SqliteDialect({ database: adapt(sqlite) })
}
