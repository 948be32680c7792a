import type { Logger } from 'pino'

export interface LoopOptions {
  name: string
  /** One pass; passes never overlap. `stopping` aborts on stop: what can wait for the next pass is left. */
  pass: (stopping: AbortSignal) => Promise<void>
  /** Milliseconds between the end of a pass and the next one. */
  everyMs: number
  log: Logger
}

export interface Loop {
  start: () => void
  /** Tells the pass in hand to stop and resolves when it is over; none begins after. */
  stop: () => Promise<void>
  /** Makes the next pass begin at once. */
  nudge: () => void
  /** One pass now, after the one in hand; rejects when it fails. Works whether started or not. */
  runNow: () => Promise<void>
}

const MAX_BACKOFF_MS = 30_000

/** Repeats a pass; after a failure it waits twice as long each time, with jitter, up to 30 s. */
export function createLoop({ name, pass, everyMs, log }: LoopOptions): Loop {
  let running = false
  let failures = 0
  let timer: NodeJS.Timeout | undefined
  let inHand: Promise<unknown> = Promise.resolve()
  let stopping = new AbortController()

  function runNow(): Promise<void> {
    if (stopping.signal.aborted) stopping = new AbortController()
    const { signal } = stopping
    const next = inHand.then(() => pass(signal))
    inHand = next.catch(() => undefined)
    return next
  }

  async function tick(): Promise<void> {
    timer = undefined
    try {
      await runNow()
      failures = 0
    } catch (error) {
      failures++
      log.warn({ err: error, loop: name, failures }, 'pass failed')
    }
    if (running && timer === undefined) schedule(failures === 0 ? everyMs : backoff())
  }

  function backoff(): number {
    return Math.min(everyMs * 2 ** failures, MAX_BACKOFF_MS) * (0.75 + Math.random() / 2)
  }

  function schedule(waitMs: number): void {
    clearTimeout(timer)
    timer = setTimeout(() => void tick(), waitMs)
  }

  return {
    start() {
      if (running) return
      running = true
      schedule(0)
    },
    async stop() {
      running = false
      stopping.abort()
      clearTimeout(timer)
      timer = undefined
      await inHand
    },
    nudge() {
      if (running) schedule(0)
    },
    runNow,
  }
}
