import { expect } from 'chai'
import { describe, it } from 'mocha'
import { cancel, change, resume, suspend, topUp, withdrawFree } from '../../../../scripts/simulate/model/client.ts'
import { DEPOSIT, expectRefusal, order, PRICE, proven, RESERVE } from './world.ts'

describe("a client's calls", () => {
  it('top up adds to the free money until the order is cancelled', () => {
    const one = order()
    topUp(one, 5n)
    expect(one.free).to.equal(DEPOSIT + 5n)
    cancel(one)

    expectRefusal(() => topUp(one, 5n), 'WrongOrderStatus')
  })

  it('a change binds future claims only, and counts as a version', () => {
    const { order: one, slot } = proven()
    change(one, { price: 2n * PRICE, ceiling: 9n * PRICE })

    expect(one).to.include({ price: 2n * PRICE, version: 2 })
    expect(slot.price).to.equal(PRICE)
    expectRefusal(() => change(one, { price: 2n * PRICE }), 'Unchanged')
  })

  it('only free money can be taken back', () => {
    const { order: one } = proven()

    expectRefusal(() => withdrawFree(one, DEPOSIT - RESERVE + 1n), 'FreeTooLow')
    withdrawFree(one, DEPOSIT - RESERVE)
    expect(one).to.include({ free: 0n, reserved: RESERVE })
  })

  it('cancelling gives back what is free, once, and touches no slot', () => {
    const { order: one, slot } = proven()
    cancel(one)

    expect(one).to.include({ status: 'Cancelled', free: 0n, reserved: RESERVE })
    expect(one.ledger.credits.get('client')).to.equal(DEPOSIT - RESERVE)
    expect(slot.state).to.equal('Active')
    expectRefusal(() => cancel(one), 'WrongOrderStatus')
  })

  it('suspends what is live and resumes what is suspended', () => {
    const one = order()
    expectRefusal(() => resume(one), 'WrongOrderStatus')
    suspend(one)
    expectRefusal(() => suspend(one), 'WrongOrderStatus')
    resume(one)

    expect(one.status).to.equal('Live')
  })
})
