import { expect } from 'chai'
import { after, before, describe, it } from 'mocha'
import type { World } from '../../scripts/local/world.ts'
import { until } from '../helpers/chain.ts'
import { runCommand, type RunningCommand } from '../helpers/command.ts'
import { startQuietWorld } from '../helpers/local-network.ts'

const mooring = async (...args: string[]) => {
  const { code, stdout, stderr } = await runCommand('scripts/mooring.ts', args).result
  return { code, stdout, stderr, json: () => JSON.parse(stdout) as Record<string, unknown> }
}

describe('npm run mooring -- dao', function () {
  this.timeout(240_000)
  let world: World
  let members: string[]
  let proposing: RunningCommand

  before(async () => {
    ;({ world } = await startQuietWorld('dao-cli'))
    members = (await world.connection.ethers.getSigners()).slice(0, 3).map(({ address }) => address)
  })
  after(() => world?.stop())

  const epochs = (count: bigint) => world.connection.send('anvil_mine', [`0x${count.toString(16)}`])
  const state = async () => (await mooring('dao', 'show', '1', '--json')).json().state

  it('create makes one with a treasury', async () => {
    const { code, stdout, stderr } = await mooring(
      ...['dao', 'create', '--name', 'North Sea', '--symbol', 'FISH', '--members', members.join(',')],
      ...['--voting-delay', '1epochs', '--voting-period', '600epochs', '--timelock', '0m', '--deposit', '1'],
      ...['--guardian', members[2]],
    )

    expect(code, stderr).to.equal(0)
    expect(stdout)
      .to.match(/^North Sea at 0x/)
      .and.match(/members +3 with 3 votes in all/)
  })

  it('propose PATH puts it to the vote and serves it from here', async () => {
    proposing = runCommand('scripts/mooring.ts', [
      ...['dao', 'propose', 'LICENSE-MIT', '--replicas', '1', '--car', `${world.dir}/license.car`],
    ])
    await proposing.prints('serving its data at http://127.0.0.1:')
    await epochs(3n)

    expect(await state()).to.equal('Active')
  })

  it('vote and a signed ballot, submitted by another, decide it', async () => {
    const ballot = `${world.dir}/ballot.json`
    const [, voter, signer] = members
    const voted = await mooring('dao', 'vote', '1', 'for', '--from', voter)
    const signed = await mooring('dao', 'sign', '1', 'for', '--from', signer, '--out', ballot)
    const submitted = await mooring('dao', 'submit', ballot, '--json')

    expect(voted.code, voted.stderr).to.equal(0)
    expect(signed.code, signed.stderr).to.equal(0)
    expect(submitted.json()).to.deep.include({ counted: [{ voter: signer, weight: '1', support: 'for' }], refused: [] })
  })

  it('execute opens the request, whose operators fetch it from there until it is packed', async () => {
    await epochs(1_300n)
    const { code, stdout, stderr } = await mooring('dao', 'execute', '1')
    expect(code, stderr).to.equal(0)
    expect(stdout).to.include('request 1 is open with')

    const { code: ended, stdout: told } = await proposing.result
    expect(ended).to.equal(0)
    expect(told).to.match(/^request 1: (Packed|Storing|Stored)$/m)
  })

  it('topup says that what a request keeps has nothing to change', async () => {
    const { code, stderr } = await mooring('dao', 'topup', '0', '--amount', '1')

    expect(code).to.equal(1)
    expect(stderr)
      .to.match(/^error: entry 0 is kept by request 1, not by an order$/m)
      .and.include('--kind order')
  })

  it('set and pay put it to the vote, show tells what, and the guardian’s cancel ends it', async () => {
    const [, voter, guardian] = members
    const set = await mooring('dao', 'set', 'quorum', '30', '--json')
    const paid = await mooring('dao', 'pay', voter, '--amount', '0.25')
    expect(set.code, set.stderr).to.equal(0)
    expect(set.json()).to.include({ number: 2, description: 'Set quorum to 30 %' })
    expect(paid.code, paid.stderr).to.equal(0)
    expect((await mooring('dao', 'show', '3')).stdout).to.include(`pay 0.25 FIL to ${voter}`)

    const cancelled = await mooring('dao', 'cancel', '3', '--from', guardian)
    expect(cancelled.code, cancelled.stderr).to.equal(0)
    expect((await mooring('dao', 'show', '3', '--json')).json().state).to.equal('Canceled')
  })

  it('show says that it is stored', async () => {
    await until(async () => (await mooring('status', '1', '--json')).json().state === 'Stored', 60_000)
    const { stdout } = await mooring('dao', 'show')

    expect(stdout)
      .to.match(/request 1 +stored, 1 of 1 replicas/)
      .and.match(/Executed +2 votes \/ 0 votes/)
  })
})
