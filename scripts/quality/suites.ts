import { spawn } from 'node:child_process'
import { globSync } from 'node:fs'
import { join } from 'node:path'
import { repoRoot } from '../lib/paths.ts'

export type SuiteName = 'contracts' | 'invariants' | 'executor' | 'end-to-end'

export interface Suite {
  name: SuiteName
  what: string
  command: (extra: string[]) => string[]
  /** Environment for its runner, where the caller's has nothing else. */
  env?: Record<string, string>
}

/** What a suite's runner prints goes here. */
export interface Out {
  write(text: string): void
}

export interface SuiteResult {
  passed: number
  failed: number
  exitCode: number
  seconds: number
}

const INVARIANTS = 'test/contracts/**/*.invariant.t.sol'

const files = (patterns: string[], but: string[] = []): string[] => {
  const left = new Set(globSync(but, { cwd: repoRoot }))
  return globSync(patterns, { cwd: repoRoot })
    .filter((file) => !left.has(file))
    .sort()
}

const mocha = (patterns: string[], extra: string[]): string[] => [
  process.execPath,
  join(repoRoot, 'node_modules', 'mocha', 'bin', 'mocha.js'),
  ...files(patterns),
  ...extra,
]

export const SUITES: readonly Suite[] = [
  {
    name: 'contracts',
    what: "Solidity fuzz tests, then mocha on Hardhat's simulated network",
    command: (extra) => [
      ...['hardhat', 'test'],
      ...(extra.length > 0 ? extra : files(['test/contracts/**/*.test.ts', 'test/contracts/**/*.t.sol'], [INVARIANTS])),
    ],
  },
  {
    name: 'invariants',
    what: 'random calls of all actors; INV_RUNS sequences of INV_DEPTH calls',
    command: (extra) => ['hardhat', 'test', 'solidity', ...files([INVARIANTS]), ...extra],
    env: { INV_RUNS: '1024', INV_DEPTH: '32' },
  },
  {
    name: 'executor',
    what: 'SQLite, Helia nodes, Edge servers and anvil chains, all real',
    command: (extra) => mocha(['test/oracle/**/*.test.ts', 'test/scripts/**/*.test.ts'], extra),
  },
  {
    name: 'end-to-end',
    what: 'chain, Edge node and executor as processes',
    command: (extra) => mocha(['test/e2e/**/*.test.ts'], extra),
  },
]

/**
 * What runs at the same time: most of a suite is waiting, for a process or for a block. The first lane keeps the processor busy, the
 * second one waits for epochs to pass.
 */
export const LANES: readonly (readonly SuiteName[])[] = [['contracts', 'invariants', 'executor'], ['end-to-end']]

/** Set for the suites: everything is compiled, so no command of theirs need look. */
export const BUILT = { MOORING_BUILT: '1' }

/** Runs one suite, passes its output on, and counts what its runner says it ran. */
export async function runSuite(suite: Suite, extra: string[], out: Out = process.stdout): Promise<SuiteResult> {
  const started = Date.now()
  out.write(`\n=== ${suite.name}: ${suite.what}\n`)
  const [command, ...args] = suite.command(extra)
  const child = spawn(command!, args, {
    cwd: repoRoot,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...suite.env, ...process.env, FORCE_COLOR: process.stdout.isTTY ? '1' : '0' },
  })
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => {
    out.write(chunk.toString())
    output += chunk.toString()
  })
  child.stderr.on('data', (chunk: Buffer) => out.write(chunk.toString()))
  const exitCode = await new Promise<number>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve(code ?? 1))
  })
  return { ...countTests(output), exitCode, seconds: (Date.now() - started) / 1000 }
}

/** The last "N passing" and "N failing" of a mocha or Hardhat run. */
export function countTests(output: string): { passed: number; failed: number } {
  const plain = output.replace(/\u001b\[[0-9;]*m/g, '')
  const last = (word: string) => Number([...plain.matchAll(new RegExp(`^\\s*(\\d+) ${word}`, 'gm'))].at(-1)?.[1] ?? 0)
  return { passed: last('passing'), failed: last('failing') }
}
