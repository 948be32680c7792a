import { expect } from 'chai'
import { ACTOR_ADDRESSES, maskedIdAddress } from '../../../scripts/local/actors.ts'
import { DEFAULT_FEE, deployPinning, ethers, LINK, loadFixture, OTHER_CID, submit, world } from './world.ts'

async function fiveRequests() {
  const w = await world()
  for (const from of [w.requester, w.stranger, w.requester, w.requester, w.stranger]) await submit(w, {}, { from })
  return w
}

describe('PinningRequests', () => {
  describe('requestIds', () => {
    it('lists ids in the order they were asked', async () => {
      const { pinning } = await loadFixture(fiveRequests)

      expect(await pinning.requestCount()).to.equal(5n)
      expect([...(await pinning.requestIds(0, 200))]).to.deep.equal([1n, 2n, 3n, 4n, 5n])
    })

    it('pages', async () => {
      const { pinning } = await loadFixture(fiveRequests)

      expect([...(await pinning.requestIds(1, 2))]).to.deep.equal([2n, 3n])
      expect([...(await pinning.requestIds(4, 2))]).to.deep.equal([5n])
      expect([...(await pinning.requestIds(5, 2))]).to.deep.equal([])
      expect([...(await pinning.requestIds(2n ** 256n - 1n, 2n ** 256n - 1n))]).to.deep.equal([])
      expect([...(await pinning.requestIds(3, 0))]).to.deep.equal([])
    })

    it('holds requests of other asking contracts in none of its lists', async () => {
      const { pinning, registry, perpetual } = await loadFixture(fiveRequests)
      const other = await deployPinning(registry, perpetual)
      await other.submit(OTHER_CID, LINK, { value: DEFAULT_FEE })

      expect(await pinning.requestCount()).to.equal(5n)
      expect([...(await other.requestIds(0, 10))]).to.deep.equal([6n])
      await expect(other.getRequest(5n)).to.be.revertedWithCustomError(other, 'UnknownRequest').withArgs(5n)
    })
  })

  describe('requestIdsOf', () => {
    it('lists and pages the ids of one requester', async () => {
      const { pinning, requester, stranger, owners } = await loadFixture(fiveRequests)

      expect([...(await pinning.requestIdsOf(requester, 0, 200))]).to.deep.equal([1n, 3n, 4n])
      expect([...(await pinning.requestIdsOf(stranger, 1, 1))]).to.deep.equal([5n])
      expect([...(await pinning.requestIdsOf(owners[0], 0, 200))]).to.deep.equal([])
    })

    it('A 3: knows the requester by its masked actor id (0xff…) too', async () => {
      const { pinning, requester } = await loadFixture(fiveRequests)
      const book = await ethers.getContractAt('AddressBook', ACTOR_ADDRESSES.addressBook)
      await book.assign(requester.address, 3_002n)

      expect([...(await pinning.requestIdsOf(maskedIdAddress(3_002n), 0, 1))]).to.deep.equal([1n])
    })
  })

  describe('getRequest and dealsOf', () => {
    it('revert with UnknownRequest for an id nobody asked for', async () => {
      const { pinning } = await loadFixture(fiveRequests)

      await expect(pinning.getRequest(6n)).to.be.revertedWithCustomError(pinning, 'UnknownRequest').withArgs(6n)
      await expect(pinning.dealsOf(6n)).to.be.revertedWithCustomError(pinning, 'UnknownRequest').withArgs(6n)
    })

    it('show no deals before one is proven', async () => {
      const { pinning } = await loadFixture(fiveRequests)

      expect(await pinning.dealsOf(1n)).to.have.lengthOf(0)
    })
  })
})
