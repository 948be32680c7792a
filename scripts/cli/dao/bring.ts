import { existsSync } from 'node:fs'
import type { CID } from 'multiformats/cid'
import type { Piece } from '../../../oracle/proofs/piece.ts'
import { fromCaller } from '../../lib/paths.ts'
import { parseCid } from '../../lib/cid.ts'
import type { ReadContext } from '../context.ts'
import { bring, checkSeed, serveSeed } from '../storage/bring.ts'
import type { ProposeOptions, Wish } from './terms.ts'

/** What a CID whose size is not known may have, unless --max-bytes says otherwise: a request's fee is paid for that. */
const MAX_BYTES_OF_CID = 2n ** 30n

/** What is put to the vote: a CID, its size, and where it can be fetched and looked at. */
export interface Brought {
  cid: CID
  size: bigint
  piece?: Piece
  /** The CAR that was packed here. */
  car?: string
  seed: string
  /** Ends serving it from here, where that was begun. */
  stop?: () => Promise<void>
}

/** Of each 128 bytes of a piece 127 are data; the contract refuses an order for more. */
function sizeOf({ kind, piece, maxBytes }: Wish): bigint {
  if (kind === 'Request') return maxBytes ?? MAX_BYTES_OF_CID
  const room = (piece!.size / 128n) * 127n
  if ((maxBytes ?? 0n) > room)
    throw new Error(`--max-bytes expects at most ${room}, which the piece can hold, got ${maxBytes}`)
  return maxBytes ?? room
}

/** A PATH is packed here; so is a CID where an order needs its piece. Any other CID is taken as it is named. */
export async function bringToVote(
  context: ReadContext,
  what: string,
  wish: Wish,
  options: ProposeOptions,
): Promise<Brought> {
  const isPath = existsSync(fromCaller(what))
  if (!isPath && (wish.kind === 'Request' || wish.piece)) {
    const seed = options.seed ?? ''
    return { cid: parseCid(what), size: sizeOf(wish), piece: wish.piece, seed: checkSeed(seed) }
  }
  const brought = await bring(context, what, options)
  const { packed, piece } = brought
  if (!packed) throw new Error(`${what} is a piece: name the CID that is in it, and the piece by --piece`)
  const { seed, served } = await serveSeed(context, brought, options)
  return {
    ...{ cid: packed.root, size: packed.bytes, piece, car: packed.file, seed },
    ...(served && { stop: () => served.stop() }),
  }
}
