import { expect } from 'chai'
import { describe, it } from 'mocha'
import type { Verdict } from '../../../../scripts/quality/mutants/judge.ts'
import { summarise, timeLeft } from '../../../../scripts/quality/mutants/report.ts'

const result = (file: string, verdict: Verdict) => ({
  mutant: { file, what: 'a bug', find: 'a', replace: 'b', tests: [] },
  verdict,
})

describe('the report of the mutants', () => {
  it('counts verdicts by room, and all of them', () => {
    const results = [
      result('pinning/Ledger.sol', 'killed'),
      result('oracle/Ballots.sol', 'survived'),
      result('oracle/Asking.sol', 'killed'),
      result('Extension.sol', 'invalid'),
    ]
    expect(summarise(results).split('\n')).to.deep.equal([
      'room       mutants  killed  survived  invalid',
      'contracts  1        0       0         1',
      'oracle     2        1       1         0',
      'pinning    1        1       0         0',
      'all        4        2       1         1',
    ])
  })

  it('tells the time that is left at the pace so far', () => {
    expect(timeLeft(10, 40, 5 * 60_000)).to.equal('15 min left')
    expect(timeLeft(39, 40, 60_000)).to.equal('less than a minute left')
  })
})
