import { expect } from 'chai'
import { describe, it } from 'mocha'
import { GRACE } from '../../../oracle/chain/perpetual-rules.ts'
import { dueOf, LAST_SETTLEMENT, needsSight, settleFrom } from '../../../oracle/keeper/policy.ts'
import type { Sight, SlotFacts } from '../../../oracle/keeper/policy.ts'

const GAP = 20_160n
const EVICT = 40_320n
const TERMS = { gapEpochs: GAP, evictEpochs: EVICT, liveness: 'Sector' } as const
const BY_DEAL = { ...TERMS, liveness: 'Deal' } as const
const PRICE = 10n
const COLLATERAL = 1_000n
const END = 700_000n

const claimed: SlotFacts = {
  ...{ state: 'Claimed', price: PRICE, collateral: COLLATERAL, maxTermEpochs: 600_000n, claimBy: 5_000n },
  ...{ end: 0n, provenTo: 0n, faultSince: 0n },
}
const active = (over: Partial<SlotFacts> = {}): SlotFacts => ({
  ...claimed,
  ...{ state: 'Active', provenTo: 100_000n, end: END },
  ...over,
})

const saw = (sector: Sight['sector'], deal: Sight['deal'] = 'runs'): Sight => ({ deal, sector })
const ALIVE = saw('Active')

describe('keeper/policy', () => {
  describe('a claim', () => {
    it('lapses in the epoch after the last one at which it could be proven', () => {
      expect(dueOf(claimed, TERMS, 5_000n)).to.equal(undefined)
      expect(dueOf(claimed, TERMS, 5_001n)).to.deep.equal({ reason: 'lapsed', since: 5_001n, stake: PRICE * 600_000n })
    })

    it('needs no actor’s word', () => expect(needsSight(claimed, 9_000n)).to.equal(false))
  })

  describe('a replica that is alive', () => {
    it('is settled a quarter of the gap before it would be cut, a day at most', () => {
      expect(settleFrom(active(), TERMS)).to.equal(100_000n + GAP - 2_880n)
      expect(settleFrom(active(), { ...TERMS, gapEpochs: 2_880n })).to.equal(100_000n + 2_880n - 720n)
    })

    it('is left alone until then', () => {
      const from = settleFrom(active(), TERMS)
      expect(dueOf(active(), TERMS, from - 1n, ALIVE)).to.equal(undefined)
      expect(dueOf(active(), TERMS, from, ALIVE)).to.deep.equal({
        ...{ reason: 'paid', claim: 'Active', since: from, stake: PRICE * (from - 100_000n) },
      })
    })

    it('is settled once more shortly before its end, and then at its end', () => {
      const last = END - LAST_SETTLEMENT
      expect(settleFrom(active({ provenTo: END - 5_000n }), TERMS)).to.equal(last)
      expect(settleFrom(active({ provenTo: last }), TERMS)).to.equal(END)
      expect(settleFrom(active({ provenTo: END - 1n }), TERMS)).to.equal(END)
    })

    it('stakes no more than the gap pays', () => {
      expect(dueOf(active(), TERMS, 300_000n, ALIVE)).to.deep.include({ reason: 'paid', stake: PRICE * GAP })
    })

    it('is not looked at before its first paid epoch', () => {
      expect(needsSight(active(), 99_999n)).to.equal(false)
      expect(needsSight(active(), 100_000n)).to.equal(true)
      expect(dueOf(active(), TERMS, 99_999n, saw('Dead'))).to.equal(undefined)
    })

    it('is shown by its deal alone where the order takes that', () => {
      const from = settleFrom(active(), TERMS)
      expect(dueOf(active(), BY_DEAL, from, saw('Faulty'))).to.deep.include({ reason: 'paid', claim: 'None' })
      expect(dueOf(active(), BY_DEAL, from, saw('Active', 'none'))).to.deep.include({ reason: 'paid', claim: 'Active' })
    })

    it('restarts its clock at once after a fault', () => {
      expect(dueOf(active({ faultSince: 100_000n }), TERMS, 100_001n, ALIVE)).to.deep.equal({
        ...{ reason: 'recovered', claim: 'Active', since: null, stake: PRICE * GAP },
      })
    })
  })

  describe('a replica that is not', () => {
    const rest = PRICE * (END - 100_000n) + COLLATERAL / 10n

    it('is lost when its deal is gone, whatever the sector says', () => {
      expect(dueOf(active(), TERMS, 100_001n, saw('Active', 'gone'))).to.deep.equal({
        ...{ reason: 'lost', claim: 'None', since: null, stake: rest },
      })
    })

    it('is lost when its sector is dead', () => {
      expect(dueOf(active(), TERMS, 100_001n, saw('Dead', 'none'))).to.deep.equal({
        ...{ reason: 'lost', claim: 'Dead', since: null, stake: rest },
      })
    })

    it('is shown faulty once, and lost when it has been for as long as the order bears', () => {
      const faulty = active({ faultSince: 100_000n })
      expect(dueOf(active(), TERMS, 100_001n, saw('Faulty'))).to.deep.include({ reason: 'faulty', claim: 'Faulty' })
      expect(dueOf(faulty, TERMS, 100_000n + EVICT - 1n, saw('Faulty'))).to.equal(undefined)
      expect(dueOf(faulty, TERMS, 100_000n + EVICT, saw('Faulty'))).to.deep.equal({
        ...{ reason: 'lost', claim: 'Faulty', since: 100_000n + EVICT, stake: rest },
      })
    })

    it('is no verdict when nobody answers, but its unproven time is cut, a gap at a time', () => {
      const silence = saw(null, 'unclear')
      expect(dueOf(active(), TERMS, 100_000n + 2n * GAP - 1n, silence)).to.equal(undefined)
      expect(dueOf(active(), TERMS, 100_000n + 2n * GAP, silence)).to.deep.equal({
        ...{ reason: 'cut', since: 100_000n + 2n * GAP, stake: PRICE * GAP },
      })
      expect(dueOf(active(), TERMS, settleFrom(active(), TERMS), saw('Active', 'unclear'))).to.equal(undefined)
    })
  })

  describe('a term that is over', () => {
    const late = active({ provenTo: END - 100n })
    const stake = PRICE * 100n + COLLATERAL

    it('is finished by a deal that can be read, or a sector that is alive', () => {
      expect(dueOf(late, TERMS, END, saw('Active', 'gone'))).to.deep.equal({
        ...{ reason: 'finished', claim: 'Active', since: END, stake },
      })
      expect(dueOf(late, TERMS, END, saw('Dead'))).to.deep.equal({
        reason: 'finished',
        claim: 'None',
        since: END,
        stake,
      })
    })

    it('is never lost, and released without evidence after the time of grace', () => {
      expect(dueOf(late, TERMS, END + GRACE - 1n, saw('Dead', 'gone'))).to.equal(undefined)
      expect(dueOf(late, TERMS, END + GRACE, saw('Dead', 'gone'))).to.deep.equal({
        ...{ reason: 'released', since: END + GRACE, stake },
      })
    })
  })

  it('leaves alone what is over', () => {
    for (const state of ['None', 'Abandoned', 'Lapsed', 'Lost', 'Resigned', 'Ended'] as const) {
      expect(dueOf(active({ state }), TERMS, END + GRACE, ALIVE)).to.equal(undefined)
    }
  })
})
