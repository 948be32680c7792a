import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { describe, it } from 'mocha'
import { repoRoot } from '../../scripts/lib/paths.ts'
import { runCommand } from '../helpers/command.ts'

const page = readFileSync(join(repoRoot, 'docs', 'command-line.md'), 'utf8')
const shown = [...page.matchAll(/^```text\n\$ npm run mooring -- (.*--help)\n([^]*?)^```/gm)]

describe('docs/command-line.md', () => {
  it('shows the help of the command line and of its verbs with options', () => {
    expect(shown.map(([, command]) => command)).to.deep.equal([
      ...['--help', 'request --help', 'operator --help', 'operator join --help'],
      ...[
        'storage --help',
        'storage open --help',
        'storage ask --help',
        'slots --help',
        'slots claim --help',
        'slots prove --help',
      ],
      ...['dao --help', 'dao create --help', 'dao propose --help', 'dao sign --help', 'challenge --help'],
    ])
  })

  for (const [, command, text] of shown) {
    it(`shows what \`npm run mooring -- ${command}\` prints`, async () => {
      const { stdout } = await runCommand('scripts/mooring.ts', command.split(' '), { COLUMNS: '80' }).result

      expect(text.trimEnd()).to.equal(stdout.trimEnd())
    })
  }
})
