import { slotLabel } from '../chain/slot-id.ts'
import type { Context } from '../context.ts'
import type { Slot } from '../db/slot.ts'
import type { StorageOrder } from '../db/storage-order.ts'
import { RetryableError } from '../errors.ts'
import type { Task } from './calls.ts'
import { look, type Look } from './look.ts'
import { dueOf, needsSight, settleFrom, type Due, type Reason } from './policy.ts'
import type { KeeperParts } from './parts.ts'

export type FindContext = Pick<Context, 'orders' | 'slots' | 'contracts' | 'operatorId' | 'log'> &
  Pick<KeeperParts, 'perpetual' | 'locator'>

/** How often the actors are asked about a replica that needs nothing: half an hour. */
export const LOOK_EPOCHS = 60n
/** When a task is looked at again that was handed out: its transaction is on its way, or could not be paid for. */
export const AGAIN_EPOCHS = 10n
/** Operators take turns at a slot, so many epochs one after the other: usually one transaction is sent. */
export const TURN_EPOCHS = 5n
export const TURNS = 4n
/** Slots that are asked about at the same time. */
const AT_ONCE = 8

export interface Finder {
  /** What is due at `head` and this operator's to do, without the slots that are `busy`. */
  tasks(head: bigint, busy: ReadonlySet<bigint>): Promise<Task[]>
}

/** How long after a thing is due this operator does it, if nobody has. Without a registry of keepers it is a guess at who is first. */
export const delayOf = (operatorId: bigint, slot: bigint): bigint => ((operatorId + slot) % TURNS) * TURN_EPOCHS

/** Looks for what slots need. What it has seen is remembered in memory only: a new process looks at every slot at once. */
export function createFinder(ctx: FindContext): Finder {
  /** By label: when the slot is looked at again. */
  const nextLook = new Map<string, bigint>()
  /** By label: what was seen that time alone does not tell, and when first. */
  const seen = new Map<string, { reason: Reason; at: bigint }>()

  async function taskOf(row: Slot, order: StorageOrder, head: bigint): Promise<Task | undefined> {
    const label = slotLabel(row.id, row.nonce)
    if (head < (nextLook.get(label) ?? 0n)) return undefined
    nextLook.set(label, nextOf(row, order, head))

    const looked = needsSight(row, head) ? await look(ctx, row) : undefined
    const due = dueOf(row, order.terms, head, looked?.sight) && (await dueNow(row, order, head, looked))
    if (due === undefined) {
      seen.delete(label)
      return undefined
    }

    const turn = sinceOf(label, due, head) + delayOf(ctx.operatorId, row.id)
    nextLook.set(label, head < turn ? turn : head + AGAIN_EPOCHS)
    return head < turn ? undefined : { slot: row.id, nonce: row.nonce, due, location: looked?.location ?? '0x' }
  }

  /** Rows are behind by the confirmations: what another operator did meanwhile is not done again. */
  async function dueNow(row: Slot, { terms }: StorageOrder, head: bigint, looked?: Look): Promise<Due | undefined> {
    const now = await ctx.perpetual.slotView(row.id)
    return now.nonce === row.nonce ? dueOf(now, terms, head, looked?.sight) : undefined
  }

  function sinceOf(label: string, { reason, since }: Due, head: bigint): bigint {
    if (since !== null) return since
    const before = seen.get(label)
    if (before?.reason === reason) return before.at
    seen.set(label, { reason, at: head })
    return head
  }

  return {
    async tasks(head, busy) {
      const rows = (await ctx.slots.live()).filter(({ id }) => !busy.has(id))
      forgetOthers(new Set(rows.map(({ id, nonce }) => slotLabel(id, nonce))))
      const orders = new Map<bigint, StorageOrder>()
      const tasks: Task[] = []
      for (let at = 0; at < rows.length; at += AT_ONCE) {
        const some = rows.slice(at, at + AT_ONCE)
        for (const { orderId } of some) {
          if (!orders.has(orderId)) orders.set(orderId, (await ctx.orders.get(orderId))!)
        }
        const found = await Promise.all(some.map((row) => apart(row, taskOf(row, orders.get(row.orderId)!, head))))
        tasks.push(...found.filter((task) => task !== undefined))
      }
      return tasks
    },
  }

  /** What is wrong with one slot does not hold up the others; that no node answers does. */
  async function apart(row: Slot, finding: Promise<Task | undefined>): Promise<Task | undefined> {
    try {
      return await finding
    } catch (error) {
      if (error instanceof RetryableError) throw error
      ctx.log.warn({ err: error, slot: slotLabel(row.id, row.nonce) }, 'slot not looked at: a later pass will')
      return undefined
    }
  }

  function forgetOthers(labels: Set<string>): void {
    for (const memory of [nextLook, seen]) {
      for (const label of memory.keys()) if (!labels.has(label)) memory.delete(label)
    }
  }
}

/** When a slot is looked at again that needs nothing: after a while, or as soon as time alone makes something due. */
function nextOf(row: Slot, { terms }: StorageOrder, head: bigint): bigint {
  const { state, claimBy, provenTo, end, faultSince } = row
  const evicted = faultSince === 0n ? [] : [faultSince + terms.evictEpochs]
  const times = state === 'Claimed' ? [claimBy + 1n] : [provenTo, settleFrom(row, terms), end, ...evicted]
  return [head + LOOK_EPOCHS, ...times.filter((epoch) => epoch > head)].reduce((a, b) => (a < b ? a : b))
}
