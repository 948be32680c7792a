import { cut, release, resign, settle, type Evidence } from '../../../../scripts/simulate/model/settle.ts'
import type { Order } from '../../../../scripts/simulate/model/order.ts'
import { GRACE } from '../../../../scripts/simulate/model/rules.ts'
import { localMiner } from '../../../helpers/actors.ts'
import { locationOf } from '../replicas.ts'
import { now, SAID } from '../world.ts'
import { onSeat, type Action, type Fitting } from './action.ts'
import { oneOf } from './pick.ts'
import { both, GAS, slotOf, workerAt, type Body, type Twin } from './twin.ts'

async function bringUpToDate(twin: Twin, seat: number): Promise<string | undefined> {
  const { random, order, storage, stranger, bodies } = twin
  const body = bodies.get(seat)
  const truth = body?.sector.status ?? 'Active'
  const said = random.next() < 0.8 ? truth : oneOf(random, ['None', 'Active', 'Faulty', 'Dead'] as const)
  const evidence: Evidence = { deal: dealOf(body), claim: said, confirmed: said === truth }
  return both(
    twin,
    (at) => settle(order, seat, evidence, at, stranger.address),
    () => storage.connect(stranger).settle(slotOf(twin, seat), SAID[said], locationOf(body?.sector.number ?? 0n), GAS),
  )
}

function dealOf(body: Body | undefined): Evidence['deal'] {
  if (body?.kind !== 'Deal') return 'none'
  return body.settled || body.sector.status === 'Dead' ? 'gone' : 'active'
}

/** The miner's sector behind a slot is faulty, recovers, or is terminated. */
async function mishap(twin: Twin, seat: number): Promise<string | undefined> {
  const { random, order, bodies } = twin
  const body = bodies.get(seat)
  if (!body || body.sector.status === 'Dead') return 'no such sector'
  const { sector } = body
  const miner = await localMiner(BigInt(order.slots[seat]!.provider))
  if (random.next() < 0.2) {
    await miner.terminateSector(sector.number)
    sector.status = 'Dead'
  } else if (sector.status === 'Active') {
    await miner.faultSector(sector.number)
    sector.status = 'Faulty'
  } else {
    await miner.recoverSector(sector.number)
    sector.status = 'Active'
  }
  return undefined
}

/** A third party has the market settle a deal; one that is over can be read no more. */
async function settleDeal(twin: Twin, seat: number, at: number): Promise<string | undefined> {
  const body = twin.bodies.get(seat)
  if (dealOf(body) !== 'active') return 'no deal'
  await twin.market.settle([body!.dealId])
  if (at + 1 < body!.dealEnd) return 'it runs'
  body!.settled = true
  return undefined
}

const calling =
  (call: 'cut' | 'resign' | 'release', model: (order: Order, seat: number, at: number) => void) =>
  (twin: Twin, seat: number) => {
    const from = workerAt(twin, seat)
    return both(
      twin,
      (at) => model(twin.order, seat, at),
      () => twin.storage.connect(from)[call](slotOf(twin, seat), GAS),
    )
  }

const isActive: Fitting = ({ state }) => state === 'Active'
const isUncut: Fitting = ({ state, end, provenTo }, { order }, now) =>
  state === 'Active' && Math.min(now, end) - provenTo >= order.terms.gap
const isOver: Fitting = ({ state, end }, _, now) => state === 'Active' && now + 1 >= end + GRACE
const isDealOver: Fitting = ({ seat, state }, { bodies }, now) =>
  state === 'Active' && dealOf(bodies.get(seat)) === 'active' && now >= bodies.get(seat)!.dealEnd

export const SETTLEMENTS: Record<string, Action> = {
  settle: onSeat(14, isActive, bringUpToDate),
  'fault, recover or terminate': onSeat(4, isActive, mishap),
  'settle the deal': onSeat(15, isDealOver, async (twin, seat) => settleDeal(twin, seat, Number(await now()))),
  cut: onSeat(3, isUncut, calling('cut', cut)),
  resign: onSeat(0.4, isActive, calling('resign', resign)),
  release: onSeat(20, isOver, calling('release', release)),
}
