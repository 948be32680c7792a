/** Where a proposal stands, in the order of OpenZeppelin's `enum ProposalState`. */
export const PROPOSAL_STATES = [
  'Pending',
  'Active',
  'Canceled',
  'Defeated',
  'Succeeded',
  'Queued',
  'Expired',
  'Executed',
] as const
export type ProposalState = (typeof PROPOSAL_STATES)[number]

/** What a proposal is about, in the order of IDataDAO's `enum Subject`. */
export const SUBJECTS = ['None', 'General', 'GuardianChange', 'Keep', 'Drop'] as const
export type Subject = (typeof SUBJECTS)[number]

/** What a ballot says, in the order of the Governor's `enum VoteType`. */
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

/** By what a collected CID is stored, in the order of `enum StorageKind`. */
export const STORAGE_KINDS = ['Request', 'Order'] as const
export type StorageKind = (typeof STORAGE_KINDS)[number]

/** The number that a contract knows a name by. */
export const numberOf = <T extends string>(names: readonly T[], name: T): number => names.indexOf(name)

/** The states in a Governor's bitmap of states, a bit for each. */
export function statesIn(bitmap: bigint): ProposalState[] {
  return PROPOSAL_STATES.filter((_, bit) => ((bitmap >> BigInt(bit)) & 1n) === 1n)
}
