import { createLoop } from '../chain/loop.ts'
import type { Context } from '../context.ts'
import type { Lease } from '../db/lease.ts'
import { minerId } from '../db/replica.ts'
import type { SlotDeal, SlotDealMove } from '../db/slot-deal.ts'
import { keepLease } from '../keep-lease.ts'
import { retryAfter } from './retry.ts'
import { advance, type SlotDealContext } from './slot-deal.ts'

export type DealAgentContext = SlotDealContext & Pick<Context, 'operatorId' | 'leaseOwner' | 'slotDeals'>

export interface DealAgent {
  start(): void
  /** Stops after the deals in hand. */
  stop(): Promise<void>
  /** Notes new claims and looks after every deal that is due, now. */
  processAll(): Promise<void>
}

const AT_ONCE = 4
const LEASE_MS = 60_000
const RETRY_CAP_MS = 600_000

/** Operators begin one after the other, so that the second finds the deal of the first: in so many turns … */
const TURNS = 4n
/** … of so many looks at a deal. */
const LOOKS_PER_TURN = 3

/**
 * Has deals made for claimed slots: when a provider with which this operator's Edge nodes deal (`MOORING_MINERS`) has claimed one, an
 * Edge node is given the piece, and the deal is followed and shown to the contract. At most one deal for a claim: its row is
 * written before the node is asked.
 */
export function createDealAgent(ctx: DealAgentContext, { everyMs }: { everyMs: number }): DealAgent {
  const { config, log, slotDeals } = ctx
  const lease: Lease = { owner: ctx.leaseOwner, ms: LEASE_MS }
  const loop = createLoop({ name: 'slot deals', pass, everyMs, log })

  async function pass(stopping: AbortSignal): Promise<void> {
    await noteClaims()
    while (!stopping.aborted) {
      const due = await slotDeals.claim(AT_ONCE, lease)
      if (due.length === 0) return
      await Promise.all(due.map(lookAfter))
    }
  }

  async function noteClaims(): Promise<void> {
    for (const { id: slot, nonce, orderId, provider, state } of await ctx.slots.live()) {
      const miner = config.miners.find((each) => minerId(each) === provider)
      if (state !== 'Claimed' || miner === undefined) continue
      const turn = Number((ctx.operatorId - 1n + slot) % TURNS)
      await slotDeals.note(
        {
          ...{ slot, nonce, orderId, provider, miner, edgeUrl: ctx.edges[0]!.url },
          uploadName: `mooring-${config.chainId}-slot-${slot}-${nonce}.car`,
        },
        turn * LOOKS_PER_TURN * config.dealPollMs,
      )
    }
  }

  async function lookAfter(deal: SlotDeal): Promise<void> {
    const kept = keepLease(() => slotDeals.renew(deal, lease), lease, log, { slot: `${deal.slot}` })
    let move: SlotDealMove
    try {
      move = await advance(ctx, deal)
    } catch (error) {
      move = afterError(deal, error)
    } finally {
      kept.stop()
    }
    await slotDeals.move(deal, lease.owner, move)
  }

  function afterError({ slot, nonce, state, attempts }: SlotDeal, error: unknown): SlotDealMove {
    const retry = retryAfter(error, attempts, { baseMs: config.retryBaseMs, capMs: RETRY_CAP_MS })
    const { dueInMs } = retry
    log.info({ err: error, slot: `${slot}`, nonce: `${nonce}`, state, dueInMs }, 'a deal for a slot is tried again')
    return { state, ...retry }
  }

  return { start: loop.start, stop: loop.stop, processAll: loop.runNow }
}
