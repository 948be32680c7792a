import type { Dao } from '../../lib/dao/contracts.ts'
import { findProposal } from '../../lib/dao/proposals.ts'
import { missingToQuorum, readProposal, type ProposalFacts } from '../../lib/dao/proposal.ts'
import { castVote } from '../../lib/dao/vote.ts'
import { weightWords } from '../../lib/dao/weights.ts'
import type { CliContext } from '../context.ts'
import { clockOf } from '../perpetual.ts'
import { daoOf, named, parseSupport, type DaoOption } from './dao.ts'

/** `dao vote ID for|against|abstain`: one ballot, which stands as it was cast. */
export async function vote(
  context: CliContext,
  idText: string,
  supportText: string,
  options: DaoOption & { reason?: string },
): Promise<void> {
  const support = parseSupport(supportText)
  const dao = await daoOf(context, options)
  const proposed = await findProposal(dao, idText)
  const voted = await castVote(dao, proposed.id, support, options.reason)
  const proposal = await readProposal(dao, proposed, await clockOf(context))
  context.say(
    `voted ${support} with ${weightWords(dao, voted.weight)} on proposal ${named(proposal)}: ${tallyWords(dao, proposal)}`,
    { dao: dao.address, proposalId: proposal.id, ...voted, votes: proposal.votes, quorum: proposal.quorum },
  )
}

/** How a vote stands: `for 3 votes, against 1 vote, abstain 0 votes; quorum 2 votes, reached`. */
export function tallyWords(dao: Pick<Dao, 'weighted' | 'symbol'>, proposal: ProposalFacts): string {
  const words = (weight: bigint) => weightWords(dao, weight)
  const { votes, quorum } = proposal
  const missing = missingToQuorum(proposal)
  const reached = missing === 0n ? 'reached' : `${words(missing)} for or abstaining are missing`
  return `for ${words(votes.for)}, against ${words(votes.against)}, abstain ${words(votes.abstain)}; quorum ${words(quorum)}, ${reached}`
}
