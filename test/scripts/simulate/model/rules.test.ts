import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { describe, it } from 'mocha'
import * as executorRules from '../../../../oracle/chain/perpetual-rules.ts'
import { repoRoot } from '../../../../scripts/lib/paths.ts'
import * as rules from '../../../../scripts/simulate/model/rules.ts'

const SOURCE = readFileSync(join(repoRoot, 'contracts', 'perpetual', 'PerpetualRules.sol'), 'utf8')
const EPOCHS: Record<string, bigint> = { DAY: 2_880n, MIN_DEAL_DURATION: 518_400n, MAX_DEAL_DURATION: 3_680_640n }

/** The value of a constant of PerpetualRules.sol; its terms are products, quotients and differences of numbers and names of Epochs. */
function constant(name: string): bigint {
  const text = new RegExp(`constant ${name} = ([^;]+);`).exec(SOURCE)?.[1]
  if (text === undefined) throw new Error(`PerpetualRules.sol has no ${name}`)
  const numbers = text
    .replace('0.1 ether', '100000000000000000')
    .replace(/Epochs\.(\w+)/g, (_, of: string) => `${EPOCHS[of]}`)
  const [product, less = '0'] = numbers.split(' - ')
  const [factors, by = '1'] = product.split(' / ')
  return factors.split(' * ').reduce((result, factor) => result * BigInt(factor), 1n) / BigInt(by) - BigInt(less)
}

describe("the executor's rules", () => {
  for (const [name, value] of Object.entries(executorRules)) {
    it(`${name} is that of PerpetualRules.sol`, () => {
      expect(BigInt(value)).to.equal(constant(name))
    })
  }
})

describe("the model's rules", () => {
  const { DAY, YEAR, defaultTerms, ...bounds } = rules

  for (const [name, value] of Object.entries(bounds)) {
    it(`${name} is that of PerpetualRules.sol`, () => {
      expect(BigInt(value)).to.equal(constant(name))
    })
  }

  it('a day is 2,880 epochs', () => {
    expect([DAY, YEAR]).to.deep.equal([2_880, 1_051_200])
  })

  it("takes a month's pay as collateral, if that is more than the least", () => {
    const dear = 10n ** 15n

    expect(defaultTerms(1n).collateral).to.equal(rules.MIN_COLLATERAL)
    expect(defaultTerms(dear).collateral).to.equal(dear * 86_400n)
  })
})
