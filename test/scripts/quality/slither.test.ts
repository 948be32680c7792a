import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect } from 'chai'
import { describe, it } from 'mocha'
import { repoRoot } from '../../../scripts/lib/paths.ts'
import { ACCEPTED } from '../../../scripts/quality/slither/accepted.ts'
import { sortFindings, whereOf, type Detected } from '../../../scripts/quality/slither/findings.ts'

const contract = (name: string) => ({ type: 'contract', name })
const func = (of: string, name: string) => ({ type: 'function', name, type_specific_fields: { parent: contract(of) } })
const finding = (check: string, impact: Detected['impact'], ...elements: Detected['elements']): Detected => ({
  ...{ check, impact, elements },
  description: '',
})

describe('slither', () => {
  describe('findings', () => {
    const reentrancy = finding('reentrancy-eth', 'High', func('Vault', 'pay'), func('Vault', 'take'))
    const unused = finding('unused-return', 'Medium', func('Vault', 'sweep'))
    const low = finding('timestamp', 'Low', func('Vault', 'pay'))

    it('are named by the contract and function of their first element', () => {
      expect(whereOf(reentrancy)).to.equal('Vault.pay')
      const variable = { type: 'variable', name: 'terms', type_specific_fields: { parent: func('Vault', 'submit') } }
      expect(whereOf({ elements: [variable] })).to.equal('Vault.submit')
      const stored = { type: 'variable', name: '_seats', type_specific_fields: { parent: contract('Vault') } }
      expect(whereOf({ elements: [stored] })).to.equal('Vault._seats')
      expect(whereOf({ elements: [contract('Vault')] })).to.equal('Vault')
    })

    it('are open unless accepted by detector and place; low ones are not looked at', () => {
      const list = [{ check: 'reentrancy-eth', where: ['Vault.pay'], reason: 'r' }]
      expect(sortFindings([reentrancy, unused, low], list)).to.deep.equal({
        open: [unused],
        accepted: [reentrancy],
        stale: [],
      })
    })

    it('of another detector or place stay open, and the acceptance is stale', () => {
      const list = [
        { check: 'unused-return', where: ['Vault.pay'], reason: 'r' },
        { check: 'reentrancy-eth', where: ['Vault.take', 'Vault.pay'], reason: 'r' },
      ]
      const { open, stale } = sortFindings([reentrancy, unused], list)
      expect(open).to.deep.equal([unused])
      expect(stale).to.deep.equal(['unused-return: Vault.pay', 'reentrancy-eth: Vault.take'])
    })
  })

  it('is told a reason for every acceptance', () => {
    for (const { check, where, reason } of ACCEPTED) {
      expect(reason.length, `${check} in ${where.join(', ')}`).to.be.greaterThan(20)
    }
  })

  describe('its compiler', () => {
    const solc = join(repoRoot, 'scripts', 'quality', 'slither', 'solc.ts')
    const run = (args: string[], input = '') =>
      spawnSync(solc, args, { cwd: repoRoot, input, encoding: 'utf8', env: process.env })

    it("is npm's solc", () => {
      expect(run(['--version']).stdout).to.contain('0.8.34')
    })

    it('compiles standard input, and reads what is imported from the working directory', () => {
      const content =
        'import {FailReason} from "./contracts/oracle/FailReason.sol"; contract C { FailReason public why; }'
      const sources = { 'c.sol': { content: `// SPDX-License-Identifier: MIT\npragma solidity 0.8.34;\n${content}` } }
      const settings = { outputSelection: { '*': { '*': ['abi'] } } }
      const { stdout } = run(['--standard-json'], JSON.stringify({ language: 'Solidity', sources, settings }))
      const output = JSON.parse(stdout) as { contracts: Record<string, object> }
      expect(Object.keys(output.contracts['c.sol'])).to.deep.equal(['C'])
    })

    it('says which import is missing', () => {
      const sources = { 'c.sol': { content: 'pragma solidity 0.8.34; import "./gone.sol";' } }
      const { stdout } = run(['--standard-json'], JSON.stringify({ language: 'Solidity', sources, settings: {} }))
      expect(stdout).to.contain('gone.sol')
    })
  })
})
