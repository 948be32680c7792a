import { ZeroAddress } from 'ethers'
import type { SettingEvent } from '../chain/dao-events.ts'
import type { DaoParts } from '../chain/dao.ts'
import type { Dao } from '../db/dao.ts'
import type { Versioned } from '../db/versions.ts'

/** A DAO before any of its settings was heard of: its factory sets all of them as it makes it. */
export function newDao(parts: DaoParts, place: Versioned): Dao {
  return {
    ...parts,
    ...place,
    ...{ votingDelay: 0n, votingPeriod: 0n, proposalThreshold: 0n, quorumPercent: 0, lateExtension: 0n },
    ...{ timelockDelaySeconds: 0n, guardian: ZeroAddress, guardianUntil: 0n, defaultTerms: null },
  }
}

/** A DAO after an event of its settings. */
export function daoAfter(dao: Dao, { name, args }: SettingEvent): Dao {
  switch (name) {
    case 'VotingDelaySet':
      return { ...dao, votingDelay: args.newVotingDelay }
    case 'VotingPeriodSet':
      return { ...dao, votingPeriod: args.newVotingPeriod }
    case 'ProposalThresholdSet':
      return { ...dao, proposalThreshold: args.newProposalThreshold }
    case 'QuorumNumeratorUpdated':
      return { ...dao, quorumPercent: Number(args.newQuorumNumerator) }
    case 'LateQuorumVoteExtensionSet':
      return { ...dao, lateExtension: args.newVoteExtension }
    case 'MinDelayChange':
      return { ...dao, timelockDelaySeconds: args.newDuration }
    case 'GuardianSet':
      return { ...dao, guardian: args.guardian, guardianUntil: args.untilEpoch }
    case 'DefaultTermsSet':
      return { ...dao, defaultTerms: args.terms }
  }
}
