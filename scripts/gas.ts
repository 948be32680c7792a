// npm run gas : writes docs/gas.md. With --check, only says whether a figure changed.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { format, resolveConfig } from 'prettier'
import { repoRoot } from './lib/paths.ts'
import { measureGas, type GasRow } from './quality/gas-scenario.ts'

const file = join(repoRoot, 'docs', 'gas.md')
const rows = await measureGas()
const text = await format(render(rows), { ...(await resolveConfig(file)), parser: 'markdown' })

if (process.argv.includes('--check')) {
  const before = existsSync(file) ? readFileSync(file, 'utf8') : ''
  const changed = text.split('\n').filter((line) => !before.split('\n').includes(line))
  for (const line of changed) console.error(`changed: ${line}`)
  process.exit(text === before ? 0 : 1)
}
writeFileSync(file, text)
for (const { call, what, gas } of rows) console.log(`${call.padEnd(36)} ${String(gas).padStart(9)}  ${what}`)
process.exit(0)

function render(table: GasRow[]): string {
  return `# Gas

Made by \`npm run gas\`; \`npm run check\` fails when a figure changes. Whole transactions in EVM gas as Ethereum counts it, on the local
chain with the stand-in for Filecoin's actors, quorum 1. FEVM charges in its own unit, several hundred times these figures for execution;
the order between the calls is what carries over.

| call | gas | of what |
| --- | ---: | --- |
${table.map(({ call, what, gas }) => `| \`${call}\` | ${gas.toLocaleString('en-US')} | ${what} |`).join('\n')}

For comparison, whole transactions on Ethereum: Chainlink's Operator 249,277 to request and 329,828 to fulfil, Chainlink Functions 226,312
and 348,631.
`
}
