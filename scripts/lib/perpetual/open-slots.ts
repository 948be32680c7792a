import { getBytes } from 'ethers'
import { orderOf } from '../../../oracle/chain/slot-id.ts'
import { pieceToCid } from '../../../oracle/proofs/piece-cid.ts'
import type { Perpetual } from './contract.ts'
import { perGibYear } from './rates.ts'

/** A slot that can be claimed now. Amounts in attoFIL, sizes in padded bytes, times in epochs. */
export interface OpenSlotFacts {
  slot: bigint
  orderId: bigint
  /** To be named by the claim, with the order's version. */
  nonce: bigint
  orderVersion: bigint
  /** Per epoch. */
  price: bigint
  /** The same for a GiB kept a year. */
  payPerGibYear: bigint
  collateral: bigint
  /** The provider whose replica it succeeds; 0: none. */
  incumbent: bigint
  /** First epoch at which others may claim it too; 0: now. */
  incumbentOnlyUntil: bigint
  /** The last epoch at which a claim made now can be proven. */
  claimBy: bigint
  minTermEpochs: bigint
  maxTermEpochs: bigint
  pieceCid: string
  pieceSize: bigint
}

type OpenSlotView = Awaited<ReturnType<Perpetual['openSlotsOf']>>['slots'][number]

const PAGE = 200n

/** Every slot that can be claimed now, page by page. */
export async function* readOpenSlots(perpetual: Perpetual): AsyncGenerator<OpenSlotFacts> {
  let cursor = 0n
  do {
    const { slots, next } = await perpetual.openSlots(cursor, PAGE)
    yield* slots.map(toOpenSlot)
    cursor = next
  } while (cursor > 0n)
}

/** An order's slots that can be claimed now; if there is none, the next epoch at which one opens by time alone (0: none does). */
export async function readOpenSlotsOf(
  perpetual: Perpetual,
  orderId: bigint,
): Promise<{ slots: OpenSlotFacts[]; nextEpoch: bigint }> {
  const { slots, nextEpoch } = await perpetual.openSlotsOf(orderId)
  return { slots: slots.map(toOpenSlot), nextEpoch }
}

function toOpenSlot(view: OpenSlotView): OpenSlotFacts {
  const { slot, nonce, orderVersion, price, collateral, incumbent, incumbentOnlyUntil, claimBy } = view
  const { minTermEpochs, maxTermEpochs, pieceSize } = view
  return {
    ...{ slot, orderId: orderOf(slot), nonce, orderVersion, price },
    payPerGibYear: perGibYear(price, pieceSize),
    ...{ collateral, incumbent, incumbentOnlyUntil, claimBy, minTermEpochs, maxTermEpochs },
    pieceCid: pieceToCid(getBytes(view.pieceDigest)),
    pieceSize,
  }
}
