import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEther } from 'ethers'
import { expect } from 'chai'
import { after, before, describe, it } from 'mocha'
import type { Deployment } from '../../scripts/deploy/deployments.ts'
import type { World } from '../../scripts/local/world.ts'
import { until } from '../helpers/chain.ts'
import { runCommand } from '../helpers/command.ts'
import { startQuietWorld } from '../helpers/local-network.ts'

/** Fee and reward of a store request of one replica, by what its CAR may have: two operators agree on each of three stages. */
const OF_ONE_MIB = parseEther('0.050025390625') + parseEther('0.05')
const OF_ONE_GIB = parseEther('0.076') + parseEther('0.05')

/** What the two that agreed on a failure earn. */
const FAILURE_FEES = 2n * parseEther('0.0025')

/** A CID that nobody has. */
const NOWHERE = 'bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy'

const mooring = async (...args: string[]) => {
  const { code, stdout, stderr } = await runCommand('scripts/mooring.ts', args).result
  return { code, stdout, stderr, json: () => JSON.parse(stdout) as Record<string, unknown> }
}

describe('npm run mooring', function () {
  this.timeout(120_000)
  let world: World

  before(async () => {
    const impatient = {
      MOORING_FETCH_TIMEOUT_MS: '2000',
      MOORING_MAX_ATTEMPTS: '2',
      MOORING_RETRY_BASE_MS: '100',
    }
    ;({ world } = await startQuietWorld('cli', { executor: impatient }))
  })

  after(() => world?.stop())

  it('request PATH --json serves a file, waits until it is Stored, and tells what was paid', async () => {
    const { code, stderr, json } = await mooring('request', 'LICENSE-MIT', '--json')

    expect(code, stderr).to.equal(0)
    expect(json()).to.include({ id: '1', state: 'Stored', value: String(OF_ONE_MIB) })
    expect(json().cid).to.match(/^bafk/)
  })

  it('status ID says in words what the chain knows', async () => {
    const { code, stdout } = await mooring('status', '1')

    expect(code).to.equal(0)
    expect(stdout)
      .to.match(/^request #1$/m)
      .and.match(/state +Stored$/m)
      .and.match(/replicas +1 of 1 proven$/m)
    expect(stdout)
      .to.match(/pinned +2 operators agree \(quorum 2\); final since epoch \d+$/m)
      .and.match(/packed +2 operators agree \(quorum 2\); final since epoch \d+$/m)
      .and.not.match(/challenge|turn/)
    expect(stdout).to.match(/deal 1 +provider f01000, until epoch \d+, running$/m)
  })

  it('status of an unknown id is refused with the contract’s own error', async () => {
    const { code, stderr } = await mooring('status', '99')

    expect(code).to.equal(1)
    expect(stderr).to.include('UnknownRequest(id: 99)')
  })

  it('complete ID has nothing left to show once all deals are proven', async () => {
    const { code, stdout, stderr } = await mooring('complete', '1')

    expect(code, stderr).to.equal(0)
    expect(stdout).to.include('0 deals proven now; request #1 is Stored')
  })

  it('refund ID is refused while nothing is to be refunded', async () => {
    const { code, stderr } = await mooring('refund', '1')

    expect(code).to.equal(1)
    expect(stderr).to.include('NothingToRefund(id: 1')
  })

  it('request says what it costs before it asks', async () => {
    const { code, stdout, stderr } = await mooring('request', 'LICENSE-MIT', '--no-wait', '--replicas', '2')

    expect(code, stderr).to.equal(0)
    expect(stdout).to.match(
      /^fee 0\.050025390625 FIL for a CAR of at most 1173 B, reward 0\.05 FIL for each of 2 deals: 0\.150025390625 FIL in all\nasked: request #2, 0\.150025390625 FIL in escrow/m,
    )
  })

  it('request CID that nobody has ends Failed with its reason and exit code 1', async () => {
    const { code, stdout } = await mooring('request', NOWHERE)

    expect(code).to.equal(1)
    expect(stdout).to.match(/^Failed: NotFound$/m)
  })

  it('refund ID then books all but the failure fees to the requester, and withdraw pays all its credit', async () => {
    const [requester] = await world.connection.ethers.getSigners()
    const refunded = await mooring('refund', '3', '--json')
    expect(refunded.code, refunded.stderr).to.equal(0)
    expect(refunded.json()).to.include({
      amount: String(OF_ONE_GIB - FAILURE_FEES),
      requester: requester.address,
    })

    const { OracleRegistry, PinningRequests } = world.deployment.contracts
    // The requester owns operator 1 too, which is paid its failure fee when the answer is final.
    const registry = await world.connection.ethers.getContractAt('OracleRegistry', OracleRegistry.address)
    await until(async () => (await registry.getRequest(3n)).settled === 1n, 60_000)
    let credit = 0n
    for (const [name, { address }] of Object.entries({ OracleRegistry, PinningRequests })) {
      const contract = await world.connection.ethers.getContractAt(name, address)
      credit += (await contract.getFunction('creditOf')(requester.address)) as bigint
    }
    const paid = await mooring('withdraw', '--json')
    expect(paid.code, paid.stderr).to.equal(0)
    expect(paid.json()).to.include({ account: requester.address, amount: String(credit) })
    expect((await mooring('withdraw')).stdout).to.include('has no credit')
  })

  it('deliver ID makes no callback twice', async () => {
    expect((await mooring('deliver', '1')).stdout).to.include('0 callbacks of request #1 made')
  })

  context('npm run check-deployment', () => {
    const check = () => runCommand('scripts/check-deployment.ts', ['--network', 'local']).result

    it('finds nothing different, and sends nothing', async () => {
      const { code, stdout } = await check()

      expect(code, stdout).to.equal(0)
      expect(stdout).to.match(/facts compared, 0 different$/m)
    })

    it('names what is different, says what to do, and ends with exit code 1', async () => {
      const file = join(world.dir, 'deployment.json')
      const text = readFileSync(file, 'utf8')
      const deployment = JSON.parse(text) as Deployment
      deployment.operators[1].reporter = deployment.operators[1].owner
      writeFileSync(file, JSON.stringify(deployment))

      const { code, stdout } = await check()
      writeFileSync(file, text)

      expect(code).to.equal(1)
      expect(stdout).to.match(/^DIFFERENT +operator 2 reporter: expected 0x\w+, found 0x\w+$/m)
      expect(stdout).to.match(/^what to do \(operator\): if its owner rotated the reporter/m)
      expect(stdout).to.match(/facts compared, 1 different$/m)
    })
  })

  it('says how to deploy where nothing is deployed', async () => {
    const { code, stderr } = await runCommand('scripts/mooring.ts', ['status', '1', '--network', 'mainnet']).result

    expect(code).to.equal(1)
    expect(stderr).to.include('npm run deploy -- --network mainnet')
  })
})
