import { parseCid } from '../../lib/cid.ts'
import { proposeRemoval } from '../../lib/dao/propose.ts'
import type { CliContext } from '../context.ts'
import { daoOf, type DaoOption } from './dao.ts'
import { tellMade } from './made.ts'

/** `dao remove CID`: puts it to the vote to take a CID out of the collection. */
export async function remove(
  context: CliContext,
  cidText: string,
  options: DaoOption & { reason: string },
): Promise<void> {
  const cid = parseCid(cidText, 'no CID')
  const dao = await daoOf(context, options)
  const made = await proposeRemoval(dao, cid, options.reason)
  await tellMade(context, dao, made, { cid: cid.toString(), reason: options.reason })
}
