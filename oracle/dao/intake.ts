import { getBytes } from 'ethers'
import type { ChainLog } from '../chain/answers.ts'
import {
  readDaoEvent,
  type DaoEvent,
  type EntryEvent,
  type OperationEvent,
  type ProposalEvent,
  type SettingEvent,
} from '../chain/dao-events.ts'
import { STORAGE_KINDS, type DaoParts } from '../chain/dao.ts'
import type { DaoBook } from '../db/dao-book.ts'
import type { Tx } from '../db/open.ts'
import type { Proposal } from '../db/proposal.ts'
import { isOld, placeOf } from '../db/versions.ts'
import type { Logger } from '../logger.ts'
import { daoAfter, newDao } from './dao-after.ts'
import { createdProposal, proposalAfter, proposalAfterOperation, supportOf, type Cast } from './proposal-after.ts'
import { cidText, tellDao } from './tell.ts'

export interface DaoIntakeOptions {
  /** The DAOs that are followed. */
  daos: DaoParts[]
  book: DaoBook
  log: Logger
}

export interface DaoIntake {
  /** Writes what confirmed logs say into the rows, inside the watcher's transaction. */
  onLogs(logs: ChainLog[], tx: Tx): Promise<void>
  /** Everything is again as it was at `toBlock`. */
  onRollback(toBlock: bigint, tx: Tx): Promise<void>
}

/** Turns the events of DataDAOs, their treasuries and collections into rows: the only way in. */
export function createDaoIntake({ daos, book, log }: DaoIntakeOptions): DaoIntake {
  const byAddress = new Map(
    daos.flatMap((dao) =>
      [dao.address, dao.treasury, dao.collection].map((address) => [address.toLowerCase(), dao] as const),
    ),
  )

  async function applyToDao(parts: DaoParts, event: SettingEvent, at: ChainLog, tx: Tx): Promise<void> {
    const dao = await book.daos.get(parts.address, tx)
    if (dao !== undefined && isOld(dao, at)) return
    await book.daos.put({ ...daoAfter(dao ?? newDao(parts, placeOf(at)), event), ...placeOf(at) }, tx)
    tellDao(log, 'dao-changed', { dao: parts.address, what: event.name, ...event.args })
  }

  async function applyToProposal({ address }: DaoParts, event: ProposalEvent, at: ChainLog, tx: Tx): Promise<void> {
    const proposal = await book.proposals.get(event.args.proposalId, tx)
    if (event.name === 'ProposalCreated') {
      if (proposal !== undefined) return
      const created = createdProposal(event, address, placeOf(at))
      await book.proposals.put(created, tx)
      const { id: proposalId, proposer, snapshot, deadline, description } = created
      return tellDao(log, 'proposal-made', {
        ...{ dao: address, proposalId, proposer, snapshot, deadline },
        description: description.slice(0, TOLD_CHARACTERS),
      })
    }
    if (proposal === undefined || isOld(proposal, at)) return
    if (event.name === 'VoteCast') await keepBallot(event, at, tx)
    const after = { ...proposalAfter(proposal, event), ...placeOf(at) }
    await book.proposals.put(after, tx)
    tellProposal(event, after, at)
  }

  async function keepBallot(event: Cast, at: ChainLog, tx: Tx): Promise<void> {
    const { proposalId, voter, weight, reason } = event.args
    const { blockNumber, logIndex } = at
    const ballot = { proposalId, voter, weight, reason, blockNumber, logIndex, support: supportOf(event) }
    await book.ballots.put(ballot, tx)
  }

  function tellProposal(event: Exclude<ProposalEvent, { name: 'ProposalCreated' }>, after: Proposal, at: ChainLog) {
    const { dao, id: proposalId, subject, cid, size, providerId, deadline, eta, earmarked } = after
    const which = { dao, proposalId }
    switch (event.name) {
      case 'CidProposed':
      case 'RemovalProposed':
        return tellDao(log, 'proposal-subject', { ...which, subject, cid: cidText(cid!), size, providerId })
      case 'VoteCast': {
        const { voter, weight } = event.args
        return tellDao(log, 'proposal-vote', { ...which, voter, support: supportOf(event), weight })
      }
      case 'ProposalExtended':
        return tellDao(log, 'proposal-extended', { ...which, deadline })
      case 'ProposalQueued':
        return tellDao(log, 'proposal-queued', { ...which, eta, earmarked })
      case 'ProposalExecuted':
        return tellDao(log, 'proposal-executed', { ...which, transaction: at.transactionHash })
      case 'ProposalCanceled':
        return tellDao(log, 'proposal-canceled', { ...which, transaction: at.transactionHash })
    }
  }

  async function applyToOperation({ address }: DaoParts, event: OperationEvent, at: ChainLog, tx: Tx): Promise<void> {
    const proposal = await book.proposals.byOperation(address, event.args.operation, tx)
    if (proposal === undefined || isOld(proposal, at)) return
    await book.proposals.put({ ...proposalAfterOperation(proposal, event), ...placeOf(at) }, tx)
  }

  async function applyToEntry({ address: dao }: DaoParts, event: EntryEvent, at: ChainLog, tx: Tx): Promise<void> {
    const { index } = event.args
    const cid = getBytes(event.args.cid)
    const entry = await book.entries.get(dao, index, tx)
    if (event.name === 'CidAdded') {
      if (entry !== undefined) return
      const { proposalId, storageId } = event.args
      const kind = STORAGE_KINDS[Number(event.args.kind)]!
      const times = { addedEpoch: at.blockNumber, removedEpoch: null, reason: null }
      await book.entries.put({ dao, index, cid, proposalId, kind, storageId, ...times, ...placeOf(at) }, tx)
      return tellDao(log, 'cid-added', { dao, index, cid: cidText(cid), proposalId, kind, storageId })
    }
    if (entry === undefined || isOld(entry, at)) return
    const { reason } = event.args
    await book.entries.put({ ...entry, removedEpoch: at.blockNumber, reason, ...placeOf(at) }, tx)
    tellDao(log, 'cid-removed', { dao, index, cid: cidText(cid), reason: reason.slice(0, TOLD_CHARACTERS) })
  }

  function apply(dao: DaoParts, event: DaoEvent, at: ChainLog, tx: Tx): Promise<void> {
    switch (event.about) {
      case 'setting':
        return applyToDao(dao, event, at, tx)
      case 'proposal':
        return applyToProposal(dao, event, at, tx)
      case 'operation':
        return applyToOperation(dao, event, at, tx)
      case 'entry':
        return applyToEntry(dao, event, at, tx)
    }
  }

  /** What a contract that only looks like a DAO emits must not hold up what is read of the others. */
  function read(dao: DaoParts, at: ChainLog): DaoEvent | undefined {
    try {
      return readDaoEvent(dao, at)
    } catch (error) {
      log.warn(
        { err: error, dao: dao.address, transaction: at.transactionHash },
        'no event that a DataDAO emits: left out',
      )
      return undefined
    }
  }

  return {
    async onLogs(logs, tx) {
      for (const at of logs) {
        const dao = byAddress.get(at.address.toLowerCase())
        const event = dao && read(dao, at)
        if (event !== undefined) await apply(dao!, event, at, tx)
      }
    },

    onRollback: (toBlock, tx) => book.rollBack(toBlock, tx),
  }
}

/** Of texts that others write, in a line of the log. */
const TOLD_CHARACTERS = 200
