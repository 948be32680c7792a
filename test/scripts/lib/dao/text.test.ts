import { expect } from 'chai'
import { describe, it } from 'mocha'
import { oneLine } from '../../../../scripts/lib/dao/text.ts'

describe('oneLine', () => {
  it('leaves what people write', () => {
    expect(oneLine('Fische der Nordsee, 北海, 🐟')).to.equal('Fische der Nordsee, 北海, 🐟')
  })

  it('lets nobody write a second line, move the cursor or turn the direction', () => {
    expect(oneLine('keep\n  state   Executed\r\u001b[2K\u202emoc')).to.equal('keep state Executed \uFFFD[2K\uFFFDmoc')
  })
})
