import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect } from 'chai'
import { describe, it } from 'mocha'
import { repoRoot } from '../../scripts/lib/paths.ts'

const PAGES = globSync(['*.md', 'docs/**/*.md'], { cwd: repoRoot }).sort()
const read = (path: string) => readFileSync(join(repoRoot, path), 'utf8')
const withoutCode = (text: string) => text.replace(/^```.*?^```/gms, '').replace(/`[^`\n]*`/g, '')

/** The names that a page's headings can be linked by, as GitHub makes them. */
function anchorsOf(path: string): string[] {
  const headings = [
    ...read(path)
      .replace(/^```.*?^```/gms, '')
      .matchAll(/^#+ (.+)$/gm),
  ]
  return headings.map(([, words]) =>
    words
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/\s/g, '-'),
  )
}

function brokenLinks(page: string): string[] {
  const links = [...withoutCode(read(page)).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target)
  return links.filter((link) => {
    if (/^https?:|^mailto:/.test(link)) return false
    const [path, anchor] = link.split('#')
    const target = path ? join(dirname(page), path) : page
    return !existsSync(join(repoRoot, target)) || (anchor !== undefined && !anchorsOf(target).includes(anchor))
  })
}

/** Names of environment variables that start with `prefix` in the sources of `pattern`. */
function variablesIn(pattern: string, name: RegExp): string[] {
  const text = globSync(pattern, { cwd: repoRoot }).map(read).join('\n')
  return [...new Set([...text.matchAll(name)].map(([found]) => found))].sort()
}

describe('README and docs/', () => {
  for (const page of PAGES) {
    it(`${page} links to files and headings that exist`, () => {
      expect(brokenLinks(page)).to.deep.equal([])
    })

    it(`${page} has nothing left to fill in`, () => {
      expect(read(page)).not.to.match(/@@|TODO|FIXME/)
    })
  }

  it('link to every page of docs/ from the README, and to every sample from docs/ask.md', () => {
    for (const path of PAGES.filter((page) => page.startsWith('docs/'))) {
      const [page, from] = path.startsWith('docs/samples/') ? [path.slice(5), 'docs/ask.md'] : [path, 'README.md']
      expect(read(from), from).to.include(page)
    }
  })
})

describe('docs/configuration.md', () => {
  const page = read('docs/configuration.md')

  for (const [who, pattern, name] of [
    ['the Edge-compatible node', 'oracle/edge/dev-node/config.ts', /\bEDGE_[A-Z_]+\b/g],
    ['the commands', 'scripts/**/*.ts', /(?<=process\.env\.)(?:MOORING_[A-Z_]+)\b/g],
    ['Hardhat', 'hardhat.config.ts', /(?<=process\.env\.|configVariable\(')[A-Z_]+\b/g],
  ] as const) {
    it(`tells every variable that ${who} read`, () => {
      const names = variablesIn(pattern, name)

      expect(names).not.to.be.empty
      expect(names.filter((variable) => !page.includes(`\`${variable}\``))).to.deep.equal([])
    })
  }
})
