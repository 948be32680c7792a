import { createLoop } from '../chain/loop.ts'
import type { OpenSlot, Perpetual } from '../chain/perpetual.ts'
import { slotLabel } from '../chain/slot-id.ts'
import type { Context } from '../context.ts'
import { pieceToCid } from '../proofs/piece-cid.ts'
import { tellRepair } from './tell.ts'

export interface OfferBookContext extends Pick<Context, 'log' | 'pieces'> {
  perpetual: Pick<Perpetual, 'openSlots'>
  /** Base URL under which others fetch pieces here. */
  publicUrl: string
}

/** A slot that can be claimed, as a storage provider's software reads it: numbers of the chain are decimal strings. */
export interface Offer {
  slot: string
  nonce: string
  orderVersion: string
  /** attoFIL per epoch, now. */
  price: string
  /** attoFIL. */
  collateral: string
  minTermEpochs: string
  maxTermEpochs: string
  /** The last epoch at which a claim made now can be proven. */
  claimBy: string
  /** The miner whose replica it succeeds, and until when it alone may claim; absent where it succeeds nobody. */
  incumbent?: string
  incumbentOnlyUntil?: string
  pieceCid: string
  /** Padded bytes. */
  pieceSize: string
  /** What a deal's label, or a sector's notification, must say. */
  label: string
  /** Where the piece can be fetched. */
  url: string
}

export interface OfferBook {
  start(): void
  /** Stops after the question in hand. */
  stop(): Promise<void>
  /** Asks the contract, now. */
  processAll(): Promise<void>
  /** What was open at the last look, the lowest slots first. */
  offers: () => Offer[]
}

/** Pages asked for in one look: orders beyond them wait until earlier ones are filled. */
const MAX_PAGES = 20

/** Knows which slots are open and can be filled with a piece that is served here: what this operator offers to storage providers. */
export function createOfferBook(ctx: OfferBookContext, { everyMs }: { everyMs: number }): OfferBook {
  const { log, pieces, perpetual, publicUrl } = ctx
  let offers = new Map<string, Offer>()
  const loop = createLoop({ name: 'offers', pass, everyMs, log })

  async function pass(): Promise<void> {
    const found = new Map<string, Offer>()
    let cursor = 0n
    for (let page = 0; page < MAX_PAGES; page++) {
      const { slots, next } = await perpetual.openSlots(cursor)
      for (const open of slots) {
        const pieceCid = pieceToCid(Buffer.from(open.pieceDigest.slice(2), 'hex'))
        if ((await pieces.get(pieceCid))?.state === 'kept')
          found.set(slotLabel(open.slot, open.nonce), toOffer(open, pieceCid))
      }
      cursor = next
      if (cursor === 0n) break
    }
    for (const [label, { slot, nonce, price, claimBy, pieceCid, url }] of found) {
      if (!offers.has(label)) tellRepair(log, 'slot-offered', { slot, nonce, price, claimBy, pieceCid, url })
    }
    offers = found
  }

  function toOffer(open: OpenSlot, pieceCid: string): Offer {
    const { slot, nonce, incumbent, incumbentOnlyUntil } = open
    return {
      ...{ slot: `${slot}`, nonce: `${nonce}`, orderVersion: `${open.orderVersion}` },
      ...{ price: `${open.price}`, collateral: `${open.collateral}` },
      ...{ minTermEpochs: `${open.minTermEpochs}`, maxTermEpochs: `${open.maxTermEpochs}`, claimBy: `${open.claimBy}` },
      ...(incumbent > 0n && { incumbent: `f0${incumbent}`, incumbentOnlyUntil: `${incumbentOnlyUntil}` }),
      ...{ pieceCid, pieceSize: `${open.pieceSize}`, label: slotLabel(slot, nonce) },
      url: `${publicUrl}/piece/${pieceCid}`,
    }
  }

  return { start: loop.start, stop: loop.stop, processAll: loop.runNow, offers: () => [...offers.values()] }
}
