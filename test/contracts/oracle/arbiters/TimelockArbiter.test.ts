import { expect } from 'chai'
import { ZeroAddress, ZeroHash } from 'ethers'
import { ACTOR_ADDRESSES, maskedIdAddress } from '../../../../scripts/local/actors.ts'
import { installActors } from '../../../helpers/actors.ts'
import { challenged, epoch, ethers, ID, loadFixture, mineUpTo, networkHelpers, RULING, STAGE } from './world.ts'

const { Upheld, Rejected } = RULING
const DELAY = 3_600n

describe('TimelockArbiter', () => {
  /** An account as the timelock; a registry with an open challenge. */
  async function byAccount() {
    const [timelock, stranger] = await ethers.getSigners()
    const arbiter = await ethers.deployContract('TimelockArbiter', [timelock.address])
    return { arbiter, timelock: timelock, stranger: stranger, ...(await challenged()) }
  }

  /** OpenZeppelin's TimelockController as it is, with one proposer; anyone executes. */
  async function byController() {
    const [proposer, stranger] = await ethers.getSigners()
    const controller = await ethers.deployContract('TimelockController', [
      DELAY,
      [proposer.address],
      [ZeroAddress],
      ZeroAddress,
    ])
    const arbiter = await ethers.deployContract('TimelockArbiter', [controller])
    return { arbiter, controller, proposer: proposer, stranger: stranger, ...(await challenged()) }
  }

  describe('constructor', () => {
    it('keeps the timelock', async () => {
      const { arbiter, timelock } = await loadFixture(byAccount)
      expect(await arbiter.timelock()).to.equal(timelock.address)
    })

    it('refuses the zero address', async () => {
      const { arbiter } = await loadFixture(byAccount)
      await expect(ethers.deployContract('TimelockArbiter', [ZeroAddress]))
        .to.be.revertedWithCustomError(arbiter, 'BadTimelock')
        .withArgs(ZeroAddress)
    })

    it("knows a timelock that is named by its masked id by the timelock's own address", async () => {
      const { timelock } = await loadFixture(byAccount)
      await installActors()
      const book = await ethers.getContractAt('AddressBook', ACTOR_ADDRESSES.addressBook)
      await book.assign(timelock.address, 2003n)
      const arbiter = await ethers.deployContract('TimelockArbiter', [maskedIdAddress(2003n)])
      expect(await arbiter.timelock()).to.equal(timelock.address)
    })
  })

  describe('rule', () => {
    for (const [name, ruling] of [
      ['Upheld', Upheld],
      ['Rejected', Rejected],
    ] as const) {
      it(`rules ${name} and closes the challenge in the same transaction`, async () => {
        const { arbiter, stub } = await loadFixture(byAccount)

        await expect(arbiter.rule(stub, ID, STAGE, ruling))
          .to.emit(arbiter, 'Ruled')
          .withArgs(stub, ID, STAGE, ruling, true)

        expect(await stub.lastRuling()).to.equal(ruling)
        expect((await stub.getChallenge(ID)).open).to.equal(false)
        expect(await arbiter.rulingOf(stub, ID, STAGE)).to.equal(ruling)
      })
    }

    context('when the registry cannot act on the ruling', () => {
      it('keeps it, and takes no other', async () => {
        const { arbiter, stub } = await loadFixture(byAccount)
        await stub.setBroken(true)

        await expect(arbiter.rule(stub, ID, STAGE, Rejected))
          .to.emit(arbiter, 'Ruled')
          .withArgs(stub, ID, STAGE, Rejected, false)

        expect(await arbiter.rulingOf(stub, ID, STAGE)).to.equal(Rejected)
        await expect(arbiter.rule(stub, ID, STAGE, Upheld))
          .to.be.revertedWithCustomError(arbiter, 'AlreadyRuled')
          .withArgs(stub, ID, STAGE, Rejected)
      })
    })

    it('is taken at the deadline', async () => {
      const { arbiter, stub, deadline } = await loadFixture(byAccount)
      await mineUpTo(deadline - 1n)
      await expect(arbiter.rule(stub, ID, STAGE, Upheld)).to.emit(arbiter, 'Ruled')
      expect(await epoch()).to.equal(deadline)
    })

    it('is refused after the deadline', async () => {
      const { arbiter, stub, deadline } = await loadFixture(byAccount)
      await mineUpTo(deadline)
      await expect(arbiter.rule(stub, ID, STAGE, Upheld))
        .to.be.revertedWithCustomError(arbiter, 'RulingTooLate')
        .withArgs(deadline, deadline + 1n)
    })

    it('is refused from anybody but the timelock', async () => {
      const { arbiter, timelock, stranger, stub } = await loadFixture(byAccount)
      await expect(arbiter.connect(stranger).rule(stub, ID, STAGE, Upheld))
        .to.be.revertedWithCustomError(arbiter, 'NotTimelock')
        .withArgs(timelock.address, stranger.address)
    })

    for (const [name, ruling] of [
      ['None', RULING.None],
      ['Silent', RULING.Silent],
    ] as const) {
      it(`is refused for ${name}`, async () => {
        const { arbiter, stub } = await loadFixture(byAccount)
        await expect(arbiter.rule(stub, ID, STAGE, ruling))
          .to.be.revertedWithCustomError(arbiter, 'BadRuling')
          .withArgs(ruling)
      })
    }

    for (const [name, id, stage] of [
      ['a request that was never challenged', ID + 1n, 0n],
      ['another stage than the challenged one', ID, STAGE + 1n],
    ] as const) {
      it(`is refused on ${name}`, async () => {
        const { arbiter, stub } = await loadFixture(byAccount)
        await expect(arbiter.rule(stub, id, stage, Upheld))
          .to.be.revertedWithCustomError(arbiter, 'NoOpenChallenge')
          .withArgs(stub, id, stage)
      })
    }

    it('is refused when the challenge is closed', async () => {
      const { arbiter, stub } = await loadFixture(byAccount)
      await arbiter.rule(stub, ID, STAGE, Upheld)
      await expect(arbiter.rule(stub, ID, STAGE, Upheld))
        .to.be.revertedWithCustomError(arbiter, 'NoOpenChallenge')
        .withArgs(stub, ID, STAGE)
    })
  })

  describe("with OpenZeppelin's TimelockController", () => {
    type World = Awaited<ReturnType<typeof byController>>

    const operation = async ({ arbiter, stub }: World, ruling: bigint) =>
      [
        await arbiter.getAddress(),
        0n,
        arbiter.interface.encodeFunctionData('rule', [await stub.getAddress(), ID, STAGE, ruling]),
        ZeroHash,
        ZeroHash,
      ] as const

    it('schedule, wait, execute rules on the challenge', async () => {
      const world = await loadFixture(byController)
      const { arbiter, controller, proposer, stranger, stub } = world
      const call = await operation(world, Rejected)
      await controller.connect(proposer).schedule(...call, DELAY)

      await expect(controller.connect(stranger).execute(...call)).to.be.revertedWithCustomError(
        controller,
        'TimelockUnexpectedOperationState',
      )
      await networkHelpers.time.increase(DELAY)

      await expect(controller.connect(stranger).execute(...call))
        .to.emit(arbiter, 'Ruled')
        .withArgs(stub, ID, STAGE, Rejected, true)
      expect(await stub.lastRuling()).to.equal(Rejected)
      await expect(controller.connect(stranger).execute(...call)).to.be.revertedWithCustomError(
        controller,
        'TimelockUnexpectedOperationState',
      )
    })

    it('what was not scheduled is refused, whoever executes it', async () => {
      const world = await loadFixture(byController)
      const { controller, proposer, arbiter, stub } = world
      await expect(controller.execute(...(await operation(world, Upheld)))).to.be.revertedWithCustomError(
        controller,
        'TimelockUnexpectedOperationState',
      )
      await expect(arbiter.connect(proposer).rule(stub, ID, STAGE, Upheld))
        .to.be.revertedWithCustomError(arbiter, 'NotTimelock')
        .withArgs(controller, proposer.address)
    })

    it('what is executed after the deadline of the challenge is refused', async () => {
      const world = await loadFixture(byController)
      const { arbiter, controller, proposer, stub, deadline } = world
      const call = await operation(world, Upheld)
      await controller.connect(proposer).schedule(...call, DELAY)
      await networkHelpers.time.increase(DELAY)
      await mineUpTo(deadline)

      await expect(controller.execute(...call))
        .to.be.revertedWithCustomError(arbiter, 'RulingTooLate')
        .withArgs(deadline, deadline + 1n)
      expect(await arbiter.rulingOf(stub, ID, STAGE)).to.equal(RULING.None)
    })
  })
})
