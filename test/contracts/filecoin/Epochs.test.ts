import { expect } from 'chai'
import { connect } from '../../helpers/network.ts'

const { ethers, networkHelpers } = await connect()
const { loadFixture, mine } = networkHelpers

const MAX_EPOCH = (1n << 63n) - 1n

describe('Epochs', () => {
  async function deployed() {
    return ethers.deployContract('EpochsHarness')
  }

  it('counts 2880 epochs of 30 seconds to a day', async () => {
    const epochs = await loadFixture(deployed)
    expect(await epochs.SECONDS_PER_EPOCH()).to.equal(30n)
    expect(await epochs.DAY()).to.equal(86_400n / 30n)
  })

  it('knows the market’s bounds: 180 and 1278 days', async () => {
    const epochs = await loadFixture(deployed)
    expect(await epochs.MIN_DEAL_DURATION()).to.equal(518_400n)
    expect(await epochs.MAX_DEAL_DURATION()).to.equal(3_680_640n)
  })

  it('is at the epoch that is the block’s number', async () => {
    const epochs = await loadFixture(deployed)
    await mine(7)
    const block = await ethers.provider.getBlockNumber()
    expect(await epochs.current({ blockTag: block })).to.equal(BigInt(block))
  })

  it('takes numbers up to 63 bits', async () => {
    const epochs = await loadFixture(deployed)
    expect(await epochs.toEpoch(0n)).to.equal(0n)
    expect(await epochs.toEpoch(MAX_EPOCH)).to.equal(MAX_EPOCH)
  })

  it('reverts with EpochTooLarge beyond', async () => {
    const epochs = await loadFixture(deployed)
    for (const number of [MAX_EPOCH + 1n, (1n << 64n) + 5n, (1n << 256n) - 1n]) {
      await expect(epochs.toEpoch(number))
        .to.be.revertedWithCustomError(epochs, 'EpochTooLarge')
        .withArgs(MAX_EPOCH, number)
    }
  })
})
