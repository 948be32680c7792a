import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { before, describe, it } from 'mocha'
import { runCommand, type CommandResult } from '../helpers/command.ts'
import { temporaryFolder } from '../helpers/local-network.ts'

const COLUMNS = ['put', 'earned', 'lost', 'back', 'net'] as const
const PARTIES = ['client', 't01000', 't01001', 't01002', 'keeper', 'burned']

describe('npm start -- --once perpetual', function () {
  this.timeout(300_000)
  const env = { MOORING_DATA: temporaryFolder('perpetual') }
  let result: CommandResult

  before(async () => {
    result = await runCommand('scripts/start.ts', ['--once', 'perpetual'], env).result
  })

  it('ends with exit code 0 and state Settled', () => {
    expect(result.code, result.stdout + result.stderr).to.equal(0)
    expect(lastLine(result).state).to.equal('Settled')
  })

  it('prints one JSON object as the last line, with exactly the promised keys', () => {
    const outcome = lastLine(result)

    expect(Object.keys(outcome)).to.deep.equal(
      'state orderId slots deposited paid refunded forfeited seconds'.split(' '),
    )
    expect(outcome.orderId).to.equal('1')
    for (const amount of [outcome.deposited, outcome.paid, outcome.refunded, outcome.forfeited]) {
      expect(amount).to.match(/^\d+$/)
    }
    expect(outcome.seconds).to.be.greaterThan(0)
  })

  it('plays a lapse, a take-over, a loss, its repair and a renewal', () => {
    expect(lastLine(result).slots.map(({ paid: _, ...slot }) => slot)).to.deep.equal([
      { slot: '256', nonce: '1', provider: 't01000', state: 'Lost' },
      { slot: '257', nonce: '1', provider: 't01001', state: 'Lapsed' },
      { slot: '257', nonce: '2', provider: 't01002', state: 'Ended' },
      { slot: '256', nonce: '2', provider: 't01001', state: 'Ended' },
      { slot: '273', nonce: '1', provider: 't01002', state: 'Ended' },
    ])
  })

  it('pays three full terms to the attoFIL, a part of one to who was lost, nothing to who failed', () => {
    const paid = lastLine(result).slots.map((slot) => BigInt(slot.paid))
    const term = 1_929_012_345_679n * 518_400n

    expect([paid[2], paid[3], paid[4]]).to.deep.equal([term, term, term])
    expect(paid[1]).to.equal(0n)
    expect(paid[0]).to.be.greaterThan(0n).and.lessThan(term)
    expect(paid.reduce((sum, each) => sum + each, 0n)).to.equal(BigInt(lastLine(result).paid))
  })

  it('prints a table whose columns add up to the attoFIL', () => {
    const sums = rowOf(result, 'sum')
    for (const column of COLUMNS) {
      const sum = PARTIES.reduce((total, party) => total + rowOf(result, party)[column], 0n)
      expect(sums[column], column).to.equal(sum)
    }
    for (const party of PARTIES) {
      const { put, earned, lost, back, net } = rowOf(result, party)
      expect(put, party).to.equal(lost + back)
      expect(net, party).to.equal(earned - lost)
    }
    expect(sums.net).to.equal(0n)
  })

  it('says in the table what it says in the last line', () => {
    const { deposited, refunded, paid, forfeited } = lastLine(result)
    const providers = ['t01000', 't01001', 't01002'].map((party) => rowOf(result, party))

    expect(rowOf(result, 'client').put).to.equal(BigInt(deposited))
    expect(rowOf(result, 'client').back).to.equal(BigInt(refunded))
    expect(providers.reduce((sum, { earned }) => sum + earned, 0n)).to.equal(BigInt(paid))
    expect(providers.reduce((sum, { lost }) => sum + lost, 0n)).to.equal(BigInt(forfeited))
  })

  it('holds every equation against the balances', () => {
    expect(result.stdout.match(/^ok {5}/gm)).to.have.length(13)
    expect(result.stdout).not.to.match(/^WRONG/m)
  })

  it('tells each step on the way, with its day', () => {
    for (const stage of 'ordered claimed fetched proven lapsed paid lost extended ended cancelled withdrawn'.split(
      ' ',
    )) {
      expect(result.stdout).to.match(new RegExp(`^${stage} .*\\(\\d+\\.\\d s\\)$`, 'm'))
    }
    expect(result.stdout.match(/^Act \d .*epoch [\d,]+/gm)).to.have.length(8)
    expect(result.stdout).to.match(/^Act 8 .*day 36\d\.\d\)$/m)
  })

  it('has providers believe the piece only by its commitment', () => {
    expect(result.stdout.match(/^fetched .*their piece is baga\w+, as ordered/gm)).to.have.length(3)
  })

  it('lets the executor be the keeper: it settles, closes and shows the loss', () => {
    const log = readFileSync(join(env.MOORING_DATA, 'perpetual', 'logs', 'operator-1.log'), 'utf8')
    const kept = log
      .split('\n')
      .filter((line) => line.includes('"event":"slots-kept"'))
      .flatMap((line) => (JSON.parse(line) as { calls: string[] }).calls)

    expect(kept).to.include.members([
      'lapsed 257/1',
      'lost 256/1',
      'finished 257/2',
      'finished 256/2',
      'finished 273/1',
    ])
    expect(kept.filter((call) => call === 'paid 273/1')).to.have.length(6)
    expect(rowOf(result, 'keeper').earned).to.be.greaterThan(0n)
  })

  it('leaves the place of `npm start` as it was', async () => {
    const missing = await runCommand('scripts/start.ts', ['--once', './perpetual'], env).result

    expect(missing.code).to.equal(1)
    expect(missing.stderr).to.match(/PATH .*perpetual does not exist/)
  })
})

interface Outcome {
  state: string
  orderId: string
  slots: { slot: string; nonce: string; provider: string; state: string; paid: string }[]
  deposited: string
  paid: string
  refunded: string
  forfeited: string
  seconds: number
}

function lastLine({ stdout }: CommandResult): Outcome {
  return JSON.parse(stdout.trimEnd().split('\n').at(-1)!) as Outcome
}

type Row = Record<(typeof COLUMNS)[number], bigint>

/** A row of the printed table, attoFIL. */
function rowOf({ stdout }: CommandResult, party: string): Row {
  const [, cells] = new RegExp(`^${party} {2,}([-.\\d ]+)$`, 'm').exec(stdout)!
  const amounts = cells.trim().split(/ +/).map(toAtto)
  return Object.fromEntries(COLUMNS.map((column, at) => [column, amounts[at]])) as Row
}

/** `1.000000000000000001` or `-`. */
const toAtto = (text: string): bigint => (text === '-' ? 0n : BigInt(text.replace('.', '')))
