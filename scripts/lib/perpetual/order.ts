import { getBytes, toUtf8String, type Result } from 'ethers'
import { CID } from 'multiformats/cid'
import { readOrderView, type OrderView } from '../../../oracle/chain/perpetual.ts'
import { pieceToCid } from '../../../oracle/proofs/piece-cid.ts'
import type { Perpetual } from './contract.ts'

/** An order as the chain tells it, its bytes as text. */
export interface OrderFacts extends Omit<OrderView, 'pieceDigest' | 'payloadCid' | 'seed'> {
  id: bigint
  pieceCid: string
  /** The CID that was packed into the piece; null where the order names none. */
  payloadCid: string | null
  /** Where to fetch the piece; empty where nobody said. */
  seed: string
}

/** @throws the contract's UnknownOrder */
export async function readOrder(perpetual: Perpetual, id: bigint): Promise<OrderFacts> {
  return toOrder(id, await perpetual.getOrder(id))
}

function toOrder(id: bigint, decoded: unknown): OrderFacts {
  const { pieceDigest, payloadCid, seed, ...view } = readOrderView(decoded as Result)
  return {
    ...{ id, ...view },
    pieceCid: pieceToCid(getBytes(pieceDigest)),
    payloadCid: payloadCid === '0x' ? null : cidText(payloadCid),
    seed: seedText(seed),
  }
}

/** Where to fetch, as text; a seed that is no text is shown in hex. */
export function seedText(seed: string): string {
  try {
    return toUtf8String(seed)
  } catch {
    return seed // any bytes may stand there: the contract bounds their length alone
  }
}

function cidText(bytes: string): string {
  return CID.decode(getBytes(bytes)).toString()
}
