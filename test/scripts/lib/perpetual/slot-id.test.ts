import { expect } from 'chai'
import { describe, it } from 'mocha'
import { parseSlot } from '../../../../scripts/lib/perpetual/slot-id.ts'

describe('parseSlot', () => {
  it('takes decimal digits', () => {
    expect(parseSlot('785')).to.equal(785n)
  })

  for (const text of ['', '0', '255', '288', '256/1', '-256', '0x100', 'first']) {
    it(`refuses '${text}'`, () => {
      expect(() => parseSlot(text)).to.throw(`expected a slot's id (order · 256 + seat, as 256), got '${text}'`)
    })
  }
})
