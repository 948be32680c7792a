import { fil } from '../../lib/amounts.ts'
import type { Dao } from '../../lib/dao/contracts.ts'
import { earmarkedFor, executeProposal, queueProposal, releaseEarmark, type Executed } from '../../lib/dao/execute.ts'
import { findProposal, type Listed } from '../../lib/dao/proposals.ts'
import { readProposal, type ProposalFacts } from '../../lib/dao/proposal.ts'
import { atSeconds, leftWords } from '../../lib/dao/times.ts'
import type { Clock } from '../../lib/perpetual/clock.ts'
import type { CliContext } from '../context.ts'
import { clockOf } from '../perpetual.ts'
import { daoOf, daoVerb, named, type DaoOption } from './dao.ts'
import { defeatWords } from './outlook.ts'

/** `dao execute ID`: queues what passed, or executes what has waited, whichever is due; both where nothing has to wait. Anyone may. */
export async function execute(context: CliContext, idText: string, options: DaoOption): Promise<void> {
  const dao = await daoOf(context, options)
  const proposed = await findProposal(dao, idText)
  const before = await readProposal(dao, proposed, await clockOf(context))
  if (before.state === 'Expired') return release(context, dao, proposed, before)
  const transactions: string[] = []
  if (before.state === 'Succeeded') transactions.push((await queueProposal(dao, proposed)).transaction)
  else if (before.state !== 'Queued') throw notDue(dao, before, await clockOf(context))

  const clock = await clockOf(context)
  const etaSeconds = await dao.governor.proposalEta(proposed.id)
  if (clock.time >= etaSeconds) {
    const executed = await executeProposal(dao, proposed)
    transactions.push(executed.transaction)
    return tellExecuted(context, dao, before, executed, transactions)
  }
  const can = `it can be executed from ${atSeconds(clock, etaSeconds)}`
  if (transactions.length === 0) throw new Error(`proposal ${named(before)} waits: ${can}`)
  context.say(
    `proposal ${named(before)} is queued, ${fil(await earmarkedFor(dao, proposed))} are promised to it; ${can}: ${daoVerb(context, dao, `execute ${named(before)}`)}`,
    { dao: dao.address, proposalId: before.id, state: 'Queued', etaSeconds, transactions },
  )
}

function tellExecuted(
  context: CliContext,
  dao: Dao,
  { id, number, matter }: ProposalFacts,
  { index, storageId, funded }: Executed,
  transactions: string[],
): void {
  const kind = matter.what === 'keep' ? matter.terms.kind : undefined
  const show = kind === 'Request' ? `status ${storageId}` : `storage show ${storageId}`
  const words =
    kind === undefined
      ? `proposal ${named({ id, number })} is executed`
      : `proposal ${named({ id, number })} is executed: ${kind.toLowerCase()} ${storageId} is open with ${fil(funded!)}; follow it: npm run mooring -- ${show} --network ${context.network}`
  context.say(words, {
    ...{ dao: dao.address, proposalId: id, state: 'Executed', kind: kind ?? null, index: index ?? null },
    ...{ storageId: storageId ?? null, funded: funded ?? null, transactions },
  })
}

/** What was queued and not executed in time holds money that others could use. */
async function release(context: CliContext, dao: Dao, proposed: Listed, proposal: ProposalFacts): Promise<void> {
  const amount = await earmarkedFor(dao, proposed)
  if (amount === 0n) throw notDue(dao, proposal, await clockOf(context))
  const { transaction } = await releaseEarmark(dao, proposed)
  context.say(`proposal ${named(proposal)} has expired: ${fil(amount)} that were promised to it are free again`, {
    ...{ dao: dao.address, proposalId: proposal.id, state: 'Expired', released: amount, transactions: [transaction] },
  })
}

function notDue(dao: Dao, proposal: ProposalFacts, clock: Clock): Error {
  const { state, snapshotEpoch, deadlineEpoch } = proposal
  const why: Partial<Record<ProposalFacts['state'], string>> = {
    Pending: `voting begins after epoch ${snapshotEpoch} and ends in ${leftWords(clock, deadlineEpoch)}`,
    Active: `voting ends in ${leftWords(clock, deadlineEpoch)}`,
    Defeated: defeatWords(dao, proposal),
    Canceled: 'it was cancelled',
    Expired: 'nobody queued or executed it in time: propose it again',
    Executed: 'that was done already',
  }
  return new Error(`proposal ${named(proposal)} is ${state}: ${why[state]}`)
}
