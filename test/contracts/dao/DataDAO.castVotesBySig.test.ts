import { expect } from 'chai'
import { artifacts } from 'hardhat'
import { createMiners } from '../../../scripts/local/actors.ts'
import { rpc } from '../../helpers/actors.ts'
import {
  badgeDao,
  ethers,
  FAULT,
  loadFixture,
  maskedOf,
  mineUpTo,
  now,
  passToVote,
  proposeCid,
  proposeCidAsProvider,
  signBallot,
  SUPPORT,
  tokenDao,
  WEIGHTS,
  type DaoWorld,
  type Proposal,
  type SignedBallot,
} from './world.ts'

const MAX_BALLOTS = 64
const REASON = 'I have looked at it'

type Voted = DaoWorld & { proposal: Proposal }

const beingVotedOn = async (): Promise<Voted> => {
  const w = await badgeDao()
  const proposal = await proposeCid(w)
  await passToVote(proposal)
  return { ...w, proposal }
}

const byWeight = async (): Promise<Voted> => {
  const w = await tokenDao()
  const proposal = await proposeCid(w)
  await passToVote(proposal)
  return { ...w, proposal }
}

const nonceKey = ({ id }: Proposal) => BigInt.asUintN(192, id)

describe('DataDAO.castVotesBySig', () => {
  it('counts every ballot for who signed it, with its reason, whoever sends them', async () => {
    const w = await loadFixture(byWeight)
    const { dao, members, stranger, proposal } = w
    const ballots = [
      await signBallot(w, members[1], proposal.id, { reason: REASON }),
      await signBallot(w, members[2], proposal.id, { support: SUPPORT.Against }),
      await signBallot(w, members[3], proposal.id, { support: SUPPORT.Abstain }),
    ]
    expect(await dao.castVotesBySig.staticCall(proposal.id, ballots, { blockTag: 'pending' })).to.equal(3n)
    const sent = dao.connect(stranger).castVotesBySig(proposal.id, ballots)
    await expect(sent)
      .to.emit(dao, 'VoteCast')
      .withArgs(members[1].address, proposal.id, SUPPORT.For, WEIGHTS[1], REASON)
      .to.emit(dao, 'VoteCast')
      .withArgs(members[2].address, proposal.id, SUPPORT.Against, WEIGHTS[2], '')
      .to.emit(dao, 'VoteCast')
      .withArgs(members[3].address, proposal.id, SUPPORT.Abstain, WEIGHTS[3], '')
    expect(await dao.proposalVotes(proposal.id)).to.deep.equal([WEIGHTS[2], WEIGHTS[1], WEIGHTS[3]])
  })

  it('uses up the nonce of that proposal alone', async () => {
    const w = await loadFixture(beingVotedOn)
    const { dao, members, proposal } = w
    const first = nonceKey(proposal) << 64n
    expect(await dao['nonces(address,uint192)'](members[1], nonceKey(proposal))).to.equal(first)
    await dao.castVotesBySig(proposal.id, [await signBallot(w, members[1], proposal.id)])
    expect(await dao['nonces(address,uint192)'](members[1], nonceKey(proposal))).to.equal(first + 1n)
    expect(await dao['nonces(address,uint192)'](members[2], nonceKey(proposal))).to.equal(first)
    expect(await dao['nonces(address)'](members[1])).to.equal(0n)
  })

  it('finds the nonce used up by a vote of any other way', async () => {
    const w = await loadFixture(beingVotedOn)
    const { dao, members, proposal } = w
    await dao.connect(members[1]).castVote(proposal.id, SUPPORT.For)
    expect(await dao['nonces(address,uint192)'](members[1], nonceKey(proposal))).to.equal(
      (nonceKey(proposal) << 64n) + 1n,
    )
  })

  it('counts one in its last epoch', async () => {
    const w = await loadFixture(beingVotedOn)
    const expiryEpoch = (await now()) + 5n
    const ballot = await signBallot(w, w.members[1], w.proposal.id, { expiryEpoch })
    await mineUpTo(expiryEpoch - 1n)
    await w.dao.castVotesBySig(w.proposal.id, [ballot])
    expect(await w.dao.hasVoted(w.proposal.id, w.members[1])).to.equal(true)
  })

  it('counts one of an ERC-1271 wallet', async () => {
    const w = await loadFixture(byWeight)
    const { dao, token, members, proposal: old } = w
    const wallet = await ethers.deployContract('SignerWallet', [members[1]])
    await token.connect(members[1]).transfer(wallet, WEIGHTS[1])
    await token.connect(members[2]).delegate(wallet)
    const proposal = await proposeCid(w, { cid: '0x01551220' + 'dd'.repeat(32) })
    await passToVote(proposal)
    const voter = await wallet.getAddress()
    await dao.castVotesBySig(proposal.id, [await signBallot(w, members[1], proposal.id, { voter })])
    expect(await dao.proposalVotes(proposal.id)).to.deep.equal([0n, WEIGHTS[2], 0n])
    expect(await dao.hasVoted(old.id, voter)).to.equal(false)
  })

  it('counts a voter that is named by its masked id as the account itself', async () => {
    const w = await loadFixture(beingVotedOn)
    const { dao, members, proposal } = w
    const ballot = await signBallot(w, members[1], proposal.id)
    await dao.castVotesBySig(proposal.id, [{ ...ballot, voter: await maskedOf(members[1]) }])
    expect(await dao.hasVoted(proposal.id, members[1])).to.equal(true)
  })

  context('a ballot that is not good', () => {
    /** Given beside a good one of the last member, it is refused and the other counts. */
    const refused = async (w: Voted, ballot: SignedBallot, fault: bigint, voter = ballot.voter) => {
      const good = await signBallot(w, w.members[4], w.proposal.id)
      await expect(w.dao.castVotesBySig(w.proposal.id, [ballot, good]))
        .to.emit(w.dao, 'BallotRefused')
        .withArgs(w.proposal.id, voter, fault)
      expect(await w.dao.hasVoted(w.proposal.id, w.members[4])).to.equal(true)
      expect(await w.dao.proposalVotes(w.proposal.id)).to.deep.equal([0n, 1n, 0n])
    }

    it('is refused alone when it is of no known way', async () => {
      const w = await loadFixture(beingVotedOn)
      await refused(w, await signBallot(w, w.members[1], w.proposal.id, { support: 3n }), FAULT.BadSupport)
    })

    it('is refused alone after its last epoch', async () => {
      const w = await loadFixture(beingVotedOn)
      const expiryEpoch = await now()
      await refused(w, await signBallot(w, w.members[1], w.proposal.id, { expiryEpoch }), FAULT.Expired)
    })

    it('is refused alone when its voter had no weight', async () => {
      const w = await loadFixture(beingVotedOn)
      await refused(w, await signBallot(w, w.stranger, w.proposal.id), FAULT.NoWeight)
    })

    it('is refused alone when its voter proposed it', async () => {
      const w = await loadFixture(beingVotedOn)
      await refused(w, await signBallot(w, w.members[0], w.proposal.id), FAULT.Barred)
    })

    for (const [what, given] of [
      ['another nonce', { nonce: 7n }],
      ['another chain', { domain: { chainId: 1 } }],
      ['another DAO', { domain: { verifyingContract: '0x' + '11'.repeat(20) } }],
    ] as const) {
      it(`is refused alone when it is signed for ${what}`, async () => {
        const w = await loadFixture(beingVotedOn)
        await refused(w, await signBallot(w, w.members[1], w.proposal.id, given), FAULT.BadSignature)
      })
    }

    it('is refused alone when it is signed for another proposal', async () => {
      const w = await loadFixture(beingVotedOn)
      await refused(w, await signBallot(w, w.members[1], w.proposal.id + 1n), FAULT.BadSignature)
    })

    for (const [what, change] of [
      ['way', { support: SUPPORT.Against }],
      ['reason', { reason: REASON }],
      ['last epoch', { expiryEpoch: 1_000_000n }],
    ] as const) {
      it(`is refused alone when its ${what} is not the one that was signed`, async () => {
        const w = await loadFixture(beingVotedOn)
        const ballot = await signBallot(w, w.members[1], w.proposal.id)
        await refused(w, { ...ballot, ...change }, FAULT.BadSignature)
      })
    }

    it('is refused alone when another signed it', async () => {
      const w = await loadFixture(beingVotedOn)
      const voter = w.members[1].address
      await refused(w, await signBallot(w, w.members[2], w.proposal.id, { voter }), FAULT.BadSignature)
    })

    it('is refused alone the second time, in the same batch too', async () => {
      const w = await loadFixture(beingVotedOn)
      const { dao, members, proposal } = w
      const ballot = await signBallot(w, members[1], proposal.id)
      await expect(dao.castVotesBySig(proposal.id, [ballot, ballot]))
        .to.emit(dao, 'BallotRefused')
        .withArgs(proposal.id, members[1].address, FAULT.AlreadyVoted)
      const masked = { ...ballot, voter: await maskedOf(members[1]) }
      await expect(dao.castVotesBySig(proposal.id, [masked, await signBallot(w, members[2], proposal.id)]))
        .to.emit(dao, 'BallotRefused')
        .withArgs(proposal.id, members[1].address, FAULT.AlreadyVoted)
      expect(await dao.proposalVotes(proposal.id)).to.deep.equal([0n, 2n, 0n])
    })

    for (const support of [SUPPORT.For, SUPPORT.Abstain]) {
      it(`is refused alone when its voter controls the storage provider that proposed, ${support}`, async () => {
        const w = await loadFixture(badgeDao)
        const proposal = await proposeCidAsProvider(w)
        await passToVote(proposal)
        await controlledBy(w, w.members[1].address)
        const ballot = await signBallot(w, w.members[1], proposal.id, { support })
        await refused({ ...w, proposal }, ballot, FAULT.Barred)
      })
    }

    it('is none when its voter controls that provider and votes against it', async () => {
      const w = await loadFixture(badgeDao)
      const proposal = await proposeCidAsProvider(w)
      await passToVote(proposal)
      await controlledBy(w, w.members[1].address)
      const against = { support: SUPPORT.Against }
      await w.dao.castVotesBySig(proposal.id, [await signBallot(w, w.members[1], proposal.id, against)])
      expect(await w.dao.proposalVotes(proposal.id)).to.deep.equal([1n, 0n, 0n])
    })
  })

  it('refuses a batch of which none counts', async () => {
    const w = await loadFixture(beingVotedOn)
    const bad = await signBallot(w, w.stranger, w.proposal.id)
    for (const ballots of [[], [bad], [bad, bad]]) {
      await expect(w.dao.castVotesBySig(w.proposal.id, ballots))
        .to.be.revertedWithCustomError(w.dao, 'NoBallotCounted')
        .withArgs(w.proposal.id)
    }
  })

  it('takes 64 ballots, and refuses 65', async () => {
    const w = await loadFixture(beingVotedOn)
    const good = await signBallot(w, w.members[1], w.proposal.id)
    const bad = await signBallot(w, w.stranger, w.proposal.id)
    const full = [good, ...Array.from({ length: MAX_BALLOTS - 1 }, () => bad)]
    await expect(w.dao.castVotesBySig(w.proposal.id, [...full, bad]))
      .to.be.revertedWithCustomError(w.dao, 'TooManyBallots')
      .withArgs(MAX_BALLOTS, MAX_BALLOTS + 1)
    await w.dao.castVotesBySig(w.proposal.id, full)
    expect(await w.dao.proposalVotes(w.proposal.id)).to.deep.equal([0n, 1n, 0n])
  })
})

async function controlledBy({ sp }: DaoWorld, control: string) {
  const [owner, worker] = [sp.owner.address, sp.worker.address]
  await createMiners(await rpc(), artifacts, [{ id: sp.miner, owner, worker, control: [control] }])
}
