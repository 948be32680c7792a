import { CID } from 'multiformats/cid'
import { createLoop } from '../chain/loop.ts'
import { slotLabel } from '../chain/slot-id.ts'
import type { Context } from '../context.ts'
import type { Retrieval } from '../db/retrieval.ts'
import { minerId } from '../db/replica.ts'
import type { Slot } from '../db/slot.ts'
import type { Ipfs } from '../ipfs/node.ts'
import { pieceToCid } from '../proofs/piece-cid.ts'
import { tellRepair } from '../repair/tell.ts'
import { blockUrl, fetchBlock, type BlockNotServed } from './fetch-block.ts'

export interface CheckerContext extends Pick<
  Context,
  'config' | 'log' | 'edges' | 'orders' | 'slots' | 'pieces' | 'slotDeals' | 'retrievals'
> {
  ipfs: Pick<Ipfs, 'sampleBlock'>
  /** A number in [0, 1). */
  random?: () => number
}

export interface Checker {
  start(): void
  /** Stops after the check in hand. */
  stop(): Promise<void>
  /** Checks every replica that is due, now. */
  processAll(): Promise<void>
}

const BATCH = 20

/**
 * Asks the holders of active replicas for a block chosen by chance, where this operator knows a gateway of theirs (that of an Edge node) and
 * has the payload to compare with; keeps a record of who serves what. Nothing on the chain depends on it.
 */
export function createChecker(ctx: CheckerContext, { everyMs }: { everyMs: number }): Checker {
  const { log, retrievals, config, random = Math.random } = ctx
  const loop = createLoop({ name: 'retrieval', pass, everyMs, log })
  /** Half to one and a half of the time between checks: nobody knows when he is asked. */
  const soon = () => Math.round(config.retrievalMs * (0.5 + random()))

  async function pass(stopping: AbortSignal): Promise<void> {
    const active = new Map(
      (await ctx.slots.live()).filter(isActive).map((slot) => [slotLabel(slot.id, slot.nonce), slot]),
    )
    for (const { id: slot, nonce, provider } of active.values())
      await retrievals.note({ slot, nonce, provider }, soon())
    for (const replica of await retrievals.due(BATCH)) {
      if (stopping.aborted) return
      const slot = active.get(slotLabel(replica.slot, replica.nonce))
      if (slot === undefined) {
        await retrievals.forget(replica)
        continue
      }
      try {
        await check(replica, slot)
      } catch (error) {
        log.warn({ err: error, slot: slot.id.toString() }, 'a replica could not be checked')
        await retrievals.putOff(replica, soon())
      }
    }
  }

  async function check(replica: Pick<Retrieval, 'slot' | 'nonce' | 'provider'>, slot: Slot): Promise<void> {
    const [root, gateways] = [await payloadOf(slot), await gatewaysOf(slot)]
    if (root === undefined || gateways.length === 0) return retrievals.putOff(replica, soon())

    const { cid } = await ctx.ipfs.sampleBlock(root)
    const troubles: string[] = []
    for (const gateway of gateways) {
      const url = blockUrl(gateway, cid)
      try {
        await fetchBlock(url, cid)
        log.debug({ slot: slot.id.toString(), cid: cid.toString(), url }, 'retrieved')
        return await retrievals.record(replica, null, soon())
      } catch (error) {
        troubles.push(`${url}: ${(error as BlockNotServed).message}`)
      }
    }
    const error = troubles.join('; ')
    const { provider } = replica
    tellRepair(log, 'retrieval-failed', { slot: slot.id, nonce: slot.nonce, provider, cid: cid.toString(), error })
    await retrievals.record(replica, error, soon())
  }

  /** The payload, if this operator keeps it. */
  async function payloadOf({ orderId }: Slot): Promise<CID | undefined> {
    const order = await ctx.orders.get(orderId)
    const piece = order && (await ctx.pieces.get(pieceToCid(order.pieceDigest)))
    return piece?.state === 'kept' ? CID.parse(piece.payloadCid!) : undefined
  }

  /** The Edge node that has the deal of the slot; of a miner that the Edge nodes deal with, any of them. */
  async function gatewaysOf({ id, nonce, provider }: Slot): Promise<string[]> {
    const deal = await ctx.slotDeals.get(id, nonce)
    if (deal?.state === 'proven') return [deal.edgeUrl]
    const isKnown = ctx.config.miners.some((miner) => minerId(miner) === provider)
    return isKnown ? ctx.edges.map(({ url }) => url) : []
  }

  return { start: loop.start, stop: loop.stop, processAll: loop.runNow }
}

const isActive = ({ state }: Slot) => state === 'Active'
