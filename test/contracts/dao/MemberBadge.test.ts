import { expect } from 'chai'
import { ZeroAddress } from 'ethers'
import {
  badgeDao,
  daoWorld,
  ethers,
  execute,
  loadFixture,
  maskedOf,
  mine,
  now,
  OUT_OF_BOUNDS,
  passToVote,
  propose,
  proposeCid,
  ripen,
  type DaoWorld,
} from './world.ts'

const MAX = 100
const MAX_UINT = 2n ** 256n - 1n
const INTERFACES = {
  'ERC-165': '0x01ffc9a7',
  'ERC-721': '0x80ac58cd',
  'ERC-721 metadata': '0x5b5e139f',
  'ERC-5192': '0xb45a3c0e',
}

const threshold2 = () => daoWorld({ settings: { proposalThreshold: 2n, quorumPercent: 20n } })

const addresses = (count: number) =>
  Array.from({ length: count }, (_, at) => ethers.getAddress('0x' + (4096 + at).toString(16).padStart(40, '0')))

const decide = async (w: DaoWorld, name: 'admit' | 'remove', accounts: string[]) => {
  const proposal = await propose(w, [
    { target: w.badge, data: w.badge.interface.encodeFunctionData(name as 'admit', [accounts]) },
  ])
  await ripen(w, proposal)
  return proposal
}

describe('MemberBadge', () => {
  it('is one badge and one vote for each member from the first moment', async () => {
    const { badge, members } = await loadFixture(badgeDao)
    expect([await badge.name(), await badge.symbol()]).to.deep.equal(['Curators', 'CUR'])
    expect(await badge.totalSupply()).to.equal(5n)
    for (const { address } of members) {
      expect(await badge.balanceOf(address)).to.equal(1n)
      expect(await badge.ownerOf(BigInt(address))).to.equal(address)
      expect([await badge.delegates(address), await badge.getVotes(address)]).to.deep.equal([address, 1n])
    }
  })

  it('belongs to the DAO, and counts blocks', async () => {
    const { badge, dao, treasury } = await loadFixture(badgeDao)
    expect([await badge.dao(), await badge.treasury()]).to.deep.equal([
      await dao.getAddress(),
      await treasury.getAddress(),
    ])
    expect([await badge.clock(), await badge.CLOCK_MODE()]).to.deep.equal([
      await now(),
      'mode=blocknumber&from=default',
    ])
  })

  for (const [name, id] of Object.entries(INTERFACES)) {
    it(`says that it is an ${name}`, async () => {
      const { badge } = await loadFixture(badgeDao)
      expect(await badge.supportsInterface(id)).to.equal(true)
    })
  }

  it('does not say that it is anything else', async () => {
    const { badge } = await loadFixture(badgeDao)
    for (const id of ['0xffffffff', '0x12345678']) expect(await badge.supportsInterface(id)).to.equal(false)
  })

  describe('admit', () => {
    it('makes members, whose votes count from then on', async () => {
      const w = await loadFixture(badgeDao)
      const [one, two] = [w.stranger.address, w.guardian.address]
      const proposal = await decide(w, 'admit', [one, two])
      await expect(execute(w, proposal))
        .to.emit(w.badge, 'Transfer')
        .withArgs(ZeroAddress, one, BigInt(one))
        .to.emit(w.badge, 'Locked')
        .withArgs(BigInt(one))
        .to.emit(w.badge, 'DelegateChanged')
        .withArgs(two, ZeroAddress, two)
      await mine()
      const since = (await now()) - 1n
      expect([await w.badge.totalSupply(), await w.badge.getPastTotalSupply(since)]).to.deep.equal([7n, 7n])
      expect([await w.badge.getVotes(one), await w.badge.getPastVotes(one, since - 1n)]).to.deep.equal([1n, 0n])
    })

    it('leaves a delegation that the account had made before', async () => {
      const w = await loadFixture(badgeDao)
      await w.badge.connect(w.stranger).delegate(w.members[1])
      await execute(w, await decide(w, 'admit', [w.stranger.address]))
      expect(await w.badge.delegates(w.stranger)).to.equal(w.members[1].address)
      expect(await w.badge.getVotes(w.members[1])).to.equal(2n)
    })

    it('refuses a member, by its masked id too', async () => {
      const w = await loadFixture(badgeDao)
      for (const account of [w.members[1].address, await maskedOf(w.members[1])]) {
        await expect(execute(w, await decide(w, 'admit', [account])))
          .to.be.revertedWithCustomError(w.badge, 'AlreadyMember')
          .withArgs(w.members[1].address)
      }
    })

    it('makes the account itself a member when it is named by its masked id', async () => {
      const w = await loadFixture(badgeDao)
      const masked = await maskedOf(w.stranger)
      await execute(w, await decide(w, 'admit', [masked]))
      expect([await w.badge.balanceOf(w.stranger), await w.badge.balanceOf(masked)]).to.deep.equal([1n, 0n])
    })

    it('refuses the zero address', async () => {
      const w = await loadFixture(badgeDao)
      await expect(execute(w, await decide(w, 'admit', [ZeroAddress])))
        .to.be.revertedWithCustomError(w.badge, 'NoAccount')
        .withArgs()
    })

    it('takes 100 at once, and refuses none and 101', async () => {
      const w = await loadFixture(badgeDao)
      for (const count of [0, MAX + 1]) {
        await expect(execute(w, await decide(w, 'admit', addresses(count))))
          .to.be.revertedWithCustomError(...OUT_OF_BOUNDS)
          .withArgs('accounts', 1n, MAX, count)
      }
      await execute(w, await decide(w, 'admit', addresses(MAX)))
      expect(await w.badge.totalSupply()).to.equal(105n)
    })

    it('is for executed proposals alone', async () => {
      const w = await loadFixture(badgeDao)
      await expect(w.badge.connect(w.members[0]).admit([w.stranger]))
        .to.be.revertedWithCustomError(w.badge, 'NotTreasury')
        .withArgs(await w.treasury.getAddress(), w.members[0].address)
    })
  })

  describe('remove', () => {
    it('takes the badge and the vote', async () => {
      const w = await loadFixture(badgeDao)
      const { address } = w.members[4]
      const proposal = await decide(w, 'remove', [address])
      await expect(execute(w, proposal)).to.emit(w.badge, 'Transfer').withArgs(address, ZeroAddress, BigInt(address))
      expect([await w.badge.balanceOf(address), await w.badge.getVotes(address)]).to.deep.equal([0n, 0n])
      expect(await w.badge.totalSupply()).to.equal(4n)
    })

    it('takes the vote from whom it was delegated to', async () => {
      const w = await loadFixture(badgeDao)
      await w.badge.connect(w.members[4]).delegate(w.members[3])
      await execute(w, await decide(w, 'remove', [w.members[4].address]))
      expect(await w.badge.getVotes(w.members[3])).to.equal(1n)
    })

    it('takes the badge of the account itself when it is named by its masked id', async () => {
      const w = await loadFixture(badgeDao)
      await execute(w, await decide(w, 'remove', [await maskedOf(w.members[4])]))
      expect(await w.badge.balanceOf(w.members[4])).to.equal(0n)
    })

    it('is followed by being admitted again', async () => {
      const w = await loadFixture(badgeDao)
      await execute(w, await decide(w, 'remove', [w.members[4].address]))
      await execute(w, await decide(w, 'admit', [w.members[4].address]))
      expect([await w.badge.getVotes(w.members[4]), await w.badge.totalSupply()]).to.deep.equal([1n, 5n])
    })

    it('refuses one who is no member, and the same one twice', async () => {
      const w = await loadFixture(badgeDao)
      const { address } = w.members[4]
      await expect(execute(w, await decide(w, 'remove', [w.stranger.address])))
        .to.be.revertedWithCustomError(w.badge, 'NotMember')
        .withArgs(w.stranger.address)
      await expect(execute(w, await decide(w, 'remove', [address, address])))
        .to.be.revertedWithCustomError(w.badge, 'NotMember')
        .withArgs(address)
      await expect(execute(w, await decide(w, 'remove', [ZeroAddress]))).to.be.revertedWithCustomError(
        w.badge,
        'NoAccount',
      )
    })

    it('leaves two members', async () => {
      const w = await loadFixture(badgeDao)
      const leavers = w.members.slice(1).map(({ address }) => address)
      await expect(execute(w, await decide(w, 'remove', leavers)))
        .to.be.revertedWithCustomError(...OUT_OF_BOUNDS)
        .withArgs('members', 6n, MAX_UINT, 5n)
      await execute(w, await decide(w, 'remove', leavers.slice(1)))
      expect(await w.badge.totalSupply()).to.equal(2n)
    })

    it('leaves twice the proposal threshold', async () => {
      const w = await loadFixture(threshold2)
      await w.badge.connect(w.members[1]).delegate(w.members[0])
      await mine()
      const leavers = w.members.slice(3).map(({ address }) => address)
      await expect(execute(w, await decide(w, 'remove', leavers)))
        .to.be.revertedWithCustomError(...OUT_OF_BOUNDS)
        .withArgs('members', 6n, MAX_UINT, 5n)
      await execute(w, await decide(w, 'remove', leavers.slice(1)))
      expect(await w.badge.totalSupply()).to.equal(4n)
    })

    it('refuses none and 101', async () => {
      const w = await loadFixture(badgeDao)
      for (const count of [0, MAX + 1]) {
        await expect(execute(w, await decide(w, 'remove', addresses(count))))
          .to.be.revertedWithCustomError(...OUT_OF_BOUNDS)
          .withArgs('accounts', 1n, MAX, count)
      }
    })

    it('is for executed proposals alone', async () => {
      const w = await loadFixture(badgeDao)
      await expect(w.badge.connect(w.members[0]).remove([w.members[1]]))
        .to.be.revertedWithCustomError(w.badge, 'NotTreasury')
        .withArgs(await w.treasury.getAddress(), w.members[0].address)
    })
  })

  describe('a badge', () => {
    it('says that it stays where it is', async () => {
      const { badge, members, stranger } = await loadFixture(badgeDao)
      expect(await badge.locked(BigInt(members[0].address))).to.equal(true)
      const none = BigInt(stranger.address)
      await expect(badge.locked(none)).to.be.revertedWithCustomError(badge, 'ERC721NonexistentToken').withArgs(none)
    })

    it('is sent by nobody: not its member, nor one whom that approved', async () => {
      const { badge, members, stranger } = await loadFixture(badgeDao)
      const [from, id] = [members[0], BigInt(members[0].address)]
      await badge.connect(from).approve(stranger, id)
      const sent = [
        () => badge.connect(from).transferFrom(from, stranger, id),
        () => badge.connect(from)['safeTransferFrom(address,address,uint256)'](from, stranger, id),
        () => badge.connect(stranger).transferFrom(from, members[1], id),
      ]
      for (const send of sent) {
        await expect(send()).to.be.revertedWithCustomError(badge, 'BadgeStays').withArgs(id)
      }
      expect(await badge.ownerOf(id)).to.equal(from.address)
    })
  })

  it('votes where it is delegated to, never twice', async () => {
    const w = await loadFixture(badgeDao)
    await w.badge.connect(w.members[1]).delegate(w.members[2])
    const proposal = await proposeCid(w)
    await passToVote(proposal)
    await w.dao.connect(w.members[2]).castVote(proposal.id, 1n)
    expect(await w.dao.proposalVotes(proposal.id)).to.deep.equal([0n, 2n, 0n])
    await expect(w.dao.connect(w.members[1]).castVote(proposal.id, 1n))
      .to.be.revertedWithCustomError(w.dao, 'NoWeight')
      .withArgs(w.members[1].address, proposal.snapshot)
  })
})
