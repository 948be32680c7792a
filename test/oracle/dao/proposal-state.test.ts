import { expect } from 'chai'
import { after, afterEach, before, beforeEach, describe, it } from 'mocha'
import { EXECUTION_WINDOW_SECONDS, QUEUE_WINDOW } from '../../../oracle/chain/dao-rules.ts'
import { readQuorum } from '../../../oracle/chain/dao.ts'
import { PROPOSAL_STATES, proposalState, type ProposalState } from '../../../oracle/dao/proposal-state.ts'
import { badgeDao, execute, passDelay, passTo, passToVote, passVote, payloadOf } from '../../helpers/dao.ts'
import { queue, requestTerms, succeed, SUPPORT, vote, type DaoWorld, type Proposal } from '../../helpers/dao.ts'
import { proposeCid } from '../../helpers/dao.ts'
import { followDao, type DaoFollower } from '../../helpers/dao-follower.ts'
import { connect } from '../../helpers/network.ts'
import { serveNetwork, type ServedNetwork } from '../../helpers/served-network.ts'

const { networkHelpers } = await connect()
const { loadFixture, time } = networkHelpers

describe('dao/proposalState on a chain', () => {
  let served: ServedNetwork
  let w: DaoWorld
  let follower: DaoFollower
  before(async () => void (served = await serveNetwork()))
  after(() => served.stop())
  beforeEach(async () => {
    w = await loadFixture(badgeDao)
    follower = await followDao(served.url, w)
  })
  afterEach(() => follower.world[Symbol.asyncDispose]())

  /** Both agree on what the state is now. */
  async function expectState(proposal: Proposal, expected: ProposalState): Promise<void> {
    const { watcher, book, client, parts } = follower
    await watcher.processAll()
    const row = (await book.proposals.get(proposal.id))!
    const block = (await client.getBlock(await client.blockNumber()))!
    const over = block.number > row.snapshot
    const quorum = over ? await readQuorum(client, parts.address, row.snapshot) : 0n
    // The block that a call is made in is the head here: `state` is asked of it.
    const said = await w.dao.state(proposal.id, { blockTag: Number(block.number) })

    expect(PROPOSAL_STATES[Number(said)], 'the contract').to.equal(expected)
    expect(proposalState(row, block.number, block.timestamp, quorum), 'the row').to.equal(expected)
  }

  it('is Pending up to the snapshot and Active from the block after it up to the deadline', async () => {
    const proposal = await proposeCid(w)
    await expectState(proposal, 'Pending')
    await passTo(proposal.snapshot)
    await expectState(proposal, 'Pending')
    await passTo(proposal.snapshot + 1n)
    await expectState(proposal, 'Active')
    await passTo(proposal.deadline)
    await expectState(proposal, 'Active')
    await passTo(proposal.deadline + 1n)
    await expectState(proposal, 'Defeated')
  })

  it('is Active as long as a late quorum lets vote', async () => {
    const proposal = await proposeCid(w)
    await vote(w, proposal, [w.members[1]])
    await passTo(proposal.deadline - 2n)
    await w.dao.connect(w.members[2]).castVote(proposal.id, SUPPORT.For)
    await passTo(proposal.deadline + 1n)
    await expectState(proposal, 'Active')
    const late = await w.dao.lateQuorumVoteExtension()
    await passTo(proposal.deadline - 1n + late)
    await expectState(proposal, 'Active')
    await passTo(proposal.deadline + late)
    await expectState(proposal, 'Succeeded')
  })

  for (const [words, votes, expected] of [
    ['short of quorum', [SUPPORT.For], 'Defeated'],
    ['short of quorum, which votes against do not count for', [SUPPORT.For, SUPPORT.Against], 'Defeated'],
    ['at quorum by an abstention', [SUPPORT.For, SUPPORT.Abstain], 'Succeeded'],
    ['at quorum, nobody for it', [SUPPORT.Abstain, SUPPORT.Abstain], 'Defeated'],
    ['tied', [SUPPORT.For, SUPPORT.For, SUPPORT.Against, SUPPORT.Against], 'Defeated'],
    ['ahead by one', [SUPPORT.For, SUPPORT.For, SUPPORT.Against], 'Succeeded'],
    ['behind', [SUPPORT.For, SUPPORT.Against, SUPPORT.Against, SUPPORT.Abstain], 'Defeated'],
  ] as const) {
    it(`is ${expected} when the vote ends ${words}`, async () => {
      const proposal = await proposeCid(w)
      await passToVote(proposal)
      for (const [i, support] of votes.entries()) {
        await w.dao.connect(w.members[i + 1]).castVote(proposal.id, support)
      }
      await passVote(w, proposal)

      await expectState(proposal, expected)
    })
  }

  it('is Succeeded up to the last epoch at which it can be queued, and Expired after it', async () => {
    const proposal = await proposeCid(w)
    await succeed(w, proposal)
    await expectState(proposal, 'Succeeded')
    const [queueByEpoch] = await w.dao.windowsOf(proposal.id)
    expect(queueByEpoch).to.equal(proposal.deadline + QUEUE_WINDOW)
    await passTo(queueByEpoch)
    await expectState(proposal, 'Succeeded')
    await passTo(queueByEpoch + 1n)
    await expectState(proposal, 'Expired')
  })

  it('is Queued up to the last second at which it can be executed, and Expired after it', async () => {
    const proposal = await proposeCid(w)
    await succeed(w, proposal)
    await queue(w, proposal)
    await expectState(proposal, 'Queued')
    const eta = await w.dao.proposalEta(proposal.id)
    const [, executeBySeconds] = await w.dao.windowsOf(proposal.id)
    expect(executeBySeconds).to.equal(eta + EXECUTION_WINDOW_SECONDS)
    await time.increaseTo(executeBySeconds)
    await expectState(proposal, 'Queued')
    await time.increase(1n)
    await expectState(proposal, 'Expired')
  })

  it('is Executed for good', async () => {
    const proposal = await proposeCid(w)
    await succeed(w, proposal)
    await queue(w, proposal)
    await passDelay(w, proposal)
    await execute(w, proposal)
    await expectState(proposal, 'Executed')
    await time.increase(2n * EXECUTION_WINDOW_SECONDS)
    await expectState(proposal, 'Executed')
  })

  it('is Canceled for good, whoever canceled it and whenever', async () => {
    const early = await proposeCid(w)
    await w.dao.connect(w.members[0]).cancel(...payloadOf(early))
    await expectState(early, 'Canceled')

    const queued = await proposeCid(w, { terms: requestTerms({ replicas: 2n, budget: 10n ** 9n }) })
    await succeed(w, queued)
    await queue(w, queued)
    await w.dao.connect(w.guardian).cancel(...payloadOf(queued))
    await expectState(queued, 'Canceled')
    expect((await follower.book.proposals.get(queued.id))!.earmarked).to.equal(0n)
  })
})
