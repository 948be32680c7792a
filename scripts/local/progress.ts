/** Prints a line per stage: what happened, and how long it took since the line before. */
export interface Progress {
  /** A stage that is done. */
  done(stage: string, words: string): void
  /** A stage that is under way: replaces itself on a terminal, prints at most every two seconds elsewhere. */
  under(stage: string, words: string): void
  note(words: string): void
}

const STAGE_WIDTH = 13
/** What stands under a stage's words begins here. */
export const INDENT = ' '.repeat(STAGE_WIDTH + 1)

/** `now` tells milliseconds. */
export function createProgress(out: NodeJS.WriteStream = process.stdout, now = () => performance.now()): Progress {
  let last = now()
  let open = false
  let printed = -Infinity
  const columns = () => out.columns || 100
  const line = (stage: string, words: string) => `${stage.padEnd(STAGE_WIDTH)} ${words}`
  const clear = () => {
    if (open) out.write('\r\u001b[K')
    open = false
  }
  return {
    done(stage, words) {
      clear()
      const text = `${line(stage, words)}  (${((now() - last) / 1000).toFixed(1)} s)`
      out.write((out.isTTY ? fold(text, columns()) : text) + '\n')
      last = now()
    },
    under(stage, words) {
      if (out.isTTY) {
        out.write(`\r\u001b[K${line(stage, words).slice(0, columns() - 1)}`)
        open = true
      } else if (now() - printed >= 2_000) {
        out.write(line(stage, words) + '\n')
        printed = now()
      }
    },
    note(words) {
      clear()
      out.write(words + '\n')
    },
  }
}

/** Breaks `text` between words so that it fits into `columns` where it can: a hash or an address is never cut in two. */
function fold(text: string, columns: number): string {
  const lines: string[] = []
  let current = text.slice(0, INDENT.length)
  for (const [, gap, word] of text.slice(INDENT.length).matchAll(/(\s*)(\S+)/g)) {
    if (current.length > INDENT.length && current.length + gap!.length + word!.length > columns) {
      lines.push(current)
      current = INDENT + word
    } else {
      current += gap! + word
    }
  }
  return [...lines, current].map((each) => each.trimEnd()).join('\n')
}
