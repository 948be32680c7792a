import { expect } from 'chai'
import { describe, it } from 'mocha'
import { suspend } from '../../../../scripts/simulate/model/client.ts'
import { openSlots } from '../../../../scripts/simulate/model/openings.ts'
import { DAY, GRACE, HANDOVER_MARGIN } from '../../../../scripts/simulate/model/rules.ts'
import { CEILING, NOW, order, PRICE, proven, RESERVE, take, TERMS } from './world.ts'

describe('openSlots', () => {
  it('opens the lowest seats of an order that nobody has claimed, at its price', () => {
    const claimBy = NOW + TERMS.claim
    const fresh = { nonce: 1, price: PRICE, claimBy, incumbent: 0, incumbentOnlyUntil: 0 }

    expect(openSlots(order({ replicas: 2 }), NOW)).to.deep.equal([
      { seat: 0, ...fresh },
      { seat: 1, ...fresh },
    ])
  })

  it('opens only what the free money covers for the longest term', () => {
    expect(openSlots(order({ replicas: 3, deposit: 2n * RESERVE }), NOW)).to.have.length(2)
    expect(openSlots(order({ replicas: 3, deposit: 2n * RESERVE - 1n }), NOW)).to.have.length(1)
  })

  it('opens nothing while the order is suspended', () => {
    const one = order()
    suspend(one)

    expect(openSlots(one, NOW)).to.deep.equal([])
  })

  it('opens nothing that could not run for its least term before the end of the order', () => {
    const last = NOW + TERMS.claim + TERMS.minTerm

    expect(openSlots(order({ endEpoch: last }), NOW)).to.have.length(1)
    expect(openSlots(order({ endEpoch: last }), NOW + 1)).to.deep.equal([])
  })

  it('opens a seat again the epoch after a claim could last be proven', () => {
    const one = order()
    const { claimBy } = take(one, 1, NOW)

    expect(openSlots(one, claimBy)).to.deep.equal([])
    expect(openSlots(one, claimBy + 1)[0]).to.include({ seat: 0, nonce: 2 })
  })

  it('opens the other seat of the pair once a replica is over, until the first can be released', () => {
    const { order: one, slot } = proven()

    expect(openSlots(one, slot.end)[0]).to.include({ seat: 16, price: PRICE, incumbent: 0 })
    expect(openSlots(one, slot.end + GRACE)[0]).to.include({ seat: 0, nonce: 2 })
  })

  context('in the window before a replica ends', () => {
    const { order: one, slot } = proven()
    const opened = slot.end - TERMS.renewal
    const third = opened + TERMS.renewal / 3

    it('opens nothing before the window', () => {
      expect(openSlots(one, opened - 1)).to.deep.equal([])
    })

    it('opens the other seat to the incumbent alone, at the price, for a third of the window', () => {
      const expected = { seat: 16, nonce: 1, price: PRICE, incumbent: 1, incumbentOnlyUntil: third }

      expect(openSlots(one, opened)).to.deep.equal([{ ...expected, claimBy: opened + TERMS.claim }])
      expect(openSlots(one, third - 1)[0]).to.include(expected)
    })

    it('lets the price rise with the time that has passed, rounded down', () => {
      const at = third + 7
      const elapsed = BigInt(at - opened)

      expect(openSlots(one, third)[0]).to.include({ price: PRICE + (CEILING - PRICE) / 3n, incumbentOnlyUntil: 0 })
      expect(openSlots(one, at)[0].price).to.equal(PRICE + ((CEILING - PRICE) * elapsed) / BigInt(TERMS.renewal))
    })

    it('wants the proof a day before the end, and two days for it', () => {
      const last = slot.end - HANDOVER_MARGIN - DAY

      expect(openSlots(one, last)[0].claimBy).to.equal(slot.end - HANDOVER_MARGIN)
      expect(openSlots(one, last + 1)).to.deep.equal([])
    })
  })
})
