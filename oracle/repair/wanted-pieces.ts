import { CID } from 'multiformats/cid'
import type { Context } from '../context.ts'
import type { WantedPiece } from '../db/kept-piece.ts'
import type { StorageOrder } from '../db/storage-order.ts'

/**
 * The pieces of orders that are not over, each once: those that may still find a provider, or whose slot is being sealed. Of several
 * orders for one piece the one with the most money says where it is: an empty order that lies about it costs nothing.
 */
export async function wantedPieces({
  orders,
  slots,
  chain,
}: Pick<Context, 'orders' | 'slots' | 'chain'>): Promise<WantedPiece[]> {
  const head = await chain.blockNumber()
  const live = await slots.live()
  const sealing = new Set(live.filter(({ state }) => state === 'Claimed').map(({ orderId }) => orderId))
  const inUse = new Set(live.map(({ orderId }) => orderId))
  const isWanted = ({ id, status, endEpoch }: StorageOrder) => {
    if (sealing.has(id)) return true
    const runsOn = endEpoch === 0n || head < endEpoch || inUse.has(id)
    return runsOn && (status === 'Live' || status === 'Suspended')
  }

  const pieces = new Map<string, WantedPiece>()
  const byMoney = (await orders.all()).filter(isWanted).sort((a, b) => Number(moneyOf(b) - moneyOf(a)))
  for (const { pieceDigest: digest, pieceSize: size, payloadCid, seed } of byMoney) {
    const name = Buffer.from(digest).toString('hex')
    if (!pieces.has(name)) pieces.set(name, { piece: { digest, size }, payloadCid: toText(payloadCid), seed })
  }
  return [...pieces.values()]
}

const moneyOf = ({ free, reserved }: StorageOrder) => free + reserved

function toText(payloadCid: Uint8Array): string | null {
  if (payloadCid.length === 0) return null
  try {
    return CID.decode(payloadCid).toString()
  } catch {
    return `0x${Buffer.from(payloadCid).toString('hex')}` // not a CID: the keeper says so
  }
}
