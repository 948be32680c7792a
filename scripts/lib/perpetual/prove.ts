import { inclusionProof } from '../../../oracle/chain/calls.ts'
import { otherSlot } from '../../../oracle/chain/slot-id.ts'
import type { Inclusion } from '../../../oracle/proofs/inclusion.ts'
import type { Perpetual, SectorLocator } from './contract.ts'
import { locateDeal, locateSector } from './location.ts'
import { readOrder } from './order.ts'
import { done, eventNamed } from './sent.ts'
import { readSlot, type SlotFacts } from './slot.ts'

/**
 * By what a claimed slot is proven: a deal, which stores the piece itself or an aggregate that it lies in; the sector that the
 * miner's notification bound; the sector of the same provider's replica before it, whose expiration was moved out.
 */
export type ProofWay =
  { by: 'deal'; dealId: bigint; inclusion?: Inclusion } | { by: 'sector' } | { by: 'extension'; sector: bigint }

export interface Proven {
  slot: bigint
  dealId: bigint
  sector: bigint
  start: bigint
  end: bigint
  /** What the claim had reserved beyond the term: the order's again, attoFIL. */
  returned: bigint
  transaction: string
}

/** Proves a claimed slot, naming where its sector is. Anyone may where deal or notification name the slot. */
export async function proveSlot(
  perpetual: Perpetual,
  locator: SectorLocator,
  slot: SlotFacts,
  way: ProofWay,
): Promise<Proven> {
  const location = await locationOf(perpetual, locator, slot, way)
  const result = await done(perpetual, await send(perpetual, slot.slot, way, location))
  const { dealId, sector, start, end, returned } = eventNamed(result, 'SlotProven').args as unknown as Record<
    'dealId' | 'sector' | 'start' | 'end' | 'returned',
    bigint
  >
  return { slot: slot.slot, dealId, sector, start, end, returned, transaction: result.transaction }
}

function send(perpetual: Perpetual, slot: bigint, way: ProofWay, location: string) {
  if (way.by === 'sector') return perpetual.proveSector(slot, location)
  if (way.by === 'extension') return perpetual.proveExtension(slot, location)
  if (!way.inclusion) return perpetual.proveDeal(slot, way.dealId, location)
  return perpetual.proveAggregatedDeal(slot, way.dealId, inclusionProof(way.inclusion), location)
}

async function locationOf(
  perpetual: Perpetual,
  locator: SectorLocator,
  { slot, orderId, provider, sector }: SlotFacts,
  way: ProofWay,
): Promise<string> {
  if (way.by === 'sector') return (await locateSector(locator, provider, sector)).location
  if (way.by === 'extension') {
    const before = await readSlot(perpetual, otherSlot(slot))
    return (await locateSector(locator, provider, before.sector)).location
  }
  const { terms } = await readOrder(perpetual, orderId)
  return terms.liveness === 'Deal' ? NOWHERE : (await locateDeal(locator, way.dealId)).location
}

/** What an order that takes the market's word alone is told of the sector. */
const NOWHERE = '0x'
