// npm run generate : writes the files that are made from others. With --check, only says which are out of date.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { format, resolveConfig } from 'prettier'
import { renderConfigurationTable, renderEnvExample } from '../oracle/config.ts'
import { repoRoot } from './lib/paths.ts'
import { renderAbi } from './quality/abi.ts'

const files: { path: string; render: () => Promise<string> }[] = [
  { path: 'oracle/chain/abi.ts', render: renderAbi },
  { path: '.env.example', render: () => Promise.resolve(renderEnvExample()) },
  { path: 'docs/configuration.md', render: () => Promise.resolve(withConfigurationTable('docs/configuration.md')) },
]

/** The page as it is, with the table between its two marks made anew. */
function withConfigurationTable(path: string): string {
  const [head, , tail] = readFileSync(join(repoRoot, path), 'utf8').split(/<!-- (?:begin|end) generated -->/)
  if (head === undefined || tail === undefined) throw new Error(`${path} has lost its marks around the generated table`)
  return `${head}<!-- begin generated -->\n\n${renderConfigurationTable()}\n\n<!-- end generated -->${tail}`
}

const checkOnly = process.argv.includes('--check')
for (const { path, render } of files) {
  const file = join(repoRoot, path)
  const text = await render()
  const wanted = /\.(ts|md)$/.test(path) ? await format(text, { ...(await resolveConfig(file)), filepath: file }) : text
  const same = existsSync(file) && readFileSync(file, 'utf8') === wanted
  if (same) continue
  if (checkOnly) {
    console.error(`${path} is out of date: npm run generate`)
    process.exitCode = 1
  } else {
    writeFileSync(file, wanted)
    console.log(`written: ${path}`)
  }
}
