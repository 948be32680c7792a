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

/** An event of an executor's log, and whose it is. */
export type ToldEvent = Record<string, unknown> & { operatorId: string }

export interface QuietWorld {
  world: World
  /** Events of all executors' logs, in order. */
  events: ToldEvent[]
}

/** The whole of `npm start` in a folder of its own, silent. */
export async function startQuietWorld(
  name: string,
  settings: Pick<WorldOptions, 'edge' | 'executor' | 'terms'> = {},
): Promise<QuietWorld> {
  process.env.MOORING_DATA = temporaryFolder(name)
  const silence = new Writable({ write: (_chunk, _encoding, done) => done() }) as unknown as NodeJS.WriteStream
  const events: ToldEvent[] = []
  const world = await startWorld({
    progress: createProgress(silence),
    onExecutorEvent: (event, operatorId) => events.push({ ...event, operatorId }),
    ...settings,
  })
  return { world, events }
}
