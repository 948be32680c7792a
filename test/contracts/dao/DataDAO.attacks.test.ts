import { expect } from 'chai'
import { id as keccakOf } from 'ethers'
import type { HardhatEthersSigner } from '@nomicfoundation/hardhat-ethers/types'
import { maskedIdAddress } from '../../../scripts/local/actors.ts'
import * as daos from './world.ts'
import { badgeDao, ethers, loadFixture, mineUpTo, networkHelpers, tokenDao } from './world.ts'
import { CID, FAULT, MAX_BYTES, OTHER_CID, PROPOSAL_STATE, SUPPORT, type DaoWorld, type Proposal } from './world.ts'

/** A member of the DAO is a control address of the storage provider. */
async function withControlAsMember() {
  const signers = await ethers.getSigners()
  const [m0, m1, m2, m3, m4, , , , control] = signers.slice(10)
  return daos.daoWorld({ setup: { members: [m0, m1, m2, m3, m4, control].map(({ address }) => address) } })
}

const voting = async (w: DaoWorld, proposal: Proposal) => {
  await daos.passToVote(proposal)
  return proposal
}
const votesOf = async ({ dao }: DaoWorld, { id }: Proposal) => [...(await dao.proposalVotes(id))]

describe('DataDAO: attacks', () => {
  describe('who votes twice', () => {
    it('votes twice through masked and plain address: one ballot per party', async () => {
      const w = await loadFixture(badgeDao)
      const proposal = await voting(w, await daos.proposeCid(w))
      const voter = w.members[1]
      const plain = await daos.signBallot(w, voter, proposal.id)
      const masked = { ...plain, voter: await daos.maskedOf(voter) }

      await expect(w.dao.castVotesBySig(proposal.id, [masked, plain]))
        .to.emit(w.dao, 'VoteCast')
        .withArgs(voter.address, proposal.id, SUPPORT.For, 1n, '')
        .and.to.emit(w.dao, 'BallotRefused')
        .withArgs(proposal.id, voter.address, FAULT.AlreadyVoted)
      expect(await votesOf(w, proposal)).to.deep.equal([0n, 1n, 0n])

      await expect(w.dao.castVotesBySig(proposal.id, [masked]))
        .to.be.revertedWithCustomError(w.dao, 'NoBallotCounted')
        .withArgs(proposal.id)
      await expect(w.dao.connect(voter).castVote(proposal.id, SUPPORT.Against))
        .to.be.revertedWithCustomError(w.dao, 'GovernorAlreadyCastVote')
        .withArgs(voter.address)
    })

    it('replayed signature on another chain, DAO and proposal', async () => {
      const w = await loadFixture(badgeDao)
      const other = await daos.createDao(w.factory, await daos.setupOf(w))
      const first = await daos.proposeCid(w)
      const second = await daos.proposeCid(w, { cid: OTHER_CID })
      const there = await daos.proposeCid({ ...w, ...other })
      expect(new Set([first.id, second.id, there.id]).size).to.equal(3)
      await daos.passToVote(there)
      const voter = w.members[1]
      const here = await daos.signBallot(w, voter, first.id)
      const replays = [
        { at: w.dao, id: first.id, ballot: await daos.signBallot(w, voter, first.id, { domain: { chainId: 1n } }) },
        { at: w.dao, id: second.id, ballot: here },
        { at: other.dao, id: there.id, ballot: here },
        { at: other.dao, id: there.id, ballot: await daos.signBallot(w, voter, there.id) },
      ]
      const good = await daos.signBallot(w, w.members[2], second.id)

      for (const { at, id, ballot } of replays) {
        await expect(at.castVotesBySig(id, [ballot]))
          .to.be.revertedWithCustomError(at, 'NoBallotCounted')
          .withArgs(id)
      }
      await expect(w.dao.castVotesBySig(second.id, [here, good]))
        .to.emit(w.dao, 'BallotRefused')
        .withArgs(second.id, voter.address, FAULT.BadSignature)

      await w.dao.castVotesBySig(first.id, [here])
      await expect(w.dao.castVotesBySig(first.id, [here])).to.be.revertedWithCustomError(w.dao, 'NoBallotCounted')
      expect(await votesOf(w, first)).to.deep.equal([0n, 1n, 0n])
    })
  })

  describe('whose weight does not count', () => {
    it('votes with weight bought after the snapshot', async () => {
      const w = await loadFixture(tokenDao)
      const [, seller] = w.members
      const proposal = await voting(w, await daos.proposeCid(w))
      await w.token.connect(w.stranger).delegate(w.stranger)
      await w.token.connect(seller).transfer(w.stranger, daos.WEIGHTS[1])

      await expect(w.dao.connect(w.stranger).castVote(proposal.id, SUPPORT.For))
        .to.be.revertedWithCustomError(w.dao, 'NoWeight')
        .withArgs(w.stranger.address, proposal.snapshot)
      await w.dao.connect(seller).castVote(proposal.id, SUPPORT.Against)
      expect(await votesOf(w, proposal)).to.deep.equal([daos.WEIGHTS[1], 0n, 0n])
    })

    it('flash-borrowed weight: what is given back within a block counts neither for proposing nor for voting', async () => {
      const w = await loadFixture(tokenDao)
      const [, lender] = w.members
      const borrower = w.stranger
      await w.token.connect(borrower).delegate(borrower)
      const weight = daos.WEIGHTS[1]
      const before = await ethers.provider.getBlockNumber()
      const { dao, token } = w
      const asked = [0n, CID, MAX_BYTES, daos.requestTerms(), 'Borrowed'] as const

      await daos.inOneBlock(async () => {
        await token.connect(lender).transfer(borrower, weight, GAS)
        await dao.connect(borrower).proposeCID(...asked, GAS)
        await token.connect(borrower).transfer(lender, weight, GAS)
      })
      expect(await ethers.provider.getBlockNumber()).to.equal(before + 1)
      expect(await token.balanceOf(lender)).to.equal(weight)
      expect(await dao.lastProposalOf(keccakOf(CID))).to.equal(0n)
      await expect(dao.connect(borrower).proposeCID(...asked))
        .to.be.revertedWithCustomError(dao, 'GovernorInsufficientProposerVotes')
        .withArgs(borrower.address, 0n, 1n)

      const proposal = await daos.proposeCid(w)
      await mineUpTo(proposal.snapshot - 1n)
      await daos.inOneBlock(async () => {
        await token.connect(lender).transfer(borrower, weight, GAS)
        await token.connect(borrower).transfer(lender, weight, GAS)
      })
      expect(await ethers.provider.getBlockNumber()).to.equal(Number(proposal.snapshot))
      await expect(dao.connect(borrower).castVote(proposal.id, SUPPORT.For))
        .to.be.revertedWithCustomError(dao, 'NoWeight')
        .withArgs(borrower.address, proposal.snapshot)
    })

    it('proposer votes: by no way to vote, masked or plain', async () => {
      const w = await loadFixture(badgeDao)
      const proposal = await voting(w, await daos.proposeCid(w))
      const { id } = proposal
      const proposer = w.members[0]
      const dao = w.dao.connect(proposer)
      const support = SUPPORT.For
      const words = { reason: 'Mine', params: '0x' }
      const signed = await daos.signVote(w, proposer, id)
      const extended = await daos.signVoteWithParams(w, proposer, id, words)
      const ways = [
        () => dao.castVote(id, support),
        () => dao.castVote(id, SUPPORT.Against),
        () => dao.voteCIDProposal(id, true),
        () => dao.castVoteWithReason(id, support, 'Mine'),
        () => dao.castVoteWithReasonAndParams(id, support, 'Mine', '0x01'),
        () => w.dao.castVoteBySig(id, support, proposer, signed),
        () => w.dao.castVoteWithReasonAndParamsBySig(id, support, proposer, words.reason, words.params, extended),
      ]

      for (const way of ways) {
        await expect(way()).to.be.revertedWithCustomError(w.dao, 'ProposerCannotVote').withArgs(id, proposer.address)
      }
      const ballot = await daos.signBallot(w, proposer, id)
      const masked = { ...ballot, voter: await daos.maskedOf(proposer) }
      const good = await daos.signBallot(w, w.members[1], id)
      const batch = await w.dao.castVotesBySig(id, [ballot, masked, good])
      const refusals = await w.dao.queryFilter(w.dao.filters.BallotRefused(id), batch.blockNumber!)
      const barred = [id, proposer.address, FAULT.Barred]
      expect(refusals.map(({ args }) => [...args])).to.deep.equal([barred, barred])
      expect(await votesOf(w, proposal)).to.deep.equal([0n, 1n, 0n])
    })

    it("proposer's SP votes from another controlling address", async () => {
      const w = await loadFixture(withControlAsMember)
      const proposal = await voting(w, await daos.proposeCidAsProvider(w))
      const { control, miner } = w.sp

      for (const support of [SUPPORT.For, SUPPORT.Abstain]) {
        await expect(w.dao.connect(control).castVote(proposal.id, support))
          .to.be.revertedWithCustomError(w.dao, 'ProviderCannotVote')
          .withArgs(proposal.id, miner, control.address)
        const ballots = [await daos.signBallot(w, control, proposal.id, { support })]
        const masked = [{ ...ballots[0], voter: await daos.maskedOf(control) }]
        for (const batch of [ballots, masked]) {
          await expect(w.dao.castVotesBySig(proposal.id, batch)).to.be.revertedWithCustomError(w.dao, 'NoBallotCounted')
        }
      }
      expect(await votesOf(w, proposal)).to.deep.equal([0n, 0n, 0n])
    })

    it('an SP that names an opponent as its control address does not silence it', async () => {
      const w = await loadFixture(badgeDao)
      const { owner, worker, miner } = w.sp
      const [, opponent, other] = w.members
      const actor = await ethers.getContractAt('ILocalMiner', maskedIdAddress(miner))
      const proposal = await voting(w, await daos.proposeCidAsProvider(w))
      await actor.configure(owner, worker, [opponent, other], 32n << 30n)

      await expect(w.dao.connect(opponent).castVote(proposal.id, SUPPORT.Against))
        .to.emit(w.dao, 'VoteCast')
        .withArgs(opponent.address, proposal.id, SUPPORT.Against, 1n, '')
      const ballot = await daos.signBallot(w, other, proposal.id, { support: SUPPORT.Against })
      await w.dao.castVotesBySig(proposal.id, [ballot])
      expect(await votesOf(w, proposal)).to.deep.equal([2n, 0n, 0n])
    })

    it('the proposer delegates before the snapshot and votes by signature from a second key', async () => {
      const w = await loadFixture(tokenDao)
      const proposer = w.members[0]
      const second = w.stranger
      await w.token.connect(proposer).approve(second, daos.WEIGHTS[0])
      const proposal = await daos.proposeCid(w)
      const locked = (call: Promise<unknown>) =>
        expect(call)
          .to.be.revertedWithCustomError(w.membership, 'WeightIsLocked')
          .withArgs(proposer.address, proposal.snapshot)
      const delegation = await signDelegation(w, proposer, second)

      await locked(w.token.connect(proposer).delegate(second))
      await locked(w.token.delegateBySig(...delegation))
      await locked(w.token.connect(proposer).transfer(second, 1n))
      await locked(w.token.connect(second).transferFrom(proposer, second, 1n))
      await mineUpTo(proposal.snapshot - 1n)
      await locked(w.token.connect(proposer).delegate(second))
      await mineUpTo(proposal.snapshot)
      await w.token.connect(proposer).delegate(second)

      const ballot = await daos.signBallot(w, second, proposal.id)
      await expect(w.dao.castVotesBySig(proposal.id, [ballot]))
        .to.be.revertedWithCustomError(w.dao, 'NoBallotCounted')
        .withArgs(proposal.id)
      await expect(w.dao.connect(second).castVote(proposal.id, SUPPORT.For))
        .to.be.revertedWithCustomError(w.dao, 'NoWeight')
        .withArgs(second.address, proposal.snapshot)
      await expect(w.dao.connect(proposer).castVote(proposal.id, SUPPORT.For)).to.be.revertedWithCustomError(
        w.dao,
        'ProposerCannotVote',
      )
    })

    it('delegates to a second key first and proposes then', async () => {
      const w = await loadFixture(tokenDao)
      const [proposer, friend] = w.members
      await w.token.connect(friend).delegate(proposer)
      await w.token.connect(proposer).delegate(w.stranger)

      await expect(daos.proposeCid(w))
        .to.be.revertedWithCustomError(w.membership, 'NotSelfDelegated')
        .withArgs(proposer.address, w.stranger.address)
    })
  })

  describe('when the vote is decided', () => {
    it('quorum reached in the last block: the others have time to answer', async () => {
      const w = await loadFixture(badgeDao)
      const proposal = await daos.proposeCid(w)
      const [, first, last, ...others] = w.members
      await daos.vote(w, proposal, [first])
      await mineUpTo(proposal.deadline - 1n)

      const until = proposal.deadline + (await w.dao.lateQuorumVoteExtension())
      await expect(w.dao.connect(last).castVote(proposal.id, SUPPORT.For))
        .to.emit(w.dao, 'ProposalExtended')
        .withArgs(proposal.id, until)
      expect(await w.dao.proposalDeadline(proposal.id)).to.equal(until)

      await mineUpTo(until - 2n)
      for (const voter of others) await w.dao.connect(voter).castVote(proposal.id, SUPPORT.Against)
      await daos.passVote(w, proposal)
      expect(await votesOf(w, proposal)).to.deep.equal([2n, 2n, 0n])
      expect(await daos.stateOf(w, proposal)).to.equal(PROPOSAL_STATE.Defeated)
    })

    it('a quorum that is less than one member is one member, and reaching it late extends the vote', async () => {
      const w = await loadFixture(tinyQuorum)
      const proposal = await daos.proposeCid(w)
      await mineUpTo(proposal.deadline - 1n)

      await expect(w.dao.connect(w.members[1]).castVote(proposal.id, SUPPORT.For))
        .to.emit(w.dao, 'ProposalExtended')
        .withArgs(proposal.id, proposal.deadline + (await w.dao.lateQuorumVoteExtension()))
      expect(await w.dao.quorum(proposal.snapshot)).to.equal(1n)
    })

    it('goes on to be voted on after it is cancelled', async () => {
      const w = await loadFixture(badgeDao)
      const proposal = await voting(w, await daos.proposeCid(w))
      await w.dao.connect(w.guardian).cancel(...daos.payloadOf(proposal))
      const voter = w.members[1]
      const ballot = await daos.signBallot(w, voter, proposal.id)

      for (const call of [
        () => w.dao.connect(voter).castVote(proposal.id, SUPPORT.For),
        () => w.dao.castVotesBySig(proposal.id, [ballot]),
      ]) {
        await expect(call())
          .to.be.revertedWithCustomError(w.dao, 'GovernorUnexpectedProposalState')
          .withArgs(proposal.id, PROPOSAL_STATE.Canceled, daos.bitmap(PROPOSAL_STATE.Active))
      }
      expect(await votesOf(w, proposal)).to.deep.equal([0n, 0n, 0n])
    })

    it('guardian cancels after its end', async () => {
      const w = await loadFixture(badgeDao)
      const [, until] = await w.dao.guardian()
      const cancel = (proposal: Proposal) => w.dao.connect(w.guardian).cancel(...daos.payloadOf(proposal))
      await mineUpTo(until - 3n)
      const first = await daos.proposeCid(w)
      const second = await daos.proposeCid(w, { cid: OTHER_CID })

      await expect(cancel(first)).to.emit(w.dao, 'ProposalCanceled').withArgs(first.id)
      expect(await ethers.provider.getBlockNumber()).to.equal(Number(until))
      await expect(cancel(second))
        .to.be.revertedWithCustomError(w.dao, 'GuardianExpired')
        .withArgs(until, until + 1n)
      expect(await daos.stateOf(w, second)).to.equal(PROPOSAL_STATE.Pending)
    })
  })

  describe('what is carried out', () => {
    it('executes another CID under a passed proposal', async () => {
      const w = await loadFixture(badgeDao)
      const proposal = await daos.proposeCid(w)
      await daos.ripen(w, proposal)
      const data = proposal.calldatas[0].replaceAll(CID.slice(2), OTHER_CID.slice(2))
      expect(data).not.to.equal(proposal.calldatas[0])
      const forged = { ...proposal, calldatas: [data] }
      const id = await w.dao.getProposalId(...daos.payloadOf(forged))

      for (const call of [daos.queue, daos.execute]) {
        await expect(call(w, forged)).to.be.revertedWithCustomError(w.dao, 'GovernorNonexistentProposal').withArgs(id)
      }
      await expect(w.stranger.sendTransaction({ to: w.treasury, data }))
        .to.be.revertedWithCustomError(w.treasury, 'NotMyself')
        .withArgs(w.stranger.address)
      expect(await w.collection.entryCount()).to.equal(0n)
    })

    it('executes twice', async () => {
      const w = await loadFixture(badgeDao)
      const proposal = await daos.proposeCid(w)
      await daos.carry(w, proposal)
      const before = await w.treasury.ledger()

      await expect(daos.execute(w, proposal))
        .to.be.revertedWithCustomError(w.dao, 'GovernorUnexpectedProposalState')
        .withArgs(proposal.id, PROPOSAL_STATE.Executed, daos.bitmap(PROPOSAL_STATE.Queued))
      await expect(daos.queue(w, proposal))
        .to.be.revertedWithCustomError(w.dao, 'GovernorUnexpectedProposalState')
        .withArgs(proposal.id, PROPOSAL_STATE.Executed, daos.bitmap(PROPOSAL_STATE.Succeeded))
      const { targets, values, calldatas } = proposal
      const salt = keccakOf('any')
      await expect(
        w.treasury.connect(w.stranger).executeBatch(targets, values, calldatas, ethers.ZeroHash, salt),
      ).to.be.revertedWithCustomError(w.treasury, 'NoEarmark')
      expect(await w.treasury.ledger()).to.deep.equal(before)
      expect(await w.collection.entryCount()).to.equal(1n)
    })

    it('re-proposes an open CID', async () => {
      const w = await loadFixture(badgeDao)
      const version0 = '0x' + CID.slice(6)
      const proposal = await daos.proposeCid(w)
      const refused = async () => {
        for (const cid of [CID, version0]) {
          await expect(daos.proposeCid(w, { cid, from: w.members[1] }))
            .to.be.revertedWithCustomError(w.dao, 'AlreadyProposed')
            .withArgs(cid, proposal.id)
          await expect(w.dao.connect(w.members[1]).createCIDProposal(cid, MAX_BYTES))
            .to.be.revertedWithCustomError(w.dao, 'AlreadyProposed')
            .withArgs(cid, proposal.id)
        }
      }

      await refused() // Pending
      await daos.passToVote(proposal)
      await refused() // Active
      await daos.succeed(w, proposal)
      await refused() // Succeeded
      await daos.queue(w, proposal)
      await refused() // Queued
      await daos.passDelay(w, proposal)
      await daos.execute(w, proposal)
      for (const cid of [CID, version0]) {
        await expect(daos.proposeCid(w, { cid }))
          .to.be.revertedWithCustomError(w.dao, 'AlreadyCollected')
          .withArgs(cid, 0n)
      }
    })

    it('drains the treasury through a failing order', async () => {
      const w = await loadFixture(badgeDao)
      const failing = await daos.proposeCid(w, { terms: daos.orderTerms() })
      const good = await daos.proposeCid(w, { cid: OTHER_CID })
      await daos.vote(w, good, w.members.slice(1))
      await daos.ripen(w, failing)
      await daos.queue(w, good)
      await daos.passDelay(w, good)
      const before = await w.treasury.ledger()
      expect(before.earmarked).to.equal(daos.ORDER_BUDGET + daos.REQUEST_COST + daos.SPARE)
      const code = await ethers.provider.getCode(w.perpetual)
      await networkHelpers.setCode(await w.perpetual.getAddress(), REVERTS)

      for (let i = 0; i < 3; i++) await expect(daos.execute(w, failing)).to.be.revert(ethers)
      expect(await w.treasury.ledger()).to.deep.equal(before)
      expect(await ethers.provider.getBalance(w.treasury)).to.equal(daos.DEPOSIT)
      expect(await w.collection.entryCount()).to.equal(0n)
      await expect(daos.execute(w, good)).to.changeEtherBalance(ethers, w.treasury, -daos.REQUEST_COST)

      const operation = await daos.operationOf(w, failing)
      const [, executeBy] = await w.treasury.earmarkOf(operation)
      await networkHelpers.time.increaseTo(executeBy + 1n)
      await networkHelpers.setCode(await w.perpetual.getAddress(), code)
      await expect(w.treasury.connect(w.stranger).release(operation))
        .to.emit(w.treasury, 'EarmarkEnded')
        .withArgs(operation, daos.ORDER_BUDGET)
      expect(await w.treasury.free()).to.equal(daos.DEPOSIT - daos.REQUEST_COST)
      await expect(daos.execute(w, failing))
        .to.be.revertedWithCustomError(w.dao, 'GovernorUnexpectedProposalState')
        .withArgs(failing.id, PROPOSAL_STATE.Expired, daos.bitmap(PROPOSAL_STATE.Queued))
    })
  })
})

/** Code that refuses every call. */
const REVERTS = '0x5f5ffd'

/** Sent without asking what it needs, as it may revert. */
const GAS = { gasLimit: 3_000_000 }

const tinyQuorum = () => daos.daoWorld({ settings: { quorumPercent: 1n } })

async function signDelegation({ token }: DaoWorld, from: HardhatEthersSigner, to: HardhatEthersSigner) {
  const types = {
    Delegation: [
      { name: 'delegatee', type: 'address' },
      { name: 'nonce', type: 'uint256' },
      { name: 'expiry', type: 'uint256' },
    ],
  }
  const message = { delegatee: to.address, nonce: await token.nonces(from), expiry: 1n << 40n }
  const { v, r, s } = ethers.Signature.from(await from.signTypedData(await daos.domainOf(token), types, message))
  return [message.delegatee, message.nonce, message.expiry, v, r, s] as const
}
