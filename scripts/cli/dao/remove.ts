import { parseCid } from '../../lib/cid.ts'
import { proposeRemoval } from '../../lib/dao/propose.ts'
import type { CliContext } from '../context.ts'
import { clockOf } from '../perpetual.ts'
import { daoOf, type DaoOption } from './dao.ts'
import { madeWords, numberOf } from './propose.ts'

/** `dao remove CID`: puts it to the vote to take a CID out of the collection. */
export async function remove(
  context: CliContext,
  cidText: string,
  options: DaoOption & { reason: string },
): Promise<void> {
  const cid = parseCid(cidText, 'no CID')
  const dao = await daoOf(context, options)
  const made = await proposeRemoval(dao, cid, options.reason)
  context.note(`made: proposal ${made.proposalId}, by transaction ${made.transaction}`)
  const number = await numberOf(dao, made)
  context.say(madeWords(context, dao, { ...made, number }, await clockOf(context)), {
    ...{ dao: dao.address, number, ...made, cid: cid.toString(), reason: options.reason },
  })
}
