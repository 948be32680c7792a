import { isAbsolute, join, resolve } from 'node:path'

export const repoRoot = join(import.meta.dirname, '..', '..')

/** Where the person typed the command: npm runs scripts from the repository's root and keeps the caller's folder here. */
export const callerDir = process.env.INIT_CWD ?? process.cwd()

export const fromCaller = (path: string): string => (isAbsolute(path) ? path : resolve(callerDir, path))

/** State of the local network: `.mooring/`, or what MOORING_DATA says. */
export function dataDir(): string {
  return process.env.MOORING_DATA ? fromCaller(process.env.MOORING_DATA) : join(repoRoot, '.mooring')
}
