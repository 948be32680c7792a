import { availableParallelism } from 'node:os'
import { expect } from 'chai'
import { describe, it } from 'mocha'
import { parseMutantOptions } from '../../../../scripts/quality/mutants/options.ts'

describe('the options of npm run test:mutants', () => {
  it('are all mutants from the first, one for each processor, unless told otherwise', () => {
    expect(parseMutantOptions([])).to.deep.equal({ word: '', jobs: availableParallelism(), from: 1 })
  })

  it('are read', () => {
    expect(parseMutantOptions(['--jobs', '1', '--from', '40', 'oracle/'])).to.deep.equal({
      word: 'oracle/',
      jobs: 1,
      from: 40,
    })
  })

  it('ask for help', () => {
    expect(parseMutantOptions(['--help'])).to.equal(undefined)
  })

  it('are refused with what was expected', () => {
    expect(() => parseMutantOptions(['--jobs', '0'])).to.throw("--jobs expects a whole number from 1, got '0'")
    expect(() => parseMutantOptions(['--from', 'x'])).to.throw("--from expects a whole number from 1, got 'x'")
    expect(() => parseMutantOptions(['a', 'b'])).to.throw('expected one word at most, got a b')
  })
})
