import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { describe, it } from 'mocha'
import { repoRoot } from '../../../scripts/lib/paths.ts'
import { MUTANTS } from '../../../scripts/quality/mutants/index.ts'
import { mutate, type Mutant } from '../../../scripts/quality/mutants/mutant.ts'

const sourceOf = ({ file }: Mutant) => readFileSync(join(repoRoot, 'contracts', file), 'utf8')

describe('mutants', () => {
  it('each break exactly one place of a contract as it is today', () => {
    for (const mutant of MUTANTS) expect(mutate(sourceOf(mutant), mutant)).to.not.equal(sourceOf(mutant))
  })

  it('are told apart by file and words', () => {
    const names = MUTANTS.map(({ file, what }) => `${file}: ${what}`)
    expect(names).to.deep.equal([...new Set(names)])
  })

  it('are refused when their text is gone or stands twice', () => {
    const mutant = { file: 'X.sol', what: 'a bug', find: 'a < b', replace: 'a <= b', tests: [] }
    expect(() => mutate('c < d', mutant)).to.throw("mutant 'a bug': expected its text once in X.sol, found it 0 times")
    expect(() => mutate('a < b, a < b', mutant)).to.throw('found it 2 times')
  })
})
