import { expect } from 'chai'
import { describe, it } from 'mocha'
import { labelOf, orderOf, otherSlot, parseSlot, seatOf, slotId } from '../../../../scripts/lib/perpetual/slot-id.ts'

describe('slot ids', () => {
  it('are order · 256 + seat', () => {
    expect(slotId(3n, 17)).to.equal(785n)
    expect([orderOf(785n), seatOf(785n)]).to.deep.equal([3n, 17n])
  })

  it('come in pairs, 16 seats apart', () => {
    expect(otherSlot(slotId(3n, 1))).to.equal(slotId(3n, 17))
    expect(otherSlot(slotId(3n, 17))).to.equal(slotId(3n, 1))
    expect(otherSlot(slotId(3n, 15))).to.equal(slotId(3n, 31))
  })

  it('make a label with the claim’s nonce', () => {
    expect(labelOf(256n, 1n)).to.equal('256/1')
  })

  it('are typed in decimal digits', () => {
    expect(parseSlot('785')).to.equal(785n)
  })

  for (const text of ['', '0', '255', '288', '256/1', '-256', '0x100', 'first']) {
    it(`are refused as '${text}'`, () => {
      expect(() => parseSlot(text)).to.throw(`expected a slot's id (order · 256 + seat, as 256), got '${text}'`)
    })
  }
})
