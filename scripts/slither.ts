// npm run slither : static analysis of the contracts. Exit code 0: nothing high or medium that is not accepted with its reason in
// scripts/quality/slither/accepted.ts; 1: something is; 2: Slither could not run, and why.
import { ACCEPTED } from './quality/slither/accepted.ts'
import { sortFindings, whereOf } from './quality/slither/findings.ts'
import { analyse, findSlither, SlitherUnavailable } from './quality/slither/run.ts'

try {
  const { open, accepted, stale } = sortFindings(analyse(findSlither()), ACCEPTED)
  for (const finding of open)
    console.log(`${finding.impact}: ${finding.check}: ${whereOf(finding)}\n${finding.description}`)
  for (const entry of stale) console.log(`accepted, but not found any more: ${entry}`)
  const count = (impact: string) => open.filter((finding) => finding.impact === impact).length
  console.log(`slither: ${count('High')} high, ${count('Medium')} medium; ${accepted.length} accepted with a reason`)
  process.exit(open.length + stale.length === 0 ? 0 : 1)
} catch (error) {
  if (!(error instanceof SlitherUnavailable)) throw error
  console.error(`slither did not run: ${error.message}`)
  process.exit(2)
}
