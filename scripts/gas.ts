// npm run gas : writes docs/gas.md; fails when a call costs more than it may. With --check, only says whether a figure changed.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { format, resolveConfig } from 'prettier'
import { repoRoot } from './lib/paths.ts'
import { daoScenario } from './quality/gas/dao.ts'
import { perpetualScenario } from './quality/gas/perpetual.ts'
import { pinningScenario } from './quality/gas/pinning.ts'
import { registryScenario } from './quality/gas/registry.ts'
import { renderVotes } from './quality/gas/vote-page.ts'
import { gasWorld, type GasRow } from './quality/gas/world.ts'

const file = join(repoRoot, 'docs', 'gas.md')
const world = await gasWorld()
await registryScenario(world)
await pinningScenario(world)
await perpetualScenario(world)
const voteSpending = await daoScenario(world)
await world.connection.close()
const { rows } = world
const text = await format(render(rows), { ...(await resolveConfig(file)), parser: 'markdown' })

const over = rows.filter(({ gas, limit }) => limit !== undefined && gas > limit)
for (const { call, what, gas, limit } of over) console.error(`too dear: ${call}, ${what}: ${gas}, at most ${limit}`)
if (process.argv.includes('--check')) {
  const before = existsSync(file) ? readFileSync(file, 'utf8') : ''
  const changed = text.split('\n').filter((line) => !before.split('\n').includes(line))
  for (const line of changed) console.error(`changed: ${line}`)
  process.exit(text === before && over.length === 0 ? 0 : 1)
}
writeFileSync(file, text)
for (const { call, what, gas } of rows) console.log(`${call.padEnd(36)} ${String(gas).padStart(9)}  ${what}`)
process.exit(over.length === 0 ? 0 : 1)

function render(table: GasRow[]): string {
  const line = ({ call, what, gas, limit }: GasRow) =>
    `| \`${call}\` | ${gas.toLocaleString('en-US')} | ${limit?.toLocaleString('en-US') ?? ''} | ${what} |`
  return `# Gas

Made by \`npm run gas\`; \`npm run check\` fails when a figure changes. Whole transactions in EVM gas as Ethereum counts it, on the local
chain with the stand-in for Filecoin's actors, quorum 2 of 3 operators, answers that can be challenged before they are final. FEVM charges
in its own unit, several hundred times these figures for execution; the order between the calls is what carries over. A read of an actor is
a message of its own there; here it is a call of the stand-in, about 9,000: the settlement of a deal, which reads the market and the miner,
less the one of a sector, which reads the miner alone.

| call | gas | at most | of what |
| --- | ---: | ---: | --- |
${table.map(line).join('\n')}

For comparison, whole transactions on Ethereum, one operator: Chainlink's Operator 249,277 to request and 329,828 to fulfil, Chainlink
Functions 226,312 and 348,631.

${renderVotes(voteSpending, table)}`
}
