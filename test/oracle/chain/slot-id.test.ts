import { expect } from 'chai'
import { describe, it } from 'mocha'
import { orderOf, otherSlot, pairOf, seatOf, slotId, slotLabel } from '../../../oracle/chain/slot-id.ts'

describe('slot ids', () => {
  it('are order · 256 + seat', () => {
    expect(slotId(3n, 17)).to.equal(785n)
    expect([orderOf(785n), seatOf(785n)]).to.deep.equal([3n, 17n])
  })

  it('come in pairs, 16 seats apart', () => {
    expect(otherSlot(slotId(3n, 1))).to.equal(slotId(3n, 17))
    expect(otherSlot(slotId(3n, 17))).to.equal(slotId(3n, 1))
    expect(otherSlot(slotId(3n, 15))).to.equal(slotId(3n, 31))
    expect([pairOf(slotId(3n, 1)), pairOf(slotId(3n, 17))]).to.deep.equal([1n, 1n])
  })

  it('make a label with the claim’s nonce', () => {
    expect(slotLabel(256n, 1n)).to.equal('256/1')
  })
})
