import { expect } from 'chai'
import { artifacts } from 'hardhat'
import { createMiners } from '../../../scripts/local/actors.ts'
import { rpc, scriptActor } from '../../helpers/actors.ts'
import {
  actorCalls,
  badgeDao,
  carry,
  ethers,
  loadFixture,
  execute,
  mine,
  OTHER_CID,
  passDelay,
  passVote,
  queue,
  passToVote,
  propose,
  proposeCid,
  proposeCidAsProvider,
  PROPOSAL_STATE,
  signVote,
  signVoteWithParams,
  stateOf,
  SUPPORT,
  tokenDao,
  WEIGHTS,
  vote,
} from './world.ts'

const REASON = 'I have looked at it'
const PARAMS = '0xc0de'

const beingVotedOn = async () => {
  const w = await badgeDao()
  const proposal = await proposeCid(w)
  await passToVote(proposal)
  return { ...w, proposal }
}

const byWeight = async () => {
  const w = await tokenDao()
  const proposal = await proposeCid(w)
  await passToVote(proposal)
  return { ...w, proposal }
}

/** The control address of the storage provider is a member too. */
const byProvider = async () => {
  const w = await badgeDao()
  const data = w.badge.interface.encodeFunctionData('admit', [[w.sp.owner, w.sp.worker, w.sp.control].map(addressOf)])
  await carry(w, await propose(w, [{ target: w.badge, data }]))
  const proposal = await proposeCidAsProvider(w)
  await passToVote(proposal)
  return { ...w, proposal }
}

const addressOf = ({ address }: { address: string }) => address

describe('DataDAO: votes', () => {
  context('each of the three', () => {
    for (const [name, support, counted] of [
      ['against', SUPPORT.Against, [1n, 0n, 0n]],
      ['for', SUPPORT.For, [0n, 1n, 0n]],
      ['abstaining', SUPPORT.Abstain, [0n, 0n, 1n]],
    ] as const) {
      it(`${name} is counted as that`, async () => {
        const { dao, members, proposal } = await loadFixture(beingVotedOn)
        await expect(dao.connect(members[1]).castVote(proposal.id, support))
          .to.emit(dao, 'VoteCast')
          .withArgs(members[1].address, proposal.id, support, 1n, '')
        expect(await dao.proposalVotes(proposal.id)).to.deep.equal(counted)
      })
    }

    it('is one of three', async () => {
      const { dao, members, proposal } = await loadFixture(beingVotedOn)
      await expect(dao.connect(members[1]).castVote(proposal.id, 3n)).to.be.revertedWithCustomError(
        dao,
        'GovernorInvalidVoteType',
      )
    })
  })

  context('by weight', () => {
    it('count what each had been delegated at the snapshot', async () => {
      const { dao, members, proposal } = await loadFixture(byWeight)
      await dao.connect(members[1]).castVote(proposal.id, SUPPORT.For)
      await dao.connect(members[2]).castVote(proposal.id, SUPPORT.Against)
      await dao.connect(members[3]).castVote(proposal.id, SUPPORT.Abstain)
      expect(await dao.proposalVotes(proposal.id)).to.deep.equal([WEIGHTS[2], WEIGHTS[1], WEIGHTS[3]])
    })

    it('do not count what was sent after the snapshot', async () => {
      const { dao, token, members, stranger, proposal } = await loadFixture(byWeight)
      await token.connect(stranger).delegate(stranger)
      await token.connect(members[1]).transfer(stranger, WEIGHTS[1])
      await expect(dao.connect(stranger).castVote(proposal.id, SUPPORT.For))
        .to.be.revertedWithCustomError(dao, 'NoWeight')
        .withArgs(stranger.address, proposal.snapshot)
      await expect(dao.connect(members[1]).castVote(proposal.id, SUPPORT.For))
        .to.emit(dao, 'VoteCast')
        .withArgs(members[1].address, proposal.id, SUPPORT.For, WEIGHTS[1], '')
    })
  })

  context('by each way', () => {
    it('castVoteWithReason tells the reason', async () => {
      const { dao, members, proposal } = await loadFixture(beingVotedOn)
      await expect(dao.connect(members[1]).castVoteWithReason(proposal.id, SUPPORT.Against, REASON))
        .to.emit(dao, 'VoteCast')
        .withArgs(members[1].address, proposal.id, SUPPORT.Against, 1n, REASON)
    })

    it('castVoteWithReasonAndParams tells the parameters', async () => {
      const { dao, members, proposal } = await loadFixture(beingVotedOn)
      await expect(dao.connect(members[1]).castVoteWithReasonAndParams(proposal.id, SUPPORT.For, REASON, PARAMS))
        .to.emit(dao, 'VoteCastWithParams')
        .withArgs(members[1].address, proposal.id, SUPPORT.For, 1n, REASON, PARAMS)
      expect(await dao.proposalVotes(proposal.id)).to.deep.equal([0n, 1n, 0n])
    })

    for (const [upvote, support] of [
      [true, SUPPORT.For],
      [false, SUPPORT.Against],
    ] as const) {
      it(`voteCIDProposal(${upvote}) is a vote ${upvote ? 'for' : 'against'}`, async () => {
        const { dao, members, proposal } = await loadFixture(beingVotedOn)
        await expect(dao.connect(members[1]).voteCIDProposal(proposal.id, upvote))
          .to.emit(dao, 'VoteCast')
          .withArgs(members[1].address, proposal.id, support, 1n, '')
      })
    }

    it('castVoteBySig counts for who signed, whoever sends it, and uses the nonce up', async () => {
      const w = await loadFixture(beingVotedOn)
      const { dao, members, stranger, proposal } = w
      const signature = await signVote(w, members[1], proposal.id)
      await expect(dao.connect(stranger).castVoteBySig(proposal.id, SUPPORT.For, members[1], signature))
        .to.emit(dao, 'VoteCast')
        .withArgs(members[1].address, proposal.id, SUPPORT.For, 1n, '')
      expect(await dao['nonces(address)'](members[1])).to.equal(1n)
      expect(await dao['nonces(address,uint192)'](members[1], 0n)).to.equal(1n)
    })

    it('castVoteBySig refuses a signature of another, for another way or of another nonce', async () => {
      const w = await loadFixture(beingVotedOn)
      const { dao, members, proposal } = w
      const signatures = [
        await signVote(w, members[2], proposal.id, { voter: members[1].address, nonce: 0n }),
        await signVote(w, members[1], proposal.id, { support: SUPPORT.Against }),
        await signVote(w, members[1], proposal.id, { nonce: 1n }),
        await signVote(w, members[1], proposal.id + 1n),
      ]
      for (const signature of signatures) {
        await expect(dao.castVoteBySig(proposal.id, SUPPORT.For, members[1], signature))
          .to.be.revertedWithCustomError(dao, 'GovernorInvalidSignature')
          .withArgs(members[1].address)
      }
    })

    it('castVoteWithReasonAndParamsBySig counts for who signed', async () => {
      const w = await loadFixture(beingVotedOn)
      const { dao, members, proposal } = w
      const given = { reason: REASON, params: PARAMS }
      const signature = await signVoteWithParams(w, members[1], proposal.id, given)
      const send = (reason: string) =>
        dao.castVoteWithReasonAndParamsBySig(proposal.id, SUPPORT.For, members[1], reason, PARAMS, signature)
      await expect(send('Another')).to.be.revertedWithCustomError(dao, 'GovernorInvalidSignature')
      await expect(send(REASON))
        .to.emit(dao, 'VoteCastWithParams')
        .withArgs(members[1].address, proposal.id, SUPPORT.For, 1n, REASON, PARAMS)
    })
  })

  context('once', () => {
    it('refuses a second one by whichever way', async () => {
      const w = await loadFixture(beingVotedOn)
      const { dao, members, proposal } = w
      const voter = members[1]
      await dao.connect(voter).castVote(proposal.id, SUPPORT.For)
      const again = [
        () => dao.connect(voter).castVote(proposal.id, SUPPORT.For),
        () => dao.connect(voter).castVoteWithReason(proposal.id, SUPPORT.Against, REASON),
        () => dao.connect(voter).castVoteWithReasonAndParams(proposal.id, SUPPORT.For, REASON, PARAMS),
        () => dao.connect(voter).voteCIDProposal(proposal.id, false),
        async () => dao.castVoteBySig(proposal.id, 1n, voter, await signVote(w, voter, proposal.id)),
      ]
      for (const send of again) {
        await expect(send()).to.be.revertedWithCustomError(dao, 'GovernorAlreadyCastVote').withArgs(voter.address)
      }
      expect(await dao.proposalVotes(proposal.id)).to.deep.equal([0n, 1n, 0n])
    })
  })

  context('by whom', () => {
    it('refuses who had no weight at the snapshot', async () => {
      const { dao, stranger, proposal } = await loadFixture(beingVotedOn)
      await expect(dao.connect(stranger).castVote(proposal.id, SUPPORT.For))
        .to.be.revertedWithCustomError(dao, 'NoWeight')
        .withArgs(stranger.address, proposal.snapshot)
    })

    it('takes the vote of one who was removed after the snapshot, and not of one who was removed before', async () => {
      const w = await loadFixture(badgeDao)
      const leaver = w.members[4]
      const data = w.badge.interface.encodeFunctionData('remove', [[leaver.address]])
      const removal = await propose(w, [{ target: w.badge, data }])
      await vote(w, removal, w.members.slice(1, 4))
      await passVote(w, removal)
      await queue(w, removal)
      await passDelay(w, removal)
      const before = await proposeCid(w)
      await passToVote(before)
      await execute(w, removal)
      expect(await w.badge.balanceOf(leaver)).to.equal(0n)
      await w.dao.connect(leaver).castVote(before.id, SUPPORT.For)
      expect(await w.dao.proposalVotes(before.id)).to.deep.equal([0n, 1n, 0n])

      const after = await proposeCid(w, { cid: OTHER_CID })
      await passToVote(after)
      await expect(w.dao.connect(leaver).castVote(after.id, SUPPORT.For))
        .to.be.revertedWithCustomError(w.dao, 'NoWeight')
        .withArgs(leaver.address, after.snapshot)
    })

    for (const support of Object.values(SUPPORT)) {
      it(`refuses the proposer’s own, ${support}`, async () => {
        const { dao, members, proposal } = await loadFixture(beingVotedOn)
        await expect(dao.connect(members[0]).castVote(proposal.id, support))
          .to.be.revertedWithCustomError(dao, 'ProposerCannotVote')
          .withArgs(proposal.id, members[0].address)
      })
    }

    it('refuses the proposer’s own by signature too', async () => {
      const w = await loadFixture(beingVotedOn)
      const { dao, members, proposal } = w
      await expect(dao.castVoteBySig(proposal.id, 1n, members[0], await signVote(w, members[0], proposal.id)))
        .to.be.revertedWithCustomError(dao, 'ProposerCannotVote')
        .withArgs(proposal.id, members[0].address)
    })

    it('takes the proposer’s vote on another’s proposal', async () => {
      const { dao, members, ...w } = await loadFixture(beingVotedOn)
      const other = await propose({ dao, members }, [{ target: w.stranger }], { from: members[1] })
      await passToVote(other)
      await dao.connect(members[0]).castVote(other.id, SUPPORT.For)
      expect(await dao.proposalVotes(other.id)).to.deep.equal([0n, 1n, 0n])
    })
  })

  context('by the storage provider that proposed', () => {
    for (const role of ['owner', 'control'] as const) {
      for (const support of [SUPPORT.For, SUPPORT.Abstain]) {
        it(`refuses its ${role}’s, ${support}`, async () => {
          const { dao, sp, proposal } = await loadFixture(byProvider)
          await expect(dao.connect(sp[role]).castVote(proposal.id, support))
            .to.be.revertedWithCustomError(dao, 'ProviderCannotVote')
            .withArgs(proposal.id, sp.miner, sp[role].address)
        })
      }

      it(`takes its ${role}’s against it`, async () => {
        const { dao, sp, proposal } = await loadFixture(byProvider)
        await dao.connect(sp[role]).castVote(proposal.id, SUPPORT.Against)
        expect(await dao.proposalVotes(proposal.id)).to.deep.equal([1n, 0n, 0n])
      })
    }

    it('refuses the worker that proposed it, even against it', async () => {
      const { dao, sp, proposal } = await loadFixture(byProvider)
      await expect(dao.connect(sp.worker).castVote(proposal.id, SUPPORT.Against))
        .to.be.revertedWithCustomError(dao, 'ProposerCannotVote')
        .withArgs(proposal.id, sp.worker.address)
    })

    it('looks at who controls the miner when the vote is cast', async () => {
      const { dao, sp, members, proposal } = await loadFixture(byProvider)
      const [owner, worker] = [sp.owner.address, sp.worker.address]
      await createMiners(await rpc(), artifacts, [{ id: sp.miner, owner, worker, control: [members[1].address] }])
      await expect(dao.connect(members[1]).castVote(proposal.id, SUPPORT.For))
        .to.be.revertedWithCustomError(dao, 'ProviderCannotVote')
        .withArgs(proposal.id, sp.miner, members[1].address)
      await dao.connect(sp.control).castVote(proposal.id, SUPPORT.For)
      expect(await dao.proposalVotes(proposal.id)).to.deep.equal([0n, 1n, 0n])
    })

    it('refuses votes for it while the miner does not say who controls it; takes those against it', async () => {
      const { dao, sp, members, proposal } = await loadFixture(byProvider)
      await scriptActor(sp.miner)
      await expect(dao.connect(members[1]).castVote(proposal.id, SUPPORT.For))
        .to.be.revertedWithCustomError(actorCalls, 'ActorUnclear')
        .withArgs(22)
      await dao.connect(members[2]).castVote(proposal.id, SUPPORT.Against)
      expect(await dao.proposalVotes(proposal.id)).to.deep.equal([1n, 0n, 0n])
    })
  })

  context('in the first and the last epoch', () => {
    it('begin in the epoch after the snapshot', async () => {
      const w = await loadFixture(badgeDao)
      const proposal = await proposeCid(w)
      await mine(proposal.snapshot - BigInt(await ethers.provider.getBlockNumber()) - 1n)
      await expect(w.dao.connect(w.members[1]).castVote(proposal.id, 1n)).to.be.revertedWithCustomError(
        w.dao,
        'GovernorUnexpectedProposalState',
      )
      await mine()
      await w.dao.connect(w.members[1]).castVote(proposal.id, 1n)
      expect(await w.dao.hasVoted(proposal.id, w.members[1])).to.equal(true)
    })

    it('end with the deadline, inclusive', async () => {
      const { dao, members, proposal, ...w } = await loadFixture(beingVotedOn)
      await mine(proposal.deadline - BigInt(await ethers.provider.getBlockNumber()) - 1n)
      await dao.connect(members[1]).castVote(proposal.id, SUPPORT.Against)
      expect(await ethers.provider.getBlockNumber()).to.equal(Number(proposal.deadline))
      expect(await stateOf({ ...w, dao }, proposal)).to.equal(PROPOSAL_STATE.Defeated)
      await expect(dao.connect(members[2]).castVote(proposal.id, SUPPORT.For)).to.be.revertedWithCustomError(
        dao,
        'GovernorUnexpectedProposalState',
      )
    })
  })
})
