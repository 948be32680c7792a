import type { Dao } from '../../../lib/dao/contracts.ts'
import { PROPOSAL_STATES, type ProposalState } from '../../../lib/dao/names.ts'
import type { MadeProposal } from '../../../lib/dao/propose.ts'
import { passTo, passToTime, passUntil } from '../chain.ts'
import type { World } from '../../world.ts'
import type { Executors } from '../executors.ts'
import type { Stage } from '../stage.ts'

/** The vote is over: a keeper queues what passed and executes it when it has waited. Gives the request that it funded. */
export async function carryOut(
  stage: Stage,
  { world }: Executors,
  dao: Dao,
  { proposalId, deadlineEpoch }: MadeProposal,
): Promise<bigint> {
  const { narrator, connection } = stage
  await passTo(connection, deadlineEpoch)
  await narrator.act("The vote has passed: anybody may queue and execute it, and an operator's keeper does")
  const keeperDoes = (wanted: ProposalState) => untilIs(stage, world, dao, proposalId, wanted)

  await keeperDoes('Queued')
  await passToTime(connection, await dao.governor.proposalEta(proposalId))
  await keeperDoes('Executed')
  const funded = narrator.events.find(({ name }) => name === 'CidFunded')
  if (!funded) throw new Error(`the execution of proposal ${proposalId} funded nothing`)
  return funded.args.storageId as bigint
}

/** Waits for a keeper, and tells what it has done. @throws Error when all executors have ended */
async function untilIs(
  { connection, narrator }: Stage,
  { operators, dir }: World,
  { governor }: Dao,
  proposalId: bigint,
  wanted: ProposalState,
): Promise<void> {
  await passUntil(connection, `a keeper, for the proposal to be ${wanted}`, async () => {
    const ended = operators.flatMap(({ executor }) => executor.ended() ?? [])
    if (ended.length === operators.length) {
      throw new Error(`${ended.join(', ')} while the proposal waited for a keeper: see ${dir}/logs`)
    }
    return PROPOSAL_STATES[Number(await governor.state(proposalId))] === wanted ? true : undefined
  })
  await narrator.catchUp()
}
