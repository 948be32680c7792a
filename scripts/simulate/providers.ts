import { countWilling, STEP } from './market.ts'
import { claim } from './model/claims.ts'
import { isLive, openSlots, otherSeat, type Opening } from './model/openings.ts'
import type { Slot } from './model/order.ts'
import { DAY, HANDOVER_MARGIN, MIN_CLAIM, YEAR } from './model/rules.ts'
import { Refused } from './model/refused.ts'
import { at, indexOf, providerId, relative, type World } from './world.ts'

/** An extension of what is sealed already is a message or two. */
const EXTENDING = [DAY / 4, DAY] as const

/** The next time at which a provider looks at the order that would take one of its slots, or at which that must be thought over. */
export interface Plan {
  epoch: number
  /** Providers among whom the one that looks is: the cheapest so many; 0: nobody looks, only the price moves on. */
  among: number
}

/**
 * Providers look at random, one after the other. Where prices stand still until the market moves, only looks by willing ones are drawn:
 * the same in distribution, with far fewer draws.
 */
export function planLook(world: World): Plan {
  const openings = openSlots(world.order, world.now).filter(({ incumbentOnlyUntil }) => incumbentOnlyUntil === 0)
  if (openings.length === 0) return { epoch: Infinity, among: 0 }
  const { asks, now, order, random, behaviour } = world
  const isRising = order.ceiling > order.price && openings.some(({ incumbent }) => incumbent !== 0)
  const dearest = openings.reduce((most, { price }) => (price > most ? price : most), 0n)
  const among = isRising ? asks.length : countWilling(asks, relative(world, dearest))
  const epoch = now + Math.ceil(random.exponential((behaviour.meanBetweenLooks * asks.length) / among))
  const marketMoves = now + STEP - ((now - world.startEpoch) % STEP)
  return among > 0 && epoch < marketMoves ? { epoch, among } : { epoch: marketMoves, among: 0 }
}

/** A provider looks: it takes the dearest slot that pays what it asks and that it can seal in time. */
export function look(world: World, among: number): void {
  const { order, now, random, behaviour, asks } = world
  const index = random.below(among)
  const wanted = openSlots(order, now)
    .filter(({ incumbentOnlyUntil, price }) => incumbentOnlyUntil === 0 && relative(world, price) >= asks[index]!)
    .sort((a, b) => Number(b.price - a.price))[0]
  if (!wanted) return
  const [least, most] = behaviour.sealing
  const sealed = now + least + random.below(most - least)
  if (sealed > wanted.claimBy) return
  const slot = take(world, wanted, providerId(world, index))
  if (!slot) return

  const luck = random.next()
  if (luck < behaviour.abandonShare) at(world, now + random.below(order.terms.fetch), { kind: 'abandon', slot })
  else if (luck >= behaviour.abandonShare + behaviour.lapseShare) at(world, sealed, { kind: 'prove', slot })
}

/** The incumbent of a slot in its window considers the successor; when it is not to be had at its price, again a day later. */
export function offer(world: World, slot: Slot): void {
  const { order, now, random, asks } = world
  if (!isLive(slot, now) || now + MIN_CLAIM + HANDOVER_MARGIN > slot.end) return
  const again = () => at(world, now + DAY, { kind: 'offer', slot })
  if (world.copies.get(slot)?.state !== 'healthy') return again()
  const opening = openSlots(order, now).find(({ seat }) => seat === otherSeat(slot.seat))
  if (!opening || relative(world, opening.price) < asks[indexOf(world, slot.provider)]!) return again()
  const [least, most] = EXTENDING
  const successor = take(world, opening, slot.provider)
  if (successor) at(world, now + least + random.below(most - least), { kind: 'prove', slot: successor })
}

/** The claim itself; none where the rules keep this provider out. */
function take(world: World, { seat, nonce, price }: Opening, provider: number): Slot | undefined {
  const { order, now } = world
  try {
    const given = {
      seat,
      nonce,
      version: order.version,
      minPrice: price,
      provider,
      owner: -provider,
      poster: 'provider',
    }
    const slot = claim(order, given, now)
    at(world, slot.claimBy + 1, { kind: 'lapse', slot })
    return slot
  } catch (error) {
    if (error instanceof Refused && ['AlreadyLive', 'ProviderBarred'].includes(error.error)) return undefined
    throw error
  }
}

/** Mean time to something that happens to a provider as often as it fails, in epochs. */
export const meanToFailure = (failuresPerYear: number): number => YEAR / -Math.log(1 - failuresPerYear)
