import { expect } from 'chai'
import { describe, it } from 'mocha'
import { pick, shortId } from '../../../../scripts/lib/dao/proposals.ts'

const IDS = [41_870_001n, 41_879_999n, 90_000_003n]
const LISTED = IDS.map((id, at) => ({ id, number: at + 1 }))

describe('a proposal, as a person names it', () => {
  for (const [text, id] of [
    ['2', IDS[1]],
    ['#2', IDS[1]],
    ['41870', IDS[0]],
    ['9000', IDS[2]],
    [String(IDS[2]), IDS[2]],
  ] as const) {
    it(`is found by ${text}`, () => expect(pick(LISTED, text, 'Fishes').id).to.equal(id))
  }

  it('is not guessed where two ids begin so', () => {
    expect(() => pick(LISTED, '4187', 'Fishes')).to.throw('2 proposals of Fishes begin with 4187')
  })

  for (const text of ['4', '#9', '5555', String(IDS[2] + 1n)]) {
    it(`is not found by ${text}, and how many there are is said`, () => {
      expect(() => pick(LISTED, text, 'Fishes'))
        .to.throw(`Fishes has no proposal ${text}`)
        .with.property('hint')
        .that.includes('It has 3')
    })
  }

  it('is told by its first digits', () => {
    expect(shortId(41_870_001_234_567n)).to.equal('4187000123…')
  })
})
