import { ConfigError, MooringError } from './errors.ts'

/** Longest time between a request to stop and the end, milliseconds: what is not given back by then is on disk anyway. */
const STOP_MS = 2_500

/**
 * Resolves with why the process should stop: SIGTERM, SIGINT, or the end of the parent that started it over an IPC channel.
 * From then on the process ends by itself within {@link STOP_MS}, also while it is still starting.
 */
export async function askedToStop(): Promise<string> {
  const why = await new Promise<string>((resolve) => {
    process.once('SIGTERM', resolve)
    process.once('SIGINT', resolve)
    const orphaned = () => resolve('the parent process is gone')
    if (process.connected) process.once('disconnect', orphaned)
    if (process.connected === false) orphaned() // it had a channel; undefined without one
  })
  setTimeout(() => process.exit(0), STOP_MS)
  return why
}

/** Stops each part in order and ends the process with 0. */
export async function stopAndExit(parts: { stop(): Promise<void> }[]): Promise<never> {
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
