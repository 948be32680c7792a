import { openOrderCall, orderKey } from '../chain/calls.ts'
import { contractErrors } from '../chain/contract-errors.ts'
import { createLoop } from '../chain/loop.ts'
import { CallReverted } from '../chain/rpc.ts'
import { decodeRevert } from '../chain/sender-outcome.ts'
import type { Context } from '../context.ts'
import type { IntentError } from '../db/intent.ts'
import { RetryableError } from '../errors.ts'
import { tellSlot } from '../perpetual/tell.ts'
import { createAttempts } from './attempts.ts'
import { delayOf } from './find.ts'
import { follow, type FollowContext } from './follow.ts'
import { handOverOne, type HandedOver, type HandOverOneContext } from './hand-over-one.ts'
import type { Keeper } from './keeper.ts'

export type OrderOpenerContext = FollowContext &
  HandOverOneContext &
  Pick<Context, 'perpetualRequests' | 'contracts' | 'operatorId' | 'log'>

/** Transactions under way at once: they share the sender with this operator's votes. */
const MAX_UNDER_WAY = 2

/** The contract's words for a request whose order others have opened, or that is none for an order: the rows will tell. */
const SETTLED = ['NotOrderable', 'UnknownRequest']

const wordsOf = (id: string) => `open ${id}`

/**
 * Opens the orders that requests for perpetual storage go on as, once their *Packed* is delivered. Rows say which, the chain at the
 * head decides: run twice, or by several operators at once, it does no harm.
 */
export function createOrderOpener(ctx: OrderOpenerContext, { everyMs }: { everyMs: number }): Keeper {
  const attempts = createAttempts({ overtaken: [] })
  const loop = createLoop({ name: 'order opener', pass, everyMs, log: ctx.log })

  async function pass(stopping: AbortSignal): Promise<void> {
    const head = await ctx.chain.blockNumber()
    const busy = await followAll(head)
    const ids = await ctx.perpetualRequests.orderable()
    attempts.keepOnly(new Set(ids.map(wordsOf)))
    for (const id of ids) {
      if (stopping.aborted || busy.size >= MAX_UNDER_WAY) return
      if (busy.has(id) || !attempts.isDue(wordsOf(id), head, delayOf(ctx.operatorId, BigInt(id)))) continue
      const state = await attempt(id, head)
      if (state === 'poor') return
      if (state === 'sent') busy.add(id)
    }
  }

  /** Looks after what was handed over before; gives the requests of what is still under way. */
  async function followAll(head: bigint): Promise<Set<string>> {
    const busy = new Set<string>()
    for (const keeping of await ctx.keepings.open('order')) {
      const { state, ...known } = await follow(ctx, 'order', keeping, head)
      const [requestId] = keeping.slots
      if (state === 'under way') busy.add(`${requestId!}`)
      if (state === 'done') tellSlot(ctx.log, 'order-kept', { requestId, ...known })
      if (state === 'failed' && 'error' in known && known.error) refused(`${requestId!}`, known.error, head)
    }
    return busy
  }

  /** What is wrong with one request does not hold up the others; that no node answers does. */
  async function attempt(id: string, head: bigint): Promise<HandedOver['state']> {
    try {
      const { reward: stake } = await ctx.contracts.pinningView(id)
      const single = {
        ...{ purpose: 'order' as const, about: BigInt(id), words: wordsOf(id), stake },
        ...{ wanted: openOrderCall(ctx.contracts, id), keyOf: (n: number) => orderKey(id, n) },
      }
      const result = await handOverOne(ctx, single, head)
      tell(id, result, head)
      return result.state
    } catch (error) {
      if (error instanceof RetryableError) throw error
      const isRevert = error instanceof CallReverted
      refused(id, isRevert ? decodeRevert(error, contractErrors) : { message: String(error) }, head)
      return 'reverts'
    }
  }

  function tell(id: string, result: HandedOver, head: bigint): void {
    switch (result.state) {
      case 'sent':
        attempts.tried(wordsOf(id), head)
        if (result.most !== undefined) tellSlot(ctx.log, 'order-opening', { requestId: id, most: result.most })
        return
      case 'reverts':
        return refused(id, result.error, head)
      case 'worthless':
        attempts.failed(wordsOf(id), { message: 'worth less than its gas' }, head)
        return ctx.log.debug({ requestId: id, gas: `${result.gas}` }, 'order not opened: worth less than its gas')
      case 'poor': {
        const why =
          result.why === 'cap'
            ? 'MOORING_KEEPER_CAP is used up, or the half of it that is not for slots'
            : 'too little money for gas'
        const { most, left } = result
        return ctx.log.warn({ requestId: id, most: `${most}`, left: `${left}` }, `order not opened: ${why}`)
      }
    }
  }

  function refused(id: string, error: IntentError, head: bigint): void {
    const again = attempts.failed(wordsOf(id), error, head)
    if (again === undefined || SETTLED.includes(error.name ?? '')) return
    ctx.log.warn({ requestId: id, error: error.message, again: `${again}` }, 'order not opened: tried again later')
  }

  return { start: loop.start, stop: loop.stop, processAll: loop.runNow }
}
