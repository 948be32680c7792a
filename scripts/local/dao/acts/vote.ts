import { signBallot, submitBallots } from '../../../lib/dao/ballot.ts'
import type { Dao } from '../../../lib/dao/contracts.ts'
import type { Support } from '../../../lib/dao/names.ts'
import { shortId } from '../../../lib/dao/proposals.ts'
import type { MadeProposal } from '../../../lib/dao/propose.ts'
import { castVote } from '../../../lib/dao/vote.ts'
import { revertName } from '../../../lib/revert.ts'
import type { Member } from '../cast.ts'
import { passTo } from '../chain.ts'
import { as, type Stage } from '../stage.ts'
import { rulesOf } from '../tell.ts'

/** All five vote, the third one by a signature; who proposed may not. */
export async function vote(stage: Stage, dao: Dao, proposed: MadeProposal): Promise<void> {
  const { narrator, connection, cast, progress, scene } = stage
  const { proposalId, snapshotEpoch, deadlineEpoch } = proposed
  const [first, second, third, fourth, fifth] = cast.members
  const votes = async ({ wallet }: Member, support: Support, reason?: string) => {
    await castVote(as(dao, wallet), proposalId, support, reason)
    await narrator.catchUp()
  }
  await passTo(connection, snapshotEpoch)
  await narrator.act(`The members vote; ${third.name} has no money for gas, and signs its ballot`)

  progress.done('to vote', `on ${shortId(proposalId)} ${rulesOf(scene, snapshotEpoch)}`)
  progress.done(
    'refused',
    `a vote of ${cast.provider.name} on what it proposed: ${await refusalOf(stage, dao, proposalId)}`,
  )
  await votes(first, 'for', 'our own source should outlive us')
  await votes(fourth, 'against', 'who wants it has git')

  const ballot = await signBallot(dao, third.wallet, proposalId, {
    ...{ support: 'for', reason: '', expiryEpoch: deadlineEpoch },
  })
  progress.done('signed', `a ballot by ${third.name}, who sends nothing`)
  await submitBallots(as(dao, cast.carrier), proposalId, [ballot])
  await narrator.catchUp()

  await votes(second, 'for')
  await votes(fifth, 'abstain')
}

/** What the DAO says when who proposed wants to vote. @throws Error when it lets it. */
async function refusalOf({ cast }: Stage, { governor }: Dao, proposalId: bigint): Promise<string> {
  const { name, owner } = cast.provider
  try {
    await governor.connect(owner).castVote.staticCall(proposalId, 1n)
  } catch (error) {
    const refusal = revertName(error)
    if (refusal === 'ProposerCannotVote') return refusal
    throw error
  }
  throw new Error(`${name} could have voted on its own proposal`)
}
