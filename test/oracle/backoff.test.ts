import fc from 'fast-check'
import { expect } from 'chai'
import { describe, it } from 'mocha'
import { backoffMs } from '../../oracle/backoff.ts'

const policy = { baseMs: 100, capMs: 5_000 }
const almostOne = () => 1 - 2 ** -53

describe('backoffMs', () => {
  it('doubles its ceiling with every failure up to the cap', () => {
    const ceilings = [1, 2, 3, 4, 5, 6, 7, 8, 100].map((failures) => backoffMs(failures, policy, almostOne))

    expect(ceilings).to.deep.equal([99, 199, 399, 799, 1599, 3199, 4999, 4999, 4999])
  })

  it('is spread over the whole range, from no wait at all', () => {
    expect(backoffMs(3, policy, () => 0)).to.equal(0)
    expect(backoffMs(3, policy, () => 0.5)).to.equal(200)
  })

  it('is a whole number within its bounds for every count of failures', () => {
    fc.assert(
      fc.property(fc.nat(), fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (failures, random) => {
        const wait = backoffMs(failures, policy, () => random)
        expect(wait).to.satisfy(Number.isInteger).and.be.within(0, policy.capMs)
      }),
    )
  })
})
