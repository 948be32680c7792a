import { readdirSync, readFileSync } from 'node:fs'
import { expect } from 'chai'
import { after, before, describe, it } from 'mocha'
import { runCommand, type CommandResult } from '../helpers/command.ts'
import { temporaryFolder } from '../helpers/local-network.ts'
import { join } from 'node:path'

describe('npm start -- --once PATH', function () {
  this.timeout(120_000)
  const env = { MOORING_DATA: temporaryFolder('once') }
  let result: CommandResult

  before(async () => {
    result = await runCommand('scripts/start.ts', ['--once', 'contracts/oracle'], env).result
  })

  it('ends with exit code 0 and state Stored', () => {
    expect(result.code, result.stdout + result.stderr).to.equal(0)
    expect(lastLine(result).state).to.equal('Stored')
  })

  it('prints one JSON object as the last line, with exactly the promised keys', () => {
    const outcome = lastLine(result)
    expect(Object.keys(outcome)).to.deep.equal(
      'state requestId cid sizeBytes pieceCid aggregatePieceCid dealId providerId deals transactions seconds'.split(
        ' ',
      ),
    )
    expect(outcome.requestId).to.match(/^\d+$/)
    expect(outcome.cid).to.match(/^bafy/)
    expect(outcome.pieceCid).to.match(/^baga/)
    expect(outcome.aggregatePieceCid).to.match(/^baga/).and.not.equal(outcome.pieceCid)
    expect(outcome.deals).to.have.length(2)
    expect(outcome.deals[0]).to.deep.equal({ dealId: outcome.dealId, providerId: outcome.providerId })
    expect(new Set(outcome.deals.map(({ providerId }) => providerId)).size).to.equal(2)
    for (const hash of outcome.transactions) expect(hash).to.match(/^0x[0-9a-f]{64}$/)
    expect(outcome.sizeBytes).to.be.greaterThan(sizeOf('contracts/oracle'))
    expect(outcome.seconds).to.be.greaterThan(0)
  })

  it('tells each stage on the way', () => {
    for (const stage of [
      'operators',
      'requested',
      'assigned',
      'pinned',
      'packed',
      'reported',
      'delivered',
      'proposed',
      'published',
      'active',
      'proof',
      'stored',
    ]) {
      expect(result.stdout).to.match(new RegExp(`^${stage} .*\\(\\d+\\.\\d s\\)$`, 'm'))
    }
  })

  it('tells one story of three operators: who agrees, and whose turn it is', () => {
    expect(result.stdout).to.match(/^reported +#1 pinned: 2 of 3 agree \(operators [123] and [123]\), transaction 0x/m)
    expect(result.stdout).to.match(/^reported +#1 packed: 2 of 3 agree \(operators [123] and [123]\), transaction 0x/m)
    const [, assignee] = /^assigned +#1 to operator (\d)/m.exec(result.stdout)!
    expect(result.stdout).to.match(
      new RegExp(`^proposed +#1 deal with t01000 through the Edge node, by operator ${assignee} `, 'm'),
    )
    expect(result.stdout.match(/^pinned /gm)).to.have.length(1)
    expect(result.stdout.match(/^proposed /gm)).to.have.length(2)
  })

  context('when it is started again with the same data folder', () => {
    it('goes on with the same chain', async () => {
      const again = await runCommand('scripts/start.ts', ['--once', 'README.md'], env).result
      expect(again.code, again.stdout + again.stderr).to.equal(0)
      expect(again.stdout).to.match(/^chain .*resumed/m)
      expect(BigInt(lastLine(again).requestId)).to.equal(BigInt(lastLine(result).requestId) + 1n)
    })
  })

  context('when PATH does not exist', () => {
    it('ends with exit code 1 and says so', async () => {
      const missing = await runCommand('scripts/start.ts', ['--once', 'no-such-folder'], env).result
      expect(missing.code).to.equal(1)
      expect(missing.stderr).to.match(/PATH .*no-such-folder does not exist/)
    })
  })
})

describe('npm start', function () {
  this.timeout(120_000)
  const env = { MOORING_DATA: temporaryFolder('stay') }
  after(() => {
    delete process.env.MOORING_DATA
  })

  it('stays up until ^C, then leaves no process behind within five seconds', async () => {
    const running = runCommand('scripts/start.ts', ['LICENSE-MIT'], env)
    await running.prints('Ctrl-C stops everything')
    const pids = processesUsing(env.MOORING_DATA)
    expect(pids.length).to.be.at.least(6) // the start itself, anvil, the Edge node, three executors

    const stopped = performance.now()
    running.kill('SIGINT')
    const { code } = await running.result
    expect(performance.now() - stopped).to.be.lessThan(5_000)
    expect(code).to.equal(0)
    expect(processesUsing(env.MOORING_DATA)).to.deep.equal([])
  })

  context('after a kill -9', () => {
    it('starts clean, says why, and stores again', async () => {
      const killed = runCommand('scripts/start.ts', ['LICENSE-MIT'], env)
      await killed.prints('requested')
      killed.kill('SIGKILL')
      await killed.result
      const again = await runCommand('scripts/start.ts', ['--once', 'LICENSE-MIT'], env).result
      expect(again.code, again.stdout + again.stderr).to.equal(0)
      expect(again.stdout).to.include('starting anew: the last run was killed')
      expect(lastLine(again)).to.include({ state: 'Stored', requestId: '1' })
    })
  })

  context('when another one uses the same data folder', () => {
    it('refuses with the process and the way out', async () => {
      const first = runCommand('scripts/start.ts', ['LICENSE-MIT'], env)
      await first.prints('chain ')
      const second = await runCommand('scripts/start.ts', ['--once', 'LICENSE-MIT'], env).result
      first.kill('SIGTERM')
      await first.result
      expect(second.code).to.equal(1)
      expect(second.stderr)
        .to.include(`another \`npm start\` (process ${first.pid}) is using`)
        .and.include('MOORING_DATA')
    })
  })
})

interface Outcome {
  state: string
  requestId: string
  cid: string
  sizeBytes: number
  pieceCid: string
  aggregatePieceCid: string
  dealId: string
  providerId: string
  deals: { dealId: string; providerId: string }[]
  transactions: string[]
  seconds: number
}

function lastLine({ stdout }: CommandResult): Outcome {
  return JSON.parse(stdout.trimEnd().split('\n').at(-1)!) as Outcome
}

function sizeOf(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + readFileSync(join(entry.parentPath, entry.name)).length, 0)
}

/** Processes whose command line or environment names `folder`. */
function processesUsing(folder: string): string[] {
  const mentions = (pid: string, file: string) => {
    try {
      return readFileSync(`/proc/${pid}/${file}`, 'utf8').includes(folder)
    } catch {
      return false
    }
  }
  return readdirSync('/proc').filter(
    (pid) => /^\d+$/.test(pid) && Number(pid) !== process.pid && (mentions(pid, 'environ') || mentions(pid, 'cmdline')),
  )
}
