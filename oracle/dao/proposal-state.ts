import { EXECUTION_WINDOW_SECONDS, QUEUE_WINDOW } from '../chain/dao-rules.ts'
import type { Proposal } from '../db/proposal.ts'

/** Where a proposal stands, in the order of OpenZeppelin's `enum ProposalState`. */
export const PROPOSAL_STATES = [
  ...(['Pending', 'Active', 'Canceled', 'Defeated', 'Succeeded', 'Queued', 'Expired', 'Executed'] as const),
] as const
export type ProposalState = (typeof PROPOSAL_STATES)[number]

/** What a proposal's state depends on. */
export type ProposalFacts = Pick<Proposal, 'standing' | 'snapshot' | 'deadline' | 'eta'> &
  Pick<Proposal, 'againstVotes' | 'forVotes' | 'abstainVotes'>

/**
 * What the contract's `state` says in a block.
 * @param epoch The block's number.
 * @param now Its Unix second.
 * @param quorum Weight that has to be for it or abstain; counts only once the vote is over.
 */
export function proposalState(proposal: ProposalFacts, epoch: bigint, now: bigint, quorum: bigint): ProposalState {
  const { standing, snapshot, deadline, eta, againstVotes, forVotes, abstainVotes } = proposal
  if (standing === 'executed') return 'Executed'
  if (standing === 'canceled') return 'Canceled'
  if (epoch <= snapshot) return 'Pending'
  if (epoch <= deadline) return 'Active'
  if (forVotes + abstainVotes < quorum || forVotes <= againstVotes) return 'Defeated'
  if (standing === 'queued') return now > eta + EXECUTION_WINDOW_SECONDS ? 'Expired' : 'Queued'
  return epoch > deadline + QUEUE_WINDOW ? 'Expired' : 'Succeeded'
}
