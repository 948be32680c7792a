import { expect } from 'chai'
import { describe, it } from 'mocha'
import { takeTurns } from '../../../scripts/quality/turns.ts'

describe('takeTurns', () => {
  function world() {
    const printed: string[] = []
    const [first, second] = takeTurns(2, { write: (text) => printed.push(text) })
    return { printed, first: first, second: second }
  }

  it('passes the first output on as it comes', () => {
    const { printed, first } = world()
    first.out.write('a')
    expect(printed).to.deep.equal(['a'])
    first.out.write('b')
    expect(printed).to.deep.equal(['a', 'b'])
  })

  it('keeps the second back until the first is done, then passes it on as it comes', () => {
    const { printed, first, second } = world()
    second.out.write('2a')
    first.out.write('1a')
    expect(printed).to.deep.equal(['1a'])
    first.done()
    expect(printed).to.deep.equal(['1a', '2a'])
    second.out.write('2b')
    expect(printed).to.deep.equal(['1a', '2a', '2b'])
  })

  it('prints all of the second when it is done before the first', () => {
    const { printed, first, second } = world()
    second.out.write('2a')
    second.done()
    first.out.write('1a')
    first.done()
    expect(printed).to.deep.equal(['1a', '2a'])
  })
})
