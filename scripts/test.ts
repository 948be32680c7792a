// npm test : all tests, or one suite: npm test -- contracts|invariants|executor|end-to-end [further arguments for its runner]
import { runSuite, SUITES, type SuiteName, type SuiteResult } from './quality/suites.ts'

const [first, ...rest] = process.argv.slice(2)
const named = SUITES.find(({ name }) => name === first)
if (first !== undefined && !named) {
  console.error(`error: expected a suite first (${SUITES.map(({ name }) => name).join(', ')}), got '${first}'`)
  process.exit(1)
}
const suites = named ? [named] : SUITES

const results: Record<SuiteName, SuiteResult> = {} as never
for (const suite of suites) {
  console.log(`\n=== ${suite.name}: ${suite.what}`)
  results[suite.name] = await runSuite(suite, rest)
}

console.log('')
let passed = 0
let failed = 0
for (const [name, result] of Object.entries(results)) {
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
