import pino from 'pino'
import { startHttp } from '../../../oracle/http/server.ts'
import { pieceToCid } from '../../../oracle/proofs/piece-cid.ts'
import type { Packed } from './pack.ts'

export interface ServedPiece {
  /** Where the piece is: an order's seed. */
  url: string
  stop(): Promise<void>
}

const MAX_STREAMS = 16

/** Serves a packed piece over HTTP, ranges included, as an executor does. */
export async function servePiece(
  { root, piece, file, bytes }: Packed,
  listen: { host: string; port: number },
): Promise<ServedPiece> {
  const pieceCid = pieceToCid(piece.digest)
  const kept = {
    ...{ pieceCid, piece, payloadCid: root.toString(), seed: new Uint8Array() },
    ...{ state: 'kept' as const, carPath: file, carBytes: bytes, error: null, attempts: 0 },
  }
  const server = await startHttp({
    listen,
    maxStreams: MAX_STREAMS,
    pieces: {
      get: (asked) => Promise.resolve(asked === pieceCid ? kept : undefined),
      lost: () => Promise.reject(new Error(`${file} is gone while it is served`)),
      count: () => Promise.resolve({ kept: 1 }),
    },
    log: pino({ level: 'silent' }),
  })
  return { url: `${server.url}/piece/${pieceCid}`, stop: () => server.stop() }
}
