import { ZeroAddress } from 'ethers'
import { parseSome } from '../../lib/amounts.ts'
import { parseAddress } from '../../lib/dao/address.ts'
import type { CliContext } from '../context.ts'
import { daoOf } from './dao.ts'
import { putToVote, type VoteOptions } from './put-to-vote.ts'

/** `dao pay ADDRESS --amount FIL`: puts it to the vote that the treasury pays. */
export async function pay(context: CliContext, to: string, options: VoteOptions & { amount: string }): Promise<void> {
  const target = parseAddress('expected', to)
  const value = parseSome('--amount', options.amount)
  const dao = await daoOf(context, options)
  if (target === ZeroAddress) throw new Error(`${target} is nobody: what is sent there is lost`)
  if (target === dao.treasury.target) throw new Error(`${target} is the treasury itself: it has the money already`)
  await putToVote(context, dao, [{ target, value, data: '0x' }], options)
}
