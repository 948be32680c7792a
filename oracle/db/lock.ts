import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { MooringError } from '../errors.ts'

/** Another process works in the same data folder. */
export class DataInUse extends MooringError {}

/** A database object that nothing refers to is closed by the garbage collector, and its lock with it. */
const held = new Set<DatabaseSync>()

/**
 * Takes a data folder for this process alone, until `release` or the process's end, however it ends: an exclusive SQLite
 * transaction on a file of its own is a lock that the operating system gives back.
 * @throws DataInUse
 */
export function lockDataDir(dataDir: string): { release(): void } {
  mkdirSync(dataDir, { recursive: true })
  const lock = new DatabaseSync(join(dataDir, 'lock'))
  try {
    lock.exec('begin exclusive')
  } catch (cause) {
    lock.close()
    throw new DataInUse(`another executor works in ${dataDir}`, {
      cause,
      hint: 'stop it, or give this one a folder of its own with MOORING_DATA',
    })
  }
  held.add(lock)
  return {
    release() {
      held.delete(lock)
      lock.close()
    },
  }
}
