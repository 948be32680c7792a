import { existsSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { toUtf8Bytes } from 'ethers'
import { parseFetchLink } from '../../../oracle/ipfs/fetch-link.ts'
import type { Piece } from '../../../oracle/proofs/piece.ts'
import { parseCid } from '../../lib/cid.ts'
import { callerDir, fromCaller } from '../../lib/paths.ts'
import { packCid, packPath, type Packed } from '../../lib/perpetual/pack.ts'
import { servePiece, type ServedPiece } from '../../lib/perpetual/serve-piece.ts'
import type { ReadContext } from '../context.ts'
import { progressOf } from '../progress.ts'
import { parsePiece, type OpenOptions } from './options.ts'

/** What an order is to be about: a piece, and what is in it where it was packed here. */
export interface Brought {
  piece: Piece
  packed?: Packed
}

type BringOptions = Pick<OpenOptions, 'car' | 'pieceSize' | 'link'>
type ServeOptions = Pick<OpenOptions, 'seed' | 'serve' | 'wait'>

/** What a person names: a file or directory of this machine, a CID to be fetched, or a piece that is sealed or packed already. */
export async function bring(context: ReadContext, what: string, options: BringOptions): Promise<Brought> {
  const path = fromCaller(what)
  const place = options.car === undefined ? { folder: callerDir } : carPlace(options.car)
  const onProgress = progressOf(context, 'packing')
  if (existsSync(path)) return packedAs(await packPath(path, { ...place, onProgress }))

  const piece = parsePiece(what, options.pieceSize)
  if (piece) return { piece }
  const root = parseCid(what, 'neither a file or directory here, nor a CID, nor a piece CID')
  const link = parseFetchLink(toUtf8Bytes(options.link ?? ''))
  const allowPrivate = context.network === 'local'
  return packedAs(await packCid(root, link, { ...place, onProgress, allowPrivate }))
}

const packedAs = (packed: Packed): Brought => ({ piece: packed.piece, packed })

/** Serves a packed piece from here where nothing else is said. @throws Error that says what to do where nobody could fetch it */
export async function serveSeed(
  { network }: ReadContext,
  { packed }: Brought,
  { seed, serve, wait }: ServeOptions,
): Promise<{ seed: string; served?: ServedPiece }> {
  const listen = serve === undefined ? undefined : parseListen(serve)
  if (!packed || !wait || (seed !== undefined && !listen)) {
    if (seed !== undefined) return { seed: checkSeed(seed) }
    throw Object.assign(new Error('providers would not know where to fetch the piece'), {
      hint: 'Say where it can be downloaded: --seed https://… (the CAR itself, or an IPFS gateway).',
    })
  }
  if (!listen && network !== 'local') {
    throw Object.assign(new Error(`providers of '${network}' cannot fetch ${packed.file} from this machine alone`), {
      hint: 'Put it on a web server and name it (--seed https://…), or serve it from a public address of yours (--serve 203.0.113.7:8080).',
    })
  }
  const served = await servePiece(packed, listen ?? { host: '127.0.0.1', port: 0 })
  return { seed: seed ?? served.url, served }
}

/** @throws Error where nobody could follow it */
export function checkSeed(text: string): string {
  parseFetchLink(toUtf8Bytes(text))
  return text
}

function parseListen(text: string): { host: string; port: number } {
  const [, host, port] = /^(\[[0-9a-fA-F:.]+\]|[^\s:/[\]]+):(\d{1,5})$/.exec(text) ?? []
  if (host !== undefined && Number(port) <= 65_535) return { host: host.replace(/^\[|\]$/g, ''), port: Number(port) }
  throw new Error(`--serve expects host:port of this machine, as 203.0.113.7:8080, got '${text}'`)
}

function carPlace(text: string): { folder: string; name: string } {
  const file = fromCaller(text)
  if (!existsSync(dirname(file))) throw new Error(`--car ${file}: there is no such folder`)
  return { folder: dirname(file), name: basename(file) }
}
