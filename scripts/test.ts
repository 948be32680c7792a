// npm test : all tests, or one suite: npm test -- contracts|invariants|executor|end-to-end [further arguments for its runner]
import { build } from './lib/hardhat.ts'
import { BUILT, LANES, runSuite, SUITES, type SuiteName, type SuiteResult } from './quality/suites.ts'
import { takeTurns } from './quality/turns.ts'

const [first, ...rest] = process.argv.slice(2)
const named = SUITES.find(({ name }) => name === first)
if (first !== undefined && !named) {
  console.error(`error: expected a suite first (${SUITES.map(({ name }) => name).join(', ')}), got '${first}'`)
  process.exit(1)
}

console.log('compiling the contracts and their tests (all of it takes a minute or two)')
await build({ tests: true })
Object.assign(process.env, BUILT)

const lanes = named ? [[named.name]] : LANES
if (!named) console.log('two at a time: end-to-end runs beside the others and is printed after them')
const results = {} as Record<SuiteName, SuiteResult>
const turns = takeTurns(lanes.length, process.stdout)
await Promise.all(
  lanes.map(async (lane, index) => {
    for (const name of lane) {
      results[name] = await runSuite(
        SUITES.find((suite) => suite.name === name)!,
        rest,
        turns[index]!.out,
      )
    }
    turns[index]!.done()
  }),
)

console.log('')
let passed = 0
let failed = 0
for (const { name } of SUITES) {
  const result = results[name]
  if (!result) continue
  // a runner that broke before it could count is one failure, never a silent zero
  const lost = result.exitCode !== 0 && result.failed === 0 ? 1 : 0
  passed += result.passed
  failed += result.failed + lost
  const seconds = Math.round(result.seconds)
  console.log(
    `${name} tests: ${result.passed} passed, ${result.failed + lost} failed in ${seconds} s${lost ? ' (the runner itself failed)' : ''}`,
  )
}
console.log(`${passed} passed, ${failed} failed`)
process.exit(failed > 0 || passed === 0 ? 1 : 0)
