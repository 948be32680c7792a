import type { Support } from '../chain/dao.ts'
import type { Database, Tx } from './open.ts'

/** What one voter said to one proposal. */
export interface Ballot {
  proposalId: bigint
  voter: string
  support: Support
  /** Votes with 18 decimals, or members. */
  weight: bigint
  reason: string
  blockNumber: bigint
  /** Position of its event in that block. */
  logIndex: number
}

/** The life of the table `ballot`: written by the watcher alone; a ballot never changes. */
export interface BallotStore {
  /** A second one of the same voter to the same proposal changes nothing. */
  put(ballot: Ballot, tx?: Tx): Promise<void>
  /** In the order in which they were cast. */
  of(proposalId: bigint): Promise<Ballot[]>
  /** A reorg removed every block above `blockNumber`. */
  rollBack(blockNumber: bigint, tx: Tx): Promise<void>
}

export function createBallotStore(db: Database): BallotStore {
  return {
    async put({ proposalId, voter, support, weight, reason, blockNumber, logIndex }, tx) {
      const place = { block_number: blockNumber, log_index: logIndex }
      await (tx ?? db)
        .insertInto('ballot')
        .values({ proposal_id: proposalId.toString(), voter, support, weight: weight.toString(), reason, ...place })
        .onConflict((on) => on.columns(['proposal_id', 'voter']).doNothing())
        .execute()
    },

    async of(proposalId) {
      const query = db.selectFrom('ballot').selectAll().where('proposal_id', '=', proposalId.toString())
      const rows = await query.orderBy('block_number').orderBy('log_index').execute()
      return rows.map(({ voter, support, weight, reason, block_number, log_index }) => ({
        ...{ proposalId, voter, support: support as Support, weight: BigInt(weight), reason },
        ...{ blockNumber: BigInt(block_number), logIndex: log_index },
      }))
    },

    async rollBack(blockNumber, tx) {
      await tx.deleteFrom('ballot').where('block_number', '>', Number(blockNumber)).execute()
    },
  }
}
