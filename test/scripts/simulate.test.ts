import { execFileSync } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { describe, it } from 'mocha'
import { repoRoot } from '../../scripts/lib/paths.ts'

const DOCS = join(repoRoot, 'docs')
const simulate = (...args: string[]): string =>
  execFileSync(process.execPath, [join(repoRoot, 'scripts', 'simulate.ts'), ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })

describe('npm run simulate', function () {
  this.timeout(60_000)

  it('prints one JSON object with --json, the same for the same seed, and leaves the published picture alone', () => {
    const picture = join(DOCS, 'perpetual-simulation.svg')
    const before = statSync(picture).mtimeMs
    const args = ['--orders', '2', '--years', '2', '--seed', '5', '--json']
    const output = simulate(...args)
    const { rows, ...given } = JSON.parse(output) as { rows: unknown[] }

    expect(given).to.deep.equal({ orders: 2, years: 2, seed: 5, volatility: 0.3 })
    expect(rows).to.have.length(45)
    expect(simulate(...args)).to.equal(output)
    expect(statSync(picture).mtimeMs).to.equal(before)
  })

  it('says what was wrong with an option, and fails', () => {
    expect(() => simulate('--orders', 'many')).to.throw()
  })

  it('prints the lines of which the published table is made', () => {
    const cells = (line: string) => line.split('|').map((cell) => cell.trim())
    const published = readFileSync(join(DOCS, 'perpetual-simulation.md'), 'utf8').split('\n').map(cells)
    const printed = simulate('--orders', '1', '--years', '1').split('\n').map(cells)
    const scenarioOf = ([, price, ceiling, rate]: string[]) => `${price}, ${ceiling}, ${rate}`
    const isRow = (row: string[]) => row.length === 11 && row[3].endsWith('%')

    expect(published.filter(isRow).map(scenarioOf)).to.deep.equal(printed.filter(isRow).map(scenarioOf))
  })
})
