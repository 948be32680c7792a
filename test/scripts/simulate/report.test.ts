import { expect } from 'chai'
import { describe, it } from 'mocha'
import { DAY, YEAR } from '../../../scripts/simulate/model/rules.ts'
import { SCENARIOS, summarise, table } from '../../../scripts/simulate/report.ts'
import type { Outcome } from '../../../scripts/simulate/run.ts'

const outcome = (given: Partial<Outcome> = {}): Outcome => ({
  full: YEAR,
  longestZero: 0,
  paid: 1,
  ranOut: false,
  ...given,
})

describe('SCENARIOS', () => {
  it('are three price policies, each with a flat and two rising prices, at failure rates from 1 to 30 %', () => {
    const of = <T>(pick: (scenario: (typeof SCENARIOS)[number]) => T) => [...new Set(SCENARIOS.map(pick))]

    expect(of(({ policy }) => policy.name)).to.deep.equal(['market', 'generous', 'tended'])
    expect(of(({ ceiling }) => ceiling)).to.deep.equal([1, 2, 10])
    expect(of(({ failuresPerYear }) => failuresPerYear)).to.deep.equal([0.01, 0.03, 0.1, 0.2, 0.3])
    expect(SCENARIOS).to.have.length(45)
  })
})

describe('summarise', () => {
  const [scenario] = SCENARIOS

  it('takes means, the worst, and the one that fares worse than 95 of 100', () => {
    const outcomes = Array.from({ length: 100 }, (_, index) => outcome({ longestZero: index * DAY }))
    outcomes[0] = outcome({ full: YEAR / 2, paid: 3, ranOut: true })

    expect(summarise(scenario, outcomes, 1)).to.deep.equal({
      ...{ failurePercent: 1, policy: 'market', ceiling: 1 },
      fullPercent: 99.5,
      paid: 1.02,
      longestZeroDays: 99,
      longestZeroDays95: 94,
      everZeroPercent: 99,
      ranOutPercent: 1,
    })
  })
})

describe('table', () => {
  it('is Markdown: a heading and a line for each scenario', () => {
    const rows = SCENARIOS.slice(0, 2).map((scenario) =>
      summarise(scenario, [outcome({ full: YEAR / 4, longestZero: 36 * DAY })], 1),
    )
    const lines = table(rows).split('\n')

    expect(lines).to.have.length(4)
    expect(lines[0]).to.match(/^\| price \| ceiling \|.*\| money used \|/)
    expect(lines[3]).to.equal('| market | flat | 3 % | 25.00 % | 1.00 × | 36 d | 36 d | 100.0 % | 0.0 % |')
  })
})
