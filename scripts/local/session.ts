import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PLAYS } from './options.ts'

interface SessionFile {
  pid: number
  chainPid?: number
  /** Hash of the contracts' code: another code wants another chain. */
  fingerprint: string
  clean: boolean
}

export interface Session {
  dir: string
  /** True if the chain, the Edge node and the executors go on from the last run. */
  resumed: boolean
  /** Why the last run's state was thrown away, in words; undefined if it was not. */
  startedCleanBecause?: string
  chainStarted(pid: number): void
  /** Marks the state as whole: only then does the next start go on from it. */
  endCleanly(): void
}

/**
 * Takes the data folder for this process. The state of an earlier run is kept whole or not at all: after a kill -9 the chain may be
 * older than what the executor saw of it, so everything is started anew.
 * @param anew Throws away what an earlier run left, without a word.
 */
export function openSession(dir: string, fingerprint: string, anew = false): Session {
  const file = join(dir, 'session.json')
  const last = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as SessionFile) : undefined
  if (last && !last.clean && isRunning(last.pid, 'start.ts')) {
    throw Object.assign(new Error(`another \`npm start\` (process ${last.pid}) is using ${dir}`), {
      hint: 'Stop it first, or give this one a folder of its own: MOORING_DATA=other-folder npm start',
    })
  }
  if (last?.chainPid && isRunning(last.chainPid, 'anvil')) process.kill(last.chainPid, 'SIGKILL')

  const reason = reasonToStartClean(dir, last, fingerprint)
  if (!last) refuseStrangersFolder(dir)
  const resumed = last !== undefined && reason === undefined && !anew
  if (!resumed) for (const name of OWN) rmSync(join(dir, name), { recursive: true, force: true })
  mkdirSync(join(dir, 'logs'), { recursive: true })

  const session: SessionFile = { pid: process.pid, fingerprint, clean: false }
  const write = () => writeFileSync(file, JSON.stringify(session, null, 2) + '\n')
  write()
  return {
    dir,
    resumed,
    startedCleanBecause: anew ? undefined : reason,
    chainStarted(pid) {
      session.chainPid = pid
      write()
    },
    endCleanly() {
      session.clean = true
      write()
    },
  }
}

/** What `npm start` keeps in its folder, and what it deletes to start anew: nothing else. */
const OWN = ['chain.json', 'deployment.json', 'edge', 'local.json', 'logs', 'operators', 'serve', 'session.json']

/** A folder that no start has marked as its own may be anybody's: MOORING_DATA can name any. */
function refuseStrangersFolder(dir: string): void {
  const found = existsSync(dir) ? readdirSync(dir).filter((name) => !['logs', ...PLAYS].includes(name)) : []
  if (found.length === 0) return
  throw Object.assign(new Error(`${dir} has files that no \`npm start\` made: ${found.slice(0, 3).join(', ')} …`), {
    hint: 'Name an empty or new folder: MOORING_DATA=folder npm start',
  })
}

function reasonToStartClean(dir: string, last: SessionFile | undefined, fingerprint: string): string | undefined {
  if (!last) return undefined
  if (!last.clean) return 'the last run was killed before it could save its chain'
  if (last.fingerprint !== fingerprint) return 'the contracts have changed since the last run'
  if (!existsSync(join(dir, 'deployment.json'))) return 'the last run ended before its contracts were deployed'
  return undefined
}

/** Whether process `pid` lives and is the program we mean (ids are reused; /proc tells where there is one). */
function isRunning(pid: number, program: string): boolean {
  try {
    process.kill(pid, 0)
  } catch {
    return false
  }
  const cmdline = `/proc/${pid}/cmdline`
  return (
    pid !== process.pid &&
    (!existsSync('/proc') || (existsSync(cmdline) && readFileSync(cmdline, 'utf8').includes(program)))
  )
}
