import { parseAddress } from '../../lib/dao/address.ts'
import { encodeCall } from '../../lib/dao/calls.ts'
import type { Dao } from '../../lib/dao/contracts.ts'
import { parseMembers } from '../../lib/dao/members.ts'
import { MIN_MEMBERS } from '../../lib/dao/rules.ts'
import type { CliContext } from '../context.ts'
import { daoOf, daoVerb } from './dao.ts'
import { putToVote, type VoteOptions } from './put-to-vote.ts'

/** `dao admit ADDRESS…`: puts it to the vote to make them members. */
export async function admit(context: CliContext, texts: string[], options: VoteOptions): Promise<void> {
  const accounts = texts.map((text) => parseAddress('expected', text))
  const dao = await daoOf(context, options)
  if (dao.weighted) {
    throw Object.assign(new Error(`${dao.name} votes by weight: whoever holds ${dao.symbol} is a member`), {
      hint: `Have a holder send them some (the token is at ${dao.token.target as string}), or new weight given by a vote: ${daoVerb(context, dao, 'mint ADDRESS=WEIGHT')}`,
    })
  }
  await putToVote(context, dao, [encodeCall(dao.badge, 'admit', [accounts])], options)
}

/** `dao expel ADDRESS…`: puts it to the vote that they are members no more. */
export async function expel(context: CliContext, texts: string[], options: VoteOptions): Promise<void> {
  const accounts = texts.map((text) => parseAddress('expected', text))
  const dao = await daoOf(context, options)
  if (dao.weighted) {
    throw Object.assign(new Error(`${dao.name} votes by weight: nobody can take ${dao.symbol} from who holds it`), {
      hint: `Others can be given more by a vote: ${daoVerb(context, dao, 'mint ADDRESS=WEIGHT')}`,
    })
  }
  await requireExpellable(dao, accounts)
  await putToVote(context, dao, [encodeCall(dao.badge, 'remove', [accounts])], options)
}

async function requireExpellable({ badge, governor, name }: Dao, accounts: string[]): Promise<void> {
  for (const account of accounts) {
    if ((await badge.balanceOf(account)) === 0n) throw new Error(`${account} is no member of ${name}`)
  }
  const members = await badge.totalSupply()
  const twice = 2n * (await governor.proposalThreshold())
  const least = twice > MIN_MEMBERS ? twice : MIN_MEMBERS
  const left = members - BigInt(accounts.length)
  if (left >= least) return
  throw Object.assign(new Error(`${name} has ${members} members: expected at least ${least} to remain, not ${left}`), {
    hint: 'Admit others first, or lower the threshold: it decides with two members and twice its threshold, at least.',
  })
}

/** `dao mint ADDRESS=WEIGHT…`: puts it to the vote to give new weight. */
export async function mint(context: CliContext, texts: string[], options: VoteOptions): Promise<void> {
  const dao = await daoOf(context, options)
  if (!dao.weighted) {
    throw Object.assign(new Error(`in ${dao.name} each member has one vote: there is no weight to give`), {
      hint: `Admit members: ${daoVerb(context, dao, 'admit ADDRESS')}`,
    })
  }
  const { addresses, weights } = parseMembers(texts.join(';'))
  if (weights.length === 0) throw new Error(`expected a weight with each address, as ${addresses[0]}=10`)
  await putToVote(context, dao, [encodeCall(dao.token, 'mint', [addresses, weights])], options)
}
