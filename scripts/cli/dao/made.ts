import type { Dao } from '../../lib/dao/contracts.ts'
import { listProposals } from '../../lib/dao/proposals.ts'
import type { MadeProposal } from '../../lib/dao/propose.ts'
import { leftWords } from '../../lib/dao/times.ts'
import { lengthWords, type Clock } from '../../lib/perpetual/clock.ts'
import type { CliContext } from '../context.ts'
import { clockOf, describeRows } from '../perpetual.ts'
import { daoVerb } from './dao.ts'

/** Tells of a proposal that was made, with what it is about in `facts`. */
export async function tellMade(
  context: CliContext,
  dao: Dao,
  made: MadeProposal,
  facts: Record<string, unknown>,
): Promise<void> {
  context.note(`made: proposal ${made.proposalId}, by transaction ${made.transaction}`)
  const number = await numberOf(dao, made)
  context.say(madeWords(context, dao, { ...made, number }, await clockOf(context)), {
    ...{ dao: dao.address, number, ...made, ...facts },
  })
}

/** Which of the DAO's proposals it has become. */
export async function numberOf(dao: Dao, { proposalId }: MadeProposal): Promise<number> {
  return (await listProposals(dao)).find(({ id }) => id === proposalId)!.number
}

/** What was put to the vote, and what is next. */
export function madeWords(
  context: CliContext,
  dao: Dao,
  { number, proposalId, snapshotEpoch, deadlineEpoch }: MadeProposal & { number: number },
  clock: Clock,
): string {
  const begins = snapshotEpoch - clock.epoch
  return describeRows(`proposal ${number} of ${dao.name}`, [
    ['id', `${proposalId}`],
    ['voting', begins < 0n ? 'has begun' : `begins in ${lengthWords(begins + 1n)}, after epoch ${snapshotEpoch}`],
    ['ends in', leftWords(clock, deadlineEpoch)],
    ['you', 'cannot vote on your own proposal; your weight stays where it is until voting begins'],
    ['next', `members: ${daoVerb(context, dao, `vote ${number} for|against|abstain`)}`],
  ])
}
