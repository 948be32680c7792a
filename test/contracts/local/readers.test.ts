import { expect } from 'chai'
import { ACTOR_ADDRESSES, maskedIdAddress } from '../../../scripts/local/actors.ts'
import {
  activateDeal,
  installActors,
  localMiner,
  proposal,
  publishDeal,
  storageProvider,
} from '../../helpers/actors.ts'
import { connect } from '../../helpers/network.ts'

const { ethers, networkHelpers } = await connect()
const { loadFixture, mineUpTo } = networkHelpers

const MINER = 1000n
const START = 5_000n
const SECTOR = 9n

describe('The stand-in, read by the contracts of filecoin/', () => {
  async function active() {
    await installActors()
    const market = await ethers.deployContract('MarketActorHarness')
    const miner = await ethers.deployContract('MinerActorHarness')
    const power = await ethers.deployContract('PowerActorHarness')
    const address = await ethers.deployContract('FilAddressHarness')
    const dealId = await publishDeal({ startEpoch: START })
    await mineUpTo(3_999)
    await activateDeal(dealId, SECTOR)
    return { market, miner, power, address, dealId, sp: await storageProvider() }
  }

  it('shows the whole deal', async () => {
    const { market, address, dealId, sp } = await loadFixture(active)
    const { pieceDigest, pieceSize, endEpoch } = await proposal({ startEpoch: START })
    expect(await market.getDealDataCommitment(dealId)).to.deep.equal([0n, [pieceDigest, pieceSize]])
    expect(await market.getDealProvider(dealId)).to.deep.equal([0n, MINER])
    expect(await market.getDealTerm(dealId)).to.deep.equal([0n, [START, BigInt(endEpoch) - START]])
    expect(await market.getDealActivation(dealId)).to.deep.equal([0n, [4_000n, -1n]])
    expect(await market.getDealSector(dealId)).to.deep.equal([0n, SECTOR])
    expect(await market.getDealLabel(dealId)).to.deep.equal([0n, ethers.hexlify(ethers.toUtf8Bytes('hello')), true])

    const [exitCode, client] = await market.getDealClient(dealId)
    expect(exitCode).to.equal(0n)
    expect(await address.normalise(maskedIdAddress(client))).to.equal(sp.address)
  })

  it('shows what became of it', async () => {
    const { market, dealId } = await loadFixture(active)
    expect((await market.getDealActivation(dealId + 1n))[0]).to.equal(17n)
    await (await ethers.getContractAt('LocalMarket', ACTOR_ADDRESSES.market)).terminate(dealId)
    expect((await market.getDealActivation(dealId))[0]).to.equal(32n)
  })

  it('shows the sector and who controls the miner', async () => {
    const { miner, address, sp } = await loadFixture(active)
    const ACTIVE = 1
    const location = '0x820900'
    expect(await miner.generateSectorLocation(MINER, SECTOR)).to.deep.equal([0n, BigInt(ACTIVE), location])
    expect(await miner.validateSectorStatus(MINER, SECTOR, ACTIVE, location)).to.deep.equal([0n, true])
    await (await localMiner(MINER)).faultSector(SECTOR)
    expect(await miner.validateSectorStatus(MINER, SECTOR, ACTIVE, location)).to.deep.equal([0n, false])

    const [stranger] = await ethers.getSigners()
    expect(await miner.isControllingAddress(MINER, await address.fromEth(sp.address))).to.deep.equal([0n, true])
    expect(await miner.isControllingAddress(MINER, await address.fromEth(stranger.address))).to.deep.equal([0n, false])
  })

  it('shows who is a miner', async () => {
    const { power } = await loadFixture(active)
    expect(await power.isMiner(MINER)).to.equal(true)
    expect(await power.isMiner(999n)).to.equal(false)
    expect(await power.minerCount()).to.deep.equal([0n, 3n])
    expect(await power.minerRawPower(MINER)).to.deep.equal([0n, 32n << 30n, true])
  })
})
