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
import type { World } from '../../scripts/local/world.ts'
import { startQuietWorld, temporaryFolder } from '../helpers/local-network.ts'

const KILLS = 25

/** EdgeJobs.DealState.Active */
const DEAL_ACTIVE = 2

/** Deals start so many epochs after they are proposed, and are not counted before: the request lasts until the test mines them. */
const START_EPOCHS = 900

describe(`three executors of which one is killed with -9 at ${KILLS} random moments during one request`, function () {
  this.timeout(300_000)
  let world: World
  let served: Served

  before(async () => {
    ;({ world } = await startQuietWorld('kill', { edge: { EDGE_START_EPOCHS: String(START_EPOCHS) } }))
    const dir = temporaryFolder('kill-data')
    writeFileSync(join(dir, 'data.bin'), randomBytes(3_000_000))
    served = await servePath(join(dir, 'data.bin'), dir, () => {})
  })

  after(async () => {
    await served?.stop()
    await world?.stop()
  })

  it('ends in exactly one outcome on-chain, without a duplicate report', async () => {
    const { connection, deployment, operators } = world
    const { id } = await submitRequest(connection, deployment, served.root, served.fetchLink, {
      replicas: 2,
      minTermEpochs: 518_400n,
      deadlineEpochs: 7_200n,
      maxBytes: 2n ** 30n,
      rewardPerReplica: parseEther('0.05'),
    })
    const state = async () => (await readRequest(connection, deployment, id)).state

    const found: Record<string, number> = {}
    const killAtRandom = async (withinMs: number) => {
      await wait(randomInt(20, withinMs)) // the random moment is what is tested
      const now = await state()
      found[now] = (found[now] ?? 0) + 1
      await operators[randomInt(operators.length)].restart()
    }

    for (let kills = 1; kills < KILLS; kills++) await killAtRandom(900)
    await runningDeals(world, [1n, 2n])
    expect(Object.keys(found).filter((seen) => OVER.includes(seen as (typeof OVER)[number]))).to.deep.equal([])
    await connection.send('anvil_mine', [toBeHex(START_EPOCHS)])
    await killAtRandom(300) // while the proofs are shown, or just after: two that live may need less time than that
    console.log(`      killed while the request was: ${JSON.stringify(found)}`)
    while (!OVER.includes(await state())) await wait(300)

    expect(await state()).to.equal('Stored')
    const { OracleRegistry, PinningRequests } = deployment.contracts
    const count = async (contract: string, address: string, event: string) => {
      const { interface: abi } = await connection.ethers.getContractAt(contract, address)
      const topics = [abi.getEvent(event)!.topicHash, toBeHex(id, 32)]
      return (await connection.ethers.provider.getLogs({ address, topics, fromBlock: 0 })).length
    }
    expect(await count('OracleRegistry', OracleRegistry.address, 'Voted')).to.equal(4) // two on Pinned, two on Packed
    expect(await count('OracleRegistry', OracleRegistry.address, 'RequestConcluded')).to.equal(1)
    expect(await count('PinningRequests', PinningRequests.address, 'ReplicaProven')).to.equal(2)
    expect(await count('PinningRequests', PinningRequests.address, 'Stored')).to.equal(1)
    expect(await repeatedVotes(world)).to.deep.equal([])
  })
})

/** Waits until the market actor shows these deals as active. */
async function runningDeals({ connection, deployment }: World, dealIds: bigint[]): Promise<void> {
  const reader = await connection.ethers.getContractAt('EdgeProvider', deployment.contracts.EdgeProvider.address)
  for (const dealId of dealIds) {
    while (Number((await reader.dealStatus(dealId)).state) !== DEAL_ACTIVE) await wait(300)
  }
}

/** Votes of an operator on a stage that it had voted on: a report sent twice would be one, refused or not. */
async function repeatedVotes({ connection, deployment, operators }: World): Promise<string[]> {
  const { provider } = connection.ethers
  const registry = await connection.ethers.getContractAt('OracleRegistry', deployment.contracts.OracleRegistry.address)
  const reporters = operators.map(({ reporter }) => reporter)
  const voted = new Set<string>()
  const repeated: string[] = []
  for (let number = deployment.block; number <= (await provider.getBlockNumber()); number++) {
    const block = await provider.getBlock(number, true)
    for (const { from, to, data, hash } of block!.prefetchedTransactions) {
      if (to !== registry.target || !reporters.includes(from)) continue
      const call = registry.interface.parseTransaction({ data })!
      if (!call.name.startsWith('report')) continue
      const vote = [from, call.args[0], call.args[1]].join(' ')
      if (voted.has(vote)) repeated.push(hash)
      voted.add(vote)
    }
  }
  return repeated
}
