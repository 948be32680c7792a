/** Prints a line per stage: what happened, and how long it took since the line before. */
export interface Progress {
  /** A stage that is done. */
  done(stage: string, words: string): void
  /** A stage that is under way: replaces itself on a terminal, prints at most every two seconds elsewhere. */
  under(stage: string, words: string): void
  note(words: string): void
  /** Seconds since the first line. */
  seconds(): number
}

export function createProgress(out: NodeJS.WriteStream = process.stdout): Progress {
  const first = performance.now()
  let last = first
  let open = false
  let printed = 0
  const line = (stage: string, words: string) => `${stage.padEnd(13)} ${words}`
  const clear = () => {
    if (open) out.write('\r\u001b[K')
    open = false
  }
  return {
    done(stage, words) {
      clear()
      const now = performance.now()
      out.write(`${line(stage, words)}  (${((now - last) / 1000).toFixed(1)} s)\n`)
      last = now
    },
    under(stage, words) {
      const now = performance.now()
      if (out.isTTY) {
        out.write(`\r\u001b[K${line(stage, words).slice(0, (out.columns || 100) - 1)}`)
        open = true
      } else if (now - printed > 2_000) {
        out.write(line(stage, words) + '\n')
        printed = now
      }
    },
    note(words) {
      clear()
      out.write(words + '\n')
    },
    seconds: () => (performance.now() - first) / 1000,
  }
}
