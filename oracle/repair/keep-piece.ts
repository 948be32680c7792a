import { createReadStream } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { CID } from 'multiformats/cid'
import type { Context } from '../context.ts'
import type { KeptPiece } from '../db/kept-piece.ts'
import { PermanentError } from '../errors.ts'
import { parseFetchLink } from '../ipfs/fetch-link.ts'
import { computePiece } from '../proofs/commP.ts'
import { pieceToCid } from '../proofs/piece-cid.ts'
import type { Piece } from '../proofs/piece.ts'
import { fillsUp } from '../proofs/zero-fill.ts'

export type KeepContext = Pick<Context, 'config' | 'ipfs'>

/** The order's payload is not what the order's piece holds. */
export class OrderedPieceDiffers extends PermanentError {
  constructor(ordered: Piece, found: Piece) {
    const words = ({ digest, size }: Piece) => `${pieceToCid(digest)} of ${size} padded bytes`
    super(`the order is for piece ${words(ordered)}, its payload's CAR is ${words(found)}`, { reason: 'PieceMismatch' })
  }
}

/** The order does not say what is in its piece, or says it in a way that cannot be read. */
export class PayloadUnnamed extends PermanentError {
  constructor(payloadCid: string | null) {
    const words = payloadCid === null ? 'the order names no payload CID' : `${payloadCid} is no CID`
    super(`${words}: its piece cannot be made here`, { reason: 'BadContent' })
  }
}

/** Payload bytes that a piece of `size` padded bytes holds at most. */
export const payloadRoom = (size: bigint): bigint => (size / 128n) * 127n

/** The CAR file of a piece. */
export const pieceFileOf = (dataDir: string, pieceCid: string): string => join(dataDir, 'pieces', `${pieceCid}.car`)

/**
 * Brings the payload of an order here, pins it, writes its canonical CAR, and checks that the CAR is the order's piece. Safe to run
 * again.
 * @throws PayloadUnnamed, OrderedPieceDiffers, and what the ipfs room throws
 */
export async function keepPiece(
  { config, ipfs }: KeepContext,
  { pieceCid, piece, payloadCid, seed }: KeptPiece,
  signal: AbortSignal,
): Promise<{ carPath: string; carBytes: bigint }> {
  const root = readPayloadCid(payloadCid)
  const { maxBlocks, maxDepth, fetchTimeoutMs: timeoutMs } = config
  const room = payloadRoom(piece.size)
  const maxBytes = room < config.maxBytes ? room : config.maxBytes
  const limits = { maxBytes, maxBlocks, maxDepth, timeoutMs }
  await ipfs.fetchDag(root, parseFetchLink(seed), limits, undefined, signal)

  const carPath = pieceFileOf(config.dataDir, pieceCid)
  await mkdir(dirname(carPath), { recursive: true })
  const carBytes = await ipfs.exportCar(root, carPath, signal)
  const found = await computePiece(createReadStream(carPath), signal)
  if (!fillsUp(found, piece)) {
    await rm(carPath, { force: true })
    throw new OrderedPieceDiffers(piece, found)
  }
  return { carPath, carBytes }
}

function readPayloadCid(text: string | null): CID {
  try {
    return CID.parse(text!)
  } catch {
    throw new PayloadUnnamed(text)
  }
}
