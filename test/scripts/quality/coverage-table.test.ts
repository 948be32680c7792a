import { expect } from 'chai'
import { describe, it } from 'mocha'
import { readCoverage } from '../../../scripts/quality/coverage-table.ts'

const TABLE = `
| 📊 Coverage Report |
╔══════════════════════════════════╤════════╤═════════════╤═════════════════╗
║ File Path                        │ Line % │ Statement % │ Uncovered Lines ║
╟──────────────────────────────────┼────────┼─────────────┼─────────────────╢
║ contracts/filecoin/Cid.sol       │ 100.00 │ 100.00      │ -               ║
║ contracts/oracle/Ballots.sol     │ 96.15  │ 97.50       │ 41, 57-58       ║
╟──────────────────────────────────┼────────┼─────────────┼─────────────────╢
║ Total                            │ 98.08  │ 98.75       │                 ║
╚══════════════════════════════════╧════════╧═════════════╧═════════════════╝
`

describe('readCoverage', () => {
  it('reads a row for each contract, and neither the heading nor the total', () => {
    expect(readCoverage(TABLE)).to.deep.equal([
      { file: 'contracts/filecoin/Cid.sol', lines: 100, statements: 100, uncovered: '' },
      { file: 'contracts/oracle/Ballots.sol', lines: 96.15, statements: 97.5, uncovered: '41, 57-58' },
    ])
  })

  it('reads nothing where there is no table', () => {
    expect(readCoverage('coverage could not be collected')).to.deep.equal([])
  })
})
