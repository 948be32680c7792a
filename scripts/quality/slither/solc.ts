#!/usr/bin/env node
// npm's solc as Slither wants to call it: `solc --version`, and `solc --standard-json` with the input on stdin.
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

interface Solc {
  version(): string
  compile(input: string, callbacks: { import(path: string): { contents: string } | { error: string } }): string
}

const solc = createRequire(import.meta.url)('solc') as Solc
const root = process.cwd()

if (process.argv.includes('--version')) {
  console.log(`solc, the Solidity compiler (from npm)\nVersion: ${solc.version()}`)
} else {
  process.stdout.write(solc.compile(readFileSync(0, 'utf8'), { import: read }))
}

function read(path: string) {
  const file = join(root, path)
  return existsSync(file) ? { contents: readFileSync(file, 'utf8') } : { error: `no file ${file}` }
}
