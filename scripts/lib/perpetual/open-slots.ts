import { getBytes, type Result } from 'ethers'
import { readOpenSlot, type OpenSlot } from '../../../oracle/chain/perpetual.ts'
import { orderOf } from '../../../oracle/chain/slot-id.ts'
import { pieceToCid } from '../../../oracle/proofs/piece-cid.ts'
import type { Perpetual } from './contract.ts'
import { perGibYear } from './rates.ts'

/** A slot that can be claimed now. */
export interface OpenSlotFacts extends Omit<OpenSlot, 'pieceDigest'> {
  orderId: bigint
  /** What its price pays for a GiB kept a year, attoFIL. */
  payPerGibYear: bigint
  pieceCid: string
}

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

function toOpenSlot(decoded: unknown): OpenSlotFacts {
  const { slot, pieceDigest, ...open } = readOpenSlot(decoded as Result)
  return {
    ...{ slot, orderId: orderOf(slot), ...open },
    payPerGibYear: perGibYear(open.price, open.pieceSize),
    pieceCid: pieceToCid(getBytes(pieceDigest)),
  }
}
