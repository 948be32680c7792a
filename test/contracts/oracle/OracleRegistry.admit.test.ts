import { expect } from 'chai'
import { ZeroAddress } from 'ethers'
import { loadFixture, PROVIDER, served } from './world.ts'

const UNKNOWN = 9n

describe('OracleRegistry', () => {
  /** A provider of up to three operators; a stranger is admitted and has not joined. */
  async function admitted() {
    const fixture = await served(2, 1)()
    await fixture.registry.admit(PROVIDER, fixture.stranger)
    return fixture
  }

  describe('admit', () => {
    it('lets an owner join', async () => {
      const { registry, stranger } = await loadFixture(served(2, 1))
      await expect(registry.admit(PROVIDER, stranger))
        .to.emit(registry, 'OperatorAdmitted')
        .withArgs(PROVIDER, stranger.address)
      expect(await registry.operatorOfOwner(PROVIDER, stranger)).to.equal(0n)
    })

    it('refuses an unknown provider', async () => {
      const { registry, stranger } = await loadFixture(served(2, 1))
      await expect(registry.admit(UNKNOWN, stranger))
        .to.be.revertedWithCustomError(registry, 'UnknownProvider')
        .withArgs(UNKNOWN)
    })

    it("is for the provider's owner only", async () => {
      const { registry, owner, owners, stranger } = await loadFixture(served(2, 1))
      for (const caller of [stranger, owners[0]]) {
        await expect(registry.connect(caller).admit(PROVIDER, stranger))
          .to.be.revertedWithCustomError(registry, 'NotProviderOwner')
          .withArgs(owner.address, caller.address)
      }
    })

    it('refuses nobody', async () => {
      const { registry } = await loadFixture(served(2, 1))
      await expect(registry.admit(PROVIDER, ZeroAddress))
        .to.be.revertedWithCustomError(registry, 'BadOperatorOwner')
        .withArgs(ZeroAddress)
    })

    it('refuses who is admitted already', async () => {
      const { registry, stranger } = await loadFixture(admitted)
      await expect(registry.admit(PROVIDER, stranger))
        .to.be.revertedWithCustomError(registry, 'AlreadyAdmitted')
        .withArgs(PROVIDER, stranger.address)
    })

    it('refuses who has a seat, active or not', async () => {
      const { registry, owner, owners, stranger } = await loadFixture(admitted)
      await registry.connect(stranger).join(PROVIDER, owner, '')
      for (const joined of [owners[0], stranger]) {
        await expect(registry.admit(PROVIDER, joined))
          .to.be.revertedWithCustomError(registry, 'AlreadyAdmitted')
          .withArgs(PROVIDER, joined.address)
      }
    })

    it('lets in again who left', async () => {
      const { registry, owners } = await loadFixture(served(2, 1))
      await registry.connect(owners[0]).leave(1n)
      await expect(registry.admit(PROVIDER, owners[0]))
        .to.emit(registry, 'OperatorAdmitted')
        .withArgs(PROVIDER, owners[0].address)
    })

    it('may admit more than there are seats: who joins first has one', async () => {
      const { registry, stranger, owners } = await loadFixture(served(2, 3))
      await registry.admit(PROVIDER, stranger)
      await expect(registry.connect(stranger).join(PROVIDER, stranger, ''))
        .to.be.revertedWithCustomError(registry, 'TooManyOperators')
        .withArgs(3n)
      await registry.connect(owners[2]).leave(3n)
      await expect(registry.connect(stranger).join(PROVIDER, stranger, '')).to.emit(registry, 'OperatorJoined')
    })
  })
})
