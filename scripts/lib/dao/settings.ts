import { EPOCH_SECONDS } from '../../../oracle/chain/epochs.ts'
import { parseWhole } from '../numbers.ts'
import { lengthWords } from '../perpetual/clock.ts'
import { encodeCall, type Call } from './calls.ts'
import type { Dao } from './contracts.ts'
import type { Settings } from './create.ts'
import * as rules from './rules.ts'
import { parseDuration } from './times.ts'
import { parseWeight, weightWords } from './weights.ts'

type Membership = Pick<Dao, 'weighted' | 'symbol'>

/** One of a DAO's settings that a vote can change; its values are those of {@link Settings}. */
export interface Setting {
  field: keyof Settings
  /** The function that sets it: of the treasury for the timelock, of the DAO for all others. */
  setter: string
  parse: (name: string, text: string, membership: Membership) => bigint
  words: (value: bigint, membership: Membership) => string
  /** Inclusive, by the other settings and by all weight there is. */
  bounds: (settings: Settings, supply: bigint) => [least: bigint, most: bigint]
}

const time = { parse: parseDuration, words: (epochs: bigint) => `${lengthWords(epochs)} (${epochs} epochs)` }

/** By the name of the option of `dao create` that sets it at first. */
export const SETTINGS: Record<string, Setting> = {
  'voting-delay': {
    ...{ field: 'votingDelay', setter: 'setVotingDelay', ...time },
    bounds: () => [rules.MIN_VOTING_DELAY, rules.MAX_VOTING_DELAY],
  },
  'voting-period': {
    ...{ field: 'votingPeriod', setter: 'setVotingPeriod', ...time },
    bounds: ({ lateExtension }) => [
      lateExtension > rules.MIN_VOTING_PERIOD ? lateExtension : rules.MIN_VOTING_PERIOD,
      rules.MAX_VOTING_PERIOD,
    ],
  },
  quorum: {
    ...{ field: 'quorumPercent', setter: 'updateQuorumNumerator' },
    parse: (name, text) => parseWhole(name, text.replace(/ ?%$/, '')),
    words: (percent) => `${percent} %`,
    bounds: () => [rules.MIN_QUORUM, rules.MAX_QUORUM],
  },
  threshold: {
    ...{ field: 'proposalThreshold', setter: 'setProposalThreshold' },
    parse: (name, text, { weighted }) => parseWeight(name, text, weighted),
    words: (weight, membership) => weightWords(membership, weight),
    bounds: (_, supply) => [rules.MIN_THRESHOLD, supply / 2n],
  },
  late: {
    ...{ field: 'lateExtension', setter: 'setLateQuorumVoteExtension', ...time },
    bounds: ({ votingPeriod }) => [0n, votingPeriod],
  },
  timelock: {
    ...{ field: 'timelockDelay', setter: 'updateDelay', ...time },
    bounds: () => [0n, rules.MAX_TIMELOCK_DELAY],
  },
}

/** The call that sets it. */
export function settingCall({ governor, treasury }: Dao, { setter, field }: Setting, value: bigint): Call {
  return field === 'timelockDelay'
    ? encodeCall(treasury, setter, [value * EPOCH_SECONDS])
    : encodeCall(governor, setter, [value])
}
