import { Agenda } from './agenda.ts'
import { asks, BEHAVIOUR, pricePath } from './market.ts'
import { change, topUp } from './model/client.ts'
import { isLive } from './model/openings.ts'
import { MAX_REPLICAS } from './model/rules.ts'
import { settleRegularly } from './model/settle.ts'
import { costOf, MARKET_PRICE, orderOf, review, REVIEW, type Policy } from './policies.ts'
import { look, planLook } from './providers.ts'
import { random } from './random.ts'
import { happen } from './replicas.ts'
import { at, level, type Event, type World } from './world.ts'

export interface Scenario {
  failuresPerYear: number
  policy: Policy
  ceiling: number
  /** How much the market's price moves in a year. */
  volatility: number
}

/** What became of one order. Times are epochs. */
export interface Outcome {
  /** With as many replicas alive as are wanted. */
  full: number
  /** The longest time without any, once there had been one. */
  longestZero: number
  /** What was paid to providers, of what the market's price at the start would have cost. */
  paid: number
  /** The free money did not cover a new claim at some time. */
  ranOut: boolean
}

const ASKS = asks(BEHAVIOUR.providers, BEHAVIOUR.askSpread)

/** Epoch at which orders begin: any that is not 0, which means "never" to the contract. */
const START = 1_000_000

/** What becomes of one order. The same seed gives it the same market in every scenario. */
export const runOrder = (scenario: Scenario, epochs: number, ...seed: number[]): Outcome =>
  liveThrough(scenario, epochs, ...seed).outcome

/** Lives through one order, from event to event. */
export function liveThrough(scenario: Scenario, epochs: number, ...seed: number[]): { outcome: Outcome; world: World } {
  const { policy, ceiling } = scenario
  const world = begin(scenario, epochs, seed)
  const { order, agenda } = world
  const horizon = START + epochs
  const outcome: Outcome = { full: 0, longestZero: 0, paid: 0, ranOut: false }
  if (policy.tended) at(world, START + REVIEW, { kind: 'review' })

  let alive = 0
  let lastAlive: number | undefined
  let plan = planLook(world)
  while (world.now < horizon) {
    const next = Math.min(agenda.next, plan.epoch, horizon)
    if (alive >= order.replicas) outcome.full += next - world.now
    if (alive > 0) lastAlive = next
    world.now = next
    if (next === horizon) break
    if (agenda.next === next) live(world, agenda.take(), ceiling)
    else if (plan.among > 0) look(world, plan.among)

    plan = planLook(world)
    outcome.ranOut ||= order.free < order.price * BigInt(order.terms.maxTerm)
    alive = countAlive(world)
    if (lastAlive !== undefined) outcome.longestZero = Math.max(outcome.longestZero, world.now - lastAlive)
  }
  if (lastAlive !== undefined) outcome.longestZero = Math.max(outcome.longestZero, horizon - lastAlive)
  outcome.paid = paidBy(world) / Number(costOf(MARKET_PRICE, epochs))
  return { outcome, world }
}

function begin({ failuresPerYear, policy, ceiling, volatility }: Scenario, epochs: number, seed: number[]): World {
  const behaviour = { ...BEHAVIOUR, failuresPerYear, volatility }
  return {
    now: START,
    startEpoch: START,
    order: orderOf(policy, ceiling, epochs),
    agenda: new Agenda<Event>(),
    random: random(1, ...seed),
    behaviour,
    copies: new Map(),
    asks: ASKS,
    generations: new Array<number>(behaviour.providers).fill(0),
    prices: pricePath(random(2, ...seed), behaviour.volatility, epochs),
  }
}

function live(world: World, event: Event, ceiling: number): void {
  if (event.kind === 'plan') return // the plan is made after every event
  if (event.kind !== 'review') return happen(world, event)
  const { price, ceiling: highest, topUp: amount } = review(world.order, ceiling, level(world))
  if (price !== world.order.price) change(world.order, { price, ceiling: highest })
  if (amount > 0n) topUp(world.order, amount)
  at(world, world.now + REVIEW, { kind: 'review' })
}

/** Pairs of seats with a copy that is not faulty. */
function countAlive({ copies, now }: World): number {
  let pairs = 0
  for (const [slot, { state }] of copies) {
    if (state === 'healthy' && slot.state === 'Active' && isLive(slot, now)) pairs |= 1 << (slot.seat % MAX_REPLICAS)
  }
  let count = 0
  for (; pairs > 0; pairs &= pairs - 1) count++
  return count
}

/** All that providers have earned when the time is over, attoFIL. */
function paidBy({ order, copies, now }: World): number {
  for (const [slot, copy] of copies) {
    if (slot.state === 'Active' && copy.state === 'healthy') settleRegularly(order, slot.seat, 1, now)
  }
  return Number([...order.ledger.earned.values()].reduce((sum, amount) => sum + amount, 0n))
}
