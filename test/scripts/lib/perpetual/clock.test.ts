import { expect } from 'chai'
import { describe, it } from 'mocha'
import { dayOf, lengthWords, whenWords } from '../../../../scripts/lib/perpetual/clock.ts'

/** 2026-11-21 at noon. */
const CLOCK = { epoch: 1_000_000n, time: 1_795_262_400n }

describe('whenWords', () => {
  it('tells an epoch’s day and its distance, at 30 seconds an epoch', () => {
    expect(whenWords(CLOCK, 1_000_000n + 360n * 2_880n)).to.equal('epoch 2036800 (2027-11-16, in 360 days)')
    expect(whenWords(CLOCK, 1_000_000n - 2_880n)).to.equal('epoch 997120 (2026-11-20, 24 hours ago)')
    expect(whenWords(CLOCK, 1_000_000n)).to.equal('epoch 1000000 (2026-11-21, now)')
  })

  it('begins the next day at midnight', () => {
    expect(dayOf(CLOCK, 1_001_439n)).to.equal('2026-11-21')
    expect(dayOf(CLOCK, 1_001_440n)).to.equal('2026-11-22')
  })
})

describe('lengthWords', () => {
  it('uses the unit that a person would', () => {
    expect([2n, 119n, 120n, 300n, 5_760n, 7_200n].map(lengthWords)).to.deep.equal([
      ...['1 minute', '59.5 minutes', '1 hour', '2.5 hours', '2 days', '2.5 days'],
    ])
  })
})
