import { expect } from 'chai'
import { describe, it } from 'mocha'
import { JOB } from '../../../scripts/deploy/edge-provider.ts'
import { parseStage, stageName } from '../../../scripts/lib/stages.ts'

describe('stages', () => {
  it('have names of their own in each job', () => {
    expect([0, 1, 2].map((stage) => stageName(stage))).to.deep.equal(['pinned', 'packed', 'stored'])
    expect(stageName(0, JOB.status)).to.equal('reported')
    expect(stageName(0, JOB.fetch)).to.equal('fetched')
    expect(stageName(3)).to.equal('stage 3')
  })

  it('are typed as a name or a number', () => {
    expect(['pinned', 'packed', 'reported', 'fetched', '0', '7'].map(parseStage)).to.deep.equal([0, 1, 0, 0, 0, 7])
  })

  for (const text of ['', '8', '-1', 'Packed', 'done']) {
    it(`are refused as '${text}'`, () => {
      expect(() => parseStage(text)).to.throw(
        `expected a stage (a number from 0, or pinned, packed, stored, reported, fetched), got '${text}'`,
      )
    })
  }
})
