import { fil } from '../../lib/amounts.ts'
import { callWords } from '../../lib/dao/call-words.ts'
import { rehearse, valueOf, type Call } from '../../lib/dao/calls.ts'
import type { Dao } from '../../lib/dao/contracts.ts'
import { readSettings } from '../../lib/dao/facts.ts'
import { listProposals } from '../../lib/dao/proposals.ts'
import { checkProposing, idOfCalls, proposeCalls } from '../../lib/dao/propose.ts'
import { leftWords } from '../../lib/dao/times.ts'
import { lengthWords } from '../../lib/perpetual/clock.ts'
import { confirm } from '../confirm.ts'
import type { CliContext } from '../context.ts'
import { clockOf, describeRows } from '../perpetual.ts'
import { timelockWords } from './create.ts'
import type { DaoOption } from './dao.ts'
import { tellMade } from './made.ts'

/** What every verb that makes an ordinary proposal can be told. */
export interface VoteOptions extends DaoOption {
  description?: string
  yes?: boolean
}

/**
 * Puts calls of the treasury to the vote: says what they do and when they are voted on, holds that the contracts would take them now, asks, proposes.
 * @throws the contracts' errors where they would not
 */
export async function putToVote(context: CliContext, dao: Dao, calls: Call[], options: VoteOptions): Promise<void> {
  const words = await Promise.all(calls.map(async (call) => (await callWords(dao, call)).words))
  const description = options.description ?? sentence(words.join('; '))
  await rehearse(dao, calls)
  await requireNew(dao, calls, description)
  await checkProposing(dao, calls, description)

  context.note(await proposalWords(context, dao, { words, description, need: valueOf(calls) }))
  await confirm(context, `Put this to the vote of ${dao.name}?`, options.yes)
  const made = await proposeCalls(dao, calls, description)
  await tellMade(context, dao, made, { description, calls: calls.map((call, i) => ({ ...call, words: words[i] })) })
}

/** A proposal's calls and description are what it is: the same again would be the same proposal. */
async function requireNew(dao: Dao, calls: Call[], description: string): Promise<void> {
  const id = await idOfCalls(dao, calls, description)
  if ((await dao.governor.proposalSnapshot(id)) === 0n) return
  const { number } = (await listProposals(dao)).find((proposal) => proposal.id === id)!
  throw Object.assign(new Error(`that is proposal ${number} already, word for word`), {
    hint: `npm run mooring -- dao show ${number} says where it stands; to propose it again say why: --description TEXT.`,
  })
}

async function proposalWords(
  context: CliContext,
  dao: Dao,
  { words, description, need }: { words: string[]; description: string; need: bigint },
): Promise<string> {
  const clock = await clockOf(context)
  const { votingDelay, votingPeriod, timelockDelay } = await readSettings(dao)
  const free = await dao.treasury.free()
  const short = need > free ? `, ${fil(need - free)} less than this needs to be queued` : ''
  return describeRows(`for the vote of ${dao.name}`, [
    ...words.map((one): [string, string] => ['what', one]),
    ['says', description],
    ['voting', `begins ${lengthWords(votingDelay)} after it is proposed, goes on for ${lengthWords(votingPeriod)}`],
    ['ends in', `about ${leftWords(clock, clock.epoch + 1n + votingDelay + votingPeriod)}`],
    ['executed', timelockWords(timelockDelay)],
    ['treasury', `${fil(free)} free${short}`],
  ])
}

const sentence = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1)
