import { withMargin } from '../../lib/dao/create.ts'
import { encodeCall } from '../../lib/dao/calls.ts'
import { encodeTerms } from '../../lib/dao/terms.ts'
import { GIB } from '../../lib/perpetual/rates.ts'
import type { CliContext } from '../context.ts'
import { daoOf } from './dao.ts'
import { putToVote, type VoteOptions } from './put-to-vote.ts'
import { parseWish, termsOf, type ProposeOptions } from './terms.ts'

type TermsOptions = Pick<ProposeOptions, 'replicas' | 'days' | 'deadline' | 'reward' | 'budget' | 'maxBytes'>

/** `dao terms`: puts it to the vote on which terms `createCIDProposal` proposes. A request's: an order's name its piece. */
export async function defaultTerms(context: CliContext, options: VoteOptions & TermsOptions): Promise<void> {
  const wish = parseWish({ ...options, kind: 'request', wait: false })
  const dao = await daoOf(context, options)
  const asked = termsOf(wish, undefined, '')
  const budget = wish.budget ?? withMargin(await dao.treasury.quote('0x', wish.maxBytes ?? GIB, encodeTerms(asked)))
  const call = encodeCall(dao.governor, 'setDefaultTerms', [encodeTerms({ ...asked, budget })])
  await putToVote(context, dao, [call], options)
}
