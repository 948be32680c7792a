import { expect } from 'chai'
import { describe, it } from 'mocha'
import { brokenOf } from '../../../../scripts/local/check.ts'
import { checksOf, type Reality } from '../../../../scripts/local/dao/checks.ts'
import type { ContractEvent } from '../../../../scripts/local/events.ts'

const event = (name: string, args: Record<string, unknown>): ContractEvent => ({
  ...{ name, args, epoch: 1n, transaction: '0x' },
})

/** 700 and 300 are put in; 165 are earmarked, of which request 4 takes 150: 50 of fee and two rewards of 50. */
const EVENTS: ContractEvent[] = [
  event('Deposited', { amount: 700n }),
  event('Deposited', { amount: 300n }),
  event('Earmarked', { amount: 165n }),
  event('EarmarkEnded', { amount: 165n }),
  event('PinningRequested', { id: 4n, fee: 50n, terms: { replicas: 2n, rewardPerReplica: 50n } }),
  event('CidFunded', { amount: 150n }),
  event('Credited', { id: 4n, amount: 75n }),
  event('Credited', { id: 4n, amount: 25n }),
  event('Credited', { id: 3n, amount: 1_000n }),
]

const REALITY: Reality = {
  gained: { first: -700n, second: -300n, third: 0n, treasury: 850n, OracleRegistry: 50n, PinningRequests: 100n },
  ledger: { deposited: 1_000n, refunded: 0n, funded: 150n, paid: 0n, earmarked: 0n },
  free: 850n,
  leftInRequest: 0n,
  requestId: 4n,
}

const broken = (events: ContractEvent[], changes: Partial<Reality>) =>
  brokenOf(checksOf(events, { ...REALITY, ...changes }, { depositors: ['first', 'second'], others: ['third'] })).map(
    ({ words }) => words,
  )

describe('checksOf a DAO', () => {
  it('holds when every attoFIL is where it was sent', () => {
    expect(broken(EVENTS, {})).to.deep.equal([])
  })

  for (const [what, changes, words] of [
    [
      'a treasury that lost an attoFIL',
      { gained: { ...REALITY.gained, treasury: 849n } },
      /^the treasury's balance = /,
    ],
    [
      'a deposit that nobody made',
      { gained: { ...REALITY.gained, second: -299n } },
      /^deposits = what first and second/,
    ],
    ['a member that gained', { gained: { ...REALITY.gained, third: 1n } }, /^third paid nothing but gas/],
    [
      'a fee that did not arrive',
      { gained: { ...REALITY.gained, OracleRegistry: 49n } },
      /^funded = the operators' fee/,
    ],
    ['rewards that nobody earned', { leftInRequest: 100n }, /^nothing is left in the request/],
    ['money that stays promised', { free: 685n }, /^the treasury can promise all that it has/],
    ['funds that no event tells of', { ledger: { ...REALITY.ledger, funded: 151n } }, /^funded = what the events say/],
  ] as const) {
    it(`shows ${what}`, () => {
      expect(broken(EVENTS, changes).join('\n')).to.match(new RegExp(words.source, 'm'))
    })
  }

  it('shows an earmark that did not end, and a reward that was not credited', () => {
    const lost = EVENTS.filter(({ name, args }) => name !== 'EarmarkEnded' && args.amount !== 25n)

    expect(broken(lost, {})).to.deep.equal([
      "all rewards are the operators' who packed it",
      'what was earmarked is free again or spent',
    ])
  })
})
