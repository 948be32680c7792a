import { fork } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { repoRoot } from '../lib/paths.ts'

export interface Child {
  name: string
  pid: number
  /** Settles when the process ends, whoever ended it. */
  exited: Promise<{ code: number | null; signal: string | null }>
  /** How it ended, in words; undefined while it runs. */
  ended(): string | undefined
  /** SIGTERM, then SIGKILL after `graceMs`. */
  stop(graceMs?: number): Promise<void>
  kill(): Promise<void>
}

export interface ChildOptions {
  name: string
  script: string
  env: Record<string, string>
  logDir: string
  /** Called with each JSON line that the process prints. */
  onEvent?: (event: Record<string, unknown>) => void
}

/** Runs one of our programs as a process of its own. Its output goes to a log file; it ends when this process does (IPC channel). */
export function startChild({ name, script, env, logDir, onEvent }: ChildOptions): Child {
  const child = fork(join(repoRoot, script), [], {
    cwd: repoRoot,
    env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    detached: true, // a terminal's ^C is for `npm start`, which stops its processes in order
  })
  const log = createWriteStream(join(logDir, `${name}.log`), { flags: 'a' })
  child.stderr!.pipe(log, { end: false })
  createInterface({ input: child.stdout! }).on('line', (line) => {
    log.write(line + '\n')
    if (!line.startsWith('{')) return
    try {
      onEvent?.(JSON.parse(line) as Record<string, unknown>)
    } catch {
      // a torn line of a process that was killed while printing: the log file has it
    }
  })
  const exited = new Promise<{ code: number | null; signal: string | null }>((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (code, signal) => {
      log.end()
      resolve({ code, signal })
    })
  })
  const signal = async (by: NodeJS.Signals) => {
    if (child.exitCode === null && child.signalCode === null) child.kill(by)
    await exited
  }
  return {
    name,
    pid: child.pid!,
    exited,
    ended() {
      if (child.exitCode === null && child.signalCode === null) return undefined
      return `${name} ended (${child.signalCode ?? `exit code ${child.exitCode}`})`
    },
    async stop(graceMs = 3_000) {
      const timer = setTimeout(() => child.kill('SIGKILL'), graceMs)
      await signal('SIGTERM')
      clearTimeout(timer)
    },
    kill: () => signal('SIGKILL'),
  }
}

/** Waits until a process says that it is ready. @throws Error when it ends before that. */
export async function untilReady<T>(child: Child, ready: Promise<T>, logDir: string): Promise<T> {
  const ended = child.exited.then(() => {
    throw new Error(`${child.ended()} before it was ready: see ${join(logDir, `${child.name}.log`)}`)
  })
  return Promise.race([ready, ended])
}
