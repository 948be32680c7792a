import { expect } from 'chai'
import { describe, it } from 'mocha'
import { parseEther } from 'ethers'
import { MAX_TERM, MIN_TERM } from '../../../../oracle/chain/perpetual-rules.ts'
import { planOrder } from '../../../../scripts/lib/perpetual/plan.ts'
import { GIB, perGibYear, priceOfRate } from '../../../../scripts/lib/perpetual/rates.ts'

const YEAR = 1_051_200n
const DAY = 2_880n

describe('rates', () => {
  it('turn a price per epoch into the pay for a GiB and a year, and back', () => {
    expect(perGibYear(1_000n, 32n * GIB)).to.equal((1_000n * YEAR) / 32n)
    expect(priceOfRate(parseEther('0.01'), 32n * GIB)).to.equal((parseEther('0.01') * 32n) / YEAR)
    expect(priceOfRate(perGibYear(1_000_000n, GIB), GIB)).to.equal(1_000_000n)
  })

  it('never pay more than was said', () => {
    for (const size of [128n, 2n ** 20n, 32n * GIB]) {
      expect(perGibYear(priceOfRate(parseEther('0.003'), size), size) <= parseEther('0.003')).to.equal(true)
    }
  })
})

describe('planOrder', () => {
  const wish = { pieceSize: GIB, replicas: 3, epochs: 5n * YEAR, price: 1_000_000n }

  it('cuts five years into five terms of a year and pays each replica for all of them', () => {
    expect(planOrder(wish)).to.deep.equal({
      ...{ pieceSize: GIB, replicas: 3, price: 1_000_000n, payPerGibYear: 1_000_000n * YEAR },
      ...{ termEpochs: YEAR, terms: 5n, deposit: 3n * 5n * YEAR * 1_000_000n, reservedAtOnce: 3n * YEAR * 1_000_000n },
    })
  })

  for (const days of [180n, 270n, 365n, 539n, 540n, 541n, 1_000n, 36_500n]) {
    it(`cuts ${days} days into equal terms that the market takes and that cover them`, () => {
      const { termEpochs, terms } = planOrder({ ...wish, epochs: days * DAY })

      expect(termEpochs >= MIN_TERM && termEpochs <= MAX_TERM, String(termEpochs)).to.equal(true)
      expect(termEpochs * terms >= days * DAY).to.equal(true)
      expect(termEpochs * terms < days * DAY + terms).to.equal(true)
    })
  }

  it('takes another term, and rounds their number up', () => {
    const { termEpochs, terms } = planOrder({ ...wish, epochs: YEAR, termEpochs: 200n * DAY })

    expect([termEpochs, terms]).to.deep.equal([200n * DAY, 2n])
  })

  it('finds the price that all the money pays, and asks for no more of it', () => {
    const { price, deposit } = planOrder({ ...wish, price: undefined, maxCost: parseEther('15') })

    expect(price).to.equal(parseEther('15') / (3n * 5n * YEAR))
    expect(deposit <= parseEther('15') && deposit + 3n * 5n * YEAR > parseEther('15')).to.equal(true)
  })

  it('refuses less than 180 days', () => {
    expect(() => planOrder({ ...wish, epochs: 180n * DAY - 1n })).to.throw('less than 180 days')
  })

  it('refuses money that pays nothing', () => {
    expect(() => planOrder({ ...wish, price: undefined, maxCost: 1_000n })).to.throw(
      'less than 1 attoFIL an epoch for each of 3 replicas of 1073741824 B',
    )
  })
})
