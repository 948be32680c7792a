import { expect } from 'chai'
import { describe, it } from 'mocha'
import { booksOf } from '../../../../scripts/local/perpetual/books.ts'
import type { ContractEvent } from '../../../../scripts/local/events.ts'
import { outcomeOf } from '../../../../scripts/local/perpetual/outcome.ts'

const event = (name: string, args: Record<string, unknown>): ContractEvent => ({
  name,
  args,
  epoch: 1n,
  transaction: '0x',
})

const PARTIES = { client: '0xC11e47', keeper: '0x4ee9e4', providers: [{ id: 1000n, name: 't01000' }] }
const FIRST = { slot: 256n, nonce: 1n, provider: 1000n }
const SECOND = { ...FIRST, nonce: 2n }
const STORY = [
  event('OrderOpened', { deposit: 100n }),
  event('SlotClaimed', { ...FIRST, collateral: 10n }),
  event('SlotClosed', { ...FIRST, state: 4n, toPoster: 0n, toOrder: 0n, toCaller: 0n, toSink: 10n }),
  event('SlotClaimed', { ...SECOND, collateral: 10n }),
  event('SlotPaid', { ...SECOND, amount: 30n }),
  event('SlotPaid', { ...SECOND, amount: 5n }),
  event('Credited', { account: PARTIES.client, amount: 65n }),
]
const ENDED = event('SlotClosed', { ...SECOND, state: 7n, toPoster: 10n, toOrder: 0n, toCaller: 0n, toSink: 0n })

const outcome = (events: ContractEvent[], addsUp: boolean) =>
  outcomeOf(1n, events, booksOf(events, PARTIES), addsUp, 12.345)

describe('outcomeOf', () => {
  it('is Settled when every claim is closed and the money adds up', () => {
    expect(outcome([...STORY, ENDED], true)).to.deep.equal({
      state: 'Settled',
      orderId: '1',
      slots: [
        { slot: '256', nonce: '1', provider: 't01000', state: 'Lapsed', paid: '0' },
        { slot: '256', nonce: '2', provider: 't01000', state: 'Ended', paid: '35' },
      ],
      ...{ deposited: '100', paid: '35', refunded: '65', forfeited: '10', seconds: 12.3 },
    })
  })

  it('is Unsettled when the money does not add up', () => {
    expect(outcome([...STORY, ENDED], false).state).to.equal('Unsettled')
  })

  it('is Unsettled while a claim is not closed', () => {
    const { state, slots } = outcome(STORY, true)

    expect(state).to.equal('Unsettled')
    expect(slots[1].state).to.equal('Claimed')
  })
})
