import { SINK, type Provider, type World } from './world.ts'

/** What one may have here, attoFIL: an order's money, credits, what the provider's miner earned, and the contract's own books. */
export interface Money {
  free: bigint
  reserved: bigint
  client: bigint
  worker: bigint
  owner: bigint
  stranger: bigint
  sink: bigint
  earned: bigint
  liabilities: bigint
}

export async function moneyOf(w: World, orderId: bigint, sp: Provider = w.sps[0]): Promise<Money> {
  const { storage } = w
  const { free, reserved, client } = await storage.getOrder(orderId)
  return {
    free,
    reserved,
    client: await storage.creditOf(client),
    worker: await storage.creditOf(sp.worker),
    owner: await storage.creditOf(sp.owner),
    stranger: await storage.creditOf(w.stranger),
    sink: await storage.creditOf(SINK),
    earned: await storage.earnedOf(sp.miner),
    liabilities: await storage.liabilities(),
  }
}

/** What an action changed of all this; what it did not change is left out. */
export async function moved(
  w: World,
  orderId: bigint,
  act: () => Promise<unknown>,
  sp: Provider = w.sps[0],
): Promise<Partial<Money>> {
  const before = await moneyOf(w, orderId, sp)
  await act()
  const later = await moneyOf(w, orderId, sp)
  const changes = Object.entries(later).map(([key, value]) => [key, value - before[key as keyof Money]] as const)
  return Object.fromEntries(changes.filter(([, change]) => change !== 0n))
}
