import { expect } from 'chai'
import { describe, it } from 'mocha'
import { failuresIn, missedLines, readCoverage } from '../../../scripts/quality/coverage-table.ts'

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

describe('failuresIn', () => {
  const MOCHA = '  1 failing\n\n  1) BoundedCall\n       does not copy what comes back:\n     AssertionError\n'
  const SOLIDITY = '2 failing (1 solidity, 1 mocha)\n\n1) PodsiTest#testFuzz_a()\n  Error: another root\n'

  it('is each test that is red with its reason, without those that are green and without the table', () => {
    const output = `  ✔ is green\n\n  3039 passing (2m)\n${MOCHA}\n3040 passing (1 solidity)\n${SOLIDITY}\nSaved html report to coverage\n${TABLE}`
    expect(failuresIn(output)).to.equal(`${MOCHA}\n3040 passing (1 solidity)\n${SOLIDITY}`.trim())
  })

  it('is the end of the output where no test was counted', () => {
    expect(failuresIn('HHE902: it does not compile')).to.equal('HHE902: it does not compile')
    expect(failuresIn(`${'x'.repeat(6_000)}end`))
      .to.match(/^x+end$/)
      .and.to.have.lengthOf(6_000)
  })
})

describe('missedLines', () => {
  const SOURCE = 'a();\nassembly {\n    invalid()\n}\nb();\nc();'

  it('is every line of the table’s ranges', () => {
    expect(missedLines(SOURCE, '1, 5-6')).to.deep.equal([1, 5, 6])
    expect(missedLines(SOURCE, '')).to.deep.equal([])
  })

  it('leaves out the block that tells the compiler that nothing comes here', () => {
    expect(missedLines(SOURCE, '2-3')).to.deep.equal([])
    expect(missedLines(SOURCE, '1-3, 6')).to.deep.equal([1, 6])
  })
})
