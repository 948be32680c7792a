import { createReadStream, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { CID } from 'multiformats/cid'
import pino from 'pino'
import type { FetchLink } from '../../../oracle/ipfs/fetch-link.ts'
import { UNLIMITED } from '../../../oracle/ipfs/limits.ts'
import { createIpfs, type Ipfs } from '../../../oracle/ipfs/node.ts'
import { computePiece } from '../../../oracle/proofs/commP.ts'
import type { Piece } from '../../../oracle/proofs/piece.ts'

/** A DAG's canonical CAR on this disk, and the piece that it is. */
export interface Packed {
  root: CID
  piece: Piece
  /** Of the CAR. */
  file: string
  bytes: bigint
}

export interface PackOptions {
  /** Where the CAR goes. */
  folder: string
  /** What it is called there; ROOT.car unless given. */
  name?: string
  onProgress: (bytes: bigint) => void
}

const WITHIN_MS = 24 * 3_600_000

/** Packs a file or directory of this machine. */
export function packPath(path: string, { onProgress, ...place }: PackOptions): Promise<Packed> {
  return withIpfs(place, 'off', async (ipfs) => (await ipfs.addPath(path, ({ bytes }) => onProgress(bytes))).root)
}

/** Fetches a DAG, of `maxBytes` of CAR at most, and packs it. `allowPrivate` is for a local chain alone. */
export function packCid(
  root: CID,
  link: FetchLink,
  {
    onProgress,
    allowPrivate,
    maxBytes = UNLIMITED.maxBytes,
    ...place
  }: PackOptions & { allowPrivate: boolean; maxBytes?: bigint },
): Promise<Packed> {
  const limits = { ...UNLIMITED, maxBytes, timeoutMs: WITHIN_MS }
  const fetched = async (ipfs: Ipfs) => {
    await ipfs.fetchDag(root, link, limits, ({ bytes }) => onProgress(bytes))
    return root
  }
  return withIpfs(place, link.kind === 'none' ? 'public' : 'off', fetched, allowPrivate)
}

/** Blocks rest beside the CAR while it is made: as large as it, and gone with the end. */
async function withIpfs(
  { folder, name }: Pick<PackOptions, 'folder' | 'name'>,
  routing: 'off' | 'public',
  bring: (ipfs: Ipfs) => Promise<CID>,
  allowPrivate = true,
): Promise<Packed> {
  const dir = mkdtempSync(join(folder, '.mooring-pack-'))
  const log = pino({ level: 'silent' })
  const ipfs = await createIpfs({ dataDir: join(dir, 'blocks'), listen: [], routing, allowPrivate, log })
  try {
    const root = await bring(ipfs)
    const file = join(folder, name ?? `${root.toString()}.car`)
    const car = join(dir, 'packed.car')
    const bytes = await ipfs.exportCar(root, car)
    const { digest, size } = await computePiece(createReadStream(car))
    renameSync(car, file)
    return { root, piece: { digest, size }, file, bytes }
  } finally {
    await ipfs.stop()
    rmSync(dir, { recursive: true, force: true })
  }
}
