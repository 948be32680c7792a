import { createBallotStore, type BallotStore } from './ballot.ts'
import { createCollectionEntryStore, type CollectionEntryStore } from './collection-entry.ts'
import { createDaoStore, type DaoStore } from './dao.ts'
import type { Database, Tx } from './open.ts'
import { createProposalStore, type ProposalStore } from './proposal.ts'

/** All that is known of DataDAOs. */
export interface DaoBook {
  daos: DaoStore
  proposals: ProposalStore
  ballots: BallotStore
  entries: CollectionEntryStore
  /** A reorg removed every block above `blockNumber`. */
  rollBack(blockNumber: bigint, tx: Tx): Promise<void>
}

/** @param now Milliseconds since 1970. */
export function createDaoBook(db: Database, now: () => number = Date.now): DaoBook {
  const daos = createDaoStore(db, now)
  const proposals = createProposalStore(db, now)
  const ballots = createBallotStore(db)
  const entries = createCollectionEntryStore(db, now)
  return {
    ...{ daos, proposals, ballots, entries },
    async rollBack(blockNumber, tx) {
      for (const store of [daos, proposals, ballots, entries]) await store.rollBack(blockNumber, tx)
    },
  }
}
