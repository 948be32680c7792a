import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEther } from 'ethers'
import { expect } from 'chai'
import { after, before, describe, it } from 'mocha'
import { readRequest } from '../../scripts/lib/request.ts'
import { submitRequest } from '../../scripts/lib/submit.ts'
import { followRequest } from '../../scripts/local/follow.ts'
import { servePath, type Served } from '../../scripts/local/keep.ts'
import type { World } from '../../scripts/local/world.ts'
import { startQuietWorld, temporaryFolder } from '../helpers/local-network.ts'

const REWARD = parseEther('0.05')
/** Of a request of up to 1 GiB: two operators earn 0.006, 0.012 and 0.02 FIL each. */
const FEE = 2n * parseEther('0.038')
const STAKE = parseEther('10')

describe('two concurrent requests', function () {
  this.timeout(120_000)
  let world: World
  let served: Served[]

  before(async () => {
    ;({ world } = await startQuietWorld('concurrent'))
    served = []
    for (const [name, bytes] of [
      ['large', 1_048_576],
      ['small', 10_000],
    ] as const) {
      const dir = temporaryFolder(name)
      writeFileSync(join(dir, 'data.bin'), randomBytes(bytes))
      served.push(await servePath(join(dir, 'data.bin'), dir, () => {}))
    }
  })

  after(async () => {
    for (const each of served ?? []) await each.stop()
    await world?.stop()
  })

  it('share one aggregate and one deal, and both become Stored', async () => {
    const ids: bigint[] = []
    for (const { root, fetchLink } of served) {
      const { id } = await submitRequest(world.connection, world.deployment, root, fetchLink, {
        replicas: 1,
        minTermEpochs: 518_400n,
        deadlineEpochs: 3_600n,
        maxBytes: 2n ** 30n,
        rewardPerReplica: REWARD,
      })
      ids.push(id)
    }
    const signal = AbortSignal.timeout(90_000)
    for (const id of ids) expect((await followRequest(world, id, signal)).state).to.equal('Stored')

    const [large, small] = await Promise.all(ids.map((id) => readRequest(world.connection, world.deployment, id)))
    expect(large.pieceCid).to.not.equal(small.pieceCid)
    expect(large.deals).to.have.length(1)
    expect(small.deals).to.deep.equal(large.deals)
    expect(large.deals[0].running).to.equal(true)
    expect(large.deals[0].aggregatePieceCid).to.not.equal(large.pieceCid)
  })

  it('leave exactly the fees and rewards that were earned, to the attoFIL, shared by those that agreed', async () => {
    const { ethers } = world.connection
    const { OracleRegistry, PinningRequests } = world.deployment.contracts
    const registry = await ethers.getContractAt('OracleRegistry', OracleRegistry.address)
    const pinning = await ethers.getContractAt('PinningRequests', PinningRequests.address)
    const credits = async (contract: { creditOf(owner: string): Promise<bigint> }) => {
      let sum = 0n
      for (const { owner } of world.operators) sum += await contract.creditOf(owner)
      return sum
    }
    expect(await credits(registry)).to.equal(2n * FEE)
    expect(await credits(pinning)).to.equal(2n * REWARD)
    expect(await ethers.provider.getBalance(OracleRegistry.address)).to.equal(await registry.liabilities())
    expect(await registry.liabilities()).to.equal(2n * FEE + 3n * STAKE)
    expect(await ethers.provider.getBalance(PinningRequests.address)).to.equal(await pinning.liabilities())
  })
})
