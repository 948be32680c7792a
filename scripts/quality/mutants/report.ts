import { renderTable } from '../../lib/table.ts'
import type { Verdict } from './judge.ts'
import type { Mutant } from './mutant.ts'

export interface Result {
  mutant: Mutant
  verdict: Verdict
}

const VERDICTS: readonly Verdict[] = ['killed', 'survived', 'invalid']

/** How many mutants of each room had which verdict, and of all. */
export function summarise(results: readonly Result[]): string {
  const roomOf = ({ mutant }: Result) => (mutant.file.includes('/') ? mutant.file.split('/')[0]! : 'contracts')
  const rooms = [...new Set(results.map(roomOf))].sort()
  const row = (name: string, of: readonly Result[]) => [
    name,
    String(of.length),
    ...VERDICTS.map((wanted) => String(of.filter(({ verdict }) => verdict === wanted).length)),
  ]
  const rows = rooms.map((room) =>
    row(
      room,
      results.filter((result) => roomOf(result) === room),
    ),
  )
  return renderTable(['room', 'mutants', ...VERDICTS], [...rows, row('all', results)])
}

/** What is left at the pace so far: `3 min left`, or `less than a minute left`. */
export function timeLeft(done: number, all: number, elapsedMs: number): string {
  const minutes = Math.round(((elapsedMs / done) * (all - done)) / 60_000)
  return minutes > 0 ? `${minutes} min left` : 'less than a minute left'
}
