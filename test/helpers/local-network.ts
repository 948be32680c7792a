import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { createProgress } from '../../scripts/local/progress.ts'
import { startWorld, type World, type WorldOptions } from '../../scripts/local/world.ts'

/** A folder that is gone when the test process ends. */
export function temporaryFolder(name: string): string {
  const dir = mkdtempSync(join(tmpdir(), `mooring-${name}-`))
  process.on('exit', () => rmSync(dir, { recursive: true, force: true }))
  return dir
}

export interface QuietWorld {
  world: World
  /** Events of the executor's log, in order. */
  events: Record<string, unknown>[]
}

/** The whole of `npm start` in a folder of its own, silent. */
export async function startQuietWorld(
  name: string,
  settings: Pick<WorldOptions, 'edge' | 'executor'> = {},
): Promise<QuietWorld> {
  process.env.MOORING_DATA = temporaryFolder(name)
  const silence = new Writable({ write: (_chunk, _encoding, done) => done() }) as unknown as NodeJS.WriteStream
  const events: Record<string, unknown>[] = []
  const world = await startWorld({
    progress: createProgress(silence),
    onExecutorEvent: (event) => events.push(event),
    ...settings,
  })
  return { world, events }
}
