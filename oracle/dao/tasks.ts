import type { DaoAction } from '../chain/dao-calls.ts'
import { readQuorum, type DaoParts } from '../chain/dao.ts'
import type { ChainClient } from '../chain/client.ts'
import type { Proposal, ProposalStore } from '../db/proposal.ts'
import { proposalState } from './proposal-state.ts'

/** Something that anybody may do for a proposal. */
export interface DaoTask {
  action: DaoAction
  dao: DaoParts
  proposal: Proposal
}

export interface TasksContext {
  daos: DaoParts[]
  proposals: Pick<ProposalStore, 'ripe'>
  chain: Pick<ChainClient, 'call'>
}

/** One task in words: `execute 8123…`. */
export const wordsOf = ({ action, proposal }: Pick<DaoTask, 'action'> & { proposal: Pick<Proposal, 'id'> }): string =>
  `${action} ${proposal.id}`

export interface TaskFinder {
  /** What rows, time and quorum say is to be done, what expires first before the rest. `now` is the head's Unix second. */
  find(head: bigint, now: bigint): Promise<DaoTask[]>
}

export function createTaskFinder({ daos, proposals, chain }: TasksContext): TaskFinder {
  const byAddress = new Map(daos.map((dao) => [dao.address, dao]))
  /** By proposal. Rows are of blocks that stay, and so is a snapshot before them. */
  const quorums = new Map<bigint, bigint>()

  async function actionOf(proposal: Proposal, head: bigint, now: bigint): Promise<DaoAction | undefined> {
    const { id, dao, snapshot, forVotes, againstVotes, eta, earmarked } = proposal
    if (forVotes <= againstVotes) return undefined // defeated whatever the quorum, which needs not be asked for
    const quorum = quorums.get(id) ?? (await readQuorum(chain, dao, snapshot))
    quorums.set(id, quorum)

    const state = proposalState(proposal, head, now, quorum)
    if (state === 'Succeeded') return 'queue'
    if (state === 'Queued') return now < eta ? undefined : 'execute'
    return state === 'Expired' && earmarked > 0n ? 'release' : undefined
  }

  return {
    async find(head, now) {
      const ripe = (await proposals.ripe(head, now)).filter(({ dao }) => byAddress.has(dao))
      for (const id of quorums.keys()) if (!ripe.some((proposal) => proposal.id === id)) quorums.delete(id)
      const tasks: DaoTask[] = []
      for (const proposal of ripe) {
        const action = await actionOf(proposal, head, now)
        if (action !== undefined) tasks.push({ action, proposal, dao: byAddress.get(proposal.dao)! })
      }
      return tasks
    },
  }
}
