import { parseAddress } from '../../lib/dao/address.ts'
import { weightWords } from '../../lib/dao/weights.ts'
import { done } from '../../lib/perpetual/sent.ts'
import type { CliContext } from '../context.ts'
import { daoOf, type DaoOption } from './dao.ts'

/** `dao delegate ADDRESS|self`: who votes with your weight on what begins from now on. */
export async function delegate(context: CliContext, to: string, options: DaoOption): Promise<void> {
  const self = to === 'self'
  const delegatee = self ? context.signer.address : parseAddress('expected self or', to)
  const dao = await daoOf(context, options)
  const { transaction } = await done(dao.membership, await dao.membership.delegate(delegatee))
  const weight = await dao.membership.getVotes(delegatee)
  const whose = self ? 'you vote with your own weight' : `${delegatee} votes with your weight`
  context.say(
    `${whose} on every proposal whose voting has not begun: ${weightWords(dao, weight)} in all, with what others delegated`,
    { dao: dao.address, delegator: context.signer.address, delegatee, weight, transaction },
  )
}
