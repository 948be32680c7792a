import type { Selectable } from 'kysely'
import { EXECUTION_WINDOW_SECONDS, QUEUE_WINDOW } from '../chain/dao-rules.ts'
import type { Payload, StorageTerms, Subject } from '../chain/dao.ts'
import type { Database, Tx } from './open.ts'
import { storedEpoch, type ProposalTable } from './schema.ts'
import { readTerms, writeTerms } from './storage-terms.ts'
import { putVersion, rollBackVersions, type Versioned } from './versions.ts'

/** Where a proposal stands as far as events tell: what the votes and the time make of an open one, no event says. */
export type ProposalStanding = 'open' | 'queued' | 'executed' | 'canceled'

/** Something that was put to a DataDAO's vote, rebuilt from its events. Amounts are attoFIL, times epochs. */
export interface Proposal extends Payload, Versioned {
  id: bigint
  /** The DataDAO's address. */
  dao: string
  subject: Subject
  proposer: string
  /** The storage provider that proposed it; 0n: none did. */
  providerId: bigint
  /** What is to be kept or dropped; null where the proposal is about something else. */
  cid: Uint8Array | null
  /** Bytes of its CAR, at most, and the terms of its storage; null unless it is to be kept. */
  size: bigint | null
  terms: StorageTerms | null
  description: string
  /** Weight counts as it was at the end of this block. */
  snapshot: bigint
  /** The last epoch, inclusive, at which votes are taken; a late quorum moves it. */
  deadline: bigint
  /** The timelock's operation, hex. */
  operation: string
  againstVotes: bigint
  forVotes: bigint
  abstainVotes: bigint
  standing: ProposalStanding
  /** Unix second from which it can be executed; 0n: not queued. */
  eta: bigint
  /** Promised to it by the treasury now. */
  earmarked: bigint
}

/** The life of the table `proposal`: written by the watcher alone. */
export interface ProposalStore {
  /** How the proposal is from its `fromBlock` on. */
  put(proposal: Proposal, tx?: Tx): Promise<void>
  get(id: bigint, tx?: Tx): Promise<Proposal | undefined>
  byOperation(dao: string, operation: string, tx?: Tx): Promise<Proposal | undefined>
  /** Oldest first. */
  of(dao: string): Promise<Proposal[]>
  /**
   * Those that anybody may have to queue, to execute or to release: open ones whose vote is over and which can still be queued, queued
   * ones that can still be executed or have money earmarked.
   * @param now The chain's Unix second.
   */
  ripe(epoch: bigint, now: bigint): Promise<Proposal[]>
  /** A reorg removed every block above `blockNumber`. */
  rollBack(blockNumber: bigint, tx: Tx): Promise<void>
}

/** @param now Milliseconds since 1970. */
export function createProposalStore(db: Database, now: () => number = Date.now): ProposalStore {
  const present = (tx: Database | Tx = db) => tx.selectFrom('proposal').selectAll().where('until_block', 'is', null)

  return {
    put: (proposal, tx) => putVersion(tx ?? db, 'proposal', write(proposal, now())),

    async get(id, tx) {
      const row = await present(tx).where('id', '=', id.toString()).executeTakeFirst()
      return row && read(row)
    },

    async byOperation(dao, operation, tx) {
      const row = await present(tx).where('dao', '=', dao).where('operation', '=', operation).executeTakeFirst()
      return row && read(row)
    },

    of: async (dao) => (await present().where('dao', '=', dao).orderBy('snapshot').orderBy('id').execute()).map(read),

    async ripe(epoch, seconds) {
      const open = await present()
        .where('standing', '=', 'open')
        .where('deadline', '<', Number(epoch))
        .where('deadline', '>=', Number(epoch - QUEUE_WINDOW))
        .orderBy('deadline')
        .execute()
      const queued = await present()
        .where('standing', '=', 'queued')
        .where((is) => is.or([is('eta', '>=', Number(seconds - EXECUTION_WINDOW_SECONDS)), is('earmarked', '!=', '0')]))
        .orderBy('eta')
        .execute()
      return [...queued, ...open].map(read)
    },

    rollBack: (blockNumber, tx) => rollBackVersions(tx, 'proposal', blockNumber),
  }
}

function write(proposal: Proposal, now: number) {
  const { targets, values, calldatas, descriptionHash } = proposal
  return {
    id: proposal.id.toString(),
    from_block: proposal.fromBlock,
    until_block: null,
    log_index: proposal.logIndex,
    updated_at: now,
    dao: proposal.dao,
    subject: proposal.subject,
    proposer: proposal.proposer,
    provider_id: proposal.providerId.toString(),
    cid: proposal.cid,
    size: proposal.size?.toString() ?? null,
    terms: proposal.terms && writeTerms(proposal.terms),
    description: proposal.description,
    snapshot: proposal.snapshot,
    deadline: proposal.deadline,
    payload: JSON.stringify({ targets, values: values.map(String), calldatas, descriptionHash }),
    operation: proposal.operation,
    against_votes: proposal.againstVotes.toString(),
    for_votes: proposal.forVotes.toString(),
    abstain_votes: proposal.abstainVotes.toString(),
    standing: proposal.standing,
    eta: storedEpoch(proposal.eta),
    earmarked: proposal.earmarked.toString(),
  }
}

function read(row: Selectable<ProposalTable>): Proposal {
  const payload = JSON.parse(row.payload) as Payload & { values: string[] }
  return {
    ...payload,
    values: payload.values.map(BigInt),
    id: BigInt(row.id),
    fromBlock: BigInt(row.from_block),
    logIndex: row.log_index,
    dao: row.dao,
    subject: row.subject as Subject,
    proposer: row.proposer,
    providerId: BigInt(row.provider_id),
    cid: row.cid,
    size: row.size === null ? null : BigInt(row.size),
    terms: row.terms === null ? null : readTerms(row.terms),
    description: row.description,
    snapshot: BigInt(row.snapshot),
    deadline: BigInt(row.deadline),
    operation: row.operation,
    againstVotes: BigInt(row.against_votes),
    forVotes: BigInt(row.for_votes),
    abstainVotes: BigInt(row.abstain_votes),
    standing: row.standing as ProposalStanding,
    eta: BigInt(row.eta),
    earmarked: BigInt(row.earmarked),
  }
}
