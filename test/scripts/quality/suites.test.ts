import { expect } from 'chai'
import { describe, it } from 'mocha'
import { countTests } from '../../../scripts/quality/suites.ts'

describe('countTests', () => {
  it('reads what mocha says', () => {
    expect(countTests('  pins\n    ✔ a block\n\n  41 passing (3s)\n  2 failing\n\n  1) pins')).to.deep.equal({
      passed: 41,
      failed: 2,
    })
  })

  it('reads it in colour', () => {
    expect(countTests('\u001b[92m \u001b[0m\u001b[32m 7 passing\u001b[0m\u001b[90m (12ms)\u001b[0m\n')).to.deep.equal({
      passed: 7,
      failed: 0,
    })
  })

  it("takes the last figure: Hardhat's own total stands below those of its runners", () => {
    const output =
      '  20 passing (1s)\n  1 failing\n\n  30 passing (2m)\n\n\n50 passing (20 solidity, 30 mocha)\n1 failing (1 solidity)\n'

    expect(countTests(output)).to.deep.equal({ passed: 50, failed: 1 })
  })

  it('counts nothing when the runner broke before it counted', () => {
    expect(countTests("Error: Cannot find module 'x'\n")).to.deep.equal({ passed: 0, failed: 0 })
  })

  it('is not misled by titles', () => {
    expect(countTests('    ✔ 3 passing ships\n    ✔ tells 9 failing tests\n\n  2 passing (1s)\n')).to.deep.equal({
      passed: 2,
      failed: 0,
    })
  })
})
