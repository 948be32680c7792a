import { getBytes } from 'ethers'
import type { ChainLog } from '../chain/answers.ts'
import type { OrderEvent, SlotEvent } from '../chain/perpetual-events.ts'
import { readTerms } from '../chain/perpetual.ts'
import type { StorageOrder } from '../db/storage-order.ts'

type Opened = Extract<OrderEvent, { name: 'OrderOpened' }>
type Later = Exclude<OrderEvent, Opened>

/** An order as it is opened. */
export function openedOrder({ args }: Opened, log: ChainLog): StorageOrder {
  const { orderId, client, pieceDigest, order, deposit } = args
  return {
    id: orderId,
    fromBlock: log.blockNumber,
    logIndex: log.logIndex,
    client,
    status: 'Live',
    version: 1n,
    replicas: Number(order.replicas),
    price: order.price,
    ceiling: order.ceiling,
    endEpoch: order.endEpoch,
    openedEpoch: log.blockNumber,
    pieceCid: getBytes(order.pieceCid),
    pieceSize: order.pieceSize,
    pieceDigest: getBytes(pieceDigest),
    payloadCid: getBytes(order.payloadCid),
    seed: getBytes(order.seed),
    free: deposit,
    reserved: 0n,
    terms: readTerms(order.terms),
    listed: [...new Set(order.providers)],
    barred: {},
  }
}

/** An order after one of its own events. */
export function orderAfter(order: StorageOrder, event: Later): StorageOrder {
  switch (event.name) {
    case 'ToppedUp':
      return { ...order, free: order.free + event.args.amount }
    case 'OrderChanged': {
      const { version, replicas, price, ceiling, endEpoch } = event.args
      return { ...order, version, replicas: Number(replicas), price, ceiling, endEpoch }
    }
    case 'SeedChanged':
      return { ...order, version: event.args.version, seed: getBytes(event.args.seed) }
    case 'ListChanged': {
      const { providers, listed } = event.args
      const others = order.listed.filter((provider) => !providers.includes(provider))
      return { ...order, listed: listed ? [...others, ...new Set(providers)] : others }
    }
    case 'Suspended':
      return { ...order, status: 'Suspended' }
    case 'Resumed':
      return { ...order, status: 'Live' }
    case 'FreeWithdrawn':
      return { ...order, free: order.free - event.args.amount }
    case 'OrderCancelled':
      return { ...order, status: 'Cancelled', free: 0n }
    case 'Barred': {
      const { provider, owner, untilEpoch } = event.args
      return { ...order, barred: { ...order.barred, [`${provider}`]: untilEpoch, [`${owner}`]: untilEpoch } }
    }
  }
}

/** The money of an order after an event of one of its slots. */
export function moneyAfter(order: StorageOrder, event: SlotEvent): StorageOrder {
  switch (event.name) {
    case 'SlotClaimed': {
      const wanted = event.args.price * event.args.maxTermEpochs
      return { ...order, free: order.free - wanted, reserved: order.reserved + wanted }
    }
    case 'SlotProven':
      return giveBack(order, event.args.returned)
    case 'SlotCut':
      return giveBack(order, event.args.amount)
    case 'SlotPaid':
      return { ...order, reserved: order.reserved - event.args.amount }
    case 'SlotClosed':
      return giveBack(order, event.args.returned, event.args.toOrder)
    case 'SlotBound':
    case 'SlotFaulty':
    case 'SlotRecovered':
      return order
  }
}

/** What was reserved is free again, with what was forfeited; of a cancelled order both are the client's credit. */
function giveBack(order: StorageOrder, returned: bigint, forfeited = 0n): StorageOrder {
  const free = order.status === 'Cancelled' ? order.free : order.free + returned + forfeited
  return { ...order, free, reserved: order.reserved - returned }
}
