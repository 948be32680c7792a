import { expect } from 'chai'
import { describe, it } from 'mocha'
import { booksOf, type Parties } from '../../../../scripts/local/perpetual/books.ts'
import { brokenOf, renderCheck } from '../../../../scripts/local/check.ts'
import { checksOf, type Reality } from '../../../../scripts/local/perpetual/checks.ts'
import type { ContractEvent } from '../../../../scripts/local/events.ts'
import { renderTable } from '../../../../scripts/local/perpetual/table.ts'

const PARTIES: Parties = {
  client: '0xC11e47',
  keeper: '0x4ee9e4',
  providers: [
    { id: 1000n, name: 't01000' },
    { id: 1001n, name: 't01001' },
  ],
}

const event = (name: string, args: Record<string, unknown>): ContractEvent => ({
  name,
  args,
  epoch: 1n,
  transaction: '0x',
})

/** 1,000 are paid in; t01000 earns 300 and is lost with 90 of its 100 to the order, 10 to the keeper; t01001 lapses. */
const STORY: ContractEvent[] = [
  event('OrderOpened', { deposit: 900n }),
  event('ToppedUp', { amount: 100n }),
  event('SlotClaimed', { provider: 1000n, collateral: 100n }),
  event('SlotClaimed', { provider: 1001n, collateral: 100n }),
  event('SlotClosed', { provider: 1001n, toPoster: 0n, toOrder: 0n, toCaller: 0n, toSink: 100n }),
  event('SlotPaid', { provider: 1000n, amount: 200n }),
  event('SlotPaid', { provider: 1000n, amount: 100n }),
  event('SlotClosed', { provider: 1000n, toPoster: 0n, toOrder: 90n, toCaller: 10n, toSink: 0n }),
  event('Credited', { account: PARTIES.keeper, amount: 10n }),
  event('SlotClaimed', { provider: 1001n, collateral: 100n }),
  event('SlotPaid', { provider: 1001n, amount: 70n }),
  event('SlotClosed', { provider: 1001n, toPoster: 100n, toOrder: 0n, toCaller: 0n, toSink: 0n }),
  event('Credited', { account: '0xPoster', amount: 100n }),
  event('Credited', { account: PARTIES.client, amount: 720n }),
]

const REALITY: Reality = {
  gained: { client: -280n, t01000: 200n, t01001: -30n, keeper: 10n, burned: 100n },
  contractBalance: 0n,
  liabilities: 0n,
  leftInOrder: 0n,
}

const broken = (events: ContractEvent[], reality: Reality) =>
  brokenOf(checksOf(booksOf(events, PARTIES), reality)).map(({ words }) => words)

describe('booksOf', () => {
  it('adds up what each party put in, earned, lost and got back', () => {
    expect(booksOf(STORY, PARTIES).rows).to.deep.equal([
      { party: 'client', put: 1_000n, earned: 0n, lost: 280n, back: 720n },
      { party: 't01000', put: 100n, earned: 300n, lost: 100n, back: 0n },
      { party: 't01001', put: 200n, earned: 70n, lost: 100n, back: 100n },
      { party: 'keeper', put: 0n, earned: 10n, lost: 0n, back: 0n },
      { party: 'burned', put: 0n, earned: 100n, lost: 0n, back: 0n },
    ])
  })

  it('splits deposits and collateral', () => {
    const { rows: _, ...totals } = booksOf(STORY, PARTIES)

    expect(totals).to.deep.equal({
      ...{ deposited: 1_000n, paid: 370n, refunded: 720n },
      ...{ collateral: 300n, returned: 100n, toSink: 100n, toOrder: 90n, toCaller: 10n },
    })
  })
})

describe('checksOf', () => {
  it('finds nothing wrong where every attoFIL is accounted for', () => {
    expect(broken(STORY, REALITY)).to.deep.equal([])
  })

  for (const [what, events, reality, expected] of [
    [
      'an attoFIL was paid that nobody paid in',
      [...STORY, event('SlotPaid', { provider: 1000n, amount: 1n })],
      REALITY,
      [
        'deposits + forfeits to the order = paid + refunded + left in the order',
        'all that was lost = earned by others',
        't01000: the balance changed by earned − lost',
      ],
    ],
    [
      'collateral went nowhere',
      [...STORY, event('SlotClaimed', { provider: 1000n, collateral: 1n })],
      REALITY,
      [
        'collateral = returned + burned + forfeited to the order + bounties',
        'all that was lost = earned by others',
        't01000: the balance changed by earned − lost',
      ],
    ],
    [
      'the contract kept an attoFIL',
      STORY,
      { ...REALITY, contractBalance: 1n },
      ["the contract's balance = what it owes"],
    ],
    [
      'the contract owes what it has not paid out',
      STORY,
      { ...REALITY, contractBalance: 1n, liabilities: 1n },
      ['and it owes nothing'],
    ],
    [
      'money is left in the order',
      STORY,
      { ...REALITY, leftInOrder: 1n },
      ['deposits + forfeits to the order = paid + refunded + left in the order', 'nothing is left in the order'],
    ],
    [
      'a balance is not what the events say',
      STORY,
      { ...REALITY, gained: { ...REALITY.gained, t01001: -31n } },
      ['t01001: the balance changed by earned − lost'],
    ],
    [
      'a balance is missing',
      STORY,
      { ...REALITY, gained: { ...REALITY.gained, burned: undefined as unknown as bigint } },
      ['burned: the balance changed by earned − lost'],
    ],
  ] as const) {
    it(`sees it when ${what}`, () => {
      expect(broken([...events], reality)).to.deep.equal(expected)
    })
  }
})

describe('renderTable', () => {
  it('shows all 18 digits of every amount, and the sums', () => {
    const table = renderTable(booksOf(STORY, PARTIES))

    expect(table.find((line) => line.startsWith('t01001'))!.split(/ +/)).to.deep.equal([
      't01001',
      '0.000000000000000200',
      '0.000000000000000070',
      '0.000000000000000100',
      '0.000000000000000100',
      '-0.000000000000000030',
    ])
    expect(table.at(-1)!.split(/ +/)).to.deep.equal([
      'sum',
      '0.000000000000001300',
      '0.000000000000000480',
      '0.000000000000000480',
      '0.000000000000000820',
      '-',
    ])
  })
})

describe('renderCheck', () => {
  it('says that an equation holds, and with what amount', () => {
    expect(renderCheck({ words: 'a = b', left: 5n, right: 5n })).to.equal('ok     a = b: 0.000000000000000005')
  })

  it('says by how much one does not', () => {
    expect(renderCheck({ words: 'a = b', left: 7n, right: 5n })).to.equal(
      'WRONG  a = b: 0.000000000000000007 is not 0.000000000000000005, 0.000000000000000002 too much',
    )
  })
})
