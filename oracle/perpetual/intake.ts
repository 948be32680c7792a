import type { ChainLog } from '../chain/answers.ts'
import { isSlotEvent, readPerpetualEvent, type OrderEvent, type SlotEvent } from '../chain/perpetual-events.ts'
import { SLOT_STATES } from '../chain/perpetual.ts'
import { orderOf } from '../chain/slot-id.ts'
import type { Tx } from '../db/open.ts'
import type { SlotStore } from '../db/slot.ts'
import type { StorageOrder, StorageOrderStore } from '../db/storage-order.ts'
import { isOld, placeOf } from '../db/versions.ts'
import type { Logger } from '../logger.ts'
import { moneyAfter, openedOrder, orderAfter } from './order-after.ts'
import { claimedSlot, slotAfter } from './slot-after.ts'
import { tellSlot, type SlotEventName } from './tell.ts'

export interface PerpetualIntakeOptions {
  /** Address of PerpetualStorage, checksummed. */
  address: string
  orders: StorageOrderStore
  slots: SlotStore
  log: Logger
}

export interface PerpetualIntake {
  /** Writes what confirmed logs say into the rows, inside the watcher's transaction. */
  onLogs(logs: ChainLog[], tx: Tx): Promise<void>
  /** Everything is again as it was at `toBlock`. */
  onRollback(toBlock: bigint, tx: Tx): Promise<void>
}

const TOLD: Record<SlotEvent['name'], SlotEventName> = {
  SlotClaimed: 'slot-claimed',
  SlotBound: 'slot-bound',
  SlotProven: 'slot-proven',
  SlotPaid: 'slot-paid',
  SlotCut: 'slot-cut',
  SlotFaulty: 'slot-faulty',
  SlotRecovered: 'slot-recovered',
  SlotClosed: 'slot-closed',
}

/** Turns PerpetualStorage's events into rows: the only way in. Nothing but events is needed to know every order and slot. */
export function createPerpetualIntake({ address, orders, slots, log }: PerpetualIntakeOptions): PerpetualIntake {
  async function applyToOrder(event: OrderEvent, at: ChainLog, tx: Tx): Promise<void> {
    const order = await orders.get(event.args.orderId, tx)
    if (event.name === 'OrderOpened') {
      if (order !== undefined) return
      await orders.put(openedOrder(event, at), tx)
      const { orderId, client, deposit } = event.args
      const { replicas, price } = event.args.order
      return tellSlot(log, 'order-opened', { orderId, client, replicas, price, deposit })
    }
    if (order === undefined || isOld(order, at)) return
    await put(orderAfter(order, event), at, tx)
    tellOrder(event)
  }

  function tellOrder({ name, args }: Exclude<OrderEvent, { name: 'OrderOpened' }>): void {
    if (name === 'Barred') return tellSlot(log, 'provider-barred', { ...args })
    if (name === 'ListChanged') return tellSlot(log, 'order-changed', { what: name, orderId: args.orderId })
    tellSlot(log, 'order-changed', { what: name, ...args })
  }

  async function applyToSlot(event: SlotEvent, at: ChainLog, tx: Tx): Promise<void> {
    const orderId = orderOf(event.args.slot)
    const order = await orders.get(orderId, tx)
    if (order === undefined || isOld(order, at)) return
    await put(moneyAfter(order, event), at, tx)

    if (event.name === 'SlotClaimed') {
      await slots.put(claimedSlot(event, at), tx)
    } else {
      const slot = await slots.get(event.args.slot, tx)
      if (slot !== undefined) await slots.put({ ...slotAfter(slot, event), ...placeOf(at) }, tx)
    }
    const state = event.name === 'SlotClosed' && { state: SLOT_STATES[Number(event.args.state)] }
    tellSlot(log, TOLD[event.name], { orderId, ...event.args, ...state, transaction: at.transactionHash })
  }

  const put = (order: StorageOrder, at: ChainLog, tx: Tx) => orders.put({ ...order, ...placeOf(at) }, tx)

  return {
    async onLogs(logs, tx) {
      for (const at of logs) {
        const event = readPerpetualEvent(address, at)
        if (event === undefined) continue
        await (isSlotEvent(event) ? applyToSlot(event, at, tx) : applyToOrder(event, at, tx))
      }
    },

    async onRollback(toBlock, tx) {
      await orders.rollBack(toBlock, tx)
      await slots.rollBack(toBlock, tx)
    },
  }
}
