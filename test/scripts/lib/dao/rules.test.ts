import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { describe, it } from 'mocha'
import * as rules from '../../../../scripts/lib/dao/rules.ts'
import { repoRoot } from '../../../../scripts/lib/paths.ts'

const SOURCE = readFileSync(join(repoRoot, 'contracts', 'dao', 'DaoRules.sol'), 'utf8')

/** The value of a constant of DaoRules.sol: a number, or days. */
function constant(name: string): bigint {
  const [, days, number] = new RegExp(`constant ${name} = (?:(\\d+) \\* Epochs.DAY|(\\d+));`).exec(SOURCE) ?? []
  return days === undefined ? BigInt(number) : BigInt(days) * 2_880n
}

describe("the command line's rules of a DAO", () => {
  for (const [name, value] of Object.entries(rules)) {
    it(`${name} is that of DaoRules.sol`, () => expect(value).to.equal(constant(name)))
  }
})
