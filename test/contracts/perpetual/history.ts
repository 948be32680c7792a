import type { LogDescription } from 'ethers'
import { slotId, STATE, STATUS, type World } from './world.ts'

/** What a reader of events alone knows of an order. */
export interface OrderHistory {
  client: string
  status: bigint
  version: bigint
  replicas: bigint
  price: bigint
  ceiling: bigint
  endEpoch: bigint
  seed: string
  free: bigint
  reserved: bigint
}

/** What a reader of events alone knows of a slot. */
export interface SlotHistory {
  nonce: bigint
  state: bigint
  provider: bigint
  owner: bigint
  poster: string
  price: bigint
  collateral: bigint
  maxTermEpochs: bigint
  orderEnd: bigint
  claimBy: bigint
  start: bigint
  end: bigint
  provenTo: bigint
  faultSince: bigint
  kind: bigint
  dealId: bigint
  sector: bigint
  paid: bigint
}

export interface History {
  orders: Map<bigint, OrderHistory>
  slots: Map<bigint, SlotHistory>
  credits: Map<string, bigint>
  earned: Map<bigint, bigint>
}

/** All that can be known of orders, slots and accounts without reading the contract's state. */
export async function historyOf({ storage }: Pick<World, 'storage'>): Promise<History> {
  const history: History = { orders: new Map(), slots: new Map(), credits: new Map(), earned: new Map() }
  const logs = await storage.runner!.provider!.getLogs({ address: await storage.getAddress(), fromBlock: 0 })
  for (const log of logs) {
    const event = storage.interface.parseLog(log)
    if (event) read(history, event)
  }
  return history
}

function read(history: History, { name, args }: LogDescription): void {
  if ('slot' in args.toObject()) return readSlot(history, name, args.toObject() as SlotArgs)
  const { orders, credits, earned } = history
  const order = orders.get(args.orderId as bigint)!
  switch (name) {
    case 'OrderOpened': {
      const { replicas, price, ceiling, endEpoch, seed } = args.order as OrderHistory
      const terms = { replicas, price, ceiling, endEpoch, seed, free: args.deposit as bigint, reserved: 0n }
      orders.set(args.orderId as bigint, { client: args.client as string, status: STATUS.Live, version: 1n, ...terms })
      return
    }
    case 'ToppedUp':
      order.free += args.amount as bigint
      return
    case 'OrderChanged': {
      const { version, replicas, price, ceiling, endEpoch } = args.toObject() as OrderHistory
      Object.assign(order, { version, replicas, price, ceiling, endEpoch })
      return
    }
    case 'SeedChanged':
      Object.assign(order, { version: args.version as bigint, seed: args.seed as string })
      return
    case 'Suspended':
      order.status = STATUS.Suspended
      return
    case 'Resumed':
      order.status = STATUS.Live
      return
    case 'FreeWithdrawn':
      order.free -= args.amount as bigint
      return
    case 'OrderCancelled':
      order.free = 0n
      order.status = STATUS.Cancelled
      return
    case 'Credited':
      add(credits, args.account as string, args.amount as bigint)
      return
    case 'Withdrawn':
      add(credits, args.account as string, -(args.amount as bigint))
      return
    case 'ProviderWithdrawn':
      add(earned, args.provider as bigint, -(args.amount as bigint))
  }
}

type SlotArgs = SlotHistory & {
  slot: bigint
  returned: bigint
  amount: bigint
  sinceEpoch: bigint
  commitmentEpoch: bigint
  toOrder: bigint
}

function readSlot({ orders, slots, earned }: History, name: string, a: SlotArgs): void {
  const order = orders.get(a.slot / slotId(1n, 0))!
  const slot = slots.get(a.slot)!
  const giveBack = (amount: bigint) => {
    if (order.status !== STATUS.Cancelled) order.free += amount
  }
  switch (name) {
    case 'SlotClaimed': {
      const { slot: id, ...fixed } = a
      const reserved = a.price * a.maxTermEpochs
      order.free -= reserved
      order.reserved += reserved
      const none = { start: 0n, end: 0n, provenTo: 0n, faultSince: 0n, kind: 0n, dealId: 0n, sector: 0n, paid: 0n }
      slots.set(id, { ...fixed, ...none, state: STATE.Claimed })
      return
    }
    case 'SlotBound':
      Object.assign(slot, { kind: a.kind, dealId: a.dealId, sector: a.sector, end: a.commitmentEpoch })
      return
    case 'SlotProven': {
      const { kind, dealId, sector, start, end } = a
      Object.assign(slot, { kind, dealId, sector, start, end, provenTo: start, state: STATE.Active })
      order.reserved -= a.returned
      giveBack(a.returned)
      return
    }
    case 'SlotPaid':
      slot.paid += a.amount
      slot.provenTo = a.provenTo
      order.reserved -= a.amount
      add(earned, slot.provider, a.amount)
      return
    case 'SlotCut':
      slot.provenTo = a.provenTo
      order.reserved -= a.amount
      giveBack(a.amount)
      return
    case 'SlotFaulty':
      slot.faultSince = a.sinceEpoch
      return
    case 'SlotRecovered':
      slot.faultSince = 0n
      return
    case 'SlotClosed':
      slot.state = a.state
      order.reserved -= a.returned
      giveBack(a.returned + a.toOrder)
  }
}

function add<K>(amounts: Map<K, bigint>, key: K, amount: bigint): void {
  amounts.set(key, (amounts.get(key) ?? 0n) + amount)
}
