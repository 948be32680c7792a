import { expect } from 'chai'
import { describe, it } from 'mocha'
import { judgeRun } from '../../../../scripts/quality/mutants/judge.ts'

const MOCHA = `Running Mocha tests


  PerpetualStorage
    settle
      1) pays the tail


  2 passing (3s)
  1 failing

  1) PerpetualStorage
       settle
         pays the tail:

      AssertionError: expected 1 to equal 2
      + expected - actual
`

const SOLIDITY = `Running Solidity tests

  1) PerpetualStorageInvariants#invariant_theRulesHold() (runs: 1)

  0 passing
  1 failing

  1) PerpetualStorageInvariants#invariant_theRulesHold()
    Error: what is reserved is what live slots can still earn
      at <UnrecognizedContract>.<unknown> (0x28)
`

describe('judgeRun', () => {
  it('is a kill by the first of mocha’s tests that is red', () => {
    expect(judgeRun(1, MOCHA)).to.deep.equal({ verdict: 'killed', why: 'PerpetualStorage settle pays the tail' })
  })

  it('is a kill by the first of Solidity’s tests that is red, and says what it requires', () => {
    expect(judgeRun(1, SOLIDITY)).to.deep.equal({
      verdict: 'killed',
      why: 'PerpetualStorageInvariants#invariant_theRulesHold() Error: what is reserved is what live slots can still earn',
    })
  })

  it('reads what is printed in colours', () => {
    expect(judgeRun(1, MOCHA.replace('1 failing', '\u001b[31m1 failing\u001b[39m')).verdict).to.equal('killed')
  })

  it('is a survival when tests ran and all are green', () => {
    expect(judgeRun(0, '\n  12 passing (4s)\n')).to.deep.equal({ verdict: 'survived', why: '' })
  })

  it('is neither when no test ran', () => {
    expect(judgeRun(0, '\n  0 passing (1ms)\n').verdict).to.equal('invalid')
    expect(judgeRun(0, '').why).to.match(/^no test ran/)
  })

  it('is neither when the runner broke before it could count', () => {
    const { verdict, why } = judgeRun(1, 'Running Mocha tests\nTypeError: world is not a function\n')
    expect(verdict).to.equal('invalid')
    expect(why)
      .to.match(/^its runner ended with 1:/)
      .and.to.contain('TypeError: world is not a function')
  })

  it('is neither when the runner was stopped', () => {
    expect(judgeRun(null, '  3 passing').verdict).to.equal('invalid')
  })
})
