import { orderOf, slotLabel } from '../../../oracle/chain/slot-id.ts'
import { whenWords, type Clock } from './clock.ts'
import type { Perpetual } from './contract.ts'
import { readOpenSlotsOf, type OpenSlotFacts } from './open-slots.ts'
import { readOrder, seedText, type OrderFacts } from './order.ts'
import { done, eventNamed } from './sent.ts'

/** What a claim now would mean. Amounts in attoFIL. */
export interface ClaimQuote {
  open: OpenSlotFacts
  order: OrderFacts
  /** What it pays over its longest and its shortest term. */
  mostPay: bigint
  leastPay: bigint
}

export interface Claimed {
  slot: bigint
  nonce: bigint
  /** What a deal's label or a sector's notification names it by. */
  label: string
  provider: bigint
  price: bigint
  collateral: bigint
  claimBy: bigint
  pieceCid: string
  pieceSize: bigint
  seed: string
  /** Providers whose replicas of the piece are active. */
  holders: bigint[]
  transaction: string
}

/** What the slot offers now. @throws Error that says when one opens, where it is not open */
export async function quoteClaim(perpetual: Perpetual, slot: bigint, clock: Clock): Promise<ClaimQuote> {
  const orderId = orderOf(slot)
  const order = await readOrder(perpetual, orderId)
  const { slots, nextEpoch } = await readOpenSlotsOf(perpetual, orderId)
  const open = slots.find((each) => each.slot === slot)
  if (open) {
    return { open, order, mostPay: open.price * open.maxTermEpochs, leastPay: open.price * open.minTermEpochs }
  }
  throw Object.assign(new Error(`slot ${slot} of order ${orderId} cannot be claimed now`), {
    hint: whatInstead(order, slots, nextEpoch, clock),
  })
}

function whatInstead({ id, status }: OrderFacts, others: OpenSlotFacts[], nextEpoch: bigint, clock: Clock): string {
  if (status !== 'Live') return `The order is ${status.toLowerCase()}: npm run mooring -- slots list shows others.`
  if (others.length > 0) return `Of this order these can be: ${others.map(({ slot }) => slot).join(', ')}.`
  if (nextEpoch > 0n) return `One of this order opens at ${whenWords(clock, nextEpoch)}.`
  return `None of this order opens by time alone (npm run mooring -- storage show ${id}): see slots list for others.`
}

/**
 * Claims a slot for `provider` with its collateral, exactly as quoted: another nonce or version of the order, or a price below
 * `minPrice` (attoFIL per epoch), is refused by the contract. `perpetual` signs as one of the provider's controlling addresses.
 */
export async function claimSlot(
  perpetual: Perpetual,
  { slot, nonce, orderVersion, collateral, price, pieceCid, pieceSize }: OpenSlotFacts,
  provider: bigint,
  minPrice: bigint = price,
): Promise<Claimed> {
  const args = [slot, nonce, orderVersion, minPrice, provider, { value: collateral }] as const
  const { seed, holders } = await perpetual.claim.staticCall(...args)
  const result = await done(perpetual, await perpetual.claim(...args))
  const { args: told } = eventNamed(result, 'SlotClaimed')
  return {
    ...{ slot, nonce, label: slotLabel(slot, nonce), provider },
    price: told.price as bigint,
    ...{ collateral, claimBy: told.claimBy as bigint, pieceCid, pieceSize },
    seed: seedText(seed),
    holders: [...holders],
    transaction: result.transaction,
  }
}
