import { spawn } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect } from 'chai'
import { afterEach, beforeEach, describe, it } from 'mocha'
import { repoRoot } from '../../scripts/lib/paths.ts'

/** Stands in for npm: notes its arguments, and makes the folder that `npm ci` makes. */
const NPM = `
const { appendFileSync, mkdirSync } = require('node:fs')
appendFileSync('npm-was-asked', process.argv[2] + '\\n')
if (process.env.NPM_FAILS) process.exit(1)
mkdirSync('node_modules', { recursive: true })
`
/** Says that it is up, and answers a signal with an exit code of its own. */
const ANSWERS = (signal: string, code: number) =>
  `process.on('${signal}', () => process.exit(${code})); setInterval(() => {}, 1000); console.log('up')`

describe('scripts/run.mjs', () => {
  let dir: string

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'mooring-run-'))
    mkdirSync(join(dir, 'scripts'))
    copyFileSync(join(repoRoot, 'scripts', 'run.mjs'), join(dir, 'scripts', 'run.mjs'))
    writeFileSync(join(dir, 'package-lock.json'), '{}')
    writeFileSync(join(dir, 'npm.cjs'), NPM)
  })
  afterEach(() => rmSync(dir, { recursive: true }))

  function start(args: string[], env: Record<string, string> = {}) {
    const child = spawn(process.execPath, [join(dir, 'scripts', 'run.mjs'), ...args], {
      env: { ...process.env, npm_execpath: join(dir, 'npm.cjs'), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let stdout = ''
    let stderr = ''
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
    const up = new Promise<void>((resolve) =>
      child.stdout.on('data', (chunk: Buffer) => {
        stdout += chunk.toString()
        if (stdout.includes('up\n')) resolve()
      }),
    )
    const ended = new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) =>
      child.on('close', (code) => resolve({ code, stdout, stderr })),
    )
    return { child, up, ended }
  }
  const run = (args: string[], env?: Record<string, string>) => start(args, env).ended
  const npmWasAsked = () => {
    const file = join(dir, 'npm-was-asked')
    return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : []
  }

  it("ends with its command's exit code", async () => {
    expect((await run(['node', '-e', 'process.exit(7)'])).code).to.equal(7)
    expect((await run(['node', '-e', ''])).code).to.equal(0)
  })

  it('hands arguments on as they are', async () => {
    const { stdout } = await run([
      'node',
      '-p',
      'JSON.stringify(process.argv.slice(1))',
      '--',
      '--once',
      'a b',
      '*',
      '',
    ])

    expect(JSON.parse(stdout)).to.deep.equal(['--once', 'a b', '*', ''])
  })

  for (const [signal, code] of [
    ['SIGTERM', 5],
    ['SIGHUP', 6],
    ['SIGINT', 8],
  ] as const) {
    it(`hands ${signal} on where there is no terminal, and waits for the answer`, async () => {
      const { child, up, ended } = start(['node', '-e', ANSWERS(signal, code)])
      await up
      child.kill(signal)

      expect((await ended).code).to.equal(code)
    })
  }

  it('ends with 128 + the number of the signal that ended its command', async () => {
    const { child, up, ended } = start(['node', '-e', "setInterval(() => {}, 1000); console.log('up')"])
    await up
    child.kill('SIGTERM')

    expect((await ended).code).to.equal(143)
  })

  it('ends with 127 and words when there is no such command', async () => {
    const { code, stderr } = await run(['no-such-command'])

    expect(code).to.equal(127)
    expect(stderr).to.include('setup: cannot run no-such-command')
  })

  it('installs once, and again when the lock file changes', async () => {
    const first = await run(['node', '-p', '1'])
    const second = await run(['node', '-p', '2'])
    expect(first.stderr).to.include('setup: installing the npm packages')
    expect(second).to.deep.equal({ code: 0, stdout: '2\n', stderr: '' })
    expect(npmWasAsked()).to.deep.equal(['ci'])

    writeFileSync(join(dir, 'package-lock.json'), '{"lockfileVersion":3}')
    await run(['node', '-e', ''])

    expect(npmWasAsked()).to.deep.equal(['ci', 'ci'])
  })

  it('runs nothing when the installation fails, and installs at the next try', async () => {
    const failed = await run(['node', '-p', "'ran'"], { NPM_FAILS: '1' })
    expect(failed.code).to.equal(1)
    expect(failed.stdout).to.equal('')
    expect(failed.stderr).to.include('setup: npm ci did not succeed')

    expect((await run(['node', '-p', "'ran'"])).stdout).to.equal('ran\n')
  })

  context('on a Node that is too old', () => {
    const toolNode = () => join(dir, '.tools', 'node_modules', 'node', 'bin', 'node')

    beforeEach(() => {
      const file = join(dir, 'scripts', 'run.mjs')
      const text = readFileSync(file, 'utf8')
      const demanding = text.replace(/const OLDEST = \[\d+, \d+\]/, 'const OLDEST = [999, 0]')
      expect(demanding).not.to.equal(text)
      writeFileSync(file, demanding)
    })

    function fetched(version: string) {
      mkdirSync(dirname(toolNode()), { recursive: true })
      symlinkSync(process.execPath, toolNode())
      writeFileSync(join(dir, '.tools', 'node_modules', 'node', 'package.json'), JSON.stringify({ version }))
    }
    const ownNode = () => /OWN_NODE = '([\d.]+)'/.exec(readFileSync(join(dir, 'scripts', 'run.mjs'), 'utf8'))![1]

    it('runs the command, and what it starts, on the Node that it fetched', async () => {
      fetched(ownNode())
      const { stdout, stderr } = await run([
        'node',
        '-p',
        "require('child_process').execSync('command -v node', { encoding: 'utf8' }).trim() + ' ' + process.argv0",
      ])

      expect(stdout.trim()).to.equal(`${toolNode()} ${toolNode()}`)
      expect(npmWasAsked()).to.deep.equal(['ci'])
      expect(stderr).not.to.include('too old')
    })

    it('fetches one where there is none or another, and says so in one line', async () => {
      fetched('1.0.0')
      const { code, stderr } = await run(['node', '-e', ''])

      expect(code).to.equal(0)
      expect(npmWasAsked()).to.deep.equal(['install', 'ci'])
      expect(stderr.match(/^setup: Node .* is too old here .*$/gm)).to.have.length(1)
    })
  })
})
