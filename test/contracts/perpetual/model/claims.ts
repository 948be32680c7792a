import { abandon, claim, lapse } from '../../../../scripts/simulate/model/claims.ts'
import { openingAt, openSlots } from '../../../../scripts/simulate/model/openings.ts'
import { onSeat, type Action } from './action.ts'
import { oneOf } from './pick.ts'
import { both, GAS, nonceOf, ownerOf, slotOf, spOf, workerAt, type Twin } from './twin.ts'

async function take(twin: Twin, now: number): Promise<string | undefined> {
  const { random, order, storage, sps } = twin
  const epoch = now + 1
  const open = openSlots(order, epoch)
  const seat = open.length > 0 && random.next() < 0.8 ? oneOf(random, open).seat : random.below(32)
  const { incumbent } = openingAt(order, seat, epoch) ?? { incumbent: 0 }
  const provider = incumbent !== 0 && random.next() < 0.8 ? incumbent : Number(oneOf(random, sps).miner)
  const { worker, miner } = spOf(twin, provider)
  const nonce = nonceOf(twin, seat) + (random.next() < 0.95 ? 1 : 0)
  const version = order.version - (random.next() < 0.95 ? 0 : 1)
  const minPrice = random.next() < 0.9 ? order.price : order.ceiling
  const given = { seat, nonce, version, minPrice, provider, owner: ownerOf(twin, provider), poster: worker.address }
  const { collateral } = order.terms
  const error = await both(
    twin,
    (at) => claim(order, given, at),
    () =>
      storage.connect(worker).claim(slotOf(twin, seat), nonce, version, minPrice, miner, { value: collateral, ...GAS }),
  )
  if (error === undefined) twin.bodies.delete(seat)
  return error
}

const giveBack = onSeat(
  4,
  ({ state, claimedAt }, { order }, now) => state === 'Claimed' && now < claimedAt + order.terms.fetch,
  (twin, seat) =>
    both(
      twin,
      (at) => abandon(twin.order, seat, at),
      () => twin.storage.connect(workerAt(twin, seat)).abandon(slotOf(twin, seat), GAS),
    ),
)

const close = onSeat(
  5,
  ({ state, claimBy }, _, now) => state === 'Claimed' && now >= claimBy,
  (twin, seat) =>
    both(
      twin,
      (at) => lapse(twin.order, seat, at),
      () => twin.storage.connect(twin.stranger).lapse(slotOf(twin, seat), GAS),
    ),
)

export const CLAIMS: Record<string, Action> = {
  claim: { weight: 12, fits: ({ order }, now) => openSlots(order, now + 1).length > 0, run: take },
  abandon: giveBack,
  lapse: close,
}
