import { EventFragment, getAddress, Interface, keccak256, type Result } from 'ethers'
import { COLLECTION_ABI, DAO_TREASURY_ABI, DATA_DAO_ABI } from './abi.ts'
import type { ChainLog } from './answers.ts'
import { readStorageTerms, readText, type DaoParts, type Payload, type StorageTerms } from './dao.ts'

interface OfProposal {
  proposalId: bigint
}

/** Arguments of the events of proposals; bytes are hex. */
interface ProposalArgs {
  ProposalCreated: OfProposal & Payload & { proposer: string; voteStart: bigint; voteEnd: bigint; description: string }
  CidProposed: OfProposal & { providerId: bigint; proposer: string; cid: string; size: bigint; terms: StorageTerms }
  RemovalProposed: OfProposal & { proposer: string; cid: string; reason: string }
  VoteCast: OfProposal & { voter: string; support: bigint; weight: bigint; reason: string }
  ProposalExtended: OfProposal & { extendedDeadline: bigint }
  ProposalQueued: OfProposal & { etaSeconds: bigint }
  ProposalExecuted: OfProposal
  ProposalCanceled: OfProposal
}

/** Arguments of the events of a DAO's settings. */
interface SettingArgs {
  VotingDelaySet: { newVotingDelay: bigint }
  VotingPeriodSet: { newVotingPeriod: bigint }
  ProposalThresholdSet: { newProposalThreshold: bigint }
  QuorumNumeratorUpdated: { newQuorumNumerator: bigint }
  LateQuorumVoteExtensionSet: { newVoteExtension: bigint }
  GuardianSet: { guardian: string; untilEpoch: bigint }
  DefaultTermsSet: { terms: StorageTerms }
  /** The treasury's; seconds. */
  MinDelayChange: { newDuration: bigint }
}

/** Arguments of the treasury's events about an operation of its timelock. */
interface OperationArgs {
  Earmarked: { operation: string; amount: bigint }
  EarmarkEnded: { operation: string; amount: bigint }
}

/** Arguments of the collection's events. */
interface EntryArgs {
  CidAdded: OfEntry & { proposalId: bigint; kind: bigint; storageId: bigint }
  CidRemoved: OfEntry & { reason: string }
}

interface OfEntry {
  index: bigint
  cid: string
}

type EventsOf<About extends string, Args> = {
  [Name in keyof Args]: { about: About; name: Name; args: Args[Name] }
}[keyof Args]

export type ProposalEvent = EventsOf<'proposal', ProposalArgs>
export type SettingEvent = EventsOf<'setting', SettingArgs>
export type OperationEvent = EventsOf<'operation', OperationArgs>
export type EntryEvent = EventsOf<'entry', EntryArgs>
export type DaoEvent = ProposalEvent | SettingEvent | OperationEvent | EntryEvent

const ABOUT: Record<DaoEvent['name'], DaoEvent['about']> = {
  ...{ ProposalCreated: 'proposal', CidProposed: 'proposal', RemovalProposed: 'proposal', VoteCast: 'proposal' },
  ...{ ProposalExtended: 'proposal', ProposalQueued: 'proposal', ProposalExecuted: 'proposal' },
  ...{ ProposalCanceled: 'proposal', VotingDelaySet: 'setting', VotingPeriodSet: 'setting' },
  ...{ ProposalThresholdSet: 'setting', QuorumNumeratorUpdated: 'setting', LateQuorumVoteExtensionSet: 'setting' },
  ...{ GuardianSet: 'setting', DefaultTermsSet: 'setting', MinDelayChange: 'setting' },
  ...{ Earmarked: 'operation', EarmarkEnded: 'operation' },
  ...{ CidAdded: 'entry', CidRemoved: 'entry' },
}

/** Anybody writes them, and nobody checks that they are UTF-8: they are read as bytes first. */
const TEXTS = ['description', 'reason']

const anyAbi = new Interface([])
const [ofDao, ofTreasury, ofCollection] = [DATA_DAO_ABI, DAO_TREASURY_ABI, COLLECTION_ABI].map(readersOf)

/** How each event is read, by its topic: texts as bytes. */
function readersOf(abi: readonly string[]): Map<string, EventFragment> {
  const lines = abi.filter((line) => line.startsWith('event '))
  return new Map(
    lines.map((line) => [EventFragment.from(line).topicHash, EventFragment.from(line.replaceAll('string', 'bytes'))]),
  )
}

/**
 * Reads a log of one of a DataDAO's contracts; undefined for any that changes no row, and for another contract's.
 * @throws Error when it is none that such a contract can emit.
 */
export function readDaoEvent({ address, treasury, collection }: DaoParts, log: ChainLog): DaoEvent | undefined {
  const from = getAddress(log.address)
  const readers =
    from === address ? ofDao : from === treasury ? ofTreasury : from === collection ? ofCollection : undefined
  const reader = readers?.get(log.topics[0] ?? '')
  if (reader === undefined) return undefined
  // A ballot with parameters is one: the counting ignores them.
  const name = (reader.name === 'VoteCastWithParams' ? 'VoteCast' : reader.name) as DaoEvent['name']
  const about = ABOUT[name]
  if (about === undefined) return undefined

  const topics = [reader.topicHash, ...log.topics.slice(1)]
  const args = anyAbi.decodeEventLog(reader, log.data, topics).toObject() as Record<string, unknown>
  return { about, name, args: plain(args) } as DaoEvent
}

function plain(args: Record<string, unknown>): Record<string, unknown> {
  const read = { ...args }
  for (const name of TEXTS) if (name in args) read[name] = readText(args[name] as string)
  for (const name of ['targets', 'values', 'calldatas']) if (name in args) read[name] = (args[name] as Result).toArray()
  if ('targets' in args) read.descriptionHash = keccak256(args.description as string)
  if ('terms' in args) read.terms = readStorageTerms(args.terms as Result)
  return read
}
