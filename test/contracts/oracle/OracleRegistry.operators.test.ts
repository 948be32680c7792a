import { expect } from 'chai'
import { ZeroAddress } from 'ethers'
import { ethers, loadFixture, now, PROVIDER, rules, served } from './world.ts'

const UNKNOWN = 9n

describe('OracleRegistry', () => {
  async function registered() {
    const [owner, alice, bob, carol, reporter] = await ethers.getSigners()
    const registry = await ethers.deployContract('OracleRegistry')
    await registry.registerProvider(rules({ quorum: 2 }))
    return { registry, owner: owner, alice: alice, bob: bob, carol: carol, reporter: reporter }
  }
  async function admitted() {
    const fixture = await registered()
    await fixture.registry.admit(PROVIDER, fixture.alice.address)
    return fixture
  }
  async function appointing() {
    const fixture = await admitted()
    await fixture.registry.connect(fixture.alice).join(PROVIDER, fixture.reporter.address, 'https://alice.example')
    return fixture
  }
  async function active() {
    const fixture = await appointing()
    await fixture.registry.connect(fixture.reporter).acceptReporter(1n)
    return fixture
  }

  describe('admit', () => {
    it('lets an owner join', async () => {
      const { registry, alice } = await loadFixture(registered)
      await expect(registry.admit(PROVIDER, alice.address))
        .to.emit(registry, 'OperatorAdmitted')
        .withArgs(PROVIDER, alice.address)
    })

    it('refuses an unknown provider', async () => {
      const { registry, alice } = await loadFixture(registered)
      await expect(registry.admit(UNKNOWN, alice.address))
        .to.be.revertedWithCustomError(registry, 'UnknownProvider')
        .withArgs(UNKNOWN)
    })

    it('is for the owner of the provider only', async () => {
      const { registry, owner, alice } = await loadFixture(registered)
      await expect(registry.connect(alice).admit(PROVIDER, alice.address))
        .to.be.revertedWithCustomError(registry, 'NotProviderOwner')
        .withArgs(owner.address, alice.address)
    })

    it('refuses nobody', async () => {
      const { registry } = await loadFixture(registered)
      await expect(registry.admit(PROVIDER, ZeroAddress))
        .to.be.revertedWithCustomError(registry, 'BadOperatorOwner')
        .withArgs(ZeroAddress)
    })

    it('refuses who is admitted already', async () => {
      const { registry, alice } = await loadFixture(admitted)
      await expect(registry.admit(PROVIDER, alice.address))
        .to.be.revertedWithCustomError(registry, 'AlreadyAdmitted')
        .withArgs(PROVIDER, alice.address)
    })

    it('refuses who has a seat, active or not', async () => {
      for (const state of [appointing, active]) {
        const { registry, alice } = await loadFixture(state)
        await expect(registry.admit(PROVIDER, alice.address))
          .to.be.revertedWithCustomError(registry, 'AlreadyJoined')
          .withArgs(1n)
      }
    })

    it('refuses one more than 2m − 1', async () => {
      const { registry, stranger } = await loadFixture(served(2, 3))
      await expect(registry.admit(PROVIDER, stranger.address))
        .to.be.revertedWithCustomError(registry, 'TooManyOperators')
        .withArgs(3n)
    })

    it('lets in who left before', async () => {
      const { registry, alice } = await loadFixture(active)
      await registry.connect(alice).leave(1n)
      await expect(registry.admit(PROVIDER, alice.address)).to.emit(registry, 'OperatorAdmitted')
    })
  })

  describe('join', () => {
    context('when the caller reports itself', () => {
      it('makes the operator active at once', async () => {
        const { registry, alice } = await loadFixture(admitted)

        const joining = registry.connect(alice).join(PROVIDER, alice.address, 'https://alice.example')

        await expect(joining)
          .to.emit(registry, 'OperatorJoined')
          .withArgs(1n, PROVIDER, alice.address, alice.address, 'https://alice.example')
          .and.to.emit(registry, 'ReporterAccepted')
          .withArgs(1n, PROVIDER, alice.address)
        expect(await registry.getOperator(1n)).to.deep.equal([
          PROVIDER,
          alice.address,
          alice.address,
          await now(),
          true,
          'https://alice.example',
          0n,
          0n,
        ])
        expect(await registry.operatorOf(alice.address)).to.equal(1n)
        expect((await registry.getProvider(PROVIDER)).operatorCount).to.equal(1n)
      })
    })

    context('when another key is to report', () => {
      it('waits for that key', async () => {
        const { registry, alice, reporter } = await loadFixture(admitted)

        const joining = registry.connect(alice).join(PROVIDER, reporter.address, '')

        await expect(joining)
          .to.emit(registry, 'OperatorJoined')
          .withArgs(1n, PROVIDER, alice.address, reporter.address, '')
          .and.not.to.emit(registry, 'ReporterAccepted')
        const operator = await registry.getOperator(1n)
        expect([operator.reporter, operator.active, operator.joinedEpoch]).to.deep.equal([reporter.address, false, 0n])
        expect(await registry.operatorOf(reporter.address)).to.equal(0n)
        expect((await registry.getProvider(PROVIDER)).operatorCount).to.equal(0n)
      })
    })

    it('refuses an unknown provider', async () => {
      const { registry, alice } = await loadFixture(admitted)
      await expect(registry.connect(alice).join(UNKNOWN, alice.address, ''))
        .to.be.revertedWithCustomError(registry, 'UnknownProvider')
        .withArgs(UNKNOWN)
    })

    it('refuses who was not admitted', async () => {
      const { registry, bob } = await loadFixture(admitted)
      await expect(registry.connect(bob).join(PROVIDER, bob.address, ''))
        .to.be.revertedWithCustomError(registry, 'NotAdmitted')
        .withArgs(PROVIDER, bob.address)
    })

    it('spends the admission', async () => {
      const { registry, alice } = await loadFixture(active)
      await expect(registry.connect(alice).join(PROVIDER, alice.address, ''))
        .to.be.revertedWithCustomError(registry, 'AlreadyJoined')
        .withArgs(1n)
      await registry.connect(alice).leave(1n)
      await expect(registry.connect(alice).join(PROVIDER, alice.address, ''))
        .to.be.revertedWithCustomError(registry, 'NotAdmitted')
        .withArgs(PROVIDER, alice.address)
    })

    it('refuses one more than 2m − 1, though admitted while there was a seat', async () => {
      const { registry, alice, bob, carol, reporter } = await loadFixture(registered)
      for (const key of [alice, bob, carol, reporter]) await registry.admit(PROVIDER, key.address)
      for (const key of [alice, bob, carol]) await registry.connect(key).join(PROVIDER, key.address, '')

      await expect(registry.connect(reporter).join(PROVIDER, reporter.address, ''))
        .to.be.revertedWithCustomError(registry, 'TooManyOperators')
        .withArgs(3n)
    })

    it('refuses nobody as the reporter', async () => {
      const { registry, alice } = await loadFixture(admitted)
      await expect(registry.connect(alice).join(PROVIDER, ZeroAddress, ''))
        .to.be.revertedWithCustomError(registry, 'BadReporter')
        .withArgs(ZeroAddress)
    })

    it("refuses another operator's reporter", async () => {
      const { registry, bob, reporter } = await loadFixture(active)
      await registry.admit(PROVIDER, bob.address)
      await expect(registry.connect(bob).join(PROVIDER, reporter.address, ''))
        .to.be.revertedWithCustomError(registry, 'ReporterTaken')
        .withArgs(reporter.address, 1n)
    })

    it('takes an endpoint of 256 bytes and refuses 257', async () => {
      const { registry, alice } = await loadFixture(admitted)
      await expect(registry.connect(alice).join(PROVIDER, alice.address, 'e'.repeat(257)))
        .to.be.revertedWithCustomError(registry, 'TextTooLong')
        .withArgs(256n, 257n)
      await expect(registry.connect(alice).join(PROVIDER, alice.address, 'e'.repeat(256))).to.emit(
        registry,
        'OperatorJoined',
      )
    })
  })

  describe('acceptReporter', () => {
    it('makes the operator active', async () => {
      const { registry, reporter } = await loadFixture(appointing)

      await expect(registry.connect(reporter).acceptReporter(1n))
        .to.emit(registry, 'ReporterAccepted')
        .withArgs(1n, PROVIDER, reporter.address)
      const operator = await registry.getOperator(1n)
      expect([operator.active, operator.joinedEpoch]).to.deep.equal([true, await now()])
      expect(await registry.operatorOf(reporter.address)).to.equal(1n)
      expect((await registry.getProvider(PROVIDER)).operatorCount).to.equal(1n)
    })

    it('refuses an unknown operator', async () => {
      const { registry, reporter } = await loadFixture(appointing)
      await expect(registry.connect(reporter).acceptReporter(UNKNOWN))
        .to.be.revertedWithCustomError(registry, 'UnknownOperator')
        .withArgs(UNKNOWN)
    })

    it('is for the appointed key only, not for the owner', async () => {
      const { registry, alice, reporter } = await loadFixture(appointing)
      await expect(registry.connect(alice).acceptReporter(1n))
        .to.be.revertedWithCustomError(registry, 'NotAppointed')
        .withArgs(reporter.address, alice.address)
    })

    it('is once', async () => {
      const { registry, reporter } = await loadFixture(active)
      await expect(registry.connect(reporter).acceptReporter(1n))
        .to.be.revertedWithCustomError(registry, 'AlreadyJoined')
        .withArgs(1n)
    })

    it('refuses an operator that left', async () => {
      const { registry, alice, reporter } = await loadFixture(appointing)
      await registry.connect(alice).leave(1n)
      await expect(registry.connect(reporter).acceptReporter(1n))
        .to.be.revertedWithCustomError(registry, 'AlreadyLeft')
        .withArgs(1n)
    })

    it('refuses a key that reports for another since', async () => {
      const { registry, bob, reporter } = await loadFixture(appointing)
      await registry.admit(PROVIDER, bob.address)
      await registry.connect(bob).join(PROVIDER, reporter.address, '')
      await registry.connect(reporter).acceptReporter(2n)

      await expect(registry.connect(reporter).acceptReporter(1n))
        .to.be.revertedWithCustomError(registry, 'ReporterTaken')
        .withArgs(reporter.address, 2n)
    })
  })

  describe('leave', () => {
    it('ends the operator and frees its reporter and its seat', async () => {
      const { registry, alice, reporter } = await loadFixture(active)

      await expect(registry.connect(alice).leave(1n)).to.emit(registry, 'OperatorLeft').withArgs(1n, PROVIDER)
      const operator = await registry.getOperator(1n)
      expect([operator.active, operator.reporter]).to.deep.equal([false, reporter.address])
      expect(await registry.operatorOf(reporter.address)).to.equal(0n)
      expect((await registry.getProvider(PROVIDER)).operatorCount).to.equal(0n)
    })

    it('frees the seat of an operator whose reporter never accepted', async () => {
      const { registry, alice, bob, carol, owner } = await loadFixture(appointing)
      for (const key of [bob, carol, owner]) await registry.admit(PROVIDER, key.address)
      for (const key of [bob, carol]) await registry.connect(key).join(PROVIDER, key.address, '')
      await expect(registry.connect(owner).join(PROVIDER, owner.address, '')).to.be.revertedWithCustomError(
        registry,
        'TooManyOperators',
      )

      await registry.connect(alice).leave(1n)

      await expect(registry.connect(owner).join(PROVIDER, owner.address, '')).to.emit(registry, 'OperatorJoined')
      expect((await registry.getProvider(PROVIDER)).operatorCount).to.equal(3n)
    })

    it('refuses an unknown operator', async () => {
      const { registry, alice } = await loadFixture(active)
      await expect(registry.connect(alice).leave(UNKNOWN))
        .to.be.revertedWithCustomError(registry, 'UnknownOperator')
        .withArgs(UNKNOWN)
      await expect(registry.getOperator(UNKNOWN))
        .to.be.revertedWithCustomError(registry, 'UnknownOperator')
        .withArgs(UNKNOWN)
    })

    it("is for the operator's owner only, not for its reporter nor the provider's owner", async () => {
      const { registry, owner, alice, reporter } = await loadFixture(active)
      for (const caller of [reporter, owner]) {
        await expect(registry.connect(caller).leave(1n))
          .to.be.revertedWithCustomError(registry, 'NotOperatorOwner')
          .withArgs(alice.address, caller.address)
      }
    })

    it('is once', async () => {
      const { registry, alice } = await loadFixture(active)
      await registry.connect(alice).leave(1n)
      await expect(registry.connect(alice).leave(1n))
        .to.be.revertedWithCustomError(registry, 'AlreadyLeft')
        .withArgs(1n)
    })
  })
})
