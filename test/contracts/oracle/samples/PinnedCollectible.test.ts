import { expect } from 'chai'
import { getBytes, ZeroAddress } from 'ethers'
import { base16 } from 'multiformats/bases/base16'
import { CID } from 'multiformats/cid'
import { answer, challenge, fail, mature, now, rule } from '../../../helpers/answers.ts'
import { REASON, RULING } from '../../../helpers/registry.ts'
import { CID as METADATA, DAY, edgeWorld, ethers, FAILURE_FEE, JOB, LINK, loadFixture } from '../edge-world.ts'
import { mine, pinned, PROVIDER, type EdgeWorld } from '../edge-world.ts'

const MIB = 1n << 20n
const VERSION_0 = '0x1220' + '22'.repeat(32)

async function collection(world: EdgeWorld) {
  const sample = await ethers.deployContract('PinnedCollectible', [world.edge])
  return { ...world, sample, price: await sample.price(), tokenId: 1n }
}

async function withOrder(world: EdgeWorld) {
  const built = await collection(world)
  await built.sample.connect(built.asker).mint(built.stranger, METADATA, LINK, { value: built.price })
  return built
}

describe('PinnedCollectible', () => {
  const deployed = async () => collection(await edgeWorld())
  const ordered = async () => withOrder(await edgeWorld())
  const challengeable = async () => withOrder(await edgeWorld(10))

  describe('mint', () => {
    it('asks for the metadata to be pinned within a day, and mints nothing yet', async () => {
      const { registry, edge, sample, asker, stranger, price, tokenId } = await loadFixture(deployed)
      const deadline = (await now()) + 1n + DAY

      const ordering = sample.connect(asker).mint(stranger, METADATA, LINK, { value: price })

      await expect(ordering).to.emit(sample, 'MintOrdered').withArgs(tokenId, stranger.address, METADATA)
      await expect(ordering)
        .to.emit(registry, 'Requested')
        .withArgs(tokenId, PROVIDER, sample, 1n, JOB.pin, await edge.encodePin(METADATA, LINK), MIB, deadline, price)
      await expect(ordering).to.changeEtherBalances(ethers, [asker, sample, registry], [-price, 0n, price])
      expect(await sample.balanceOf(stranger)).to.equal(0n)
    })

    it('refuses another amount than the price', async () => {
      const { registry, sample, stranger, price } = await loadFixture(deployed)
      await expect(sample.mint(stranger, METADATA, LINK, { value: price + 1n }))
        .to.be.revertedWithCustomError(registry, 'WrongFee')
        .withArgs(price, price + 1n)
    })

    it('refuses the zero address and what is no CID: the answer could not be taken', async () => {
      const { sample, stranger, price } = await loadFixture(deployed)
      await expect(sample.mint(ZeroAddress, METADATA, LINK, { value: price }))
        .to.be.revertedWithCustomError(sample, 'ERC721InvalidReceiver')
        .withArgs(ZeroAddress)
      await expect(sample.mint(stranger, '0x', LINK, { value: price }))
        .to.be.revertedWithCustomError(sample, 'InvalidCid')
        .withArgs('0x', 0n)
    })
  })

  context('before the metadata is pinned', () => {
    it('has no such token', async () => {
      const { sample, tokenId } = await loadFixture(ordered)
      for (const read of [sample.ownerOf(tokenId), sample.tokenURI(tokenId)]) {
        await expect(read).to.be.revertedWithCustomError(sample, 'ERC721NonexistentToken').withArgs(tokenId)
      }
    })

    it('does not mint while the answer can be challenged, and never when it was false', async () => {
      const world = await loadFixture(challengeable)
      const { registry, sample, asker, stranger, challenger, price, tokenId } = world
      await expect(answer(world, tokenId, 0, pinned())).not.to.emit(sample, 'Transfer')

      await challenge(world, tokenId, 0, challenger)
      await expect(rule(world, tokenId, 0, RULING.Upheld)).not.to.emit(sample, 'Transfer')

      expect(await sample.balanceOf(stranger)).to.equal(0n)
      await expect(sample.connect(asker).refundTo(tokenId, asker)).to.changeEtherBalances(
        ethers,
        [registry, sample, asker],
        [-price, 0n, price],
      )
    })
  })

  context('when the metadata is pinned', () => {
    it('mints to whom it was ordered for', async () => {
      const world = await loadFixture(ordered)
      const { sample, stranger, tokenId } = world
      await expect(answer(world, tokenId, 0, pinned()))
        .to.emit(sample, 'Transfer')
        .withArgs(ZeroAddress, stranger.address, tokenId)
      expect([await sample.ownerOf(tokenId), await sample.balanceOf(stranger)]).to.deep.equal([stranger.address, 1n])
    })

    it('mints when the answer is final', async () => {
      const world = await loadFixture(challengeable)
      const { registry, sample, stranger, tokenId } = world
      await answer(world, tokenId, 0, pinned())
      await mature(world, tokenId, 0)
      await expect(registry.deliver(tokenId, 0, pinned()))
        .to.emit(sample, 'Transfer')
        .withArgs(ZeroAddress, stranger.address, tokenId)
    })

    it('names the metadata by its CID, in base 16', async () => {
      const world = await loadFixture(ordered)
      await answer(world, world.tokenId, 0, pinned())
      const uri = await world.sample.tokenURI(world.tokenId)
      expect(uri).to.equal(`ipfs://f${METADATA.slice(2)}`)
      expect(CID.parse(uri.slice(7), base16).bytes).to.deep.equal(getBytes(METADATA))
    })

    it('names a version 0 CID by the version 1 that means the same', async () => {
      const world = await loadFixture(ordered)
      await world.sample.mint(world.stranger, VERSION_0, '0x', { value: world.price })
      await answer(world, 2n, 0, pinned())
      const uri = await world.sample.tokenURI(2n)
      expect(CID.parse(uri.slice(7), base16).toV0().bytes).to.deep.equal(getBytes(VERSION_0))
    })

    it('mints to a contract that would refuse: no code of the receiver runs', async () => {
      const world = await loadFixture(deployed)
      const { edge, sample, price, tokenId } = world
      await sample.mint(edge, METADATA, '0x', { value: price })
      await answer(world, tokenId, 0, pinned())
      expect(await sample.ownerOf(tokenId)).to.equal(await edge.getAddress())
    })

    it('gives the orderer nothing back', async () => {
      const world = await loadFixture(ordered)
      const { sample, asker, tokenId } = world
      await answer(world, tokenId, 0, pinned())
      await expect(sample.connect(asker).refundTo(tokenId, asker))
        .to.be.revertedWithCustomError(sample, 'NothingToRefund')
        .withArgs(tokenId)
    })
  })

  context('when the metadata cannot be pinned', () => {
    it('tells why, and pays the orderer all but the failure fee', async () => {
      const world = await loadFixture(ordered)
      const { registry, sample, asker, price, tokenId } = world
      await expect(fail(world, tokenId, 0, REASON.NotFound))
        .to.emit(sample, 'MintFailed')
        .withArgs(tokenId, REASON.NotFound)
      const left = price - FAILURE_FEE
      await expect(sample.connect(asker).refundTo(tokenId, asker)).to.changeEtherBalances(
        ethers,
        [registry, sample, asker],
        [-left, 0n, left],
      )
    })

    it('pays the orderer all of it when nobody answered', async () => {
      const { registry, sample, asker, price, tokenId } = await loadFixture(ordered)
      await mine(DAY)
      await expect(sample.connect(asker).refundTo(tokenId, asker)).to.changeEtherBalances(
        ethers,
        [registry, sample, asker],
        [-price, 0n, price],
      )
    })

    it('pays nobody but the orderer: not who was to get the token', async () => {
      const { sample, asker, stranger, tokenId } = await loadFixture(ordered)
      await mine(DAY)
      await expect(sample.connect(stranger).refundTo(tokenId, stranger))
        .to.be.revertedWithCustomError(sample, 'NotAsker')
        .withArgs(asker.address, stranger.address)
    })
  })
})
