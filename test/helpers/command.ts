import { spawn } from 'node:child_process'
import { repoRoot } from '../../scripts/lib/paths.ts'

export interface CommandResult {
  code: number | null
  stdout: string
  stderr: string
}

export interface RunningCommand {
  pid: number
  result: Promise<CommandResult>
  /** Resolves when standard output shows `text`; rejects when the command ends before it does. */
  prints(text: string): Promise<void>
  kill(signal: NodeJS.Signals): void
}

/** Runs `node SCRIPT …` as a person's command would. */
export function runCommand(script: string, args: string[], env: Record<string, string> = {}): RunningCommand {
  const child = spawn(process.execPath, [script, ...args], {
    cwd: repoRoot,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  const waiting: { text: string; resolve: () => void; reject: (error: Error) => void }[] = []
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString()
    for (const each of waiting) if (stdout.includes(each.text)) each.resolve()
  })
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  const result = new Promise<CommandResult>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => {
      for (const each of waiting)
        each.reject(new Error(`ended before it printed '${each.text}':\n${stdout}\n${stderr}`))
      resolve({ code, stdout, stderr })
    })
  })
  return {
    pid: child.pid!,
    result,
    prints: (text) =>
      new Promise((resolve, reject) => (stdout.includes(text) ? resolve() : waiting.push({ text, resolve, reject }))),
    kill: (signal) => void child.kill(signal),
  }
}
