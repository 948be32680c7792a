import { EPOCHS_PER_DAY } from '../chain/epochs.ts'
import { BOUNTY_PERCENT, GRACE } from '../chain/perpetual-rules.ts'
import type { OrderTerms, SectorClaim } from '../chain/perpetual.ts'
import type { Slot } from '../db/slot.ts'

/** A slot is settled once more so close before its end that, should nothing be shown after, hardly anything is unpaid. */
export const LAST_SETTLEMENT = 240n

/** What the policy needs to know of a slot: a row, or what the contract shows. */
export type SlotFacts = Pick<Slot, 'state' | 'price' | 'collateral' | 'maxTermEpochs' | 'claimBy'> &
  Pick<Slot, 'end' | 'provenTo' | 'faultSince'>

/** What Filecoin's actors say of a slot's replica now. */
export interface Sight {
  /** gone: removed from the market. none: the replica is of no deal. unclear: the market did not answer. */
  deal: 'runs' | 'gone' | 'none' | 'unclear'
  /** What its miner says of the sector; null where it did not answer. */
  sector: 'Active' | 'Faulty' | 'Dead' | null
}

/** Why a slot is to be touched: the most urgent first. */
export const REASONS = ['lost', 'faulty', 'recovered', 'paid', 'finished', 'lapsed', 'released', 'cut'] as const
export type Reason = (typeof REASONS)[number]

/** What is to be done for a slot. */
export interface Due {
  reason: Reason
  /** What `settle` is to say of the sector; undefined for what is no settlement. */
  claim?: SectorClaim
  /** Since when, where time alone says so; null: since it was seen. */
  since: bigint | null
  /** What is lost to the order, the provider or this operator if nobody does it, attoFIL: no gas is worth more. */
  stake: bigint
}

type Terms = Pick<OrderTerms, 'gapEpochs' | 'evictEpochs' | 'liveness'>

/** The first epoch at which an active slot's regular settlement is due: a quarter of the gap, at most a day, before it would be cut. */
export function settleFrom({ provenTo, end }: SlotFacts, { gapEpochs }: Terms): bigint {
  const regular = provenTo + gapEpochs - min(gapEpochs / 4n, EPOCHS_PER_DAY)
  const last = end - LAST_SETTLEMENT
  return provenTo < last ? min(regular, last) : min(regular, end)
}

/** Whether what a slot needs depends on what the actors say. */
export const needsSight = ({ state, provenTo }: SlotFacts, head: bigint): boolean =>
  state === 'Active' && head >= provenTo

/**
 * What a slot needs at `head`; undefined: nothing.
 * @param sight Of a slot that {@link needsSight}.
 */
export function dueOf(slot: SlotFacts, terms: Terms, head: bigint, sight?: Sight): Due | undefined {
  const { state, price, collateral, maxTermEpochs, claimBy, end, provenTo } = slot
  if (state === 'Claimed') {
    if (head <= claimBy) return undefined
    return { reason: 'lapsed', since: claimBy + 1n, stake: price * maxTermEpochs }
  }
  if (state !== 'Active' || head < provenTo || sight === undefined) return undefined

  const rest = price * (end - provenTo)
  if (head >= end) {
    const claim = sight.sector === 'Active' ? 'Active' : 'None'
    if (claim === 'Active' || sight.deal === 'runs') {
      return { reason: 'finished', claim, since: end, stake: rest + collateral }
    }
    return head < end + GRACE ? undefined : { reason: 'released', since: end + GRACE, stake: rest + collateral }
  }
  return lossOf(slot, terms, head, sight) ?? lifeOf(slot, terms, head, sight) ?? cutOf(slot, terms, head)
}

/** A replica that is lost, or faulty. */
function lossOf(
  slot: SlotFacts,
  { gapEpochs, evictEpochs, liveness }: Terms,
  head: bigint,
  sight: Sight,
): Due | undefined {
  const { price, collateral, end, provenTo, faultSince } = slot
  const lost = {
    reason: 'lost',
    since: null,
    stake: price * (end - provenTo) + (collateral * BOUNTY_PERCENT) / 100n,
  } as const
  if (sight.deal === 'gone') return { ...lost, claim: 'None' }
  if (liveness === 'Deal' && sight.deal === 'runs') return undefined // such an order takes the market's word
  if (sight.sector === 'Dead') return { ...lost, claim: 'Dead' }
  if (sight.sector !== 'Faulty') return undefined

  if (faultSince === 0n) return { reason: 'faulty', claim: 'Faulty', since: null, stake: price * gapEpochs }
  return head - faultSince < evictEpochs ? undefined : { ...lost, claim: 'Faulty', since: faultSince + evictEpochs }
}

/** A replica that is alive. */
function lifeOf(slot: SlotFacts, terms: Terms, head: bigint, sight: Sight): Due | undefined {
  const { price, provenTo, faultSince } = slot
  const byDeal = terms.liveness === 'Deal' && sight.deal === 'runs'
  if (!byDeal && (sight.sector !== 'Active' || sight.deal === 'unclear')) return undefined

  const claim = byDeal ? 'None' : 'Active'
  if (faultSince !== 0n) return { reason: 'recovered', claim, since: null, stake: price * terms.gapEpochs }
  const since = settleFrom(slot, terms)
  return head < since
    ? undefined
    : { reason: 'paid', claim, since, stake: price * min(head - provenTo, terms.gapEpochs) }
}

/** Time that nobody can prove any more goes back to the order, a gap at a time. */
function cutOf({ price, provenTo }: SlotFacts, { gapEpochs }: Terms, head: bigint): Due | undefined {
  const since = provenTo + 2n * gapEpochs
  return head < since ? undefined : { reason: 'cut', since, stake: price * (head - provenTo - gapEpochs) }
}

const min = (a: bigint, b: bigint) => (a < b ? a : b)
