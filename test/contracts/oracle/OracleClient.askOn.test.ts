import { expect } from 'chai'
import { answer, answerFinally, challenge, fail, mature, rule } from '../../helpers/answers.ts'
import { PROVIDER, REASON, RULING } from '../../helpers/registry.ts'
import { edgeWorld, ethers, JOB, loadFixture, mine, pinned, type EdgeWorld } from './edge-world.ts'

const ANSWER = pinned()

/** A client that asks on whatever it is told; `asker` asked, request 1. */
async function askingOn(world: EdgeWorld) {
  const client = await ethers.deployContract('AskingOnClient', [world.registry, PROVIDER])
  const fee = await world.edge.quote(JOB.pin, 1n)
  await client.fund({ value: 4n * fee })
  await client.connect(world.asker).ask()
  return { ...world, client, id: 1n, fee }
}

describe('OracleClient that asks on while it takes an answer', () => {
  const asked = async () => askingOn(await edgeWorld())
  const challengeable = async () => askingOn(await edgeWorld(10))

  it('asks for whoever asked, when the registry delivers', async () => {
    const world = await loadFixture(asked)
    await answer(world, world.id, 0, ANSWER)
    expect(await world.client.askerOf(2n)).to.equal(world.asker.address)
  })

  it('asks for whoever asked, when a stranger brings the answer: the refund is not the stranger’s', async () => {
    const world = await loadFixture(challengeable)
    const { client, asker, stranger, fee, id } = world
    await answer(world, id, 0, ANSWER)
    await mature(world, id, 0)
    await client.connect(stranger).sync(id, 0, ANSWER)
    await mine(200)
    await expect(client.connect(stranger).refundTo(2n, stranger))
      .to.be.revertedWithCustomError(client, 'NotAsker')
      .withArgs(asker, stranger)
    await expect(client.connect(asker).refundTo(2n, asker)).to.changeEtherBalance(ethers, asker, fee)
  })

  it('asks for whoever asked, after a failure', async () => {
    const world = await loadFixture(asked)
    await fail(world, world.id, 0, REASON.NotFound)
    expect(await world.client.askerOf(2n)).to.equal(world.asker.address)
  })

  it('asks for whoever asked, when an answer is undone', async () => {
    const world = await loadFixture(challengeable)
    const { client, asker, challenger, id } = world
    await client.allowEarly(id)
    await answer(world, id, 0, ANSWER)
    await challenge(world, id, 0, challenger)
    await rule(world, id, 0, RULING.Upheld)
    expect([await client.askerOf(2n), await client.askerOf(3n)]).to.deep.equal([asker.address, asker.address])
  })

  it('asks for the caller again once the answer is taken', async () => {
    const world = await loadFixture(challengeable)
    const { client, stranger, id } = world
    await answerFinally(world, id, 0, ANSWER)
    await client.connect(stranger).ask()
    expect(await client.askerOf(3n)).to.equal(stranger.address)
  })
})
