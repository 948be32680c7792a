import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect } from 'chai'
import { after, before, describe, it } from 'mocha'
import { callerDir, repoRoot } from '../../../scripts/lib/paths.ts'
import { parseStartOptions } from '../../../scripts/local/options.ts'

describe('parseStartOptions', () => {
  let folder: string
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'mooring-options-'))
    mkdirSync(join(folder, 'dao'))
    writeFileSync(join(folder, 'a b.txt'), 'a name with a space')
  })
  after(() => rmSync(folder, { recursive: true }))

  it("keeps this repository's contracts, twice, and stays up, when nothing is said", () => {
    expect(parseStartOptions([])).to.deep.equal({ once: false, path: join(repoRoot, 'contracts'), replicas: 2 })
  })

  it('takes an absolute PATH as it is', () => {
    expect(parseStartOptions([join(folder, 'a b.txt')])?.path).to.equal(join(folder, 'a b.txt'))
  })

  it("takes a relative PATH from the caller's folder", () => {
    const from = relative(callerDir, join(folder, 'dao'))

    expect(parseStartOptions([from])?.path).to.equal(join(folder, 'dao'))
    expect(parseStartOptions([`./${from}/`])?.path).to.equal(join(folder, 'dao'))
  })

  it('learns from INIT_CWD where the caller is, though npm runs it from the repository', () => {
    const code = `const { parseStartOptions } = await import(${JSON.stringify(
      pathToFileURL(join(repoRoot, 'scripts/local/options.ts')).href,
    )})\nprocess.stdout.write(parseStartOptions(['./dao']).path)`
    const path = execFileSync(process.execPath, ['--input-type=module', '-e', code], {
      cwd: repoRoot,
      env: { ...process.env, INIT_CWD: folder },
      encoding: 'utf8',
    })

    expect(path).to.equal(join(folder, 'dao'))
  })

  it('takes --once and --replicas before or after PATH', () => {
    const expected = { once: true, path: folder, replicas: 3 }

    expect(parseStartOptions(['--once', '--replicas', '3', folder])).to.deep.equal(expected)
    expect(parseStartOptions([folder, '--replicas=3', '--once'])).to.deep.equal(expected)
  })

  it("takes the word perpetual for the play, on this repository's contracts", () => {
    expect(parseStartOptions(['--once', 'perpetual'])).to.deep.equal({
      once: true,
      path: join(repoRoot, 'contracts'),
      replicas: 2,
      play: 'perpetual',
    })
  })

  it('takes the word dao for the play, on the contracts of DataDAOs', () => {
    expect(parseStartOptions(['--once', 'dao'])).to.deep.equal({
      once: true,
      path: join(repoRoot, 'contracts', 'dao'),
      replicas: 2,
      play: 'dao',
    })
  })

  it('takes ./perpetual for a folder of that name', () => {
    expect(() => parseStartOptions(['--once', './perpetual'])).to.throw(
      `PATH ${join(callerDir, 'perpetual')} does not exist`,
    )
  })

  it('takes what follows -- for PATH, whatever it looks like', () => {
    expect(() => parseStartOptions(['--', '--once'])).to.throw(`PATH ${join(callerDir, '--once')} does not exist`)
  })

  it('gives nothing when help is asked for, even beside a mistake in PATH', () => {
    expect(parseStartOptions(['--help'])).to.equal(undefined)
    expect(parseStartOptions(['-h', 'no-such-file'])).to.equal(undefined)
  })

  for (const [what, args, words] of [
    ['an unknown option', ['--twice'], "Unknown option '--twice'"],
    ['a value for a switch', ['--once=yes'], "'--once' does not take an argument"],
    ['--replicas without a number', ['--replicas'], "'--replicas <value>' argument missing"],
    ['no replica', ['--replicas', '0'], '--replicas expects 1, 2 or 3 (the local network has three storage providers)'],
    ['more replicas than providers', ['--replicas', '4'], "got '4'"],
    ['part of a replica', ['--replicas', '1.5'], "got '1.5'"],
    ['replicas in words', ['--replicas', 'two'], "got 'two'"],
    ['empty replicas', ['--replicas='], "got ''"],
    ['two PATHs', ['contracts', 'docs'], 'expected one PATH, got 2: contracts docs'],
    ['a play that would have to stay up', ['perpetual'], 'npm start -- --once perpetual (a folder is ./perpetual)'],
    ['another play that would have to stay up', ['dao'], 'npm start -- --once dao (a folder is ./dao)'],
    ['replicas for a play', ['--once', 'perpetual', '--replicas', '3'], "--replicas is for a PATH: 'perpetual' has 2"],
    ['an empty PATH', [''], 'PATH is empty: name a file or directory to keep'],
    ['a PATH that is not there', ['no-such-file'], `PATH ${join(callerDir, 'no-such-file')} does not exist`],
  ] as const) {
    it(`refuses ${what}`, () => {
      expect(() => parseStartOptions([...args])).to.throw(words)
    })
  }

  it('points to --help where an option is wrong, without words about the parser', () => {
    const refused = ((): Error & { hint?: string } => {
      try {
        parseStartOptions(['--bogus'])
      } catch (error) {
        return error as Error
      }
      throw new Error('--bogus was taken')
    })()
    expect(refused.message).to.equal("Unknown option '--bogus'")
    expect(refused.hint).to.equal('`npm start -- --help` tells what is possible')
  })
})
