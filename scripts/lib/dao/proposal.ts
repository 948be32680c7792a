import type { Clock } from '../perpetual/clock.ts'
import type { Dao } from './contracts.ts'
import { PROPOSAL_STATES, SUBJECTS, type ProposalState, type Subject } from './names.ts'
import type { Listed } from './proposals.ts'
import { readMatter, type Matter } from './subject.ts'

/** A proposal as the chain tells it. Weights as the contracts count them, times in epochs unless a name says seconds. */
export interface ProposalFacts {
  id: bigint
  /** Which of the DAO's proposals it is, from 1; null where it was looked up by its id alone. */
  number: number | null
  state: ProposalState
  subject: Subject
  proposer: string
  /** The storage provider that proposed it; 0n: a member did. */
  providerId: bigint
  description: string
  matter: Matter
  /** At its end weight is counted; voting begins after it. */
  snapshotEpoch: bigint
  /** The last epoch, inclusive, at which a vote counts. */
  deadlineEpoch: bigint
  votes: { for: bigint; against: bigint; abstain: bigint }
  /** Weight that must be for it or abstain; before the snapshot by what there is now. */
  quorum: bigint
  /** The last epoch, inclusive, at which it can be queued once it has passed. */
  queueByEpoch: bigint
  /** From when and up to when it can be executed, Unix seconds; 0n while it is not queued. */
  etaSeconds: bigint
  executeBySeconds: bigint
}

export async function readProposal(dao: Dao, proposed: Listed, clock: Clock): Promise<ProposalFacts> {
  const { governor } = dao
  const { id, proposer, description } = proposed
  const [state, subject, votes, windows, snapshotEpoch, deadlineEpoch, etaSeconds] = await Promise.all([
    governor.state(id),
    governor.subjectOf(id),
    governor.proposalVotes(id),
    governor.windowsOf(id),
    governor.proposalSnapshot(id),
    governor.proposalDeadline(id),
    governor.proposalEta(id),
  ])
  return {
    ...{ id, number: proposed.number ?? null, proposer, description, matter: await readMatter(dao, proposed) },
    ...{ state: PROPOSAL_STATES[Number(state)]!, subject: SUBJECTS[Number(subject.subject)]! },
    ...{ providerId: subject.providerId, snapshotEpoch, deadlineEpoch, etaSeconds },
    votes: { for: votes.forVotes, against: votes.againstVotes, abstain: votes.abstainVotes },
    quorum: await quorumOf(dao, snapshotEpoch, clock),
    ...{ queueByEpoch: windows.queueByEpoch, executeBySeconds: windows.executeBySeconds },
  }
}

async function quorumOf({ governor, membership }: Dao, snapshotEpoch: bigint, { epoch }: Clock): Promise<bigint> {
  if (snapshotEpoch < epoch) return governor.quorum(snapshotEpoch)
  return ((await membership.totalSupply()) * (await governor['quorumNumerator()']()) + 99n) / 100n
}

/** What is missing to the quorum; 0n: it is reached. Weight against does not count towards it. */
export function missingToQuorum({ votes, quorum }: Pick<ProposalFacts, 'votes' | 'quorum'>): bigint {
  const present = votes.for + votes.abstain
  return present >= quorum ? 0n : quorum - present
}
