import type { Check } from '../check.ts'
import type { Books } from './books.ts'

/** What the chain says by itself at the end, attoFIL: balances, not events. */
export interface Reality {
  /** By {@link Row.party}: how much more it has than at the beginning, its gas not counted. */
  gained: Record<string, bigint>
  contractBalance: bigint
  liabilities: bigint
  /** The order's, free and reserved. */
  leftInOrder: bigint
}

/** Everything that must be equal once all is over and withdrawn. */
export function checksOf(books: Books, { gained, contractBalance, liabilities, leftInOrder }: Reality): Check[] {
  const { deposited, paid, refunded, collateral, returned, toSink, toOrder, toCaller, rows } = books
  const sum = (field: 'put' | 'earned' | 'lost' | 'back') => rows.reduce((total, row) => total + row[field], 0n)
  return [
    {
      words: 'deposits + forfeits to the order = paid + refunded + left in the order',
      left: deposited + toOrder,
      right: paid + refunded + leftInOrder,
    },
    {
      words: 'collateral = returned + burned + forfeited to the order + bounties',
      left: collateral,
      right: returned + toSink + toOrder + toCaller,
    },
    { words: 'all that was put in = got back + lost', left: sum('put'), right: sum('back') + sum('lost') },
    { words: 'all that was lost = earned by others', left: sum('lost'), right: sum('earned') },
    { words: 'nothing is left in the order', left: leftInOrder, right: 0n },
    { words: "the contract's balance = what it owes", left: contractBalance, right: liabilities },
    { words: 'and it owes nothing', left: liabilities, right: 0n },
    ...rows.map(({ party, earned, lost }) => ({
      words: `${party}: the balance changed by earned − lost`,
      left: gained[party] ?? 0n,
      right: earned - lost,
    })),
  ]
}
