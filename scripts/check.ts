// npm run check : everything about the sources that is not a test. Each line says what to run when it is red.
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { repoRoot } from './lib/paths.ts'

const node = (script: string, ...args: string[]) => [process.execPath, join(repoRoot, script), ...args]
const CHECKS: { what: string; command: string[]; mend: string }[] = [
  { what: 'format', command: ['prettier', '--check', '--log-level', 'warn', '.'], mend: 'npm run format' },
  { what: 'build', command: ['hardhat', 'build', '--quiet'], mend: 'mend the contracts; npm run build' },
  { what: 'generated files', command: node('scripts/generate.ts', '--check'), mend: 'npm run generate' },
  {
    what: 'lint, Solidity',
    command: ['solhint', '--disc', '--max-warnings', '0', 'contracts/**/*.sol'],
    mend: 'mend what it names',
  },
  { what: 'lint, TypeScript', command: ['eslint', '--max-warnings', '0', '.'], mend: 'npm run lint' },
  { what: 'types', command: ['tsc', '-p', '.'], mend: 'mend what it names' },
  { what: 'types of the tests', command: ['tsc', '-p', 'test'], mend: 'mend what it names' },
  { what: 'contract sizes', command: node('scripts/quality/sizes.ts'), mend: 'split the contract' },
  {
    what: 'gas table',
    command: node('scripts/gas.ts', '--check'),
    mend: 'npm run gas, read the difference, commit docs/gas.md',
  },
]

let red = 0
for (const { what, command, mend } of CHECKS) {
  const started = Date.now()
  const [program, ...args] = command
  try {
    const output = execFileSync(program!, args, { cwd: repoRoot, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
    console.log(`ok   ${what} (${((Date.now() - started) / 1000).toFixed(1)} s)`)
    if (what === 'contract sizes') process.stdout.write(output)
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string }
    red++
    console.log(`RED  ${what}\n${stdout ?? ''}${stderr ?? String(error)}\n     to mend it: ${mend}`)
  }
}
console.log(red === 0 ? 'check: all green' : `check: ${red} of ${CHECKS.length} red`)
process.exitCode = red === 0 ? 0 : 1
