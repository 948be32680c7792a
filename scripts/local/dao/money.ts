import type { Dao } from '../../lib/dao/contracts.ts'
import type { RequestFacts } from '../../lib/request.ts'
import type { Check } from '../check.ts'
import { gainedSince } from '../wallets.ts'
import { accountsOf } from './cast.ts'
import { checksOf } from './checks.ts'
import type { Stage } from './stage.ts'

/** Balances of {@link accountsAround} at the end of epoch `since`, attoFIL. */
export interface Before {
  since: bigint
  balances: Record<string, bigint>
}

/** Whose balances the play changes, but for the treasury, which is not there at its beginning. */
export function accountsAround({ cast, ground }: Stage): Record<string, string[]> {
  const { OracleRegistry, PinningRequests } = ground.deployment.contracts
  return {
    ...accountsOf(cast),
    OracleRegistry: [OracleRegistry.address],
    PinningRequests: [PinningRequests.address],
  }
}

/** Everything that must be equal once the request is over, read from balances, books and events. */
export async function checkMoney(
  stage: Stage,
  { treasury }: Dao,
  { id, reward }: RequestFacts,
  { since, balances }: Before,
): Promise<Check[]> {
  const { connection, narrator, cast } = stage
  await narrator.catchUp()
  const accounts = { ...accountsAround(stage), treasury: [await treasury.getAddress()] }
  const [first, second, ...others] = cast.members.map(({ name }) => name)
  const { deposited, refunded, funded, paid, earmarked } = await treasury.ledger()
  return checksOf(
    narrator.events,
    {
      gained: await gainedSince(connection, accounts, { before: balances, since }),
      ledger: { deposited, refunded, funded, paid, earmarked },
      free: await treasury.free(),
      leftInRequest: reward,
      requestId: id,
    },
    { depositors: [first!, second!], others: [...others, cast.provider.name, 'the stranger'] },
  )
}
