import { expect } from 'chai'
import { describe, it } from 'mocha'
import { random, xoshiro128 } from '../../../scripts/simulate/random.ts'
import { expectNear } from './near.ts'

describe('xoshiro128', () => {
  it("gives the reference implementation's numbers for the state 1, 2, 3, 4", () => {
    const next = xoshiro128([1, 2, 3, 4])

    expect(Array.from({ length: 10 }, next)).to.deep.equal([
      11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804,
    ])
  })
})

describe('random', () => {
  const many = 20_000
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const draw = (of: () => number) => Array.from({ length: many }, of)

  it('gives the same numbers for the same seed, and others for another', () => {
    const first = (...seed: number[]) => draw(random(...seed).next).slice(0, 3)

    expect(first(1, 2)).to.deep.equal(first(1, 2))
    expect(first(1, 2)).not.to.deep.equal(first(2, 1))
    expect(first(1, 2)).not.to.deep.equal(first(1, 3))
  })

  it('draws whole numbers below a bound, all as often', () => {
    const { below } = random(1)
    const counts = [0, 0, 0]
    for (const value of draw(() => below(3))) counts[value]++

    for (const count of counts) expectNear(count / many, 1 / 3, 0.02)
  })

  it('draws waiting times of the given mean, as exponential ones are spread', () => {
    const { exponential } = random(2)
    const values = draw(() => exponential(10))

    expectNear(mean(values), 10, 0.3)
    expectNear(values.filter((value) => value > 10).length / many, Math.exp(-1), 0.02)
  })

  it('draws normal deviates', () => {
    const { normal } = random(3)
    const values = draw(normal)

    expectNear(mean(values), 0, 0.03)
    expectNear(mean(values.map((value) => value * value)), 1, 0.05)
  })
})
