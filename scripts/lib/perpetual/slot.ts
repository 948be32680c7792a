import { orderOf } from '../../../oracle/chain/slot-id.ts'
import type { Perpetual } from './contract.ts'
import { SLOT_KINDS, SLOT_STATES, type SlotKind, type SlotState } from './names.ts'

/** A slot as the chain tells it. Amounts in attoFIL, the price per epoch, times in epochs; 0 where there is nothing yet. */
export interface SlotFacts {
  slot: bigint
  orderId: bigint
  nonce: bigint
  state: SlotState
  kind: SlotKind
  /** Actor ids. */
  provider: bigint
  owner: bigint
  /** Who put the collateral down. */
  poster: string
  price: bigint
  collateral: bigint
  maxTermEpochs: bigint
  orderEnd: bigint
  claimedEpoch: bigint
  claimBy: bigint
  start: bigint
  end: bigint
  /** First epoch that is neither paid nor given back yet. */
  provenTo: bigint
  /** 0: not faulty. */
  faultSince: bigint
  settleBy: bigint
  dealId: bigint
  sector: bigint
  paid: bigint
}

type SlotView = Awaited<ReturnType<Perpetual['getSlot']>>

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

function toSlot(view: SlotView): SlotFacts {
  const { slot, nonce, provider, owner, poster, price, collateral, maxTermEpochs, orderEnd, claimedEpoch } = view
  const { claimBy, start, end, provenTo, faultSince, settleBy, dealId, sector, paid } = view
  return {
    ...{ slot, orderId: orderOf(slot), nonce },
    state: SLOT_STATES[Number(view.state)]!,
    kind: SLOT_KINDS[Number(view.kind)]!,
    ...{ provider, owner, poster, price, collateral, maxTermEpochs, orderEnd, claimedEpoch },
    ...{ claimBy, start, end, provenTo, faultSince, settleBy, dealId, sector, paid },
  }
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
