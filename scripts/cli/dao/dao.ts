import { findDao, type Dao } from '../../lib/dao/contracts.ts'
import { SUPPORTS, type Support } from '../../lib/dao/names.ts'
import { shortId, type Listed } from '../../lib/dao/proposals.ts'
import type { CliContext, ReadContext } from '../context.ts'

/** What every verb about a DAO can be told. */
export interface DaoOption {
  dao?: string
}

/** The DAO that is meant, signing as whom the person is; only to be read where nobody signs. */
export function daoOf(context: ReadContext & Partial<Pick<CliContext, 'signer'>>, { dao }: DaoOption): Promise<Dao> {
  return findDao(context.connection, context.deployment, dao, context.signer)
}

/** How a person names a proposal next time. */
export const named = ({ id, number }: Pick<Listed, 'id'> & { number?: number | null }): string =>
  number === undefined || number === null ? shortId(id).slice(0, -1) : String(number)

/** A `dao` verb as a person types it, with the network and the DAO that it is about. */
export function daoVerb({ network }: ReadContext, { address }: Pick<Dao, 'address'>, words: string): string {
  return `npm run mooring -- dao ${words} --dao ${address} --network ${network}`
}

export function parseSupport(text: string): Support {
  const support = SUPPORTS.find((word) => word === text)
  if (support) return support
  throw new Error(`expected for, against or abstain, got '${text}'`)
}
