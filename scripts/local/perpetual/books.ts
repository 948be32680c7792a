import type { ContractEvent } from '../events.ts'

/** Whose money moves in the play. Accounts have their checksums. */
export interface Parties {
  client: string
  /** Who runs the executor, and earns what whoever shows a loss earns. */
  keeper: string
  providers: { id: bigint; name: string }[]
}

/** One party's money, attoFIL: `put = back + lost`; what it has more at the end is `earned − lost`. */
export interface Row {
  party: string
  /** Deposits and collateral. */
  put: bigint
  /** Pay, bounties, forfeits. */
  earned: bigint
  /** What it put in and is another's now: spent on storage, or forfeited. */
  lost: bigint
  /** What it put in and has again. */
  back: bigint
}

/** Everything that an order moved, attoFIL, as the contract's events tell it. */
export interface Books {
  deposited: bigint
  /** To providers, for proven epochs. */
  paid: bigint
  /** To the client: what was never spent. */
  refunded: bigint
  collateral: bigint
  /** Of the collateral: back to who posted it, burned, to the order, and to who showed a loss. */
  returned: bigint
  toSink: bigint
  toOrder: bigint
  toCaller: bigint
  rows: Row[]
}

/** Adds up one order's events. What is the client's credit counts as refunded, drawn or not. */
export function booksOf(events: readonly ContractEvent[], { client, keeper, providers }: Parties): Books {
  const amount = (name: string, field: string, where: (event: ContractEvent) => boolean = () => true) =>
    events
      .filter((event) => event.name === name && where(event))
      .reduce((sum, event) => sum + (event.args[field] as bigint), 0n)

  const of = (id: bigint) => (event: ContractEvent) => event.args.provider === id
  const deposited = amount('OrderOpened', 'deposit') + amount('ToppedUp', 'amount')
  const refunded = amount('Credited', 'amount', ({ args }) => args.account === client)
  const toCaller = amount('SlotClosed', 'toCaller')
  const toSink = amount('SlotClosed', 'toSink')

  const rows: Row[] = [
    { party: 'client', put: deposited, earned: 0n, lost: deposited - refunded, back: refunded },
    ...providers.map(({ id, name }) => {
      const put = amount('SlotClaimed', 'collateral', of(id))
      const back = amount('SlotClosed', 'toPoster', of(id))
      return { party: name, put, earned: amount('SlotPaid', 'amount', of(id)), lost: put - back, back }
    }),
    {
      ...{ party: 'keeper', put: 0n, lost: 0n, back: 0n },
      earned: amount('Credited', 'amount', ({ args }) => args.account === keeper),
    },
    { party: 'burned', put: 0n, earned: toSink, lost: 0n, back: 0n },
  ]
  return {
    deposited,
    paid: amount('SlotPaid', 'amount'),
    refunded,
    collateral: amount('SlotClaimed', 'collateral'),
    returned: amount('SlotClosed', 'toPoster'),
    toSink,
    toOrder: amount('SlotClosed', 'toOrder'),
    toCaller,
    rows,
  }
}
