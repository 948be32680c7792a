import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import hre from 'hardhat'
import { repoRoot } from '../../lib/paths.ts'
import type { Detected } from './findings.ts'

const VERSION = '0.11.6'
const venv = join(repoRoot, '.tools', 'slither')

/** Slither cannot be had or does not run; the message says which and what to do. */
export class SlitherUnavailable extends Error {
  override name = 'SlitherUnavailable'
}

/** The command of a Slither: the one on PATH, or one from PyPI in a virtual environment below `.tools/`, made once. */
export function findSlither(): string {
  if (spawnSync('slither', ['--version']).status === 0) return 'slither'
  const own = join(venv, 'bin', 'slither')
  if (existsSync(own)) return own

  console.log(`no slither on PATH: installing slither-analyzer ${VERSION} from PyPI into .tools/slither`)
  try {
    execFileSync('python3', ['-m', 'venv', venv], { stdio: ['ignore', 'ignore', 'pipe'] })
    const pip = ['install', '--quiet', '--disable-pip-version-check', `slither-analyzer==${VERSION}`]
    execFileSync(join(venv, 'bin', 'pip'), pip, { stdio: ['ignore', 'ignore', 'pipe'] })
  } catch (cause) {
    rmSync(venv, { recursive: true, force: true }) // half an environment would pass for one the next time
    const { stderr, message } = cause as { stderr?: Buffer; message: string }
    throw new SlitherUnavailable(
      `Slither could not be installed: ${(stderr?.toString().trim() || message).split('\n').at(-1)}\n` +
        'It needs python3 with venv, and the network (PyPI); or install slither-analyzer yourself and put it on PATH.',
      { cause },
    )
  }
  return own
}

/** Runs Slither over every contract that is deployed to a real network, compiled by npm's solc with the project's settings. */
export function analyse(slither: string): Detected[] {
  const folder = mkdtempSync(join(tmpdir(), 'mooring-slither-'))
  try {
    const input = join(folder, 'input.json')
    const output = join(folder, 'found.json')
    writeFileSync(input, JSON.stringify(standardInput()))
    const run = spawnSync(
      slither,
      [
        ...[input, '--compile-force-framework', 'Solc-json', '--solc-disable-warnings'],
        ...['--solc', join(import.meta.dirname, 'solc.ts')],
        ...['--filter-paths', 'node_modules', '--json', output, '--fail-none'],
      ],
      { cwd: repoRoot, encoding: 'utf8' },
    )
    const report = existsSync(output)
      ? (JSON.parse(readFileSync(output, 'utf8')) as { success: boolean; results: { detectors?: Detected[] } })
      : undefined
    if (!report?.success) {
      throw new SlitherUnavailable(
        `Slither did not come to an end (exit code ${run.status}):\n${run.stderr.slice(-2_000)}`,
      )
    }
    return report.results.detectors ?? []
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function standardInput() {
  const [compiler] = hre.config.solidity.profiles.default!.compilers
  const { evmVersion, optimizer } = compiler!.settings as { evmVersion: string; optimizer: object }
  const files = globSync('contracts/**/*.sol', { cwd: repoRoot }).filter((file) => !file.startsWith('contracts/local/'))
  return {
    language: 'Solidity',
    sources: Object.fromEntries(files.sort().map((file) => [file, { urls: [file] }])),
    settings: { remappings: ['@openzeppelin/=node_modules/@openzeppelin/'], evmVersion, optimizer },
  }
}
