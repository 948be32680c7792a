import { locatorAt, perpetualAt } from '../lib/perpetual/contract.ts'
import { readClock, type Clock } from '../lib/perpetual/clock.ts'
import { parseId, type CliContext, type ReadContext } from './context.ts'

/** PerpetualStorage, signing as whom the person is; only to be read where nobody signs. */
export function perpetualOf({ connection, deployment, signer }: ReadContext & Partial<Pick<CliContext, 'signer'>>) {
  return perpetualAt(connection, deployment.contracts.PerpetualStorage.address, signer)
}

export const locatorOf = ({ connection, deployment }: ReadContext) =>
  locatorAt(connection, deployment.contracts.SectorLocator.address)

export const clockOf = ({ connection }: ReadContext): Promise<Clock> => readClock(connection)

/** An order's id as a person types it. */
export const parseOrderId = (text: string): bigint => parseId('an order id (a decimal number)', text)

/** Rows of name and words under a title, as every `show` prints them. */
export function describeRows(title: string, rows: [string, string][]): string {
  const width = Math.max(...rows.map(([name]) => name.length)) + 2
  return [title, ...rows.map(([name, words]) => `  ${name.padEnd(width)} ${words}`)].join('\n')
}
