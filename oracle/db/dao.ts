import type { Selectable } from 'kysely'
import type { DaoParts, StorageTerms } from '../chain/dao.ts'
import type { Database, Tx } from './open.ts'
import { storedEpoch, type DaoTable } from './schema.ts'
import { readTerms, writeTerms } from './storage-terms.ts'
import { putVersion, rollBackVersions, type Versioned } from './versions.ts'

/** A DataDAO: its parts, and its settings rebuilt from its events. Times are epochs unless a name says seconds. */
export interface Dao extends DaoParts, Versioned {
  votingDelay: bigint
  votingPeriod: bigint
  /** Weight that a member needs to propose. */
  proposalThreshold: bigint
  /** Of all weight at the snapshot. */
  quorumPercent: number
  lateExtension: bigint
  timelockDelaySeconds: bigint
  /** The zero address: none. */
  guardian: string
  /** The last epoch, inclusive, at which the guardian may cancel. */
  guardianUntil: bigint
  /** Of proposals that name none; null until the DAO has set them. */
  defaultTerms: StorageTerms | null
}

/** The life of the table `dao`: written by the watcher alone. */
export interface DaoStore {
  /** How the DAO is from its `fromBlock` on. */
  put(dao: Dao, tx?: Tx): Promise<void>
  get(address: string, tx?: Tx): Promise<Dao | undefined>
  /** By address. */
  all(): Promise<Dao[]>
  /** A reorg removed every block above `blockNumber`. */
  rollBack(blockNumber: bigint, tx: Tx): Promise<void>
}

/** @param now Milliseconds since 1970. */
export function createDaoStore(db: Database, now: () => number = Date.now): DaoStore {
  const present = (tx: Database | Tx = db) => tx.selectFrom('dao').selectAll().where('until_block', 'is', null)

  return {
    put: (dao, tx) => putVersion(tx ?? db, 'dao', write(dao, now())),

    async get(address, tx) {
      const row = await present(tx).where('id', '=', address).executeTakeFirst()
      return row && read(row)
    },

    all: async () => (await present().orderBy('id').execute()).map(read),

    rollBack: (blockNumber, tx) => rollBackVersions(tx, 'dao', blockNumber),
  }
}

function write(dao: Dao, now: number) {
  return {
    id: dao.address,
    from_block: dao.fromBlock,
    until_block: null,
    log_index: dao.logIndex,
    updated_at: now,
    name: dao.name,
    treasury: dao.treasury,
    collection: dao.collection,
    membership: dao.membership,
    voting_delay: storedEpoch(dao.votingDelay),
    voting_period: storedEpoch(dao.votingPeriod),
    proposal_threshold: dao.proposalThreshold.toString(),
    quorum_percent: dao.quorumPercent,
    late_extension: storedEpoch(dao.lateExtension),
    timelock_delay_seconds: storedEpoch(dao.timelockDelaySeconds),
    guardian: dao.guardian,
    guardian_until: storedEpoch(dao.guardianUntil),
    default_terms: dao.defaultTerms && writeTerms(dao.defaultTerms),
  }
}

function read(row: Selectable<DaoTable>): Dao {
  return {
    address: row.id,
    fromBlock: BigInt(row.from_block),
    logIndex: row.log_index,
    name: row.name,
    treasury: row.treasury,
    collection: row.collection,
    membership: row.membership,
    votingDelay: BigInt(row.voting_delay),
    votingPeriod: BigInt(row.voting_period),
    proposalThreshold: BigInt(row.proposal_threshold),
    quorumPercent: row.quorum_percent,
    lateExtension: BigInt(row.late_extension),
    timelockDelaySeconds: BigInt(row.timelock_delay_seconds),
    guardian: row.guardian,
    guardianUntil: BigInt(row.guardian_until),
    defaultTerms: row.default_terms === null ? null : readTerms(row.default_terms),
  }
}
