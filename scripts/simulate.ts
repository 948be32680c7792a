// npm run simulate [-- --orders N --years N --seed N --volatility PERCENT --json] : 20 years of PerpetualStorage, off-chain.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { failWithWords } from './lib/fail.ts'
import { repoRoot } from './lib/paths.ts'
import { YEAR } from './simulate/model/rules.ts'
import { DEFAULTS, parseSimulateOptions, USAGE, type SimulateOptions } from './simulate/options.ts'
import { picture } from './simulate/picture.ts'
import { SCENARIOS, summarise, table, type Row } from './simulate/report.ts'
import { runOrder } from './simulate/run.ts'

try {
  const options = parseSimulateOptions(process.argv.slice(2))
  if (options) simulate(options)
  else console.log(USAGE)
} catch (error) {
  failWithWords(error)
}

function simulate(options: SimulateOptions): void {
  const { orders, years, seed, volatility } = options
  const started = Date.now()
  const rows: Row[] = []
  for (const scenario of SCENARIOS) {
    const outcomes = Array.from({ length: orders }, (_, index) =>
      runOrder({ ...scenario, volatility }, years * YEAR, seed, index),
    )
    rows.push(summarise(scenario, outcomes, years))
    const { policy, ceiling, failurePercent, fullPercent } = rows.at(-1)!
    const seconds = ((Date.now() - started) / 1000).toFixed(0)
    const which = `price ${policy}, ceiling ${ceiling} ×, ${failurePercent} % a year`
    console.error(`${rows.length} of ${SCENARIOS.length}, ${seconds} s: ${which}: ${fullPercent} % at full replication`)
  }
  if (options.json) console.log(JSON.stringify({ orders, years, seed, volatility, rows }))
  else console.log(`\n${table(rows)}`)
  if (!isDeepStrictEqual({ ...options, json: false }, DEFAULTS)) return
  const file = join(repoRoot, 'docs', 'perpetual-simulation.svg')
  writeFileSync(file, picture(rows))
  console.error(`drawn: docs/perpetual-simulation.svg`)
}
