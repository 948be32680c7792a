import { fil } from '../../lib/amounts.ts'
import type { Dao } from '../../lib/dao/contracts.ts'
import { cancelProposal, earmarkedFor } from '../../lib/dao/execute.ts'
import { findProposal } from '../../lib/dao/proposals.ts'
import { readProposal, type ProposalFacts } from '../../lib/dao/proposal.ts'
import { whenWords, type Clock } from '../../lib/perpetual/clock.ts'
import { confirm } from '../confirm.ts'
import type { CliContext } from '../context.ts'
import { clockOf, describeRows } from '../perpetual.ts'
import { daoOf, daoVerb, named, type DaoOption } from './dao.ts'
import { matterWords } from './show-proposal.ts'

/** `dao cancel ID`: ends a proposal, by its proposer while it is pending, or by the guardian. */
export async function cancel(
  context: CliContext,
  idText: string,
  options: DaoOption & { yes?: boolean },
): Promise<void> {
  const dao = await daoOf(context, options)
  const proposed = await findProposal(dao, idText)
  const clock = await clockOf(context)
  const proposal = await readProposal(dao, proposed, clock)
  await requireCancellable(context, dao, proposal, clock)
  const freed = await earmarkedFor(dao, proposed)

  context.note(
    describeRows(`proposal ${named(proposal)} of ${dao.name} is ${proposal.state}`, [
      ['what', matterWords(proposal.matter)],
    ]),
  )
  await confirm(context, `Cancel proposal ${named(proposal)} for good?`, options.yes)
  const { transaction } = await cancelProposal(dao, proposed)
  const money = freed === 0n ? '' : `; ${fil(freed)} that were promised to it are free again`
  context.say(`proposal ${named(proposal)} is cancelled: it can neither be voted on nor executed${money}`, {
    ...{ dao: dao.address, proposalId: proposal.id, state: 'Canceled', freed, transaction },
  })
}

const OVER: readonly ProposalFacts['state'][] = ['Canceled', 'Defeated', 'Expired', 'Executed']

/** What the DAO asks of who cancels. @throws Error that says who may, and up to when */
async function requireCancellable(context: CliContext, dao: Dao, proposal: ProposalFacts, clock: Clock): Promise<void> {
  const { state, proposer, snapshotEpoch, subject } = proposal
  const [{ account, untilEpoch }, you] = [await dao.governor.guardian(), context.signer.address]
  if (OVER.includes(state)) throw new Error(`proposal ${named(proposal)} is ${state}: there is nothing to cancel`)
  if (you === proposer && state === 'Pending') return

  const vote = { hint: `Vote against it: ${daoVerb(context, dao, `vote ${named(proposal)} against`)}` }
  if (you === account) {
    if (subject === 'GuardianChange') {
      throw Object.assign(new Error(`proposal ${named(proposal)} is about the guardian: it has no say in that`), vote)
    }
    if (clock.epoch < untilEpoch) return
    throw Object.assign(new Error(`the guardian could cancel up to ${whenWords(clock, untilEpoch)}`), {
      hint: `A vote renews it: ${daoVerb(context, dao, `guardian ${account} --until 180d`)}`,
    })
  }
  const can = clock.epoch < snapshotEpoch ? 'can' : 'could'
  const guardian = clock.epoch < untilEpoch ? `, its guardian ${account} up to ${whenWords(clock, untilEpoch)}` : ''
  throw Object.assign(
    new Error(
      `${you} cannot cancel proposal ${named(proposal)}: its proposer ${proposer} ${can} up to ${whenWords(clock, snapshotEpoch)}${guardian}`,
    ),
    vote,
  )
}
