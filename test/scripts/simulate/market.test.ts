import { expect } from 'chai'
import { describe, it } from 'mocha'
import { asks, countWilling, normalQuantile, pricePath, STEP } from '../../../scripts/simulate/market.ts'
import { YEAR } from '../../../scripts/simulate/model/rules.ts'
import { random } from '../../../scripts/simulate/random.ts'
import { expectNear } from './near.ts'

describe('asks', () => {
  it("lie around the market's price: half below, half above, cheapest first", () => {
    const sorted = asks(100, 0.5)

    expect(sorted).to.deep.equal([...sorted].sort((a, b) => a - b))
    expectNear(sorted[49] * sorted[50], 1, 1e-6)
    expect(countWilling(sorted, 1)).to.equal(50)
    expect(countWilling(sorted, 2)).to.equal(92) // the normal distribution's share below ln 2 / 0.5
  })
})

describe('countWilling', () => {
  it('counts those that ask the price or less', () => {
    expect([0.5, 1, 2, 3, 9].map((price) => countWilling([1, 2, 3], price))).to.deep.equal([0, 1, 2, 3, 3])
  })
})

describe('normalQuantile', () => {
  it('knows the textbook values', () => {
    expectNear(normalQuantile(0.5), 0, 1e-6)
    expectNear(normalQuantile(0.975), 1.959964, 1e-4)
    expectNear(normalQuantile(0.005), -2.575829, 1e-3)
  })
})

describe('pricePath', () => {
  it('begins at 1 and covers the whole time', () => {
    const path = pricePath(random(1), 0.3, 20 * YEAR)

    expect(path[0]).to.equal(1)
    expect(path.length * STEP).to.be.greaterThan(20 * YEAR)
  })

  it('stands still without volatility', () => {
    expect(new Set(pricePath(random(1), 0, YEAR))).to.deep.equal(new Set([1]))
  })

  it('spreads by its volatility within a year, without drift', () => {
    const ends = Array.from({ length: 4_000 }, (_, index) => Math.log(pricePath(random(5, index), 0.3, YEAR)[12]))
    const mean = ends.reduce((sum, value) => sum + value, 0) / ends.length
    const deviation = Math.sqrt(ends.reduce((sum, value) => sum + value * value, 0) / ends.length)

    expectNear(mean, 0, 0.02)
    expectNear(deviation, 0.3 * Math.sqrt((12 * STEP) / YEAR), 0.01)
  })
})
