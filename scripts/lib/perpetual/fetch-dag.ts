import { rename, rm } from 'node:fs/promises'
import { CID } from 'multiformats/cid'
import pino from 'pino'
import type { FetchLink } from '../../../oracle/ipfs/fetch-link.ts'
import { createIpfs } from '../../../oracle/ipfs/node.ts'
import type { Piece } from '../../../oracle/proofs/piece.ts'
import { verifyPiece } from './fetch-piece.ts'

export interface FetchDagOptions {
  /** Where the canonical CAR goes; blocks rest in `FILE.blocks` until it is verified. */
  file: string
  allowPrivate: boolean
  onProgress: (bytes: number, total: number | undefined) => void
  signal: AbortSignal
}

const WITHIN_MS = 24 * 3_600_000

/** Fetches what was packed into a piece block by block, from peers or a gateway, and makes its canonical CAR: the piece. */
export async function fetchPacked(
  piece: Piece,
  payloadCid: string,
  link: FetchLink,
  { file, allowPrivate, onProgress, signal }: FetchDagOptions,
): Promise<void> {
  const root = CID.parse(payloadCid)
  const blocks = `${file}.blocks`
  const routing = link.kind === 'none' ? 'public' : 'off'
  const ipfs = await createIpfs({ dataDir: blocks, listen: [], routing, allowPrivate, log: pino({ level: 'silent' }) })
  try {
    const room = { maxBytes: (piece.size / 128n) * 127n, maxBlocks: Infinity, maxDepth: Infinity, timeoutMs: WITHIN_MS }
    await ipfs.fetchDag(root, link, room, ({ bytes }) => onProgress(Number(bytes), undefined), signal)
    await ipfs.exportCar(root, `${file}.part`, signal)
  } finally {
    await ipfs.stop()
  }
  await verifyPiece(piece, `${file}.part`, signal)
  await rename(`${file}.part`, file)
  await rm(blocks, { recursive: true, force: true })
}
