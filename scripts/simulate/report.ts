import { DAY, YEAR } from './model/rules.ts'
import { CEILINGS, FAILURE_PERCENTS, POLICIES, type Policy } from './policies.ts'
import type { Outcome, Scenario } from './run.ts'

/** What became of all orders of one scenario. */
export interface Row {
  failurePercent: number
  policy: Policy['name']
  ceiling: number
  /** Share of all time with as many replicas as wanted, percent. */
  fullPercent: number
  /** Paid to providers, of what all would have cost at the first day's market price. */
  paid: number
  /** The longest time without a replica, once there had been one: of the worst order, and of the one that fares worse than 95 of 100; days. */
  longestZeroDays: number
  longestZeroDays95: number
  /** Orders that were ever without a replica, percent; and those whose money did not cover a claim at some time. */
  everZeroPercent: number
  ranOutPercent: number
}

/** All scenarios, in the order of the table. */
export const SCENARIOS: readonly Omit<Scenario, 'volatility'>[] = POLICIES.flatMap((policy) =>
  CEILINGS.flatMap((ceiling) =>
    FAILURE_PERCENTS.map((percent) => ({ failuresPerYear: percent / 100, policy, ceiling })),
  ),
)

export function summarise(
  { failuresPerYear, policy, ceiling }: Omit<Scenario, 'volatility'>,
  outcomes: Outcome[],
  years: number,
): Row {
  const mean = (of: (outcome: Outcome) => number) => outcomes.reduce((sum, one) => sum + of(one), 0) / outcomes.length
  const zero = outcomes.map(({ longestZero }) => longestZero / DAY).sort((a, b) => a - b)
  return {
    failurePercent: round(failuresPerYear * 100, 2),
    policy: policy.name,
    ceiling,
    fullPercent: round(
      mean(({ full }) => (100 * full) / (years * YEAR)),
      2,
    ),
    paid: round(
      mean(({ paid }) => paid),
      3,
    ),
    longestZeroDays: round(zero.at(-1)!, 1),
    longestZeroDays95: round(zero[Math.ceil(zero.length * 0.95) - 1]!, 1),
    everZeroPercent: round(
      mean(({ longestZero }) => (longestZero > 0 ? 100 : 0)),
      1,
    ),
    ranOutPercent: round(
      mean(({ ranOut }) => (ranOut ? 100 : 0)),
      1,
    ),
  }
}

const HEADING = ['price', 'ceiling', 'SPs that fail, a year', 'at full replication', 'money used', 'longest at zero', '95 of 100', 'ever at zero', 'ran out'] // prettier-ignore

/** The table as Markdown. */
export function table(rows: readonly Row[]): string {
  const lines = rows.map((row) => [
    row.policy,
    row.ceiling === 1 ? 'flat' : `${row.ceiling} ×`,
    `${row.failurePercent} %`,
    `${row.fullPercent.toFixed(2)} %`,
    `${row.paid.toFixed(2)} ×`,
    days(row.longestZeroDays),
    days(row.longestZeroDays95),
    `${row.everZeroPercent.toFixed(1)} %`,
    `${row.ranOutPercent.toFixed(1)} %`,
  ])
  const bar = HEADING.map((_, column) => (column < 2 ? '---' : '---:'))
  return [HEADING, bar, ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

const days = (count: number): string => (count === 0 ? '—' : `${count < 10 ? count.toFixed(1) : Math.round(count)} d`)
const round = (value: number, digits: number): number => Number(value.toFixed(digits))
