import { parseEther } from 'ethers'
import { expect } from 'chai'
import { after, before, describe, it } from 'mocha'
import { LOCAL_KEYS } from '../../scripts/local/keys.ts'
import type { World } from '../../scripts/local/world.ts'
import { until } from '../helpers/chain.ts'
import { runCommand } from '../helpers/command.ts'
import { startQuietWorld } from '../helpers/local-network.ts'

const mooring = async (...args: string[]) => {
  const { code, stdout, stderr } = await runCommand('scripts/mooring.ts', args).result
  return { code, stdout, stderr, json: () => JSON.parse(stdout) as Record<string, unknown> }
}

const ACTIVE = 2n
const MINER = 'f01000'
const WORKER = LOCAL_KEYS.storageProviders.address

describe('npm run mooring -- storage, slots', function () {
  this.timeout(240_000)
  let world: World

  before(async () => {
    ;({ world } = await startQuietWorld('storage'))
  })
  after(() => world?.stop())

  it('storage open PATH ends once the node’s providers have claimed, sealed and proven its replicas', async () => {
    const { code, stdout, stderr } = await mooring(
      ...['storage', 'open', 'LICENSE-MIT', '--replicas', '2', '--years', '1', '--price', '1000'],
      ...['--car', `${world.dir}/license.car`],
    )

    expect(code, stderr).to.equal(0)
    expect(stdout)
      .to.match(/ {2}in all +\d+\.\d+ FIL: 2 replicas, 1 term of 365 days each; put in now$/m)
      .and.match(/^0 claimed, 2 of 2 replicas proven$/m)
      .and.match(/^order 1 is open with \d+\.\d+ FIL; follow it: npm run mooring -- storage show 1 --network local$/m)
  })

  it('storage show says who keeps it, and what is next', async () => {
    const { stdout } = await mooring('storage', 'show', '1')

    expect(stdout)
      .to.match(/^ {2}replicas +2 of 2 proven$/m)
      .and.match(/slot 256 +f0100[12], active until /)
      .and.match(/slot 257 +f0100[12], active until /)
      .and.match(/to be settled by epoch \d+/)
  })

  it('a third replica is claimed by a person, and proven by the deal that an executor has made for it', async () => {
    const { ethers } = world.connection
    const storage = await ethers.getContractAt('IPerpetualStorage', world.deployment.contracts.PerpetualStorage.address)
    await (await storage.topUp(1n, { value: parseEther('1') })).wait()
    await (await storage.setReplicas(1n, 3n)).wait()

    const { code, stderr, json } = await mooring(
      'slots',
      'claim',
      '258',
      '--provider',
      MINER,
      '--from',
      WORKER,
      '--json',
    )
    expect(code, stderr).to.equal(0)
    expect(json()).to.include({ slot: '258', label: '258/1', provider: '1000' })
    expect(json().holders).to.have.members(['1001', '1002'])

    await until(async () => (await storage.getSlot(258n)).state === ACTIVE, 60_000)
  })

  it('a refusal is told with the next step', async () => {
    const { code, stderr } = await mooring('storage', 'cancel', '1', '--from', WORKER)

    expect(code).to.equal(1)
    expect(stderr).to.include('the contract refuses: NotClient(orderId: 1').and.include("Sign with the client's key")
  })
})
