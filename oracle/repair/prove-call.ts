import { inclusionProof, word, type WantedCall } from '../chain/calls.ts'
import { perpetualAbi } from '../chain/perpetual.ts'
import type { SlotDeal } from '../db/slot-deal.ts'
import type { Inclusion } from '../proofs/inclusion.ts'

export const proveSlotKey = ({ slot, nonce }: Pick<SlotDeal, 'slot' | 'nonce'>) => `prove-slot:${slot}:${nonce}`

/**
 * Shows a deal for a claimed slot.
 * @param perpetual Address of PerpetualStorage.
 * @param inclusion How the order's piece lies in the deal's; null where the deal is over the piece itself.
 * @param location CBOR of [deadline, partition] of the deal's sector, hex.
 */
export function proveSlotCall(
  perpetual: string,
  deal: Pick<SlotDeal, 'slot' | 'nonce' | 'provider'>,
  dealId: bigint,
  inclusion: Inclusion | null,
  location: string,
): WantedCall {
  const { slot, provider } = deal
  const data = inclusion
    ? perpetualAbi.encodeFunctionData('proveAggregatedDeal', [slot, dealId, inclusionProof(inclusion), location])
    : perpetualAbi.encodeFunctionData('proveDeal', [slot, dealId, location])
  const topics = [perpetualAbi.getEvent('SlotProven')!.topicHash, word(slot), word(provider)]
  return { key: proveSlotKey(deal), to: perpetual, data, expectEvent: { address: perpetual, topics } }
}
