import * as client from '../../../../scripts/simulate/model/client.ts'
import { MIN_TERM } from '../../../../scripts/simulate/model/rules.ts'
import type { Action } from './action.ts'
import { oneOf } from './pick.ts'
import { both, GAS, type Twin } from './twin.ts'

const changing =
  (to: (twin: Twin, now: number) => Parameters<typeof client.change>[1]): Action['run'] =>
  (twin, now) => {
    const { order, orderId, storage } = twin
    const wanted = to(twin, now)
    return both(
      twin,
      () => client.change(order, wanted),
      () => {
        if (wanted.price !== undefined) return storage.setPrice(orderId, wanted.price, wanted.ceiling!, GAS)
        if (wanted.replicas !== undefined) return storage.setReplicas(orderId, wanted.replicas, GAS)
        return storage.setEnd(orderId, wanted.endEpoch!, GAS)
      },
    )
  }

const byClient =
  (call: 'suspend' | 'resume' | 'cancel'): Action['run'] =>
  (twin) =>
    both(
      twin,
      () => client[call](twin.order),
      () => twin.storage[call](twin.orderId, GAS),
    )

const topUp: Action['run'] = (twin) => {
  const value = twin.order.price * BigInt(twin.order.terms.maxTerm) + BigInt(twin.random.below(1_000))
  return both(
    twin,
    () => client.topUp(twin.order, value),
    () => twin.storage.connect(twin.stranger).topUp(twin.orderId, { value, ...GAS }),
  )
}

const withdraw: Action['run'] = (twin) => {
  const amount = twin.order.free / 4n + 1n
  return both(
    twin,
    () => client.withdrawFree(twin.order, amount),
    () => twin.storage.withdrawFree(twin.orderId, amount, GAS),
  )
}

const price = changing(({ order, random }) => {
  const wanted = order.price + BigInt(random.below(3))
  return { price: wanted, ceiling: wanted * BigInt(1 + random.below(3)) }
})
const replicas = changing(({ random }) => ({ replicas: 1 + random.below(4) }))
const end = changing(({ random }, now) => ({ endEpoch: oneOf(random, [0, 0, 0, now + 2 * MIN_TERM]) }))

const isLive = ({ order }: Twin): boolean => order.status === 'Live'
const isSuspended = ({ order }: Twin): boolean => order.status === 'Suspended'
const isOpen = ({ order }: Twin): boolean => order.status !== 'Cancelled'
const isPoor = ({ order }: Twin): boolean =>
  isOpen({ order } as Twin) && order.free < order.price * BigInt(order.terms.maxTerm)

export const CLIENT: Record<string, Action> = {
  setPrice: { weight: 1, fits: isOpen, run: price },
  setReplicas: { weight: 1, fits: isOpen, run: replicas },
  setEnd: { weight: 0.7, fits: isOpen, run: end },
  suspend: { weight: 0.4, fits: isLive, run: byClient('suspend') },
  resume: { weight: 8, fits: isSuspended, run: byClient('resume') },
  cancel: { weight: 0, fits: isOpen, run: byClient('cancel') },
  topUp: { weight: 5, fits: isPoor, run: topUp },
  withdrawFree: { weight: 0.5, fits: isOpen, run: withdraw },
}
