import type { Dao } from '../../../lib/dao/contracts.ts'
import { usualTerms, withMargin } from '../../../lib/dao/create.ts'
import { proposeCid, quoteTerms, type MadeProposal } from '../../../lib/dao/propose.ts'
import { lookAt } from '../look.ts'
import { as, type Stage } from '../stage.ts'

/** The storage provider proposes the directory, and a member looks at it before it votes. */
export async function propose(stage: Stage, dao: Dao): Promise<MadeProposal> {
  const { narrator, connection, cast, served, ground } = stage
  const { id: providerId, name, owner } = cast.provider
  await narrator.act(`${name} proposes a directory; who votes on it can look at it first`)

  const [cid, size] = [served.root, served.carBytes]
  const usual = { ...(await usualTerms(connection, ground.deployment)), seed: served.fetchLink }
  const terms = { ...usual, budget: withMargin(await quoteTerms(dao, cid, size, usual)) }
  const made = await proposeCid(as(dao, owner), { cid, size, terms, providerId, description: 'Keep our own source' })
  await narrator.catchUp()
  await lookAt(stage, served.fetchLink)
  return made
}
