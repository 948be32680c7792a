import type { Logger } from 'pino'
import { createLoop } from '../../../chain/loop.ts'
import { perpetualAbi, type OpenSlot } from '../../../chain/perpetual.ts'
import { orderOf, slotLabel } from '../../../chain/slot-id.ts'
import { MooringError, wordsOf } from '../../../errors.ts'
import type { PerpetualSettings } from '../config.ts'
import type { DevNodeStore } from '../store.ts'
import { seal, type SealerOptions } from './sealer.ts'

export interface StorageProvidersContext extends SealerOptions {
  settings: PerpetualSettings
  store: Pick<DevNodeStore, 'hasLabel'>
  log: Logger
  clock: () => number
}

export interface StorageProviders {
  start(): void
  /** Breaks off what is in hand: the next start goes on. */
  stop(): Promise<void>
  /** Seals what is claimed and claims what is open, now. */
  processAll(): Promise<void>
}

/** What failed is left alone for so long, ms. */
const LEAVE_MS = 10_000

/**
 * The node's miners as storage providers of PerpetualStorage: they claim the open slots that pay enough, once they have the piece; make the
 * deal, prove it, and claim the successor when a slot comes into its renewal window. Everything that is to be done is read from the
 * contract each time.
 */
export function createStorageProviders(ctx: StorageProvidersContext): StorageProviders {
  const { settings, contract, chain, pieces, log, clock } = ctx
  /** Until when what failed is left alone. */
  const leftUntil = new Map<string, number>()
  /** When a claim was first seen. */
  const seen = new Map<string, number>()
  const loop = createLoop({ name: 'storage providers', pass, everyMs: settings.pollMs, log })

  async function pass(stopping: AbortSignal): Promise<void> {
    for (const miner of settings.miners) {
      const slots = await contract.slotsOfProvider(miner)
      for (const slot of slots.filter(({ state }) => state === 'Claimed')) {
        const label = slotLabel(slot.slot, slot.nonce)
        if (mayBeUploaded(label)) continue
        await attempt(`seal ${label}`, stopping, () => seal(ctx, slot, slots, stopping))
      }
    }
    for (const open of await contract.openSlots()) await take(open, stopping)
  }

  /** Whether an executor has the deal made, or still may. */
  function mayBeUploaded(label: string): boolean {
    if (!seen.has(label)) seen.set(label, clock())
    return ctx.store.hasLabel(label) || clock() < seen.get(label)! + settings.sealAfterMs
  }

  async function take(open: OpenSlot, stopping: AbortSignal): Promise<void> {
    const { slot, nonce, price, pieceSize, incumbent, incumbentOnlyUntil } = open
    if (price < settings.minPrice || pieceSize > settings.maxPieceBytes) return
    const epoch = BigInt(await chain.provider.getBlockNumber())
    const first = settings.miners.filter((miner) => miner === incumbent)
    const rest = epoch < incumbentOnlyUntil ? [] : settings.miners.filter((miner) => miner !== incumbent)
    const label = slotLabel(slot, nonce)
    const candidates = [...first, ...rest]
    if (candidates.length === 0) return

    // A seed that serves nothing is found out before the collateral is down.
    const fetched = await attempt(`fetch ${label}`, stopping, async () =>
      pieces.fetch(await contract.orderView(orderOf(slot)), stopping),
    )
    if (!fetched) return
    for (const miner of candidates) {
      if (await attempt(`claim ${label} t0${miner}`, stopping, () => claim(open, miner))) return
    }
  }

  async function claim({ slot, nonce, orderVersion, price, collateral }: OpenSlot, miner: bigint): Promise<void> {
    const key = `claim:${slotLabel(slot, nonce)}:${miner}`
    const data = perpetualAbi.encodeFunctionData('claim', [slot, nonce, orderVersion, price, miner])
    const receipt = await chain.lane.send(key, contract.address, data, collateral)
    if (receipt.status !== 1) throw new MooringError(`transaction ${receipt.hash} was reverted`)
    log.info(
      { slot: slot.toString(), nonce: nonce.toString(), miner: `t0${miner}`, price: price.toString() },
      'claimed',
    )
  }

  /** Whether it went well; what does not is left alone for a while, so that the others get their turn. */
  async function attempt(what: string, stopping: AbortSignal, work: () => Promise<unknown>): Promise<boolean> {
    if (stopping.aborted || clock() < (leftUntil.get(what) ?? 0)) return false
    try {
      await work()
      leftUntil.delete(what)
      return true
    } catch (error) {
      leftUntil.set(what, clock() + LEAVE_MS)
      if (!stopping.aborted) log.info({ what, error: reasonOf(error) }, 'left for a while')
      return false
    }
  }

  return { start: loop.start, stop: loop.stop, processAll: loop.runNow }
}

/** A failed call's words, with the contract's own error where there is one. */
function reasonOf(error: unknown): string {
  for (let at = error; at instanceof Error; at = at.cause) {
    const { data } = at as { data?: unknown }
    const known = typeof data === 'string' && data.length > 2 ? perpetualAbi.parseError(data) : null
    if (known) return `${known.name}(${known.args.toArray().map(String).join(', ')})`
  }
  return wordsOf(error)
}
