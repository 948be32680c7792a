import { exact } from '../check.ts'
import type { Books, Row } from './books.ts'

const COLUMNS = ['put in', 'earned', 'lost', 'got back', 'net'] as const

/** The books as text: a line per party and their sum, in FIL. */
export function renderTable({ rows }: Books): string[] {
  const sum = rows.reduce<Row>(
    (total, { put, earned, lost, back }) => ({
      ...total,
      put: total.put + put,
      earned: total.earned + earned,
      lost: total.lost + lost,
      back: total.back + back,
    }),
    { party: 'sum', put: 0n, earned: 0n, lost: 0n, back: 0n },
  )
  const lines = [...rows, sum].map((row) => [row.party, ...cells(row)])
  const widths = COLUMNS.map((_, at) => Math.max(...lines.map((line) => line[at + 1]!.length)))
  const render = ([first, ...rest]: string[]) =>
    `${first!.padEnd(10)}${rest.map((cell, at) => `  ${cell.padStart(widths[at]!)}`).join('')}`
  const head = render(['FIL', ...COLUMNS])
  const line = '-'.repeat(head.length)
  return [head, line, ...lines.slice(0, -1).map(render), line, render(lines.at(-1)!)]
}

const cells = ({ put, earned, lost, back }: Row) =>
  [put, earned, lost, back, earned - lost].map((amount) => (amount === 0n ? '-' : exact(amount)))
