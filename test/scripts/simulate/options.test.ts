import { expect } from 'chai'
import { describe, it } from 'mocha'
import { DEFAULTS, parseSimulateOptions } from '../../../scripts/simulate/options.ts'

describe('parseSimulateOptions', () => {
  it('simulates 1,000 orders for 20 years when nothing is said', () => {
    expect(parseSimulateOptions([])).to.deep.equal(DEFAULTS)
    expect(DEFAULTS).to.deep.equal({ orders: 1_000, years: 20, seed: 1, volatility: 0.3, json: false })
  })

  it('takes what is said', () => {
    const given = ['--orders', '5', '--years', '3', '--seed', '9', '--volatility', '0', '--json']

    expect(parseSimulateOptions(given)).to.deep.equal({ orders: 5, years: 3, seed: 9, volatility: 0, json: true })
  })

  it('gives nothing when help is asked for', () => {
    expect(parseSimulateOptions(['--help'])).to.equal(undefined)
  })

  for (const [option, value, range] of [
    ['--orders', '0', 'from 1 to 100000'],
    ['--years', '51', 'from 1 to 50'],
    ['--seed', '1.5', 'from 0 to 4294967295'],
    ['--volatility', 'much', 'from 0 to 200'],
  ] as const) {
    it(`refuses ${option} ${value} and says what it expects`, () => {
      expect(() => parseSimulateOptions([option, value])).to.throw(
        `${option} expects a whole number ${range}, got '${value}'`,
      )
    })
  }
})
