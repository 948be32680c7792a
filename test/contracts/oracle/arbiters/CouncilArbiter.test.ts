import { expect } from 'chai'
import { ZeroAddress } from 'ethers'
import { ACTOR_ADDRESSES, maskedIdAddress } from '../../../../scripts/local/actors.ts'
import { installActors } from '../../../helpers/actors.ts'
import { challenged, challengedAlike, epoch, ethers, ID, loadFixture, mineUpTo, RULING, STAGE } from './world.ts'

const { Upheld, Rejected } = RULING

describe('CouncilArbiter', () => {
  /** Three members of whom two decide; a stranger; a registry with an open challenge. */
  async function council() {
    const [stranger, ...signers] = await ethers.getSigners()
    const members = signers.slice(0, 3)
    const arbiter = await ethers.deployContract('CouncilArbiter', [members.map(({ address }) => address), 2])
    return { arbiter, members, stranger: stranger, ...(await challenged()) }
  }

  /** One vote, for Upheld, is cast. */
  async function voted() {
    const world = await council()
    await world.arbiter.connect(world.members[0]).vote(world.stub, ID, STAGE, Upheld)
    return world
  }

  /** The council ruled Upheld, but the registry could not act on it. */
  async function stuck() {
    const world = await council()
    await world.stub.setBroken(true)
    for (const member of world.members.slice(0, 2)) {
      await world.arbiter.connect(member).vote(world.stub, ID, STAGE, Upheld)
    }
    return world
  }

  describe('constructor', () => {
    const address = (i: number) => `0x${'00'.repeat(18)}ff${i.toString(16).padStart(2, '0')}`
    const addresses = (count: number) => Array.from({ length: count }, (_, i) => address(i))
    const create = (members: string[], threshold: number) =>
      ethers.deployContract('CouncilArbiter', [members, threshold])

    it('keeps the members in their order, and the threshold', async () => {
      const arbiter = await create(addresses(5), 3)
      expect((await arbiter.getMembers()).map((member) => member.toLowerCase())).to.deep.equal(addresses(5))
      expect(await arbiter.threshold()).to.equal(3n)
    })

    it('takes 31 members, and one', async () => {
      expect((await (await create(addresses(31), 31)).getMembers()).length).to.equal(31)
      expect((await (await create(addresses(1), 1)).getMembers()).length).to.equal(1)
    })

    for (const count of [0, 32]) {
      it(`refuses ${count} members`, async () => {
        const { arbiter } = await loadFixture(council)
        await expect(create(addresses(count), count))
          .to.be.revertedWithCustomError(arbiter, 'BadMemberCount')
          .withArgs(31n, count)
      })
    }

    for (const [count, threshold] of [
      [3, 1],
      [4, 2],
      [3, 0],
      [3, 4],
    ] as const) {
      it(`refuses ${threshold} of ${count}: no majority, or more than all`, async () => {
        const { arbiter } = await loadFixture(council)
        await expect(create(addresses(count), threshold))
          .to.be.revertedWithCustomError(arbiter, 'BadThreshold')
          .withArgs(count, threshold)
      })
    }

    for (const [count, threshold] of [
      [3, 2],
      [4, 3],
      [4, 4],
    ] as const) {
      it(`takes ${threshold} of ${count}`, async () => {
        expect(await (await create(addresses(count), threshold)).threshold()).to.equal(threshold)
      })
    }

    it('refuses the zero address', async () => {
      const { arbiter } = await loadFixture(council)
      await expect(create([address(1), ZeroAddress], 2))
        .to.be.revertedWithCustomError(arbiter, 'BadMember')
        .withArgs(ZeroAddress)
    })

    it('refuses the same member twice', async () => {
      const { arbiter } = await loadFixture(council)
      await expect(create([address(1), address(2), address(1)], 2))
        .to.be.revertedWithCustomError(arbiter, 'DuplicateMember')
        .withArgs(address(1))
    })

    it("knows a member that is named by its masked id by the member's own address", async () => {
      const { members } = await loadFixture(council)
      await installActors()
      const book = await ethers.getContractAt('AddressBook', ACTOR_ADDRESSES.addressBook)
      await book.assign(members[0].address, 2003n)

      const arbiter = await create([maskedIdAddress(2003n)], 1)
      expect(await arbiter.getMembers()).to.deep.equal([members[0].address])
      await expect(create([members[0].address, maskedIdAddress(2003n)], 2))
        .to.be.revertedWithCustomError(arbiter, 'DuplicateMember')
        .withArgs(members[0].address)
    })
  })

  describe('vote', () => {
    context('as the first vote', () => {
      for (const [name, ruling, counts] of [
        ['Upheld', Upheld, [1n, 0n]],
        ['Rejected', Rejected, [0n, 1n]],
      ] as const) {
        it(`counts for ${name} and decides nothing`, async () => {
          const { arbiter, members, stub } = await loadFixture(council)

          await expect(arbiter.connect(members[2]).vote(stub, ID, STAGE, ruling))
            .to.emit(arbiter, 'CouncilVoted')
            .withArgs(stub, ID, STAGE, members[2].address, ruling)
            .and.not.to.emit(arbiter, 'Ruled')

          expect(await arbiter.votesOn(stub, ID)).to.deep.equal(counts)
          expect(await arbiter.rulingOf(stub, ID, STAGE)).to.equal(RULING.None)
          expect(await stub.resolved()).to.equal(0n)
        })
      }
    })

    context('when it makes the threshold', () => {
      for (const [name, ruling] of [
        ['Upheld', Upheld],
        ['Rejected', Rejected],
      ] as const) {
        it(`rules ${name} and closes the challenge in the same transaction`, async () => {
          const { arbiter, members, stub } = await loadFixture(council)
          await arbiter.connect(members[2]).vote(stub, ID, STAGE, ruling)

          await expect(arbiter.connect(members[0]).vote(stub, ID, STAGE, ruling))
            .to.emit(arbiter, 'CouncilVoted')
            .withArgs(stub, ID, STAGE, members[0].address, ruling)
            .and.to.emit(arbiter, 'Ruled')
            .withArgs(stub, ID, STAGE, ruling, true)

          expect(await stub.lastRuling()).to.equal(ruling)
          expect((await stub.getChallenge(ID)).open).to.equal(false)
          expect(await arbiter.rulingOf(stub, ID, STAGE)).to.equal(ruling)
        })
      }
    })

    context('when votes differ', () => {
      it('waits for the threshold on one side', async () => {
        const { arbiter, members, stub } = await loadFixture(voted)

        await arbiter.connect(members[1]).vote(stub, ID, STAGE, Rejected)
        expect(await arbiter.votesOn(stub, ID)).to.deep.equal([1n, 1n])
        expect(await arbiter.rulingOf(stub, ID, STAGE)).to.equal(RULING.None)

        await arbiter.connect(members[2]).vote(stub, ID, STAGE, Rejected)
        expect(await arbiter.votesOn(stub, ID)).to.deep.equal([1n, 2n])
        expect(await stub.lastRuling()).to.equal(Rejected)
      })
    })

    context('with any amount of gas', () => {
      it('rules and has the registry act on it, or does neither: an estimate never finds a ruling that nothing follows', async () => {
        const outcomes = new Set<string>()
        for (let gasLimit = 70_000n; gasLimit <= 200_000n; gasLimit += 1_000n) {
          const { arbiter, members, stub } = await loadFixture(voted)
          const sent = arbiter.connect(members[1]).vote(stub, ID, STAGE, Upheld, { gasLimit })
          const done = await sent.then(
            () => true,
            () => false,
          )

          const ruled = (await arbiter.rulingOf(stub, ID, STAGE)) === Upheld
          const open = (await stub.getChallenge(ID)).open
          expect({ ruled, open }, `with ${gasLimit} gas`).to.deep.equal({ ruled: done, open: !done })
          outcomes.add(done ? 'ruled' : 'reverted')
        }
        expect([...outcomes]).to.have.members(['ruled', 'reverted'])
      })
    })

    context('when the registry cannot act on the ruling', () => {
      it('keeps the ruling, for anyone to have the registry act on it later', async () => {
        const { arbiter, members, stub } = await loadFixture(voted)
        await stub.setBroken(true)

        await expect(arbiter.connect(members[1]).vote(stub, ID, STAGE, Upheld))
          .to.emit(arbiter, 'Ruled')
          .withArgs(stub, ID, STAGE, Upheld, false)

        expect((await stub.getChallenge(ID)).open).to.equal(true)
        expect(await arbiter.rulingOf(stub, ID, STAGE)).to.equal(Upheld)
      })

      it('takes no further vote', async () => {
        const { arbiter, members, stub } = await loadFixture(stuck)
        await expect(arbiter.connect(members[2]).vote(stub, ID, STAGE, Rejected))
          .to.be.revertedWithCustomError(arbiter, 'AlreadyRuled')
          .withArgs(stub, ID, STAGE, Upheld)
      })
    })

    it('is taken at the deadline', async () => {
      const { arbiter, members, stub, deadline } = await loadFixture(voted)
      await mineUpTo(deadline - 1n)
      await expect(arbiter.connect(members[1]).vote(stub, ID, STAGE, Upheld)).to.emit(arbiter, 'Ruled')
      expect(await epoch()).to.equal(deadline)
    })

    it('is refused after the deadline', async () => {
      const { arbiter, members, stub, deadline } = await loadFixture(voted)
      await mineUpTo(deadline)
      await expect(arbiter.connect(members[1]).vote(stub, ID, STAGE, Upheld))
        .to.be.revertedWithCustomError(arbiter, 'RulingTooLate')
        .withArgs(deadline, deadline + 1n)
    })

    it('is refused from a stranger', async () => {
      const { arbiter, stranger, stub } = await loadFixture(council)
      await expect(arbiter.connect(stranger).vote(stub, ID, STAGE, Upheld))
        .to.be.revertedWithCustomError(arbiter, 'NotMember')
        .withArgs(stranger.address)
    })

    for (const ruling of [Upheld, Rejected]) {
      it(`is refused twice from a member (${ruling === Upheld ? 'the same' : 'another'} ruling)`, async () => {
        const { arbiter, members, stub } = await loadFixture(voted)
        await expect(arbiter.connect(members[0]).vote(stub, ID, STAGE, ruling))
          .to.be.revertedWithCustomError(arbiter, 'AlreadyVoted')
          .withArgs(stub, ID, STAGE, members[0].address)
      })
    }

    for (const [name, ruling] of [
      ['None', RULING.None],
      ['Silent', RULING.Silent],
    ] as const) {
      it(`is refused for ${name}`, async () => {
        const { arbiter, members, stub } = await loadFixture(council)
        await expect(arbiter.connect(members[0]).vote(stub, ID, STAGE, ruling))
          .to.be.revertedWithCustomError(arbiter, 'BadRuling')
          .withArgs(ruling)
      })
    }

    for (const [name, id, stage] of [
      ['a request that was never challenged', ID + 1n, 0n],
      ['another stage than the challenged one', ID, STAGE + 1n],
    ] as const) {
      it(`is refused on ${name}`, async () => {
        const { arbiter, members, stub } = await loadFixture(council)
        await expect(arbiter.connect(members[0]).vote(stub, id, stage, Upheld))
          .to.be.revertedWithCustomError(arbiter, 'NoOpenChallenge')
          .withArgs(stub, id, stage)
      })
    }

    it('is refused when the challenge is closed', async () => {
      const { arbiter, members, stub } = await loadFixture(voted)
      await arbiter.connect(members[1]).vote(stub, ID, STAGE, Upheld)
      await expect(arbiter.connect(members[2]).vote(stub, ID, STAGE, Upheld))
        .to.be.revertedWithCustomError(arbiter, 'NoOpenChallenge')
        .withArgs(stub, ID, STAGE)
    })

    it('reverts on what is no registry', async () => {
      const { arbiter, members, stranger } = await loadFixture(council)
      await expect(arbiter.connect(members[0]).vote(stranger.address, ID, STAGE, Upheld)).to.revert(ethers)
    })
  })

  describe('cases', () => {
    it('of two registries have nothing in common', async () => {
      const { arbiter, members } = await loadFixture(council)
      const { stub, other } = await challengedAlike()
      await arbiter.connect(members[0]).vote(stub, ID, STAGE, Upheld)

      await arbiter.connect(members[0]).vote(other, ID, STAGE, Rejected)
      await arbiter.connect(members[1]).vote(other, ID, STAGE, Rejected)

      expect(await arbiter.rulingOf(other, ID, STAGE)).to.equal(Rejected)
      expect(await arbiter.rulingOf(stub, ID, STAGE)).to.equal(RULING.None)
      expect(await arbiter.votesOn(stub, ID)).to.deep.equal([1n, 0n])
    })

    it('of two challenges of one stage have nothing in common', async () => {
      const { arbiter, members, stub } = await loadFixture(stuck)
      expect(await arbiter.rulingOf(stub, ID, STAGE)).to.equal(Upheld)

      await stub.open(ID, STAGE, (await epoch()) + 100n)

      expect(await arbiter.rulingOf(stub, ID, STAGE)).to.equal(RULING.None)
      expect(await arbiter.votesOn(stub, ID)).to.deep.equal([0n, 0n])
      await arbiter.connect(members[0]).vote(stub, ID, STAGE, Rejected)
      expect(await arbiter.votesOn(stub, ID)).to.deep.equal([0n, 1n])
    })
  })

  describe('rulingOf', () => {
    it('is None on another stage than the last challenge was about', async () => {
      const { arbiter, stub } = await loadFixture(stuck)
      expect(await arbiter.rulingOf(stub, ID, STAGE)).to.equal(Upheld)
      expect(await arbiter.rulingOf(stub, ID, STAGE + 1n)).to.equal(RULING.None)
      expect(await arbiter.rulingOf(stub, ID + 1n, 0n)).to.equal(RULING.None)
    })
  })

  describe('hasVoted', () => {
    it('is true of a member that voted on the last challenge, either way', async () => {
      const { arbiter, members, stranger, stub } = await loadFixture(voted)
      await arbiter.connect(members[1]).vote(stub, ID, STAGE, Rejected)
      const voters = [members[0], members[1], members[2], stranger]
      const all = await Promise.all(voters.map(({ address }) => arbiter.hasVoted(stub, ID, address)))
      expect(all).to.deep.equal([true, true, false, false])
      expect(await arbiter.hasVoted(stub, ID + 1n, members[0].address)).to.equal(false)
    })
  })
})
