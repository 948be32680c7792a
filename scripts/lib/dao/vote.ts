import { done, eventNamed } from '../perpetual/sent.ts'
import type { Dao } from './contracts.ts'
import { numberOf, SUPPORTS, type Support } from './names.ts'

export interface Voted {
  voter: string
  support: Support
  weight: bigint
  transaction: string
}

/** Votes as the signer of the DAO's contracts. @throws the contracts' errors */
export async function castVote({ governor }: Dao, proposalId: bigint, support: Support, reason = ''): Promise<Voted> {
  const choice = numberOf(SUPPORTS, support)
  const sent =
    reason === ''
      ? await governor.castVote(proposalId, choice)
      : await governor.castVoteWithReason(proposalId, choice, reason)
  const result = await done(governor, sent)
  const { voter, weight } = eventNamed(result, 'VoteCast').args as unknown as Pick<Voted, 'voter' | 'weight'>
  return { voter, support, weight, transaction: result.transaction }
}
