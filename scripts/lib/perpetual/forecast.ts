import { GRACE, HANDOVER_MARGIN } from '../../../oracle/chain/perpetual-rules.ts'
import { pairOf } from '../../../oracle/chain/slot-id.ts'
import { whenWords, type Clock } from './clock.ts'
import type { OpenSlotFacts } from './open-slots.ts'
import type { OrderFacts } from './order.ts'
import { isLive, type SlotFacts } from './slot.ts'

/** Steps that are looked ahead; who pays for more lasts longer than anyone needs to know. */
const MAX_TERMS = 1_000

/** How long an order's money keeps its replicas, if providers renew at the price as it is now. Epochs. */
export interface Lasting {
  /** All replicas until then. */
  all: bigint
  /** At least one until then. */
  any: bigint
}

/** One thing that will or may happen, and by when. */
export interface Upcoming {
  epoch: bigint
  words: string
}

/**
 * How long the order lasts: each replica to the end of what is reserved for it, then term by term out of the free money, always the
 * one next that ends first. A claim that is not proven yet counts as if it were at its deadline, for a whole term.
 */
export function lasting(order: OrderFacts, slots: SlotFacts[], epoch: bigint): Lasting {
  const ends = coveredUntil(slots, epoch)
  while (ends.length < order.replicas) ends.push(epoch)
  const term = order.terms.maxTermEpochs
  let free = order.status === 'Live' ? order.free : 0n
  for (let step = 0; step < MAX_TERMS && free >= order.price * term; step++) {
    ends.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
    const next = capped(ends[0]! + term, order.endEpoch)
    if (next - ends[0]! < order.terms.minTermEpochs) break // the order's end leaves no room for another term
    free -= order.price * (next - ends[0]!)
    ends[0] = next
  }
  const sorted = ends.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0))
  return { all: sorted[0]!, any: sorted.at(-1)! }
}

/** Until when each pair's replica is paid out of what is reserved. */
function coveredUntil(slots: SlotFacts[], epoch: bigint): bigint[] {
  const byPair = new Map<bigint, bigint>()
  for (const slot of slots.filter((each) => isLive(each, epoch))) {
    const end = slot.state === 'Active' ? slot.end : capped(slot.claimBy + slot.maxTermEpochs, slot.orderEnd)
    const pair = pairOf(slot.slot)
    byPair.set(pair, max(byPair.get(pair) ?? 0n, end))
  }
  return [...byPair.values()]
}

/** What comes next for an order, soonest first. `nextEpoch` is the contract's, 0: nothing opens by time alone. */
export function upcoming(
  order: OrderFacts,
  slots: SlotFacts[],
  open: { slots: OpenSlotFacts[]; nextEpoch: bigint },
  clock: Clock,
): Upcoming[] {
  const found: Upcoming[] = open.slots.map(({ slot, incumbent, incumbentOnlyUntil }) => ({
    epoch: clock.epoch,
    words: `slot ${slot} is open${incumbentOnlyUntil > clock.epoch ? `, until ${whenWords(clock, incumbentOnlyUntil)} to f0${incumbent} alone` : ''}: a provider may claim it`,
  }))
  for (const slot of slots) {
    const who = `slot ${slot.slot}, f0${slot.provider}:`
    found.push(...upcomingOfSlot(order, slot, clock).map(({ epoch, words }) => ({ epoch, words: `${who} ${words}` })))
  }
  if (open.slots.length === 0 && open.nextEpoch > 0n) {
    found.push({ epoch: open.nextEpoch, words: `a slot opens at ${whenWords(clock, open.nextEpoch)}` })
  }
  if (order.endEpoch > clock.epoch) {
    found.push({
      epoch: order.endEpoch,
      words: `the order ends at ${whenWords(clock, order.endEpoch)}: no slot runs beyond`,
    })
  }
  return found.sort((a, b) => (a.epoch < b.epoch ? -1 : a.epoch > b.epoch ? 1 : 0))
}

/** What comes next for one slot. */
export function upcomingOfSlot({ terms, status }: OrderFacts, slot: SlotFacts, clock: Clock): Upcoming[] {
  const { state, claimBy, start, end, settleBy, faultSince } = slot
  const at = (epoch: bigint, words: string): Upcoming => ({ epoch, words })
  if (state === 'Claimed') {
    return clock.epoch <= claimBy
      ? [
          at(
            claimBy,
            `to be proven by ${whenWords(clock, claimBy)}, or its collateral is burnt and the slot opens again`,
          ),
        ]
      : [at(clock.epoch, 'was not proven in time: anyone may close it (lapse), and its collateral is burnt')]
  }
  if (state !== 'Active') return []
  if (clock.epoch >= end) {
    return [
      at(
        end,
        `ended at ${whenWords(clock, end)}: its last pay and its collateral are settled until ${whenWords(clock, end + GRACE)}`,
      ),
    ]
  }
  const found = [at(end, `its term ends at ${whenWords(clock, end)}`)]
  if (start > clock.epoch) found.push(at(start, `is paid from ${whenWords(clock, start)} on`))
  if (faultSince > 0n) {
    const lost = faultSince + terms.evictEpochs
    found.push(
      at(lost, `faulty since epoch ${faultSince}, unpaid: lost at ${whenWords(clock, lost)} unless it recovers`),
    )
  } else {
    found.push(
      at(settleBy, `to be settled by ${whenWords(clock, settleBy)}, or its pay for older epochs returns to the order`),
    )
  }
  const opens = end - terms.renewalEpochs
  if (status === 'Live' && opens > clock.epoch) {
    found.push(
      at(
        opens,
        `its successor can be claimed from ${whenWords(clock, opens)} to ${whenWords(clock, end - HANDOVER_MARGIN)}`,
      ),
    )
  }
  return found
}

const capped = (epoch: bigint, limit: bigint): bigint => (limit > 0n && epoch > limit ? limit : epoch)
const max = (a: bigint, b: bigint): bigint => (a > b ? a : b)
