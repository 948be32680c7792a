import { slotId, type Opened, type Provider, type World } from './world.ts'

/** How a claim differs from the first provider’s of the order’s first seat as it is shown. */
export interface Attempt {
  slot?: bigint
  nonce?: bigint
  version?: bigint
  minPrice?: bigint
  miner?: bigint
  value?: bigint
  from?: Provider['worker']
}

/** A claim of the order's first seat by the first provider, right in all that is not said otherwise. */
export async function attempt(w: World & { order: Opened }, given: Attempt = {}) {
  const { version, terms } = await w.storage.getOrder(w.order.orderId)
  const { slot = slotId(w.order.orderId, 0), miner = w.sps[0].miner, from = w.sps[0].worker } = given
  return w.storage.connect(from).claim(slot, given.nonce ?? 1n, given.version ?? version, given.minPrice ?? 0n, miner, {
    value: given.value ?? terms.collateral,
  })
}
