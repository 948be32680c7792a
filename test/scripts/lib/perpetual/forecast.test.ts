import { expect } from 'chai'
import { describe, it } from 'mocha'
import { lasting, upcoming } from '../../../../scripts/lib/perpetual/forecast.ts'
import type { OpenSlotFacts } from '../../../../scripts/lib/perpetual/open-slots.ts'
import type { OrderFacts } from '../../../../scripts/lib/perpetual/order.ts'
import { dueNow, type SlotFacts } from '../../../../scripts/lib/perpetual/slot.ts'

const DAY = 2_880n
const TERM = 360n * DAY
const NOW = 1_000_000n
const CLOCK = { epoch: NOW, time: 1_795_262_400n }
const PRICE = 10n

const order = (change: Partial<OrderFacts> = {}): OrderFacts => ({
  ...{ id: 1n, client: '0x', status: 'Live', version: 1n, replicas: 2, price: PRICE, ceiling: 20n, endEpoch: 0n },
  ...{ openedEpoch: 1n, pieceCid: 'baga', pieceSize: 1n << 30n, payloadCid: null, seed: '', free: 0n, reserved: 0n },
  terms: {
    ...{ minTermEpochs: 180n * DAY, maxTermEpochs: TERM, claimEpochs: 7n * DAY, fetchEpochs: DAY, gapEpochs: 7n * DAY },
    ...{ renewalEpochs: 30n * DAY, evictEpochs: 14n * DAY, collateral: 1n, minPower: 0n },
    ...{ liveness: 'Sector', access: 'Everyone' },
  },
  ...change,
})

const slot = (change: Partial<SlotFacts> = {}): SlotFacts => ({
  ...{ slot: 256n, orderId: 1n, nonce: 1n, state: 'Active', kind: 'Deal', provider: 1000n, owner: 100n, poster: '0x' },
  ...{ price: PRICE, collateral: 1n, maxTermEpochs: TERM, orderEnd: 0n, claimedEpoch: NOW - DAY, claimBy: NOW },
  ...{ start: NOW, end: NOW + TERM, provenTo: NOW, faultSince: 0n, settleBy: NOW + 7n * DAY, dealId: 1n, sector: 1n },
  ...{ paid: 0n, ...change },
})

describe('lasting', () => {
  it('is now where nothing is reserved and the money pays no term', () => {
    expect(lasting(order({ free: PRICE * TERM - 1n }), [], NOW)).to.deep.equal({ all: NOW, any: NOW })
  })

  it('spends the free money on the replica that ends first', () => {
    const active = [slot(), slot({ slot: 257n, end: NOW + 200n * DAY })]

    expect(lasting(order({ free: PRICE * TERM }), active, NOW)).to.deep.equal({
      ...{ all: NOW + TERM, any: NOW + 200n * DAY + TERM },
    })
  })

  it('counts a claim as if proven at its deadline, for a whole term', () => {
    const claimed = slot({ state: 'Claimed', claimBy: NOW + DAY, end: 0n })

    expect(lasting(order({ replicas: 1 }), [claimed], NOW)).to.deep.equal({
      all: NOW + DAY + TERM,
      any: NOW + DAY + TERM,
    })
  })

  it('does not count what has lapsed or ended', () => {
    const over = [slot({ state: 'Claimed', claimBy: NOW - 1n }), slot({ slot: 257n, end: NOW })]

    expect(lasting(order(), over, NOW)).to.deep.equal({ all: NOW, any: NOW })
  })

  it('takes a replica and its successor for one', () => {
    const pair = [slot({ end: NOW + DAY }), slot({ slot: 272n, end: NOW + TERM })]

    expect(lasting(order({ replicas: 1 }), pair, NOW)).to.deep.equal({ all: NOW + TERM, any: NOW + TERM })
  })

  it('ends with the order, and begins no term that would be too short', () => {
    const rich = { free: PRICE * TERM * 100n, replicas: 1 }

    expect(lasting(order({ ...rich, endEpoch: NOW + 500n * DAY }), [], NOW).all).to.equal(NOW + TERM)
    expect(lasting(order({ ...rich, endEpoch: NOW + 540n * DAY }), [], NOW).all).to.equal(NOW + 540n * DAY)
  })

  it('spends nothing of an order that is cancelled', () => {
    expect(lasting(order({ status: 'Cancelled', free: PRICE * TERM * 9n, replicas: 1 }), [slot()], NOW).all).to.equal(
      NOW + TERM,
    )
  })
})

describe('upcoming', () => {
  const none = { slots: [], nextEpoch: 0n }
  const words = (...args: Parameters<typeof upcoming>) => upcoming(...args).map((each) => each.words)

  it('tells of an active replica by when to settle it, when it can be succeeded, and when it ends', () => {
    expect(words(order(), [slot()], none, CLOCK)).to.deep.equal([
      'slot 256, f01000: to be settled by epoch 1020160 (2026-11-28, in 7 days), or its pay for older epochs returns to the order',
      'slot 256, f01000: its successor can be claimed from epoch 1950400 (2027-10-17, in 330 days) to epoch 2033920 (2027-11-15, in 359 days)',
      'slot 256, f01000: its term ends at epoch 2036800 (2027-11-16, in 360 days)',
    ])
  })

  it('tells of a claim by when it must be proven, and of one that was not', () => {
    expect(words(order(), [slot({ state: 'Claimed', claimBy: NOW + DAY })], none, CLOCK)).to.deep.equal([
      'slot 256, f01000: to be proven by epoch 1002880 (2026-11-22, in 24 hours), or its collateral is burnt and the slot opens again',
    ])
    expect(words(order(), [slot({ state: 'Claimed', claimBy: NOW - 1n })], none, CLOCK)[0]).to.include(
      'was not proven in time',
    )
  })

  it('tells when a faulty replica is lost', () => {
    expect(words(order(), [slot({ faultSince: NOW - DAY })], none, CLOCK)[0]).to.equal(
      'slot 256, f01000: faulty since epoch 997120, unpaid: lost at epoch 1037440 (2026-12-04, in 13 days) unless it recovers',
    )
  })

  it('tells of a term that is over', () => {
    expect(words(order(), [slot({ end: NOW - DAY })], none, CLOCK)).to.deep.equal([
      'slot 256, f01000: ended at epoch 997120 (2026-11-20, 24 hours ago): its last pay and its collateral are settled until epoch 1017280 (2026-11-27, in 6 days)',
    ])
  })

  it('tells of open slots, for whom, and of the next one where there is none', () => {
    const open = { slot: 257n, incumbent: 1001n, incumbentOnlyUntil: NOW + DAY } as OpenSlotFacts

    expect(words(order(), [], { slots: [open], nextEpoch: 0n }, CLOCK)).to.deep.equal([
      'slot 257 is open, until epoch 1002880 (2026-11-22, in 24 hours) to f01001 alone: a provider may claim it',
    ])
    expect(words(order(), [], { slots: [], nextEpoch: NOW + DAY }, CLOCK)).to.deep.equal([
      'a slot opens at epoch 1002880 (2026-11-22, in 24 hours)',
    ])
  })

  it('says nothing of slots that are closed', () => {
    expect(words(order(), [slot({ state: 'Lost' }), slot({ state: 'Ended' })], none, CLOCK)).to.deep.equal([])
  })
})

describe('dueNow', () => {
  it('is the proven price for the unpaid epochs, one gap at most', () => {
    expect(dueNow(slot(), 7n * DAY, NOW + DAY)).to.equal(PRICE * DAY)
    expect(dueNow(slot(), 7n * DAY, NOW + 30n * DAY)).to.equal(PRICE * 7n * DAY)
    expect(dueNow(slot({ provenTo: NOW + TERM - DAY }), 7n * DAY, NOW + TERM + DAY)).to.equal(PRICE * DAY)
  })

  it('is nothing before the start, while faulty, and for a slot that is not active', () => {
    expect(dueNow(slot({ start: NOW + DAY, provenTo: NOW + DAY }), DAY, NOW)).to.equal(0n)
    expect(dueNow(slot({ faultSince: NOW }), DAY, NOW + DAY)).to.equal(0n)
    expect(dueNow(slot({ state: 'Claimed' }), DAY, NOW + DAY)).to.equal(0n)
  })
})
