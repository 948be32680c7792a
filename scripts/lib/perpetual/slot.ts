import type { Result } from 'ethers'
import { readSlotView, type SlotView } from '../../../oracle/chain/perpetual.ts'
import { orderOf } from '../../../oracle/chain/slot-id.ts'
import type { Perpetual } from './contract.ts'

/** A slot as the chain tells it, and the order that it is of. */
export interface SlotFacts extends SlotView {
  orderId: bigint
}

/** @throws the contract's UnknownSlot */
export async function readSlot(perpetual: Perpetual, slot: bigint): Promise<SlotFacts> {
  return toSlot(await perpetual.getSlot(slot))
}

/** All seats of an order that were ever claimed. */
export async function readSlotsOf(perpetual: Perpetual, orderId: bigint): Promise<SlotFacts[]> {
  return (await perpetual.slotsOf(orderId)).map(toSlot)
}

const PAGE = 200n

/** A provider's slots that are claimed or active now, oldest claim first. */
export async function readSlotsOfProvider(perpetual: Perpetual, provider: bigint): Promise<SlotFacts[]> {
  const found: SlotFacts[] = []
  for (let start = 0n; ; start += PAGE) {
    const { slots, total } = await perpetual.slotsOfProvider(provider, start, PAGE)
    found.push(...slots.map(toSlot))
    if (start + PAGE >= total) return found
  }
}

function toSlot(decoded: unknown): SlotFacts {
  const { slot, ...view } = readSlotView(decoded as Result)
  return { slot, orderId: orderOf(slot), ...view }
}

/** Whether a replica counts: claimed in time, or active before its end. */
export function isLive({ state, claimBy, end }: SlotFacts, epoch: bigint): boolean {
  return (state === 'Claimed' && epoch <= claimBy) || (state === 'Active' && epoch < end)
}

/** What a settlement now would bring its provider, if the replica is shown alive, attoFIL. */
export function dueNow(
  { state, price, start, end, provenTo, faultSince }: SlotFacts,
  gap: bigint,
  epoch: bigint,
): bigint {
  const limit = epoch < end ? epoch : end
  if (state !== 'Active' || faultSince > 0n || epoch < start || limit <= provenTo) return 0n
  const unpaid = limit - provenTo
  return price * (unpaid < gap ? unpaid : gap)
}
