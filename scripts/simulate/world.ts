import { Agenda } from './agenda.ts'
import { MARKET_PRICE } from './policies.ts'
import { STEP, type Behaviour } from './market.ts'
import type { Evidence } from './model/settle.ts'
import type { Order, Slot } from './model/order.ts'
import type { Random } from './random.ts'

/** What happens to one claim of a seat (its next claim is another object), or to a sealed copy. */
export type Happening =
  | { kind: 'abandon' | 'lapse' | 'prove' | 'window' | 'offer' | 'end' | 'release'; slot: Slot }
  | { kind: 'show'; slot: Slot; evidence: Evidence; copy: Copy; fault: number }
  | { kind: 'fail' | 'fault' | 'recover'; copy: Copy }

/** What happens at an epoch of its own. */
export type Event = Happening | { kind: 'review' } | { kind: 'plan' }

/** A sealed copy of the piece. Two slots of a provider share one where the second only extends the first. */
export interface Copy {
  state: 'healthy' | 'faulty' | 'gone'
  slots: Slot[]
  /** Counts its faults, so that what is said of one is not taken for another. */
  fault: number
}

/** One order, the providers that know it, and what is going to happen. */
export interface World {
  now: number
  order: Order
  agenda: Agenda<Event>
  random: Random
  behaviour: Behaviour
  copies: Map<Slot, Copy>
  /** What each provider asks, of the market's price, cheapest first. */
  asks: readonly number[]
  /** How often each provider was replaced by a new one that asks the same. */
  generations: number[]
  /** The market's price, of that at the start, for each {@link STEP} since `startEpoch`. */
  prices: readonly number[]
  startEpoch: number
}

export const at = (world: World, epoch: number, event: Event): void =>
  world.agenda.add(Math.max(world.now + 1, Math.ceil(epoch)), event)

/** The market's price now, of that at the start. */
export const level = ({ prices, now, startEpoch }: World): number => prices[Math.floor((now - startEpoch) / STEP)]!

/** A price in attoFIL per epoch, of what the market pays now. */
export const relative = (world: World, price: bigint): number => Number(price) / Number(MARKET_PRICE) / level(world)

export const providerId = ({ asks, generations }: World, index: number): number =>
  1 + index + asks.length * generations[index]!

export const indexOf = ({ asks }: World, provider: number): number => (provider - 1) % asks.length

/** The slot's copy, if it has one, is not kept for it any more. */
export function forget({ copies }: World, slot: Slot): void {
  const copy = copies.get(slot)
  if (!copy) return
  copies.delete(slot)
  copy.slots = copy.slots.filter((one) => one !== slot)
}
