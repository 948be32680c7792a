import { expect } from 'chai'
import { describe, it } from 'mocha'
import { Agenda } from '../../../scripts/simulate/agenda.ts'

describe('Agenda', () => {
  it('gives back the earliest first, and of one epoch what was put down first', () => {
    const agenda = new Agenda<string>()
    agenda.add(7, 'late')
    agenda.add(3, 'early')
    agenda.add(5, 'one')
    agenda.add(5, 'two')

    expect([agenda.take(), agenda.take(), agenda.take(), agenda.take()]).to.deep.equal(['early', 'one', 'two', 'late'])
  })

  it('says when the next is due; never, when nothing is', () => {
    const agenda = new Agenda<string>()
    expect(agenda.next).to.equal(Infinity)
    agenda.add(9, 'what')
    expect(agenda.next).to.equal(9)
  })

  it('refuses to give what is not there', () => {
    expect(() => new Agenda().take()).to.throw('nothing is left on the agenda')
  })
})
