import { expect } from 'chai'
import { describe, it } from 'mocha'
import { defaultJobs, parseMutantOptions } from '../../../../scripts/quality/mutants/options.ts'

describe('the options of npm run test:mutants', () => {
  it('are all mutants from the first unless told otherwise', () => {
    const { jobs, ...options } = parseMutantOptions([])!
    expect(options).to.deep.equal({ word: '', from: 1 })
    expect(jobs).to.be.at.least(1)
  })

  it('have one job for each processor, fewer where memory is short, one at least', () => {
    expect(defaultJobs(8, 64e9)).to.equal(8)
    expect(defaultJobs(8, 7e9)).to.equal(4)
    expect(defaultJobs(8, 1e9)).to.equal(1)
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
