import { PROPOSAL_STATES, type ProposalState } from '../../../oracle/dao/proposal-state.ts'

export { STORAGE_KINDS, SUBJECTS, type StorageKind, type Subject } from '../../../oracle/chain/dao.ts'
export { PROPOSAL_STATES, type ProposalState }

/** What a ballot says, as people type it, in the order of the Governor's `enum VoteType`. */
export const SUPPORTS = ['against', 'for', 'abstain'] as const
export type Support = (typeof SUPPORTS)[number]

/** Why a ballot of a batch did not count, in the order of IDataDAO's `enum BallotFault`. */
export const BALLOT_FAULTS = [
  'None',
  'BadSupport',
  'Expired',
  'AlreadyVoted',
  'Barred',
  'NoWeight',
  'BadSignature',
] as const
export type BallotFault = (typeof BALLOT_FAULTS)[number]

/** The number that a contract knows a name by. */
export const numberOf = <T extends string>(names: readonly T[], name: T): number => names.indexOf(name)

/** The states in a Governor's bitmap of states, a bit for each. */
export function statesIn(bitmap: bigint): ProposalState[] {
  return PROPOSAL_STATES.filter((_, bit) => ((bitmap >> BigInt(bit)) & 1n) === 1n)
}
