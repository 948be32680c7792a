import { fil } from '../../lib/amounts.ts'
import { readCollection, type EntryFacts } from '../../lib/dao/collection.ts'
import { factoryOf, readName, type Dao } from '../../lib/dao/contracts.ts'
import { readDaoFacts, type DaoFacts } from '../../lib/dao/facts.ts'
import { listProposals, shortId } from '../../lib/dao/proposals.ts'
import { readProposal, type ProposalFacts } from '../../lib/dao/proposal.ts'
import { weightWords } from '../../lib/dao/weights.ts'
import { lengthWords, whenWords, type Clock } from '../../lib/perpetual/clock.ts'
import { renderTable } from '../../lib/table.ts'
import type { ReadContext } from '../context.ts'
import { clockOf, describeRows } from '../perpetual.ts'
import { timelockWords } from './create.ts'
import { daoOf, daoVerb, type DaoOption } from './dao.ts'
import { matterWords, showProposal } from './show-proposal.ts'

/** The newest proposals that are shown to people; `--json` has all of them. */
const SHOWN = 20

/** `dao show [ID]`: the DAO, its proposals and its collection; or one proposal. */
export async function show(context: ReadContext, idText: string | undefined, options: DaoOption): Promise<void> {
  const dao = await daoOf(context, options)
  if (idText !== undefined) return showProposal(context, dao, idText)

  const clock = await clockOf(context)
  const facts = await readDaoFacts(dao)
  const proposals: ProposalFacts[] = []
  for (const proposed of await listProposals(dao)) proposals.push(await readProposal(dao, proposed, clock))
  const entries = await readCollection(dao)
  context.say(
    [
      describe(context, dao, facts, clock),
      proposalsWords(dao, proposals, clock),
      collectionWords(entries, clock),
      `one of them: ${daoVerb(context, dao, 'show PROPOSAL')}`,
    ].join('\n\n'),
    { ...facts, proposals, entries, epoch: clock.epoch },
  )
}

function describe({ network }: ReadContext, dao: Dao, facts: DaoFacts, clock: Clock): string {
  const { settings, ledger, guardian, free } = facts
  const weight = (amount: bigint) => weightWords(dao, amount)
  const how = facts.votesBy === 'weight' ? 'votes by weight' : 'one member, one vote'
  const until = guardian && `${guardian.untilEpoch < clock.epoch ? 'no more since' : 'to the end of'}`
  return describeRows(`${facts.name} at ${facts.dao} on ${network}`, [
    ['members', `${how}, ${weight(facts.supply)} in all, at ${facts.membership}`],
    ['voting', `begins after ${lengthWords(settings.votingDelay)}, goes on for ${lengthWords(settings.votingPeriod)}`],
    ['passes', `with ${settings.quorumPercent} % of all weight for it or abstaining, and more for it than against`],
    ['late', `${lengthWords(settings.lateExtension)} of voting remain, at least, once that is reached`],
    ['executed', timelockWords(settings.timelockDelay)],
    ['proposes', `a member with ${weight(settings.proposalThreshold)}, or any storage provider`],
    [
      'guardian',
      guardian ? `${guardian.address} may cancel, ${until} ${whenWords(clock, guardian.untilEpoch)}` : 'nobody',
    ],
    ['treasury', `${fil(free)} free, ${fil(ledger.earmarked)} promised, at ${facts.treasury}`],
    [
      'so far',
      `${fil(ledger.deposited)} came in, ${fil(ledger.funded)} went into storage, ${fil(ledger.refunded)} came back, ${fil(ledger.paid)} went elsewhere`,
    ],
  ])
}

function proposalsWords(dao: Dao, proposals: ProposalFacts[], clock: Clock): string {
  if (proposals.length === 0) return 'no proposals yet'
  const rows = proposals
    .slice(-SHOWN)
    .reverse()
    .map((proposal) => [
      String(proposal.number),
      shortId(proposal.id),
      proposal.state,
      proposal.state === 'Active' || proposal.state === 'Pending'
        ? lengthWords(proposal.deadlineEpoch - clock.epoch)
        : '',
      `${weightWords(dao, proposal.votes.for)} / ${weightWords(dao, proposal.votes.against)}`,
      matterWords(proposal.matter),
    ])
  const rest = proposals.length > SHOWN ? `\n${proposals.length - SHOWN} older ones: --json has them all` : ''
  return renderTable(['proposal', 'id', 'state', 'ends in', 'for / against', 'what'], rows) + rest
}

function collectionWords(entries: EntryFacts[], clock: Clock): string {
  const kept = entries.filter(({ removedEpoch }) => removedEpoch === 0n)
  const removed = entries.length - kept.length
  const gone = removed === 0 ? '' : `\n${removed} removed: --json has them all`
  if (kept.length === 0) return `nothing in the collection${gone}`
  const rows = kept.map(({ index, cid, size, kind, storageId, stored, running, wanted, untilEpoch }) => [
    String(index),
    cid,
    `${size} B`,
    `${kind.toLowerCase()} ${storageId}`,
    `${stored ? 'stored' : 'not stored'}, ${running} of ${wanted} replicas`,
    untilEpoch === 0n ? '' : whenWords(clock, untilEpoch),
  ])
  return renderTable(['entry', 'collected', 'CAR', 'by', 'stored', 'to'], rows) + gone
}

const PAGE = 200n

/** `dao list`: the DAOs of this deployment, in the order of their making. */
export async function list(context: ReadContext): Promise<void> {
  const factory = await factoryOf(context.connection, context.deployment)
  const daos: { dao: string; name: string }[] = []
  for (let start = 0n; ; start += PAGE) {
    const page = await factory.daos(start, PAGE)
    for (const dao of page) {
      daos.push({ dao, name: await readName(await context.connection.ethers.getContractAt('DataDAO', dao)) })
    }
    if (BigInt(page.length) < PAGE) break
  }
  const words = daos.map(({ dao, name }) => `${dao}  ${name}`).join('\n')
  context.say(words || 'there is no DAO yet: npm run mooring -- dao create --help', { daos })
}
