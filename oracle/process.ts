import { ConfigError, MooringError } from './errors.ts'

/** Longest time between a request to stop and the end, milliseconds: what is not given back by then is on disk anyway. */
const STOP_MS = 2_500

/** Resolves with why the process should stop: SIGTERM, SIGINT, or the end of the parent that started it over an IPC channel. */
export function askedToStop(): Promise<string> {
  return new Promise((resolve) => {
    process.once('SIGTERM', resolve)
    process.once('SIGINT', resolve)
    if (process.connected) process.once('disconnect', () => resolve('the parent process is gone'))
  })
}

/** Stops each part in order and ends the process: with 0, within {@link STOP_MS} whatever hangs. */
export async function stopAndExit(parts: { stop(): Promise<void> }[]): Promise<never> {
  setTimeout(() => process.exit(0), STOP_MS).unref()
  for (const part of parts) await part.stop()
  process.exit(0) // libp2p keeps timers
}

/** Ends the process with 1 and words: what is wrong and what to do, without a stack where the error is one of ours. */
export function exitWithWords(error: unknown): never {
  if (error instanceof ConfigError) {
    process.stderr.write(`The configuration cannot be used:\n${error.faults.map((fault) => `  ${fault}\n`).join('')}`)
  } else if (error instanceof MooringError) {
    process.stderr.write(`${error.name}: ${error.message}\n`)
  } else {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
  }
  if (error instanceof MooringError && error.hint) process.stderr.write(`${error.hint}\n`)
  process.exit(1)
}
