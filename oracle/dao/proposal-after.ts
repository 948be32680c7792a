import { getBytes } from 'ethers'
import type { OperationEvent, ProposalEvent } from '../chain/dao-events.ts'
import { daoAbi, operationOf, SUPPORTS, type Payload, type Subject, type Support } from '../chain/dao.ts'
import type { Proposal } from '../db/proposal.ts'
import type { Versioned } from '../db/versions.ts'

export type Created = Extract<ProposalEvent, { name: 'ProposalCreated' }>
export type Cast = Extract<ProposalEvent, { name: 'VoteCast' }>
type Later = Exclude<ProposalEvent, Created>

/** A proposal as it is made. What it is about beyond its calls, the event after it says. */
export function createdProposal({ args }: Created, dao: string, place: Versioned): Proposal {
  const { proposalId: id, proposer, description, voteStart: snapshot, voteEnd: deadline, ...rest } = args
  const { targets, values, calldatas, descriptionHash } = rest
  const payload: Payload = { targets, values, calldatas, descriptionHash }
  return {
    ...{ id, dao, proposer, description, snapshot, deadline },
    ...payload,
    ...place,
    subject: subjectOf(dao, payload),
    operation: operationOf(dao, payload),
    ...{ providerId: 0n, cid: null, size: null, terms: null },
    ...{ againstVotes: 0n, forVotes: 0n, abstainVotes: 0n },
    ...{ standing: 'open', eta: 0n, earmarked: 0n },
  }
}

const SET_GUARDIAN = daoAbi.getFunction('setGuardian')!.selector

/**
 * As GovernorExtension decides it, but that it also knows the DAO by its masked id; of CIDs are only those of which an event says so.
 */
function subjectOf(dao: string, { targets, calldatas }: Payload): Subject {
  const isGuardianChange = targets.every((target, i) => target === dao && calldatas[i]!.startsWith(SET_GUARDIAN))
  return isGuardianChange ? 'GuardianChange' : 'General'
}

/** What a ballot says. */
export const supportOf = ({ args }: Cast): Support => SUPPORTS[Number(args.support)]!

/** A proposal after one of its own events. */
export function proposalAfter(proposal: Proposal, event: Later): Proposal {
  switch (event.name) {
    case 'CidProposed': {
      const { providerId, cid, size, terms } = event.args
      return { ...proposal, subject: 'Keep', providerId, cid: getBytes(cid), size, terms }
    }
    case 'RemovalProposed':
      return { ...proposal, subject: 'Drop', cid: getBytes(event.args.cid) }
    case 'VoteCast':
      return withVote(proposal, supportOf(event), event.args.weight)
    case 'ProposalExtended': {
      const { extendedDeadline } = event.args
      return { ...proposal, deadline: extendedDeadline > proposal.deadline ? extendedDeadline : proposal.deadline }
    }
    case 'ProposalQueued':
      return { ...proposal, standing: 'queued', eta: event.args.etaSeconds }
    case 'ProposalExecuted':
      return { ...proposal, standing: 'executed' }
    case 'ProposalCanceled':
      return { ...proposal, standing: 'canceled' }
  }
}

/** A proposal after an event of its operation in the treasury. */
export function proposalAfterOperation(proposal: Proposal, { name, args }: OperationEvent): Proposal {
  return { ...proposal, earmarked: name === 'Earmarked' ? args.amount : 0n }
}

function withVote(proposal: Proposal, support: Support, weight: bigint): Proposal {
  switch (support) {
    case 'Against':
      return { ...proposal, againstVotes: proposal.againstVotes + weight }
    case 'For':
      return { ...proposal, forVotes: proposal.forVotes + weight }
    case 'Abstain':
      return { ...proposal, abstainVotes: proposal.abstainVotes + weight }
  }
}
