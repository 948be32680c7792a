import { credit, type Order } from './order.ts'
import { require } from './refused.ts'

/** Anyone adds to the free money of an order that is not cancelled. */
export function topUp(order: Order, amount: bigint): void {
  require(order.status !== 'Cancelled', 'WrongOrderStatus')
  order.free += amount
}

/** Changes what future claims get: price and ceiling, replicas, or end. Values are within the contract's bounds. */
export function change(order: Order, to: Partial<Pick<Order, 'price' | 'ceiling' | 'replicas' | 'endEpoch'>>): void {
  require(order.status !== 'Cancelled', 'WrongOrderStatus')
  const differs = (Object.keys(to) as (keyof typeof to)[]).some((key) => order[key] !== to[key])
  require(differs, 'Unchanged')
  Object.assign(order, to)
  order.pairs = Math.max(order.pairs, order.replicas)
  order.version++
}

/** No claims until {@link resume}. */
export function suspend(order: Order): void {
  require(order.status === 'Live', 'WrongOrderStatus')
  order.status = 'Suspended'
}

export function resume(order: Order): void {
  require(order.status === 'Suspended', 'WrongOrderStatus')
  order.status = 'Live'
}

/** Free money becomes the client's credit. */
export function withdrawFree(order: Order, amount: bigint): void {
  require(order.status !== 'Cancelled', 'WrongOrderStatus')
  require(amount <= order.free, 'FreeTooLow')
  order.free -= amount
  credit(order.ledger, order.client, amount)
}

/** Ends the order: what is free is the client's; slots run on. */
export function cancel(order: Order): void {
  require(order.status !== 'Cancelled', 'WrongOrderStatus')
  order.status = 'Cancelled'
  credit(order.ledger, order.client, order.free)
  order.free = 0n
}
