import type { EventLog } from 'ethers'
import { readDaoEvent } from '../../../oracle/chain/dao-events.ts'
import type { Payload } from '../../../oracle/chain/dao.ts'
import { eventsOf } from '../logs.ts'
import type { Dao } from './contracts.ts'
import { MAX_VOTING_DELAY } from './rules.ts'

/** What was put to the vote, as its event tells: what queueing and executing it take. */
export interface Proposed extends Payload {
  id: bigint
  proposer: string
  description: string
  /** The block of the event. */
  epoch: bigint
}

/** {@link Proposed}, and which of the DAO's proposals it is, from 1; undefined where only its id was looked up. */
export interface Listed extends Proposed {
  number?: number
}

/** A proposal's id is too long to be read out: its first digits. */
export const shortId = (id: bigint): string => `${String(id).slice(0, SHORT_DIGITS)}…`

const SHORT_DIGITS = 10
/** Below it a number is which proposal it is, from there on how its id begins. */
const LEAST_PREFIX_DIGITS = 4

/** All of a DAO's proposals, in the order in which they were made. */
export async function listProposals(dao: Dao): Promise<(Listed & { number: number })[]> {
  const logs = await eventsOf(dao.governor, dao.governor.filters.ProposalCreated(), await firstEpochOf(dao))
  return logs.map((log, at) => ({ ...readProposed(dao, log), number: at + 1 }))
}

/**
 * The proposal that a person names: by its number (`3`, `#3`), its id, or how that begins (4 digits at least).
 * @throws Error when there is none, or more than one
 */
export async function findProposal(dao: Dao, text: string): Promise<Listed> {
  const [, mark, digits] = /^(#?)(\d{1,78})$/.exec(text) ?? []
  if (digits === undefined) throw new Error(`expected a proposal's number, as 3, or its id, got '${text}'`)
  if (!mark && digits.length > 70 && BigInt(digits) < 2n ** 256n) {
    const whole = await proposalById(dao, BigInt(digits))
    if (whole) return whole
  }
  return pick(await listProposals(dao), text, dao.name)
}

/** {@link findProposal} among those that were read. */
export function pick<P extends { id: bigint; number?: number }>(proposals: P[], text: string, daoName: string): P {
  const byNumber = text.startsWith('#') || text.length < LEAST_PREFIX_DIGITS
  const digits = text.replace('#', '')
  const found = proposals.filter(({ id, number }) =>
    byNumber ? number === Number(digits) : String(id).startsWith(digits),
  )
  const [only] = found
  if (only && found.length === 1) return only
  const words = only
    ? `${found.length} proposals of ${daoName} begin with ${digits}`
    : `${daoName} has no proposal ${text}`
  throw Object.assign(new Error(words), {
    hint: `It has ${proposals.length}: npm run mooring -- dao show lists them with their numbers.`,
  })
}

/** Reads the event of a known id, which lies before the snapshot; undefined where there is no such proposal. */
async function proposalById(dao: Dao, id: bigint): Promise<Proposed | undefined> {
  const snapshot = await dao.governor.proposalSnapshot(id)
  if (snapshot === 0n) return undefined
  const filter = dao.governor.filters.ProposalCreated()
  const usual = snapshot - (await dao.governor.votingDelay())
  const among = async (from: bigint, to: bigint) =>
    (await eventsOf(dao.governor, filter, Number(from > 0n ? from : 0n), Number(to)))
      .map((log) => readProposed(dao, log))
      .find((proposed) => proposed.id === id)
  return (await among(usual, usual)) ?? (await among(snapshot - MAX_VOTING_DELAY, snapshot))
}

/** Decodes a ProposalCreated as the executor does: its description may be any bytes. */
function readProposed({ address, name, treasury, collection, membership }: Dao, log: EventLog): Proposed {
  const [at, parts] = [BigInt(log.blockNumber), { treasury, collection, membership }]
  const addresses = Object.fromEntries(Object.entries(parts).map(([part, { target }]) => [part, target]))
  const event = readDaoEvent(
    { address, name, ...(addresses as Record<keyof typeof parts, string>) },
    { ...log, topics: [...log.topics], blockNumber: at, logIndex: log.index },
  )
  if (event?.name !== 'ProposalCreated') throw new Error(`transaction ${log.transactionHash} shows no proposal`)
  const { proposalId, proposer, description, descriptionHash, targets, values, calldatas } = event.args
  return { id: proposalId, proposer, description, descriptionHash, targets, values, calldatas, epoch: at }
}

/** The block in which the DAO was made: the first at whose end its members had weight. Asks for no old logs. */
async function firstEpochOf({ governor, membership, deployedBlock }: Dao): Promise<number> {
  let first = deployedBlock
  let last = await governor.runner!.provider!.getBlockNumber()
  while (first < last) {
    const middle = Math.floor((first + last) / 2)
    if ((await membership.getPastTotalSupply(middle)) > 0n) last = middle
    else first = middle + 1
  }
  return first
}
