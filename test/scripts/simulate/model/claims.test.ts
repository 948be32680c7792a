import { expect } from 'chai'
import { describe, it } from 'mocha'
import { abandon, claim, lapse, prove } from '../../../../scripts/simulate/model/claims.ts'
import { cancel } from '../../../../scripts/simulate/model/client.ts'
import { BARRED, DAY, GRACE } from '../../../../scripts/simulate/model/rules.ts'
import { SINK } from '../../../../scripts/simulate/model/settle.ts'
import { DEPOSIT, expectRefusal, NOW, order, POSTER, PRICE, proven, RESERVE, take, TERMS } from './world.ts'

describe('claim', () => {
  it('reserves all that the slot can earn', () => {
    const one = order()
    const slot = take(one, 1, NOW)

    expect(one).to.include({ free: DEPOSIT - RESERVE, reserved: RESERVE })
    expect(slot).to.include({ state: 'Claimed', nonce: 1, price: PRICE, claimBy: NOW + TERMS.claim })
  })

  it('refuses what the claimant has not read', () => {
    const given = { seat: 0, nonce: 1, version: 1, minPrice: 0n, provider: 1, owner: -1, poster: POSTER }

    expectRefusal(() => claim(order(), { ...given, version: 2 }, NOW), 'StaleVersion')
    expectRefusal(() => claim(order(), { ...given, nonce: 2 }, NOW), 'StaleNonce')
    expectRefusal(() => claim(order(), { ...given, minPrice: PRICE + 1n }, NOW), 'PriceTooLow')
    expectRefusal(() => claim(order(), { ...given, seat: 5 }, NOW), 'SlotNotOpen')
  })

  it('refuses a second live slot of a provider or of its owner', () => {
    const one = order({ replicas: 2 })
    take(one, 1, NOW)

    expectRefusal(() => take(one, 1, NOW), 'AlreadyLive')
    const sibling = { seat: 1, nonce: 1, version: 1, minPrice: 0n, provider: 2, owner: -1, poster: POSTER }
    expectRefusal(() => claim(one, sibling, NOW), 'AlreadyLive')
  })

  it('lets the incumbent alone succeed itself in the first third of the window', () => {
    const { order: one, slot } = proven()
    const opened = slot.end - TERMS.renewal

    expectRefusal(() => take(one, 2, opened), 'IncumbentOnly')
    expect(take(one, 1, opened)).to.include({ seat: 16, price: PRICE })
  })

  it('closes a lapsed claim on the way, and keeps its provider out', () => {
    const one = order()
    const { claimBy } = take(one, 1, NOW)

    expectRefusal(() => take(one, 1, claimBy + 1), 'ProviderBarred')
    expect(take(one, 2, claimBy + 1)).to.include({ seat: 0, nonce: 2, provider: 2 })
    expect(one).to.include({ free: DEPOSIT - RESERVE, reserved: RESERVE })
    expect(one.ledger.credits.get(SINK)).to.equal(TERMS.collateral)
    expect(one.barred.get(1)).to.equal(claimBy + 1 + BARRED)
  })

  it('releases a replica that ended long ago on the way', () => {
    const { order: one, slot } = proven()
    take(one, 2, slot.end + GRACE)

    expect(slot.state).to.equal('Ended')
    expect(one).to.include({ free: DEPOSIT - RESERVE, reserved: RESERVE })
    expect(one.ledger.credits.get(POSTER)).to.equal(TERMS.collateral)
  })
})

describe('prove', () => {
  it('pays from now on for the longest term', () => {
    const { slot } = proven()

    expect(slot).to.include({ state: 'Active', start: NOW, end: NOW + TERMS.maxTerm, provenTo: NOW })
  })

  it('gives back what the replica is too short to earn', () => {
    const one = order()
    take(one, 1, NOW)
    prove(one, 0, { start: 0, end: NOW + TERMS.minTerm }, NOW)

    expect(one.reserved).to.equal(PRICE * BigInt(TERMS.minTerm))
    expect(one.free).to.equal(DEPOSIT - one.reserved)
  })

  it("pays from the deal's start, and from the end of the provider's replica before it", () => {
    const one = order()
    take(one, 1, NOW)
    expect(prove(one, 0, { start: NOW + 9, end: NOW + 9 + TERMS.maxTerm }, NOW)).to.include({ start: NOW + 9 })
    const old = one.slots[0]!
    take(one, 1, old.end - TERMS.renewal)

    expect(prove(one, 16, { start: 0, end: old.end + TERMS.minTerm }, old.end - 25 * DAY)).to.include({
      start: old.end,
      end: old.end + TERMS.minTerm,
    })
  })

  it('refuses what comes too late, starts too late or is too short', () => {
    const one = order()
    const { claimBy } = take(one, 1, NOW)
    const end = NOW + 2 * TERMS.maxTerm

    expectRefusal(() => prove(one, 0, { start: 0, end }, claimBy + 1), 'ClaimOver')
    expectRefusal(() => prove(one, 0, { start: claimBy + 1, end }, NOW), 'StartsTooLate')
    expectRefusal(() => prove(one, 0, { start: 0, end: NOW + TERMS.minTerm - 1 }, NOW), 'SlotTermTooShort')
  })
})

describe('abandon', () => {
  it('costs a twentieth of the collateral, within the time to fetch', () => {
    const one = order()
    take(one, 1, NOW)
    abandon(one, 0, NOW + TERMS.fetch)

    expect(one).to.include({ free: DEPOSIT, reserved: 0n })
    expect(one.ledger.credits.get(SINK)).to.equal(TERMS.collateral / 20n)
    expect(one.ledger.credits.get(POSTER)).to.equal(TERMS.collateral - TERMS.collateral / 20n)
  })

  it('is refused after it', () => {
    const one = order()
    take(one, 1, NOW)

    expectRefusal(() => abandon(one, 0, NOW + TERMS.fetch + 1), 'FetchWindowOver')
  })
})

describe('lapse', () => {
  it('is refused while the claim can be proven', () => {
    const one = order()
    const { claimBy } = take(one, 1, NOW)

    expectRefusal(() => lapse(one, 0, claimBy), 'NotLapsed')
  })

  it("gives the reservation of a cancelled order to the client's credit", () => {
    const one = order()
    const { claimBy } = take(one, 1, NOW)
    cancel(one)
    lapse(one, 0, claimBy + 1)

    expect(one).to.include({ free: 0n, reserved: 0n })
    expect(one.ledger.credits.get('client')).to.equal(DEPOSIT)
  })
})
