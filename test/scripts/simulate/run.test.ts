import { expect } from 'chai'
import { describe, it } from 'mocha'
import { YEAR } from '../../../scripts/simulate/model/rules.ts'
import { costOf, MARKET_PRICE, POLICIES, REPLICAS } from '../../../scripts/simulate/policies.ts'
import { liveThrough, runOrder, type Outcome, type Scenario } from '../../../scripts/simulate/run.ts'

const [market, generous, tended] = POLICIES
const YEARS = 10
const TIME = YEARS * YEAR

const scenario = (given: Partial<Scenario> = {}): Scenario => ({
  failuresPerYear: 0.1,
  policy: generous,
  ceiling: 2,
  volatility: 0,
  ...given,
})
const many = (given: Partial<Scenario>, orders = 20): Outcome[] =>
  Array.from({ length: orders }, (_, order) => runOrder(scenario(given), TIME, 1, order))
const mean = (outcomes: Outcome[], of: (one: Outcome) => number) =>
  outcomes.reduce((sum, one) => sum + of(one), 0) / outcomes.length
const fullShare = (outcomes: Outcome[]) => mean(outcomes, ({ full }) => full / TIME)

describe('runOrder', () => {
  it('gives the same outcome for the same seed, another for another', () => {
    expect(runOrder(scenario(), TIME, 1, 1)).to.deep.equal(runOrder(scenario(), TIME, 1, 1))
    expect(runOrder(scenario(), TIME, 1, 1)).not.to.deep.equal(runOrder(scenario(), TIME, 1, 2))
  })

  it('keeps an order whole all the time, but for its first days, where nobody fails and the price is good', () => {
    const outcomes = many({ failuresPerYear: 1e-9 })

    expect(fullShare(outcomes)).to.be.greaterThan(0.995)
    expect(mean(outcomes, ({ longestZero }) => longestZero)).to.equal(0)
  })

  it('keeps nothing and pays nothing at a price that nobody takes', () => {
    expect(runOrder(scenario({ policy: { ...market, start: 0.01 } }), TIME, 1)).to.deep.equal({
      ...{ full: 0, longestZero: 0, paid: 0, ranOut: false },
    })
  })

  it('is whole for less time the more providers fail', () => {
    const [few, some, more] = [0.01, 0.1, 0.3].map((failuresPerYear) => fullShare(many({ failuresPerYear })))

    expect(few).to.be.greaterThan(some)
    expect(some).to.be.greaterThan(more)
  })

  it('pays a flat price for no more than the time there is', () => {
    for (const { paid } of many({ policy: market, ceiling: 1 })) expect(paid).to.be.within(0.5, 1)
  })

  it('is whole for longer where the price can rise, once the market has moved, and pays more', () => {
    const [flat, rising] = [1, 2].map((ceiling) => many({ policy: market, ceiling, volatility: 0.4 }, 40))

    expect(fullShare(rising)).to.be.greaterThan(fullShare(flat))
    expect(mean(rising, ({ paid }) => paid)).to.be.greaterThan(mean(flat, ({ paid }) => paid))
  })

  it('is whole for longest where a client follows the market', () => {
    const moving = { volatility: 0.4, ceiling: 1 }

    expect(fullShare(many({ ...moving, policy: tended }))).to.be.greaterThan(
      fullShare(many({ ...moving, policy: market })),
    )
  })

  it('says when the money did not last', () => {
    const given = scenario({ policy: market, ceiling: 10, volatility: 0.3, failuresPerYear: 0.01 })
    const outcomes = Array.from({ length: 20 }, (_, order) => runOrder(given, 20 * YEAR, 1, order))

    expect(mean(outcomes, ({ ranOut }) => Number(ranOut))).to.be.greaterThan(0)
  })
})

describe('liveThrough', () => {
  for (const seed of [1, 2, 3]) {
    it(`accounts for every attoFIL, seed ${seed}`, () => {
      const { order } = liveThrough(scenario({ failuresPerYear: 0.3, volatility: 0.3 }), TIME, seed).world
      const sum = (amounts: Iterable<bigint>) => [...amounts].reduce((total, amount) => total + amount, 0n)
      const slots = order.slots.filter((slot) => slot !== undefined)
      const live = slots.filter(({ state }) => state === 'Claimed' || state === 'Active')
      const claims = slots.reduce((total, { nonce }) => total + nonce, 0)
      const { collateral } = order.terms

      const held = order.free + order.reserved + collateral * BigInt(live.length)
      const owed = sum(order.ledger.credits.values()) + sum(order.ledger.earned.values())
      const deposit = 2n * costOf(2n * MARKET_PRICE, TIME + YEAR)
      expect(claims).to.be.greaterThan(REPLICAS * YEARS)
      expect(held + owed).to.equal(deposit + collateral * BigInt(claims))
    })
  }
})
