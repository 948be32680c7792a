import { randomBytes, randomInt } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { parseEther, toBeHex } from 'ethers'
import { expect } from 'chai'
import { after, before, describe, it } from 'mocha'
import { OVER, readRequest } from '../../scripts/lib/request.ts'
import { submitRequest } from '../../scripts/lib/submit.ts'
import { servePath, type Served } from '../../scripts/local/keep.ts'
import { startExecutor, type World } from '../../scripts/local/world.ts'
import { startQuietWorld, temporaryFolder } from '../helpers/local-network.ts'

const KILLS = 25

describe(`an executor that is killed with -9 at ${KILLS} random moments during one request`, function () {
  this.timeout(300_000)
  let world: World
  let served: Served

  before(async () => {
    ;({ world } = await startQuietWorld('kill'))
    const dir = temporaryFolder('kill-data')
    writeFileSync(join(dir, 'data.bin'), randomBytes(3_000_000))
    served = await servePath(join(dir, 'data.bin'), dir, () => {})
  })

  after(async () => {
    await served?.stop()
    await world?.stop()
  })

  it('ends in exactly one outcome on-chain, without a duplicate report', async () => {
    const { connection, deployment, dir } = world
    const { id } = await submitRequest(connection, deployment, served.root, served.fetchLink, {
      replicas: 2,
      minTermEpochs: 518_400n,
      deadlineEpochs: 3_600n,
      maxBytes: 2n ** 30n,
      rewardPerReplica: parseEther('0.05'),
    })
    const state = async () => (await readRequest(connection, deployment, id)).state

    let kills = 0
    while (kills < KILLS) {
      await wait(randomInt(20, 900)) // the random moment is what is tested
      await world.executor.kill()
      kills++
      world.executor = await startExecutor(deployment, world, dir, () => {})
    }
    console.log(`      killed ${kills} times; the last kill found the request ${await state()}`)
    while (!OVER.includes(await state())) await wait(300)

    expect(await state()).to.equal('Stored')
    const { OracleRegistry, PinningRequests } = deployment.contracts
    const count = async (contract: string, address: string, event: string) => {
      const { interface: abi } = await connection.ethers.getContractAt(contract, address)
      const topics = [abi.getEvent(event)!.topicHash, toBeHex(id, 32)]
      return (await connection.ethers.provider.getLogs({ address, topics, fromBlock: 0 })).length
    }
    expect(await count('OracleRegistry', OracleRegistry.address, 'Voted')).to.equal(2) // Pinned, Packed
    expect(await count('OracleRegistry', OracleRegistry.address, 'RequestConcluded')).to.equal(1)
    expect(await count('PinningRequests', PinningRequests.address, 'ReplicaProven')).to.equal(2)
    expect(await count('PinningRequests', PinningRequests.address, 'Stored')).to.equal(1)
    expect(await failedTransactions(world)).to.deep.equal([])
  })
})

/** Transactions of the reporter that reached a block and reverted: a report sent twice would be one. */
async function failedTransactions({ connection, deployment }: World): Promise<string[]> {
  const { provider } = connection.ethers
  const failed: string[] = []
  for (let number = deployment.block; number <= (await provider.getBlockNumber()); number++) {
    const block = await provider.getBlock(number, true)
    for (const transaction of block!.prefetchedTransactions) {
      if (transaction.from !== deployment.operator.reporter) continue
      const receipt = await provider.getTransactionReceipt(transaction.hash)
      if (receipt!.status === 0) failed.push(transaction.hash)
    }
  }
  return failed
}
