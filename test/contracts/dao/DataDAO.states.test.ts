import { expect } from 'chai'
import type { ContractTransactionResponse } from 'ethers'
import { GIVEN, stateIn, statesOf, type Given, type Stated } from './states.ts'
import {
  bitmap,
  CID,
  ethers,
  execute,
  loadFixture,
  operationOf,
  payloadOf,
  propose,
  proposeCid,
  proposeRemoval,
  PROPOSAL_STATE,
  queue,
  REQUEST_COST,
  signBallot,
  signVote,
  signVoteWithParams,
  SPARE,
  stateOf,
} from './world.ts'

const { Pending, Active, Succeeded, Defeated, Queued, Executed, Canceled, Expired } = PROPOSAL_STATE
const CANCELABLE = bitmap(Pending, Active, Succeeded, Defeated, Queued)
const BUDGET = REQUEST_COST + SPARE

type Sent = Promise<ContractTransactionResponse>

/** The ways to vote; the second member's, for. */
const VOTES: Record<string, (w: Stated) => Sent> = {
  castVote: ({ dao, members, proposal }) => dao.connect(members[1]).castVote(proposal.id, 1n),
  castVoteWithReason: ({ dao, members, proposal }) =>
    dao.connect(members[1]).castVoteWithReason(proposal.id, 1n, 'Yes'),
  castVoteWithReasonAndParams: ({ dao, members, proposal }) =>
    dao.connect(members[1]).castVoteWithReasonAndParams(proposal.id, 1n, 'Yes', '0x01'),
  castVoteBySig: async (w) =>
    w.dao.castVoteBySig(w.proposal.id, 1n, w.members[1], await signVote(w, w.members[1], w.proposal.id)),
  castVoteWithReasonAndParamsBySig: async (w) => {
    const signature = await signVoteWithParams(w, w.members[1], w.proposal.id, { reason: 'Yes', params: '0x01' })
    return w.dao.castVoteWithReasonAndParamsBySig(w.proposal.id, 1n, w.members[1], 'Yes', '0x01', signature)
  },
  voteCIDProposal: ({ dao, members, proposal }) => dao.connect(members[1]).voteCIDProposal(proposal.id, true),
  castVotesBySig: async (w) => w.dao.castVotesBySig(w.proposal.id, [await signBallot(w, w.members[1], w.proposal.id)]),
}

const refusesFor = (sent: Sent, { dao, proposal }: Stated, given: Given, allowed: string) =>
  expect(sent)
    .to.be.revertedWithCustomError(dao, 'GovernorUnexpectedProposalState')
    .withArgs(proposal.id, stateIn(given), allowed)

const cancelBy = ({ dao, proposal }: Stated, who: Stated['stranger']) => dao.connect(who).cancel(...payloadOf(proposal))

describe('DataDAO: every state and every call', () => {
  const states = statesOf()

  for (const given of GIVEN) {
    const state = stateIn(given)
    const open = [Pending, Active, Succeeded, Queued].includes(state)

    describe(`given a proposal to keep a CID that is ${given}`, () => {
      it('is shown so', async () => {
        const w = await loadFixture(states[given])
        expect(await stateOf(w, w.proposal)).to.equal(state)
      })

      for (const [name, send] of Object.entries(VOTES)) {
        if (state === Active) {
          it(`${name} counts the vote`, async () => {
            const w = await loadFixture(states[given])
            await send(w)
            expect(await w.dao.proposalVotes(w.proposal.id)).to.deep.equal([0n, 1n, 0n])
            expect(await w.dao.hasVoted(w.proposal.id, w.members[1])).to.equal(true)
          })
        } else {
          it(`${name} is refused`, async () => {
            const w = await loadFixture(states[given])
            await refusesFor(send(w), w, given, bitmap(Active))
          })
        }
      }

      if (state === Succeeded) {
        it('queue schedules it and earmarks its budget', async () => {
          const w = await loadFixture(states[given])
          await expect(queue(w, w.proposal)).to.emit(w.dao, 'ProposalQueued')
          expect(await stateOf(w, w.proposal)).to.equal(Queued)
          expect((await w.treasury.ledger()).earmarked).to.equal(BUDGET)
        })
      } else {
        it('queue is refused', async () => {
          const w = await loadFixture(states[given])
          await refusesFor(queue(w, w.proposal), w, given, bitmap(Succeeded))
        })
      }

      if (state === Queued) {
        it('execute carries it out', async () => {
          const w = await loadFixture(states[given])
          await expect(execute(w, w.proposal)).to.emit(w.dao, 'ProposalExecuted').withArgs(w.proposal.id)
          expect(await stateOf(w, w.proposal)).to.equal(Executed)
          expect(await w.collection.find(CID)).to.deep.equal([true, 0n])
        })
      } else {
        it('execute is refused', async () => {
          const w = await loadFixture(states[given])
          await refusesFor(execute(w, w.proposal), w, given, bitmap(Queued))
        })
      }

      if (state === Pending) {
        it('cancel by the proposer ends it', async () => {
          const w = await loadFixture(states[given])
          await expect(cancelBy(w, w.members[0])).to.emit(w.dao, 'ProposalCanceled').withArgs(w.proposal.id)
          expect(await stateOf(w, w.proposal)).to.equal(Canceled)
        })
      } else {
        it('cancel by the proposer is refused', async () => {
          const w = await loadFixture(states[given])
          await expect(cancelBy(w, w.members[0]))
            .to.be.revertedWithCustomError(w.dao, 'GovernorUnableToCancel')
            .withArgs(w.proposal.id, w.members[0].address)
        })
      }

      if ([Canceled, Executed, Expired].includes(state)) {
        it('cancel by the guardian is refused', async () => {
          const w = await loadFixture(states[given])
          await refusesFor(cancelBy(w, w.guardian), w, given, CANCELABLE)
        })
      } else {
        it('cancel by the guardian ends it and frees the money', async () => {
          const w = await loadFixture(states[given])
          await expect(cancelBy(w, w.guardian)).to.emit(w.dao, 'ProposalCanceled').withArgs(w.proposal.id)
          expect(await stateOf(w, w.proposal)).to.equal(Canceled)
          expect((await w.treasury.ledger()).earmarked).to.equal(0n)
        })
      }

      it('cancel by a stranger is refused', async () => {
        const w = await loadFixture(states[given])
        await expect(cancelBy(w, w.stranger))
          .to.be.revertedWithCustomError(w.dao, 'GovernorUnableToCancel')
          .withArgs(w.proposal.id, w.stranger.address)
      })

      if (given === 'Expired after it was queued') {
        it('release frees what was earmarked', async () => {
          const w = await loadFixture(states[given])
          const operation = await operationOf(w, w.proposal)
          await expect(w.treasury.release(operation)).to.emit(w.treasury, 'EarmarkEnded').withArgs(operation, BUDGET)
          expect((await w.treasury.ledger()).earmarked).to.equal(0n)
        })
      } else if (state === Queued) {
        it('release is refused: it can be executed yet', async () => {
          const w = await loadFixture(states[given])
          const operation = await operationOf(w, w.proposal)
          const { executeBySeconds } = await w.dao.windowsOf(w.proposal.id)
          await expect(w.treasury.release(operation))
            .to.be.revertedWithCustomError(w.treasury, 'NotExpired')
            .withArgs(operation, executeBySeconds)
        })
      } else {
        it('release is refused: nothing is earmarked', async () => {
          const w = await loadFixture(states[given])
          const operation = await operationOf(w, w.proposal)
          await expect(w.treasury.release(operation))
            .to.be.revertedWithCustomError(w.treasury, 'NoEarmark')
            .withArgs(operation)
        })
      }

      if (open) {
        it('proposeCID of the same content is refused', async () => {
          const w = await loadFixture(states[given])
          await expect(proposeCid(w, { from: w.members[1], description: 'Again' }))
            .to.be.revertedWithCustomError(w.dao, 'AlreadyProposed')
            .withArgs(CID, w.proposal.id)
        })
      } else if (state === Executed) {
        it('proposeCID of the same content is refused: it is collected', async () => {
          const w = await loadFixture(states[given])
          await expect(proposeCid(w, { from: w.members[1], description: 'Again' }))
            .to.be.revertedWithCustomError(w.dao, 'AlreadyCollected')
            .withArgs(CID, 0n)
        })
      } else {
        it('proposeCID of the same content, on the same terms, is another proposal', async () => {
          const w = await loadFixture(states[given])
          const again = await proposeCid(w)
          expect(again.id).not.to.equal(w.proposal.id)
          expect(await stateOf(w, again)).to.equal(Pending)
        })
      }

      if (state === Executed) {
        it('proposeRemoval puts that to the vote', async () => {
          const w = await loadFixture(states[given])
          expect(await stateOf(w, await proposeRemoval(w))).to.equal(Pending)
        })
      } else {
        it('proposeRemoval is refused: it is not in the collection', async () => {
          const w = await loadFixture(states[given])
          await expect(proposeRemoval(w)).to.be.revertedWithCustomError(w.collection, 'NotCollected').withArgs(CID)
        })
      }

      it('propose of its payload is refused', async () => {
        const w = await loadFixture(states[given])
        const { targets, values, calldatas, description } = w.proposal
        await expect(w.dao.connect(w.members[1]).propose(targets, values, calldatas, description))
          .to.be.revertedWithCustomError(w.dao, 'ReservedCall')
          .withArgs(targets[0], calldatas[0].slice(0, 10))
      })
    })
  }
})

describe('DataDAO: the same ordinary proposal again', () => {
  const call = (w: { members: Stated['members'] }) => [{ target: w.members[4], value: 1n }]
  const states = statesOf((w) => propose(w, call(w)))

  for (const given of GIVEN) {
    it(`is refused when the first one is ${given}`, async () => {
      const w = await loadFixture(states[given])
      await refusesFor(propose(w, call(w), { from: w.members[1] }) as unknown as Sent, w, given, bitmap())
    })
  }

  it('is another one with another description', async () => {
    const w = await loadFixture(states.Pending)
    const again = await propose(w, call(w), { from: w.members[1], description: 'Do it again' })
    expect(again.id).not.to.equal(w.proposal.id)
  })
})

describe('DataDAO: a proposal that nobody made', () => {
  const states = statesOf()

  it('is of no state and about nothing', async () => {
    const { dao } = await loadFixture(states.Pending)
    await expect(dao.state(7n)).to.be.revertedWithCustomError(dao, 'GovernorNonexistentProposal').withArgs(7n)
    expect(await dao.subjectOf(7n)).to.deep.equal([0n, 0n])
  })

  it('is neither voted on, queued, executed nor cancelled', async () => {
    const w = await loadFixture(states.Pending)
    const other = { ...w.proposal, description: 'Another' }
    const [targets, values, calldatas, hash] = payloadOf(other)
    const id = await w.dao.getProposalId(targets, values, calldatas, hash)
    const on = { ...w, proposal: { ...other, id } }
    const calls = [
      ...Object.values(VOTES).map((send) => () => send(on)),
      () => queue(w, other),
      () => execute(w, other),
      ...[w.members[0], w.guardian, w.stranger].map((who) => () => cancelBy(on, who)),
    ]
    for (const call of calls) {
      await expect(call()).to.be.revertedWithCustomError(w.dao, 'GovernorNonexistentProposal').withArgs(id)
    }
  })

  it('cannot be put to the vote in the name of the DAO itself', async () => {
    const w = await loadFixture(states.Pending)
    const self = await ethers.getContractAt('IDaoSelf', w.dao)
    await expect(self.connect(w.members[0]).submit(1n, '0x', '', w.members[0]))
      .to.be.revertedWithCustomError(self, 'NotMyself')
      .withArgs(w.members[0].address)
  })
})
