import { expect } from 'chai'
import { CID, ethers, loadFixture, PROVIDER, world } from './world.ts'

describe('PinningExtension', () => {
  it('is named by PinningRequests, with what both stand on', async () => {
    const { pinning, perpetual, registry } = await loadFixture(world)
    const extension = await ethers.getContractAt('PinningExtension', await pinning.extension())

    expect([await extension.registry(), await pinning.registry()]).to.deep.equal(
      Array(2).fill(await registry.getAddress()),
    )
    expect([await extension.perpetualStorage(), await pinning.perpetualStorage()]).to.deep.equal(
      Array(2).fill(await perpetual.getAddress()),
    )
  })

  for (const [name, args] of [
    ['openOrder', [1n]],
    ['cancel', [1n]],
    ['refund', [1n]],
    ['getRequest', [1n]],
    ['perpetualTermsOf', [1n]],
    ['dealsOf', [1n]],
    ['requestIds', [0n, 1n]],
    ['requestIdsOf', [`0x${'11'.repeat(20)}`, 0n, 1n]],
    ['getAllCIDs', [0n, 1n]],
    ['getAllDeals', [CID, 0n, 1n]],
    ['getActiveDeals', [CID]],
    ['getExpiringDeals', [CID, 1n]],
  ] as const) {
    it(`keeps nothing itself: ${name} reverts with OnlyByDelegation`, async () => {
      const { pinning } = await loadFixture(world)
      const extension = await ethers.getContractAt('PinningExtension', await pinning.extension())

      await expect(extension.getFunction(name).staticCall(...args))
        .to.be.revertedWithCustomError(extension, 'OnlyByDelegation')
        .withArgs()
    })
  }

  for (const what of ['registry', 'PerpetualStorage']) {
    it(`is refused by PinningRequests when it was made for another ${what}`, async () => {
      const { pinning, perpetual, registry, stranger } = await loadFixture(world)
      const made = what === 'registry' ? [stranger, perpetual] : [registry, stranger]
      const extension = await ethers.deployContract('PinningExtension', made)

      await expect(ethers.deployContract('PinningRequests', [registry, PROVIDER, perpetual, extension]))
        .to.be.revertedWithCustomError(pinning, 'WrongExtension')
        .withArgs(extension)
    })
  }
})
