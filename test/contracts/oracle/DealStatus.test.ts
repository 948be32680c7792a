import { ZeroAddress, ZeroHash, getBytes } from 'ethers'
import { expect } from 'chai'
import { describe, it } from 'mocha'
import { DEAL_STATES, encodeStatusAnswer } from '../../../oracle/chain/jobs.ts'
import {
  activateDeal,
  installActors,
  localMarket,
  publishDeal,
  scriptActor,
  MIN_DURATION,
} from '../../helpers/actors.ts'
import { connect } from '../../helpers/network.ts'

const { ethers, networkHelpers } = await connect()
const { loadFixture, mineUpTo } = networkHelpers

const DIGEST = '0x' + '5a'.repeat(31) + '15'
const GET_DEAL_TERM = 163777312n
const MARKET = 5
const [UNKNOWN, PUBLISHED, ACTIVE, ENDED, REMOVED] = DEAL_STATES.map((_, i) => BigInt(i))

async function published() {
  await installActors()
  const edge = await ethers.deployContract('EdgeProvider', [ZeroAddress, 1n])
  const startEpoch = BigInt(await ethers.provider.getBlockNumber()) + 100n
  const dealId = await publishDeal({ providerId: 1001n, pieceDigest: DIGEST, pieceSize: 2048n, startEpoch })
  return { edge, dealId, startEpoch, endEpoch: startEpoch + MIN_DURATION }
}

describe('DealStatus', () => {
  it('is Unknown for an id that no deal has, with every other field zero', async () => {
    const { edge, dealId } = await loadFixture(published)

    const status = await edge.dealStatus(dealId + 1n)

    expect([...status]).to.deep.equal([dealId + 1n, UNKNOWN, 0n, ZeroHash, 0n, 0n, 0n, 0n])
  })

  it('is Published until a sector holds the data: the market says −1 for its activation', async () => {
    const { edge, dealId, startEpoch, endEpoch } = await loadFixture(published)

    const status = await edge.dealStatus(dealId)

    expect([...status]).to.deep.equal([dealId, PUBLISHED, 1001n, DIGEST, 2048n, -1n, startEpoch, endEpoch])
  })

  it('is Active from then on, up to the last epoch of its term', async () => {
    const { edge, dealId, startEpoch, endEpoch } = await loadFixture(published)
    await activateDeal(dealId)
    const activated = BigInt(await ethers.provider.getBlockNumber())

    expect([...(await edge.dealStatus(dealId))]).to.deep.equal([
      ...[dealId, ACTIVE, 1001n, DIGEST, 2048n, activated, startEpoch, endEpoch],
    ])

    await mineUpTo(endEpoch - 1n)
    expect((await edge.dealStatus(dealId, { blockTag: Number(endEpoch) - 1 })).state).to.equal(ACTIVE)
  })

  it('is Ended when its term is over, until somebody settles it and the market removes it', async () => {
    const { edge, dealId, endEpoch } = await loadFixture(published)
    await activateDeal(dealId)
    await mineUpTo(endEpoch + 1n)

    expect((await edge.dealStatus(dealId)).state).to.equal(ENDED)

    await (await localMarket()).settle([dealId])
    expect([...(await edge.dealStatus(dealId))]).to.deep.equal([dealId, REMOVED, 0n, ZeroHash, 0n, 0n, 0n, 0n])
  })

  it('is Removed once the deal is terminated', async () => {
    const { edge, dealId } = await loadFixture(published)
    await activateDeal(dealId)
    await (await localMarket()).terminate(dealId)

    expect((await edge.dealStatus(dealId)).state).to.equal(REMOVED)
  })

  it('concludes nothing from an exit code that says nothing about the deal', async () => {
    const { edge, dealId } = await loadFixture(published)
    const market = await scriptActor(MARKET)
    await market.script(GET_DEAL_TERM, 20, 0, '0x')
    await market.passRestTo(await ethers.deployContract('LocalMarket'))

    await expect(edge.dealStatus(dealId)).to.be.revertedWithCustomError(edge, 'DealUnclear').withArgs(dealId, 20n)
  })

  it('is what the executor encodes as its answer', async () => {
    const { edge, dealId } = await loadFixture(published)
    const { providerId, pieceDigest, pieceSize, activatedEpoch, startEpoch, endEpoch } = await edge.dealStatus(dealId)
    const facts = { dealId, providerId, pieceSize, activatedEpoch, startEpoch, endEpoch }
    const answer = encodeStatusAnswer({ ...facts, state: 'Published', pieceDigest: getBytes(pieceDigest) })

    expect([...(await edge.decodeReported(answer))]).to.deep.equal([...(await edge.dealStatus(dealId))])
    expect(await edge.encodeReported({ ...facts, state: PUBLISHED, pieceDigest })).to.equal(ethers.hexlify(answer))
  })
})
