import type { Slot } from '../../../../scripts/simulate/model/order.ts'
import { oneOf } from './pick.ts'
import type { Twin } from './twin.ts'

/** Something that happens to both. */
export interface Action {
  /** How often, in comparison. */
  weight: number
  /** Whether it can succeed now; otherwise it is tried seldom. */
  fits: (twin: Twin, now: number) => boolean
  /** Does it. Returns the error with which both refused it, or why nothing was done; undefined if it was done. */
  run: (twin: Twin, now: number) => Promise<string | undefined>
}

/** Whether an action can succeed on a slot at an epoch. */
export type Fitting = (slot: Slot, twin: Twin, now: number) => boolean

const SEATS = Array.from({ length: 32 }, (_, seat) => seat)

/** An action on a seat: mostly on one that fits, if there is one. */
export function onSeat(
  weight: number,
  fits: Fitting,
  run: (twin: Twin, seat: number) => ReturnType<Action['run']>,
): Action {
  const fitting = (twin: Twin, now: number) => {
    const slots = twin.order.slots.filter((slot) => slot !== undefined)
    return slots.filter((slot) => fits(slot, twin, now)).map(({ seat }) => seat)
  }
  return {
    weight,
    fits: (twin, now) => fitting(twin, now).length > 0,
    run: (twin, now) => {
      const seats = fitting(twin, now)
      const used = SEATS.filter((seat) => twin.order.slots[seat])
      const any = used.length > 0 ? used : SEATS
      return run(twin, oneOf(twin.random, seats.length > 0 && twin.random.next() < 0.95 ? seats : any))
    },
  }
}

/** One of the actions by its weight: of those that cannot succeed, few. */
export function pickAction(actions: Record<string, Action>, twin: Twin, now: number): string {
  const weighed = Object.entries(actions).map(([name, { weight, fits }]) => ({
    name,
    weight: fits(twin, now) ? weight : weight / 15,
  }))
  let left = twin.random.next() * weighed.reduce((sum, { weight }) => sum + weight, 0)
  return (weighed.find(({ weight }) => (left -= weight) < 0) ?? weighed[0]).name
}
