import { toUtf8Bytes } from 'ethers'
import { parseFetchLink } from '../../../oracle/ipfs/fetch-link.ts'
import { fil } from '../../lib/amounts.ts'
import type { CallWords } from '../../lib/dao/call-words.ts'
import { valueOf, type Call } from '../../lib/dao/calls.ts'
import type { Dao } from '../../lib/dao/contracts.ts'
import { findProposal } from '../../lib/dao/proposals.ts'
import { readProposal, type ProposalFacts } from '../../lib/dao/proposal.ts'
import type { Matter } from '../../lib/dao/subject.ts'
import { oneLine } from '../../lib/dao/text.ts'
import { termsWords } from '../../lib/dao/terms.ts'
import { weightWords } from '../../lib/dao/weights.ts'
import { bytesWords } from '../../lib/numbers.ts'
import type { Clock } from '../../lib/perpetual/clock.ts'
import type { ReadContext } from '../context.ts'
import { clockOf, describeRows } from '../perpetual.ts'
import { daoVerb, named } from './dao.ts'
import { nextWords } from './outlook.ts'
import { tallyWords } from './vote.ts'

/** `dao show ID`: what a member should know before voting. */
export async function showProposal(context: ReadContext, dao: Dao, idText: string): Promise<void> {
  const clock = await clockOf(context)
  const proposal = await readProposal(dao, await findProposal(dao, idText), clock)
  const free = await dao.treasury.free()
  const you = await readVoter(dao, proposal, clock, context.from)
  const look = proposal.matter.what === 'keep' ? lookAt(proposal.matter.cid, proposal.matter.terms.seed) : []
  context.say(describe(context, dao, proposal, { free, you, look }, clock), {
    ...{ dao: dao.address, ...proposal, look, free, you, epoch: clock.epoch },
  })
}

interface Voter {
  address: string
  weight: bigint
  voted: boolean
}

/** What an account can do about it; null where none is named. */
async function readVoter(
  { governor, membership }: Dao,
  { id, snapshotEpoch }: ProposalFacts,
  { epoch }: Clock,
  address: string | undefined,
): Promise<Voter | null> {
  if (address === undefined) return null
  const weight =
    snapshotEpoch < epoch ? await governor.getVotes(address, snapshotEpoch) : await membership.getVotes(address)
  return { address, weight, voted: await governor.hasVoted(id, address) }
}

interface Beside {
  free: bigint
  you: Voter | null
  look: string[]
}

function describe(
  context: ReadContext,
  dao: Dao,
  proposal: ProposalFacts,
  { free, you, look }: Beside,
  clock: Clock,
): string {
  const { id, number, proposer, providerId, matter, description, state } = proposal
  const by = providerId === 0n ? 'a member' : `for storage provider f0${providerId}`
  const rows: [string, string][] = [
    ['id', String(id)],
    ['state', state],
    ['what', matterWords(matter)],
    ...matterRows(matter),
    ...look.map((place): [string, string] => ['look at', place]),
    ...checkRows(context, dao, proposal),
    ['proposed', `by ${proposer}, ${by}`],
    ['says', oneLine(description) || 'nothing'],
    ['votes', tallyWords(dao, proposal)],
    ['treasury', treasuryWords(matter, free, state)],
  ]
  if (you) rows.push(['you', `${weightWords(dao, you.weight)}, ${you.voted ? 'voted' : 'not voted'}`])
  rows.push(['next', nextWords(context, dao, proposal, clock)])
  return describeRows(`proposal ${number ?? ''} of ${dao.name}`.replace('  ', ' '), rows)
}

/** What a proposal does, in a line. */
export function matterWords(matter: Matter): string {
  if (matter.what === 'keep') return `keep ${matter.cid}, a CAR of at most ${matter.size} B`
  if (matter.what === 'drop') return `remove ${matter.cid} from the collection`
  return matter.calls.map(({ words }) => words).join('; ')
}

function matterRows(matter: Matter): [string, string][] {
  if (matter.what === 'calls') return unreadRows(matter.calls)
  if (matter.what === 'drop') return []
  const { terms } = matter
  return [
    ['terms', termsWords(terms)],
    ...(terms.pieceCid
      ? [
          ['piece', `${terms.pieceCid}, ${bytesWords(terms.pieceSize)} padded, as its proposer says`] as [
            string,
            string,
          ],
        ]
      : []),
  ]
}

/** What cannot be told in words, for who can read it elsewhere. */
const unreadRows = (calls: (Call & CallWords)[]): [string, string][] =>
  calls
    .filter(({ read }) => !read)
    .map(({ target, data }) => ['not read', `${data} for ${target}: ask the proposer what it does before you vote`])

/** The chain knows of no CID what it is: who votes can find out. */
function checkRows(context: ReadContext, dao: Dao, { id, number, matter, state }: ProposalFacts): [string, string][] {
  if (matter.what !== 'keep' || !(state === 'Pending' || state === 'Active')) return []
  return [['check it', daoVerb(context, dao, `check ${named({ id, number })}`)]]
}

function treasuryWords(matter: Matter, free: bigint, state: ProposalFacts['state']): string {
  const need = matter.what === 'keep' ? matter.terms.budget : matter.what === 'calls' ? valueOf(matter.calls) : 0n
  const open = state === 'Pending' || state === 'Active' || state === 'Succeeded'
  if (need === 0n || !open || need <= free) return `${fil(free)} free`
  return `${fil(free)} free, ${fil(need - free)} less than this needs to be queued`
}

/** Where the content can be looked at: its seed, as a gateway's address where that is one, and public IPFS. */
export function lookAt(cid: string, seed: string): string[] {
  return [...seedPlaces(cid, seed), `https://dweb.link/ipfs/${cid}`]
}

function seedPlaces(cid: string, seed: string): string[] {
  try {
    const link = parseFetchLink(toUtf8Bytes(seed))
    if (link.kind === 'multiaddrs') return link.addrs
    if (link.kind === 'http') return [link.car ? link.url.href : `${link.url.href.replace(/\/$/, '')}/ipfs/${cid}`]
    return []
  } catch {
    return [oneLine(seed)] // nobody could follow it, and the members see what was written
  }
}
