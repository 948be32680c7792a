import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, sep } from 'node:path'
import type { Artifact, Code } from './artifacts.ts'

const PARTS = ['contracts', 'test', 'scripts', 'oracle', 'artifacts', 'hardhat.config.ts', 'package.json']

/**
 * A copy of a compiled project whose artifacts may be broken; the packages are shared. It is left without build-info: Hardhat hands all
 * of that to each simulated network, for stack traces, which takes longer than most tests.
 */
export function makeScratch(project: string): string {
  const scratch = mkdtempSync(join(tmpdir(), 'mooring-mutant-'))
  const buildInfo = join(project, 'artifacts', 'build-info') + sep
  for (const part of PARTS) {
    const filter = (path: string) => !path.startsWith(buildInfo)
    cpSync(join(project, part), join(scratch, part), { recursive: true, filter })
  }
  symlinkSync(join(project, 'node_modules'), join(scratch, 'node_modules'))
  return scratch
}

/** Puts other code into an artifact. */
export function putCode(scratch: string, { path }: Artifact, code: Code): void {
  const file = join(scratch, path)
  writeFileSync(file, JSON.stringify({ ...(JSON.parse(readFileSync(file, 'utf8')) as Artifact), ...code }))
}

export function removeScratch(scratch: string): void {
  rmSync(scratch, { recursive: true, force: true })
}
