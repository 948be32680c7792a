// npm run coverage : line and statement coverage of contracts/ (the local stand-in aside); fails below 100 %. The invariants are left
// out: each of their thousands of calls would be recorded line by line, which takes more memory than most machines have.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { repoRoot } from './lib/paths.ts'
import { failuresIn, missedLines, readCoverage } from './quality/coverage-table.ts'
import { SUITES } from './quality/suites.ts'

const [command, ...args] = SUITES.find(({ name }) => name === 'contracts')!.command([])
const run = spawnSync(command!, [...args, '--coverage'], {
  cwd: repoRoot,
  encoding: 'utf8',
  stdio: ['ignore', 'pipe', 'inherit'],
  env: { ...process.env, NO_COLOR: '1' },
  maxBuffer: 2 ** 28,
})
if (run.status !== 0) {
  console.log(failuresIn(run.stdout))
  console.log('coverage: the tests are red')
  process.exit(1)
}

const rows = readCoverage(run.stdout).filter(
  ({ file }) => file.startsWith('contracts/') && !file.startsWith('contracts/local/'),
)
let whole = rows.length > 0
for (const { file, lines, statements, uncovered } of rows) {
  const missed = missedLines(readFileSync(join(repoRoot, file), 'utf8'), uncovered).length > 0
  const full = lines === 100 && statements === 100
  const note = full || missed || !uncovered ? uncovered : `${uncovered}: never reached, it only tells the compiler so`
  if (!full && (missed || !uncovered)) whole = false
  console.log(`${file.padEnd(48)} lines ${lines.toFixed(2)} %  statements ${statements.toFixed(2)} %  ${note}`)
}
console.log(
  whole ? `coverage: ${rows.length} files, 100 % of lines and statements that can be reached` : 'coverage: below 100 %',
)
process.exit(whole ? 0 : 1)
