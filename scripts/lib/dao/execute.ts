import { operationOf } from '../../../oracle/chain/dao.ts'
import { done, eventsIn } from '../perpetual/sent.ts'
import type { Dao } from './contracts.ts'
import type { Proposed } from './proposals.ts'

/** Queues what passed: its money is promised to it, and the timelock's delay begins. By anyone. */
export async function queueProposal({ governor }: Dao, proposed: Proposed): Promise<{ transaction: string }> {
  const { transaction } = await done(governor, await governor.queue(...callOf(proposed)))
  return { transaction }
}

/** What an execution made of a CID. */
export interface Executed {
  transaction: string
  /** Its place in the collection; undefined where nothing was added. */
  index?: bigint
  /** The request or the order that it opened, and what was put into it, attoFIL. */
  storageId?: bigint
  funded?: bigint
}

/** Executes what was queued and has waited. By anyone. */
export async function executeProposal({ governor, treasury }: Dao, proposed: Proposed): Promise<Executed> {
  const sent = await governor.execute(...callOf(proposed))
  const { transaction } = await done(governor, sent)
  const receipt = (await sent.wait())!
  const funded = eventsIn(treasury, receipt).find(({ name }) => name === 'CidFunded')
  if (!funded) return { transaction }
  const [index, storageId, amount] = funded.args.toArray() as [bigint, bigint, bigint]
  return { transaction, index, storageId, funded: amount }
}

/** Ends a proposal before it is carried out. By its proposer while it is pending, or by the guardian. */
export async function cancelProposal({ governor }: Dao, proposed: Proposed): Promise<{ transaction: string }> {
  const { transaction } = await done(governor, await governor.cancel(...callOf(proposed)))
  return { transaction }
}

/** What is still promised to a queued proposal, attoFIL. */
export async function earmarkedFor(dao: Dao, proposed: Proposed): Promise<bigint> {
  const { amount } = await dao.treasury.earmarkOf(operationOf(dao.address, proposed))
  return amount
}

/** Frees what an expired proposal holds of the treasury. By anyone. */
export async function releaseEarmark(dao: Dao, proposed: Proposed): Promise<{ transaction: string }> {
  const { transaction } = await done(dao.treasury, await dao.treasury.release(operationOf(dao.address, proposed)))
  return { transaction }
}

function callOf({ targets, values, calldatas, descriptionHash }: Proposed): [string[], bigint[], string[], string] {
  return [targets, values, calldatas, descriptionHash]
}
