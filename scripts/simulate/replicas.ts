import { abandon, lapse, prove } from './model/claims.ts'
import { isLive, otherSeat } from './model/openings.ts'
import type { Slot } from './model/order.ts'
import { DAY, GRACE } from './model/rules.ts'
import { ALIVE, DEAD, FAULTY, release, resign, settle, settleRegularly, type Evidence } from './model/settle.ts'
import { meanToFailure, offer } from './providers.ts'
import { at, forget, indexOf, type Copy, type Happening, type World } from './world.ts'

const KEEPER = 'keeper'

/** A keeper settles every slot that often, a day before it would lose anything. */
const settleEvery = ({ order }: World): number => order.terms.gap - DAY

/** Takes the world through an event of a slot or of a copy. */
export function happen(world: World, event: Happening): void {
  if (!('slot' in event)) return happenToCopy(world, event)
  const { order, now } = world
  const { slot } = event
  switch (event.kind) {
    case 'abandon':
      return abandon(order, slot.seat, now)
    case 'lapse':
      return slot.state === 'Claimed' ? lapse(order, slot.seat, now) : undefined
    case 'prove':
      return seal(world, slot)
    case 'window':
      return slot.state === 'Active' ? startWindow(world, slot) : undefined
    case 'offer':
      return offer(world, slot)
    case 'end':
      return slot.state === 'Active' ? finish(world, slot) : undefined
    case 'release':
      return slot.state === 'Active' ? release(order, slot.seat, now) : undefined
    case 'show':
      return show(world, event)
  }
}

function seal(world: World, slot: Slot): void {
  const { order, now, random, behaviour } = world
  const before = order.slots[otherSeat(slot.seat)]
  const old = before?.provider === slot.provider ? world.copies.get(before) : undefined
  if (old?.state === 'gone') return
  if (old?.state === 'faulty') {
    const again = now + DAY / 4 // it may have recovered by then
    return again <= slot.claimBy ? at(world, again, { kind: 'prove', slot }) : undefined
  }
  prove(order, slot.seat, { start: 0, end: now + 2 * slot.maxTerm }, now)
  at(world, slot.end - order.terms.renewal, { kind: 'window', slot })
  at(world, slot.end, { kind: 'end', slot })
  const copy: Copy = old ?? { state: 'healthy', slots: [], fault: 0 }
  copy.slots.push(slot)
  world.copies.set(slot, copy)
  if (old) return
  const mean = meanToFailure(behaviour.failuresPerYear)
  at(world, now + random.exponential(mean), { kind: 'fail', copy })
  at(world, now + random.exponential(mean / behaviour.faultsPerFailure), { kind: 'fault', copy })
}

function startWindow(world: World, slot: Slot): void {
  const { now, random, order } = world
  at(world, now + random.below(DAY), { kind: 'offer', slot })
  at(world, slot.end - order.terms.renewal + Math.ceil(order.terms.renewal / 3), { kind: 'plan' })
}

function finish(world: World, slot: Slot): void {
  const { order, now } = world
  const copy = world.copies.get(slot)!
  if (copy.state === 'healthy') {
    settleRegularly(order, slot.seat, settleEvery(world), now)
    settle(order, slot.seat, ALIVE, now, KEEPER)
  } else {
    at(world, slot.end + GRACE, { kind: 'release', slot })
  }
  forget(world, slot)
}

function happenToCopy(world: World, { kind, copy }: { kind: 'fail' | 'fault' | 'recover'; copy: Copy }): void {
  const { order, now, random, behaviour } = world
  if (copy.slots.length === 0 || copy.state === 'gone') return
  if (kind === 'recover') {
    copy.state = 'healthy'
    tell(world, copy, ALIVE)
    const mean = meanToFailure(behaviour.failuresPerYear) / behaviour.faultsPerFailure
    return at(world, now + random.exponential(mean), { kind: 'fault', copy })
  }
  if (copy.state === 'healthy') for (const { seat } of copy.slots) settleRegularly(order, seat, settleEvery(world), now)
  copy.fault++
  if (kind === 'fault') {
    copy.state = 'faulty'
    tell(world, copy, FAULTY)
    return at(world, now + random.exponential(behaviour.meanFault), { kind: 'recover', copy })
  }
  copy.state = 'gone'
  world.generations[indexOf(world, copy.slots[0]!.provider)]!++
  const luck = random.next()
  if (luck < behaviour.resignShare) for (const slot of copy.slots) leave(world, slot)
  else tell(world, copy, luck < behaviour.resignShare + behaviour.terminateShare ? DEAD : FAULTY)
}

function leave(world: World, slot: Slot): void {
  if (world.now < slot.end) resign(world.order, slot.seat, world.now)
  forget(world, slot)
}

/** A keeper will show the contract what became of a copy, within its time of notice. */
function tell(world: World, copy: Copy, evidence: Evidence): void {
  const noticed = world.now + world.random.below(world.behaviour.notice)
  for (const slot of copy.slots) at(world, noticed, { kind: 'show', slot, evidence, copy, fault: copy.fault })
}

function show(world: World, event: Extract<Happening, { kind: 'show' }>): void {
  const { order, now } = world
  const { slot, evidence, copy, fault } = event
  const isTrue = (copy.state === 'healthy') === (evidence === ALIVE) && copy.fault === fault
  if (!isTrue || slot.state !== 'Active' || now >= slot.end) return
  if (now < slot.provenTo) return at(world, slot.provenTo, event) // what has not begun cannot be settled
  settle(order, slot.seat, evidence, now, KEEPER)
  if (slot.faultSince !== 0 && evidence === FAULTY) at(world, slot.faultSince + order.terms.evict, event)
  if (!isLive(slot, now)) forget(world, slot)
}
