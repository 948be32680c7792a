import { expect } from 'chai'
import { describe, it } from 'mocha'
import { scale } from '../../../scripts/simulate/scale.ts'

describe('scale', () => {
  it('runs in round steps from the anchor past the greatest value', () => {
    expect(scale([0.9, 2.8], 0)).to.deep.equal({ from: 0, to: 3, ticks: [0, 1, 2, 3] })
  })

  it('runs down from an anchor above all values', () => {
    expect(scale([81.7, 99.7], 100)).to.deep.equal({ from: 80, to: 100, ticks: [80, 85, 90, 95, 100] })
  })

  it('has a length where all values are the anchor', () => {
    const { from, to } = scale([0, 0], 0)

    expect(from).to.equal(0)
    expect(to).to.be.greaterThan(0)
  })
})
