import type { Out } from './suites.ts'

/**
 * Outputs of work that runs at the same time, one after the other: the first is passed on as it comes, what the others print waits
 * until those before them are done.
 */
export function takeTurns(count: number, to: Out): { out: Out; done(): void }[] {
  const waiting: string[][] = Array.from({ length: count }, () => [])
  const finished = new Set<number>()
  let turn = 0

  const passOn = () => {
    while (turn < count) {
      for (const text of waiting[turn]!.splice(0)) to.write(text)
      if (!finished.has(turn)) return
      turn++
    }
  }
  return waiting.map((texts, index) => ({
    out: {
      write(text) {
        texts.push(text)
        passOn()
      },
    },
    done() {
      finished.add(index)
      passOn()
    },
  }))
}
