import { expect } from 'chai'
import { describe, it } from 'mocha'
import { picture } from '../../../scripts/simulate/picture.ts'
import { SCENARIOS, summarise } from '../../../scripts/simulate/report.ts'
import { YEAR } from '../../../scripts/simulate/model/rules.ts'

describe('picture', () => {
  const rows = SCENARIOS.map((scenario, index) =>
    summarise(scenario, [{ full: YEAR * (1 - index / 100), longestZero: index * 2_880, paid: 1, ranOut: false }], 1),
  )
  const svg = picture(rows)
  const count = (pattern: RegExp) => [...svg.matchAll(pattern)].length

  it('draws a line for each ceiling in each of nine panels', () => {
    expect(count(/<polyline /g)).to.equal(27)
  })

  it('marks every scenario three times, and the legend once for each ceiling', () => {
    expect(count(/<circle /g)).to.equal(3 * 3 * 5 + 1)
    expect(count(/<path /g)).to.equal(3 * 3 * 5 + 1)
  })

  it('has a ground of its own, so that it is readable on a dark page too', () => {
    expect(svg).to.match(/<rect width="1200" height="\d+" rx="14" fill="#ffffff"\/>/)
  })

  it('stays within its frame and closes every element', () => {
    const [, height] = /viewBox="0 0 1200 (\d+)"/.exec(svg)!
    const ys = [...svg.matchAll(/ y="([\d.]+)"/g)].map(([, y]) => Number(y))

    expect(Math.max(...ys)).to.be.at.most(Number(height))
    expect(count(/<g /g)).to.equal(count(/<\/g>/g))
    expect(svg).not.to.match(/NaN|undefined|Infinity/)
  })
})
