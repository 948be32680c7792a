import { expect } from 'chai'
import { describe, it } from 'mocha'
import { GRACE } from '../../../../scripts/simulate/model/rules.ts'
import {
  ALIVE,
  cut,
  DEAD,
  FAULTY,
  release,
  resign,
  settle,
  settleRegularly,
} from '../../../../scripts/simulate/model/settle.ts'
import { DEPOSIT, expectRefusal, NOW, POSTER, PRICE, proven, RESERVE, TERMS } from './world.ts'

const KEEPER = 'keeper'
const { gap } = TERMS

describe('settle', () => {
  it('pays for what was proven', () => {
    const { order, slot } = proven()
    settle(order, 0, ALIVE, NOW + gap, KEEPER)

    expect(slot.paid).to.equal(PRICE * BigInt(gap))
    expect(order.ledger.earned.get(1)).to.equal(slot.paid)
    expect(order.reserved).to.equal(RESERVE - slot.paid)
    expect(order.free).to.equal(DEPOSIT - RESERVE)
  })

  it('pays one gap back and gives what is older to the order', () => {
    const { order, slot } = proven()
    settle(order, 0, ALIVE, NOW + gap + 10, KEEPER)

    expect(slot.paid).to.equal(PRICE * BigInt(gap))
    expect(order.free).to.equal(DEPOSIT - RESERVE + 10n * PRICE)
  })

  it('gives a faulty interval back until it is shown alive', () => {
    const { order, slot } = proven()
    settle(order, 0, FAULTY, NOW + 100, KEEPER)
    expect(slot).to.include({ faultSince: NOW + 100, provenTo: NOW + 100, paid: 0n })
    settle(order, 0, ALIVE, NOW + 150, KEEPER)
    settle(order, 0, ALIVE, NOW + 170, KEEPER)

    expect(slot).to.include({ faultSince: 0, provenTo: NOW + 170, paid: 20n * PRICE })
    expect(order.free).to.equal(DEPOSIT - RESERVE + 150n * PRICE)
  })

  it('loses a replica that is dead: a tenth of the collateral is for who shows it, the rest for the order', () => {
    const { order, slot } = proven()
    settle(order, 0, DEAD, NOW + 5, KEEPER)

    expect(slot.state).to.equal('Lost')
    expect(order).to.include({ reserved: 0n, free: DEPOSIT + TERMS.collateral - TERMS.collateral / 10n })
    expect(order.ledger.credits.get(KEEPER)).to.equal(TERMS.collateral / 10n)
  })

  it('loses a replica that has been faulty for too long', () => {
    const { order, slot } = proven()
    settle(order, 0, FAULTY, NOW + 1, KEEPER)
    settle(order, 0, FAULTY, NOW + TERMS.evict, KEEPER)
    expect(slot.state).to.equal('Active')
    settle(order, 0, FAULTY, NOW + 1 + TERMS.evict, KEEPER)

    expect(slot.state).to.equal('Lost')
  })

  it('changes nothing without positive evidence', () => {
    const { order, slot } = proven()
    const unconfirmed = (claim: 'Active' | 'Faulty' | 'Dead') => ({ deal: 'active', claim, confirmed: false }) as const

    for (const claim of ['Active', 'Faulty', 'Dead'] as const) {
      expectRefusal(() => settle(order, 0, unconfirmed(claim), NOW + 2 * gap, KEEPER), 'Unproven')
    }
    expectRefusal(() => settle(order, 0, { ...ALIVE, deal: 'unclear' }, NOW + 1, KEEPER), 'ActorUnclear')
    expect(slot).to.include({ provenTo: NOW, paid: 0n })
  })

  it('takes the market alone as proof only where the order says so', () => {
    const unseen = { deal: 'active', claim: 'None', confirmed: false } as const
    expectRefusal(() => settle(proven().order, 0, unseen, NOW + 1, KEEPER), 'Unproven')
    const { order, slot } = proven({ terms: { ...TERMS, liveness: 'Deal' } })
    settle(order, 0, unseen, NOW + 1, KEEPER)

    expect(slot.paid).to.equal(PRICE)
  })

  it('pays the tail and the collateral at the end', () => {
    const { order, slot } = proven()
    settle(order, 0, ALIVE, slot.end, KEEPER)

    expect(slot).to.include({ state: 'Ended', provenTo: slot.end, paid: PRICE * BigInt(gap) })
    expect(order).to.include({ reserved: 0n, free: DEPOSIT - slot.paid })
    expect(order.ledger.credits.get(POSTER)).to.equal(TERMS.collateral)
  })

  it('never loses what has ended; without evidence it waits for the release', () => {
    const { order, slot } = proven()

    expectRefusal(() => settle(order, 0, { ...DEAD, deal: 'gone' }, slot.end, KEEPER), 'Unproven')
    settle(order, 0, DEAD, slot.end + GRACE, KEEPER)
    expect(slot).to.include({ state: 'Ended', paid: 0n })
  })
})

describe('settleRegularly', () => {
  it('is as many calls of settle', () => {
    const every = gap - 100
    const until = NOW + 5 * every + 42
    const one = proven()
    for (let epoch = NOW + every; epoch <= until; epoch += every) settle(one.order, 0, ALIVE, epoch, KEEPER)
    const other = proven()
    settleRegularly(other.order, 0, every, until)

    expect(other).to.deep.equal(one)
  })

  it('stops before the end', () => {
    const { order, slot } = proven()
    settleRegularly(order, 0, gap, slot.end + gap)

    expect(slot.provenTo).to.be.lessThan(slot.end)
  })
})

describe('cut', () => {
  it('gives back what is older than the gap', () => {
    const { order, slot } = proven()
    expectRefusal(() => cut(order, 0, NOW + gap), 'NothingToCut')
    cut(order, 0, NOW + gap + 7)

    expect(slot.provenTo).to.equal(NOW + 7)
    expect(order.free).to.equal(DEPOSIT - RESERVE + 7n * PRICE)
  })
})

describe('resign', () => {
  it('gives the order the rest and the collateral', () => {
    const { order, slot } = proven()
    resign(order, 0, NOW + 5)

    expect(slot).to.include({ state: 'Resigned', paid: 0n })
    expect(order).to.include({ reserved: 0n, free: DEPOSIT + TERMS.collateral })
    expectRefusal(() => resign(order, 0, NOW + 6), 'WrongSlotState')
  })

  it('is refused once the term is over', () => {
    const { order, slot } = proven()

    expectRefusal(() => resign(order, 0, slot.end), 'TermOver')
  })
})

describe('release', () => {
  it('closes a replica a week after its end: the tail is the order’s, the collateral the poster’s', () => {
    const { order, slot } = proven()
    expectRefusal(() => release(order, 0, slot.end + GRACE - 1), 'NotReleasable')
    release(order, 0, slot.end + GRACE)

    expect(order).to.include({ reserved: 0n, free: DEPOSIT })
    expect(order.ledger.credits.get(POSTER)).to.equal(TERMS.collateral)
  })
})
