import { expect } from 'chai'
import {
  badgeDao,
  daoWorld,
  execute,
  loadFixture,
  mine,
  mineUpTo,
  now,
  OTHER_CID,
  passDelay,
  passToVote,
  passVote,
  PROPOSAL_STATE,
  proposeCid,
  propose,
  callTo,
  queue,
  SETTINGS,
  signBallot,
  stateOf,
  SUPPORT,
  tokenDao,
  vote,
  WEIGHTS,
  type DaoWorld,
  type Proposal,
} from './world.ts'

const { Active, Defeated, Succeeded } = PROPOSAL_STATE
const { Against, For, Abstain } = SUPPORT
const LATE = BigInt(SETTINGS.lateExtension)

type Voted = DaoWorld & { proposal: Proposal }

const beingVotedOn = async (): Promise<Voted> => {
  const w = await badgeDao()
  const proposal = await proposeCid(w)
  await passToVote(proposal)
  return { ...w, proposal }
}

const byWeight = async (): Promise<Voted> => {
  const w = await tokenDao()
  const proposal = await proposeCid(w, { from: w.members[4] })
  await passToVote(proposal)
  return { ...w, proposal }
}

const notExtending = async (): Promise<Voted> => {
  const w = await daoWorld({ settings: { lateExtension: 0n } })
  const proposal = await proposeCid(w)
  await passToVote(proposal)
  return { ...w, proposal }
}

/** How the members after the first vote, in their order. */
const count = async (w: Voted, ...ways: bigint[]) => {
  for (const [at, support] of ways.entries()) await vote(w, w.proposal, [w.members[at + 1]], support)
}

describe('DataDAO: results', () => {
  for (const [what, ways, state] of [
    ['nobody votes', [], Defeated],
    ['one of five votes for it: below the quorum of two', [For], Defeated],
    ['two of five vote for it', [For, For], Succeeded],
    ['one is for it and one abstains, who counts for the quorum', [For, Abstain], Succeeded],
    ['all abstain', [Abstain, Abstain, Abstain], Defeated],
    ['one is for it and one against it, who does not count for the quorum', [For, Against], Defeated],
    ['it is a tie', [For, For, Against, Against], Defeated],
    ['more are against it', [For, Abstain, Against, Against], Defeated],
    ['more are for it, with the quorum', [For, For, Against], Succeeded],
  ] as [string, bigint[], bigint][]) {
    it(`is ${state === Succeeded ? 'Succeeded' : 'Defeated'} when ${what}`, async () => {
      const w = await loadFixture(beingVotedOn)
      await count(w, ...ways)
      await passVote(w, w.proposal)
      expect(await stateOf(w, w.proposal)).to.equal(state)
    })
  }

  it('have the quorum of 40 hundredths of all weight at the snapshot', async () => {
    const w = await loadFixture(byWeight)
    await mine()
    const all = WEIGHTS.reduce((sum, weight) => sum + weight)
    expect(await w.dao.quorum(w.proposal.snapshot)).to.equal((all * 40n) / 100n)
    expect(await w.dao.quorumDenominator()).to.equal(100n)
  })

  for (const [percent, quorum] of [
    [1n, 1n],
    [20n, 1n],
    [21n, 2n],
    [40n, 2n],
    [41n, 3n],
    [50n, 3n],
  ]) {
    it(`of five members have ${quorum} for the quorum where that is ${percent} %: rounded up`, async () => {
      const w = await daoWorldWith(percent)
      const proposal = await proposeCid(w)
      await passToVote(proposal)
      await mine()
      expect(await w.dao.quorum(proposal.snapshot)).to.equal(quorum)
      await vote(w, proposal, w.members.slice(1, Number(quorum)))
      expect(await w.dao.proposalVotes(proposal.id)).to.deep.equal([0n, quorum - 1n, 0n])
      await passVote(w, proposal)
      expect(await stateOf(w, proposal)).to.equal(Defeated)
    })
  }

  it('by weight: six of fifteen are the quorum, five are not', async () => {
    const w = await loadFixture(byWeight)
    const other = await proposeCid(w, { from: w.members[4], cid: OTHER_CID })
    await vote(w, w.proposal, [w.members[0]])
    await vote(w, other, [w.members[1], w.members[3]])
    await passVote(w, other)
    expect(await stateOf(w, w.proposal)).to.equal(Defeated)
    expect(await stateOf(w, other)).to.equal(Succeeded)
  })

  it('follow the quorum that there was at the snapshot', async () => {
    const w = await loadFixture(badgeDao)
    const change = await propose(w, [
      await callTo(w.dao, w.dao.interface.encodeFunctionData('updateQuorumNumerator', [20])),
    ])
    await vote(w, change, w.members.slice(1))
    const before = await proposeCid(w)
    await passToVote(before)
    await passVote(w, change)
    await queue(w, change)
    await passDelay(w, change)
    await execute(w, change)
    const after = await proposeCid(w, { cid: OTHER_CID })
    await vote(w, before, [w.members[1]])
    await vote(w, after, [w.members[1]])
    await passVote(w, after)
    expect([await w.dao.quorum(before.snapshot), await w.dao.quorum(after.snapshot)]).to.deep.equal([2n, 1n])
    expect([await stateOf(w, before), await stateOf(w, after)]).to.deep.equal([Defeated, Succeeded])
  })
})

describe('DataDAO: late quorum', () => {
  it('leaves the deadline where it is when quorum is reached early enough', async () => {
    const w = await loadFixture(beingVotedOn)
    await vote(w, w.proposal, [w.members[1]])
    await mineUpTo(w.proposal.deadline - LATE - 1n)
    await expect(w.dao.connect(w.members[2]).castVote(w.proposal.id, For)).not.to.emit(w.dao, 'ProposalExtended')
    expect(await now()).to.equal(w.proposal.deadline - LATE)
    expect(await w.dao.proposalDeadline(w.proposal.id)).to.equal(w.proposal.deadline)
  })

  it('extends by one epoch when it is reached one epoch later', async () => {
    const w = await loadFixture(beingVotedOn)
    await vote(w, w.proposal, [w.members[1]])
    await mineUpTo(w.proposal.deadline - LATE)
    await expect(w.dao.connect(w.members[2]).castVote(w.proposal.id, For))
      .to.emit(w.dao, 'ProposalExtended')
      .withArgs(w.proposal.id, w.proposal.deadline + 1n)
    expect(await w.dao.proposalDeadline(w.proposal.id)).to.equal(w.proposal.deadline + 1n)
  })

  it('leaves its whole length when quorum is reached in the last epoch: others can answer', async () => {
    const w = await loadFixture(beingVotedOn)
    await vote(w, w.proposal, [w.members[1]])
    await mineUpTo(w.proposal.deadline - 1n)
    await expect(w.dao.connect(w.members[2]).castVote(w.proposal.id, Abstain))
      .to.emit(w.dao, 'ProposalExtended')
      .withArgs(w.proposal.id, w.proposal.deadline + LATE)
    expect(await stateOf(w, w.proposal)).to.equal(Active)

    await mineUpTo(w.proposal.deadline + LATE - 2n)
    await w.dao.connect(w.members[3]).castVote(w.proposal.id, Against)
    await w.dao.connect(w.members[4]).castVote(w.proposal.id, Against)
    expect(await now()).to.equal(w.proposal.deadline + LATE)
    expect(await stateOf(w, w.proposal)).to.equal(Defeated)
  })

  it('extends once: votes after the quorum leave the deadline', async () => {
    const w = await loadFixture(beingVotedOn)
    await vote(w, w.proposal, [w.members[1]])
    await mineUpTo(w.proposal.deadline - 1n)
    await w.dao.connect(w.members[2]).castVote(w.proposal.id, For)
    await mineUpTo(w.proposal.deadline + LATE - 2n)
    for (const member of w.members.slice(3)) {
      await expect(w.dao.connect(member).castVote(w.proposal.id, For)).not.to.emit(w.dao, 'ProposalExtended')
    }
    expect(await w.dao.proposalDeadline(w.proposal.id)).to.equal(w.proposal.deadline + LATE)
    expect(await stateOf(w, w.proposal)).to.equal(Succeeded)
  })

  it('does not extend for a late vote when quorum was there before', async () => {
    const w = await loadFixture(beingVotedOn)
    await vote(w, w.proposal, w.members.slice(1, 3))
    await mineUpTo(w.proposal.deadline - 1n)
    await expect(w.dao.connect(w.members[3]).castVote(w.proposal.id, For)).not.to.emit(w.dao, 'ProposalExtended')
  })

  it('is not reached by votes against', async () => {
    const w = await loadFixture(beingVotedOn)
    await mineUpTo(w.proposal.deadline - 3n)
    for (const member of w.members.slice(1, 4)) {
      await expect(w.dao.connect(member).castVote(w.proposal.id, Against)).not.to.emit(w.dao, 'ProposalExtended')
    }
    expect(await w.dao.proposalDeadline(w.proposal.id)).to.equal(w.proposal.deadline)
  })

  it('is not told again by a vote against after the quorum was reached late', async () => {
    const w = await loadFixture(beingVotedOn)
    await vote(w, w.proposal, w.members.slice(1, 3))
    await mineUpTo(w.proposal.deadline - 1n)
    await expect(w.dao.connect(w.members[3]).castVote(w.proposal.id, Against)).not.to.emit(w.dao, 'ProposalExtended')
  })

  it('extends from within a batch of signed ballots, once', async () => {
    const w = await loadFixture(beingVotedOn)
    const ballots = []
    for (const member of w.members.slice(1)) ballots.push(await signBallot(w, member, w.proposal.id))
    await mineUpTo(w.proposal.deadline - 1n)
    const sent = await w.dao.castVotesBySig(w.proposal.id, ballots)
    const logs = await w.dao.queryFilter(w.dao.filters.ProposalExtended(), sent.blockNumber!)
    expect(logs.map(({ args }) => [...args])).to.deep.equal([[w.proposal.id, w.proposal.deadline + LATE]])
    expect(await w.dao.proposalVotes(w.proposal.id)).to.deep.equal([0n, 4n, 0n])
  })

  it('extends nothing where the DAO wants none', async () => {
    const w = await loadFixture(notExtending)
    await mineUpTo(w.proposal.deadline - 2n)
    for (const member of w.members.slice(1, 3)) {
      await expect(w.dao.connect(member).castVote(w.proposal.id, For)).not.to.emit(w.dao, 'ProposalExtended')
    }
    expect(await stateOf(w, w.proposal)).to.equal(Succeeded)
  })

  it('keeps the extension that a proposal was made with', async () => {
    const w = await loadFixture(badgeDao)
    const data = w.dao.interface.encodeFunctionData('setLateQuorumVoteExtension', [0])
    const change = await propose(w, [await callTo(w.dao, data)])
    await vote(w, change, w.members.slice(1))
    const proposal = await proposeCid(w, { from: w.members[1] })
    await passVote(w, change)
    await queue(w, change)
    await passDelay(w, change)
    await execute(w, change)
    expect(await w.dao.lateQuorumVoteExtension()).to.equal(0n)
    await vote(w, proposal, [w.members[2]])
    await mineUpTo(proposal.deadline - 1n)
    await expect(w.dao.connect(w.members[3]).castVote(proposal.id, For))
      .to.emit(w.dao, 'ProposalExtended')
      .withArgs(proposal.id, proposal.deadline + LATE)
  })
})

const daoWorldWith = (quorumPercent: bigint) => loadFixture(() => daoWorld({ settings: { quorumPercent } }))
