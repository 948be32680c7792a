import type { Dao } from '../../../lib/dao/contracts.ts'
import { executeProposal, queueProposal } from '../../../lib/dao/execute.ts'
import { findProposal } from '../../../lib/dao/proposals.ts'
import type { MadeProposal } from '../../../lib/dao/propose.ts'
import { passTo, passToTime } from '../chain.ts'
import { as, type Stage } from '../stage.ts'

/** The vote is over: what passed is queued, waits, and is executed, as anybody may. Gives the request that it funded. */
export async function carryOut(stage: Stage, dao: Dao, { proposalId, deadlineEpoch }: MadeProposal): Promise<bigint> {
  const { narrator, connection, cast } = stage
  await passTo(connection, deadlineEpoch)
  await narrator.act('The vote is over and has passed: anybody may queue and execute it')

  const anybody = as(dao, cast.carrier)
  const proposal = await findProposal(dao, proposalId.toString())
  await queueProposal(anybody, proposal)
  await narrator.catchUp()
  await passToTime(connection, await dao.governor.proposalEta(proposalId))
  const { storageId } = await executeProposal(anybody, proposal)
  await narrator.catchUp()
  if (storageId === undefined) throw new Error(`the execution of proposal ${proposalId} funded nothing`)
  return storageId
}
