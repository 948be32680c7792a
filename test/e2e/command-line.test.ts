import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEther } from 'ethers'
import { expect } from 'chai'
import { after, before, describe, it } from 'mocha'
import type { Deployment } from '../../scripts/deploy/deployments.ts'
import type { World } from '../../scripts/local/world.ts'
import { runCommand } from '../helpers/command.ts'
import { startQuietWorld } from '../helpers/local-network.ts'

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
    expect(json()).to.include({ id: '1', state: 'Stored', value: String(parseEther('0.1')) }) // 0.05 of fees, 0.05 of reward
    expect(json().cid).to.match(/^bafk/)
  })

  it('status ID says in words what the chain knows', async () => {
    const { code, stdout } = await mooring('status', '1')

    expect(code).to.equal(0)
    expect(stdout)
      .to.match(/^request #1$/m)
      .and.match(/state +Stored$/m)
      .and.match(/replicas +1 of 1 proven$/m)
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

  it('request CID that nobody has ends Failed with its reason and exit code 1', async () => {
    const { code, stdout } = await mooring('request', NOWHERE)

    expect(code).to.equal(1)
    expect(stdout).to.match(/^Failed: NotFound$/m)
  })

  it('refund ID then books everything to the requester, and withdraw pays it', async () => {
    const refunded = await mooring('refund', '2', '--json')
    expect(refunded.code, refunded.stderr).to.equal(0)
    expect(refunded.json()).to.include({
      amount: String(parseEther('0.1')),
      requester: world.deployment.operator.owner,
    })

    // The local deployer is requester and operator in one: 0.1 refunded, 0.05 of fees and 0.05 of reward earned for request 1.
    const paid = await mooring('withdraw', '--json')
    expect(paid.code, paid.stderr).to.equal(0)
    expect(paid.json()).to.include({ account: world.deployment.operator.owner, amount: String(parseEther('0.2')) })

    expect((await mooring('withdraw')).stdout).to.include('has no credit')
  })

  it('deliver ID makes no callback twice', async () => {
    expect((await mooring('deliver', '1')).stdout).to.include('0 callbacks of request #1 made')
  })

  it('accept OPERATOR is refused once it is active', async () => {
    const { code, stderr } = await mooring('accept', world.deployment.operatorId)

    expect(code).to.equal(1)
    expect(stderr).to.include('AlreadyJoined')
  })

  context('npm run check-deployment', () => {
    const check = () => runCommand('scripts/check-deployment.ts', ['--network', 'local']).result

    it('finds nothing different, and sends nothing', async () => {
      const { code, stdout } = await check()

      expect(code, stdout).to.equal(0)
      expect(stdout).to.match(/facts compared, 0 different$/m)
    })

    it('names what is different and ends with exit code 1', async () => {
      const file = join(world.dir, 'deployment.json')
      const text = readFileSync(file, 'utf8')
      const deployment = JSON.parse(text) as Deployment
      deployment.operator.reporter = deployment.operator.owner
      writeFileSync(file, JSON.stringify(deployment))

      const { code, stdout } = await check()
      writeFileSync(file, text)

      expect(code).to.equal(1)
      expect(stdout).to.match(/^DIFFERENT +operator reporter: expected 0x\w+, found 0x\w+$/m)
      expect(stdout).to.match(/facts compared, 1 different$/m)
    })
  })

  it('says how to deploy where nothing is deployed', async () => {
    const { code, stderr } = await runCommand('scripts/mooring.ts', ['status', '1', '--network', 'mainnet']).result

    expect(code).to.equal(1)
    expect(stderr).to.include('npm run deploy -- --network mainnet')
  })
})
