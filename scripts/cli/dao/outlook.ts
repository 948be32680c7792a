import type { Dao } from '../../lib/dao/contracts.ts'
import { missingToQuorum, type ProposalFacts } from '../../lib/dao/proposal.ts'
import { atSeconds, leftWords } from '../../lib/dao/times.ts'
import { weightWords } from '../../lib/dao/weights.ts'
import { lengthWords, type Clock } from '../../lib/perpetual/clock.ts'
import type { ReadContext } from '../context.ts'
import { daoVerb, named } from './dao.ts'

/** Why a vote failed. */
export function defeatWords(dao: Pick<Dao, 'weighted' | 'symbol'>, proposal: ProposalFacts): string {
  const missing = missingToQuorum(proposal)
  if (missing > 0n) return `${weightWords(dao, missing)} for or abstaining were missing to its quorum`
  return 'not more weight was for it than against it'
}

/** What has to happen next, and by when. */
export function nextWords(context: ReadContext, dao: Dao, proposal: ProposalFacts, clock: Clock): string {
  const { state, snapshotEpoch, deadlineEpoch, etaSeconds, executeBySeconds, queueByEpoch } = proposal
  const execute = daoVerb(context, dao, `execute ${named(proposal)}`)
  switch (state) {
    case 'Pending':
      return `voting begins in ${lengthWords(snapshotEpoch - clock.epoch + 1n)}, after epoch ${snapshotEpoch}; it ends in ${leftWords(clock, deadlineEpoch)}`
    case 'Active':
      return `${leftWords(clock, deadlineEpoch)}: ${daoVerb(context, dao, `vote ${named(proposal)} for|against|abstain`)}`
    case 'Succeeded':
      return `anyone queues it within ${leftWords(clock, queueByEpoch)}: ${execute}`
    case 'Queued':
      return clock.time < etaSeconds
        ? `anyone executes it from ${atSeconds(clock, etaSeconds)} on: ${execute}`
        : `anyone executes it until ${atSeconds(clock, executeBySeconds)}: ${execute}`
    case 'Defeated':
      return `none: ${defeatWords(dao, proposal)}`
    case 'Expired':
      return `it can be proposed again; what it still holds of the treasury is freed by anyone: ${execute}`
    case 'Canceled':
      return 'none: it was cancelled'
    case 'Executed':
      return `none: it is done; what is stored of it: ${daoVerb(context, dao, 'show')}`
  }
}
