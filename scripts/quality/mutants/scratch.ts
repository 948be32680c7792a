import { spawn } from 'node:child_process'
import { cpSync, existsSync, globSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { repoRoot } from '../../lib/paths.ts'
import { mutate, type Mutant } from './mutant.ts'

export type Verdict = 'killed' | 'survived' | 'invalid'

export interface Trial {
  verdict: Verdict
  seconds: number
  output: string
}

const BUILD = ['build', '--no-tests', '--quiet']

/** A copy of the sources that may be broken; packages are shared, compiled contracts come along. */
export function makeScratch(): string {
  const scratch = mkdtempSync(join(tmpdir(), 'mooring-mutant-'))
  for (const name of [
    'contracts',
    'test',
    'scripts',
    'oracle',
    'cache',
    'artifacts',
    'types',
    'hardhat.config.ts',
    'package.json',
    'tsconfig.json',
  ]) {
    if (existsSync(join(repoRoot, name))) cpSync(join(repoRoot, name), join(scratch, name), { recursive: true })
  }
  symlinkSync(join(repoRoot, 'node_modules'), join(scratch, 'node_modules'))
  return scratch
}

/** Seeds the mutant, runs its tests, puts the source back. */
export async function tryMutant(scratch: string, mutant: Mutant | undefined, tests: string[]): Promise<Trial> {
  const started = Date.now()
  const seconds = () => Math.round((Date.now() - started) / 1000)
  const restore = mutant ? seed(scratch, mutant) : () => {}
  try {
    const files = tests.flatMap((test) => globSync(`test/contracts/${test}`, { cwd: scratch })).sort()
    const solidity = files.filter((file) => file.endsWith('.sol'))
    const mocha = files.filter((file) => !file.endsWith('.sol'))
    // Mocha's tests need none of the Solidity tests compiled.
    const commands = [
      ...(mocha.length > 0 ? [BUILD, ['test', 'mocha', '--no-compile', '--bail', ...mocha]] : []),
      ...(solidity.length > 0 ? [['test', 'solidity', ...solidity]] : []),
    ]
    let output = ''
    for (const command of commands) {
      const run = await hardhat(scratch, command)
      output += run.output
      if (run.code === 0) continue
      const ranTests = /Running (Mocha|Solidity) tests/.test(run.output) // otherwise it did not compile
      return { verdict: ranTests ? 'killed' : 'invalid', seconds: seconds(), output }
    }
    return { verdict: files.length > 0 ? 'survived' : 'invalid', seconds: seconds(), output }
  } finally {
    restore()
  }
}

function seed(scratch: string, mutant: Mutant): () => void {
  const path = join(scratch, 'contracts', mutant.file)
  const source = readFileSync(path, 'utf8')
  writeFileSync(path, mutate(source, mutant))
  return () => writeFileSync(path, source)
}

/** Invariants are run on fewer sequences than in the suite: what they find at all, they find soon. */
function hardhat(scratch: string, args: string[]): Promise<{ code: number | null; output: string }> {
  const child = spawn(join(scratch, 'node_modules', '.bin', 'hardhat'), args, {
    cwd: scratch,
    env: { INV_RUNS: '256', ...process.env, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, output }))
  })
}
