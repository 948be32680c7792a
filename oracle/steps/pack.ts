import { createReadStream, existsSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { CID } from 'multiformats/cid'
import { JOB, STAGE, decodeStorePayload, encodePackedAnswer } from '../chain/jobs.ts'
import type { Context } from '../context.ts'
import type { Claimed } from '../db/request.ts'
import { PermanentError, RetryableError } from '../errors.ts'
import { tell } from '../logger.ts'
import { computePiece } from '../proofs/commP.ts'
import { pieceToCid } from '../proofs/piece-cid.ts'
import { samePiece, type Piece } from '../proofs/piece.ts'
import { carPathOf } from './clean-up.ts'
import { awaitAnswer, vote } from './report.ts'
import { moveTo, waitFor, type Step } from './step.ts'

type PackContext = Pick<Context, 'config' | 'contracts' | 'sender' | 'operatorId' | 'ipfs' | 'log'>

/** The data is not the piece that the requester named. */
export class NamedPieceDiffers extends PermanentError {
  constructor(named: Piece, found: Piece) {
    const words = ({ digest, size }: Piece) => `${pieceToCid(digest)} of ${size} padded bytes`
    super(`the request names piece ${words(named)}, its CAR is ${words(found)}`, { reason: 'PieceMismatch' })
  }
}

/** The CAR on this disk is not the one that was measured when its blocks came. */
export class CarDiffers extends RetryableError {}

/**
 * On a `pack` nudge: write the CID's canonical CAR, compute its piece, and vote *Packed* once *Pinned* is answered.
 * Then a *store* request goes on to its deals; a *pack* request has nothing more to be voted.
 * What was computed is kept in the row, so waiting costs nothing.
 */
export const pack: Step<PackContext> = async (ctx, work) => {
  const { request, signal } = work
  if (request.piece === null || request.carPath === null || !existsSync(request.carPath)) {
    return waitFor(work, 0, await writeAndMeasure(ctx, request, signal))
  }

  const wait = await awaitAnswer(ctx, work, STAGE.PINNED)
  if (wait) return wait
  await vote(ctx, work, STAGE.PACKED, encodePackedAnswer(request.piece, request.carBytes!))
  return moveTo(request.job === JOB.STORE ? 'packed' : 'reported')
}

async function writeAndMeasure(
  ctx: PackContext,
  request: Claimed,
  signal: AbortSignal,
): Promise<{ carPath: string; piece: Piece }> {
  const carPath = carPathOf(ctx.config.dataDir, request.id)
  await mkdir(dirname(carPath), { recursive: true })
  const carBytes = await ctx.ipfs.exportCar(CID.parse(request.cid!), carPath, signal)
  const { payloadBytes, ...piece } = await computePiece(createReadStream(carPath), signal)
  if (carBytes !== request.carBytes || payloadBytes !== carBytes) {
    await rm(carPath, { force: true })
    throw new CarDiffers(`expected a CAR of ${request.carBytes} bytes, wrote ${carBytes} and read ${payloadBytes}`)
  }

  const named = request.job === JOB.STORE ? decodeStorePayload(request.payload).piece : undefined
  if (named && !samePiece(named, piece)) throw new NamedPieceDiffers(named, piece)
  tell(ctx.log, 'packed', request.id, {
    pieceCid: pieceToCid(piece.digest),
    pieceSize: piece.size.toString(),
    carBytes: carBytes.toString(),
  })
  return { carPath, piece }
}
