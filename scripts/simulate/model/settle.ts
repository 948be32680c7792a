import { credit, giveBack, type Order, type Slot, type SlotState } from './order.ts'
import { require } from './refused.ts'
import { BOUNTY_PERCENT, GRACE } from './rules.ts'

/** What Filecoin's actors answer when a slot is settled. */
export interface Evidence {
  /** The deal by the market's getters; a sector that no deal covers has none. */
  deal: 'active' | 'gone' | 'unclear' | 'none'
  /** What the caller says of the sector. */
  claim: 'None' | 'Active' | 'Faulty' | 'Dead'
  /** Whether the miner says the same. */
  confirmed: boolean
}

export const ALIVE: Evidence = { deal: 'none', claim: 'Active', confirmed: true }
export const FAULTY: Evidence = { deal: 'none', claim: 'Faulty', confirmed: true }
export const DEAD: Evidence = { deal: 'none', claim: 'Dead', confirmed: true }

/** Brings an active slot up to date with what the actors say; `caller` earns the bounty of a loss. */
export function settle(order: Order, seat: number, evidence: Evidence, now: number, caller: string): void {
  const slot = inState(order, seat, 'Active')
  require(now >= slot.provenTo, 'NotStarted')
  require(evidence.deal !== 'unclear', 'ActorUnclear')
  const shows = (claim: Evidence['claim']) => evidence.claim === claim && evidence.confirmed
  const dealOk = evidence.deal === 'active'

  if (now >= slot.end) {
    const isDone = dealOk || shows('Active')
    require(isDone || now >= slot.end + GRACE, 'Unproven')
    return finish(order, slot, isDone)
  }
  const isLost = evidence.deal === 'gone' || shows('Dead')
  const isFaulty = !isLost && shows('Faulty')
  const isWeak = evidence.claim === 'None' && order.terms.liveness === 'Deal' && dealOk
  require(isLost || isFaulty || isWeak || shows('Active'), 'Unproven')

  cutExcess(order, slot, now)
  if (isLost) return lose(order, slot, caller)
  if (!isFaulty) return prolong(order, slot, now)
  toOrder(order, slot, now)
  if (slot.faultSince === 0) slot.faultSince = now
  if (now - slot.faultSince >= order.terms.evict) lose(order, slot, caller)
}

/** Settles a slot that is alive at least every `every` epochs (at most the gap) up to `epoch`, before its end: the same as so many calls. */
export function settleRegularly(order: Order, seat: number, every: number, epoch: number): void {
  const slot = inState(order, seat, 'Active')
  const last = Math.min(epoch, slot.end - 1)
  const rounds = Math.floor((last - slot.provenTo) / every)
  if (rounds > 0) pay(order, slot, slot.provenTo + rounds * every)
}

/** Gives unproven time older than the gap back to the order. */
export function cut(order: Order, seat: number, now: number): void {
  const slot = inState(order, seat, 'Active')
  require(Math.min(now, slot.end) - slot.provenTo > order.terms.gap, 'NothingToCut')
  cutExcess(order, slot, now)
}

/** The provider leaves before the end. */
export function resign(order: Order, seat: number, now: number): void {
  const slot = inState(order, seat, 'Active')
  require(now < slot.end, 'TermOver')
  close(order, slot, 'Resigned', { toOrder: slot.collateral })
}

/** Closes a replica long after its end, whatever the actors say. */
export function release(order: Order, seat: number, now: number): void {
  const slot = inState(order, seat, 'Active')
  require(now >= slot.end + GRACE, 'NotReleasable')
  close(order, slot, 'Ended', { toPoster: slot.collateral })
}

/** Puts a slot into a final state: what it did not earn is the order's again, its collateral is split. */
export function close(
  order: Order,
  slot: Slot,
  state: SlotState,
  share: { toPoster?: bigint; toOrder?: bigint; toCaller?: [string, bigint]; toSink?: bigint },
): void {
  const returned = unearned(slot)
  slot.state = state
  order.reserved -= returned
  giveBack(order, returned)
  if (share.toPoster) credit(order.ledger, slot.poster, share.toPoster)
  if (share.toOrder) giveBack(order, share.toOrder)
  if (share.toCaller) credit(order.ledger, ...share.toCaller)
  if (share.toSink) credit(order.ledger, SINK, share.toSink)
}

/** The account of the burn actor in the model's ledger. */
export const SINK = 'sink'

/** The seat's slot, which must be in `state`. */
export function inState(order: Order, seat: number, state: 'Claimed' | 'Active'): Slot {
  const slot = order.slots[seat]
  require(slot?.state === state, 'WrongSlotState')
  return slot
}

/** What a slot can still earn, all of which is reserved. */
export const unearned = ({ state, price, maxTerm, end, provenTo }: Slot): bigint =>
  price * BigInt(state === 'Claimed' ? maxTerm : end - provenTo)

function cutExcess(order: Order, slot: Slot, now: number): void {
  const limit = Math.min(now, slot.end) - order.terms.gap
  if (limit > slot.provenTo) toOrder(order, slot, limit)
}

/** It is alive: what was unproven is paid, or given back if it was faulty until now. */
function prolong(order: Order, slot: Slot, now: number): void {
  if (slot.faultSince === 0) return pay(order, slot, now)
  toOrder(order, slot, now)
  slot.faultSince = 0
}

function lose(order: Order, slot: Slot, caller: string): void {
  const bounty = (slot.collateral * BOUNTY_PERCENT) / 100n
  close(order, slot, 'Lost', { toOrder: slot.collateral - bounty, toCaller: [caller, bounty] })
}

function finish(order: Order, slot: Slot, isDone: boolean): void {
  cutExcess(order, slot, slot.end)
  if (isDone && slot.faultSince === 0) pay(order, slot, slot.end)
  close(order, slot, 'Ended', { toPoster: slot.collateral })
}

function pay(order: Order, slot: Slot, to: number): void {
  const amount = advance(order, slot, to)
  slot.paid += amount
  order.ledger.earned.set(slot.provider, (order.ledger.earned.get(slot.provider) ?? 0n) + amount)
}

function toOrder(order: Order, slot: Slot, to: number): void {
  giveBack(order, advance(order, slot, to))
}

function advance(order: Order, slot: Slot, to: number): bigint {
  const amount = slot.price * BigInt(to - slot.provenTo)
  slot.provenTo = to
  order.reserved -= amount
  return amount
}
