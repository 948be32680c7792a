import { createReadStream } from 'node:fs'
import { unixfs } from '@helia/unixfs'
import { fixedSize } from 'ipfs-unixfs-importer/chunker'
import { balanced } from 'ipfs-unixfs-importer/layout'
import type { CID } from 'multiformats/cid'

/** How a file is cut into blocks, which decides its CID. */
export interface UnixfsProfile {
  /** Who makes files so. */
  name: string
  cidVersion: 0 | 1
  /** Leaves that are the bytes themselves; else they are wrapped in UnixFS. */
  rawLeaves: boolean
  /** Bytes per leaf. */
  chunkBytes: number
  /** Links per node. */
  maxLinks: number
}

const KIB_256 = 256 * 1024
const MIB = 1024 * 1024

/** The ways that files on IPFS were made in, the usual ones first. Sources: IPIP-499; the options of `ipfs add` (Kubo). */
export const UNIXFS_PROFILES: readonly UnixfsProfile[] = [
  { name: 'unixfs-v1-2025', cidVersion: 1, rawLeaves: true, chunkBytes: MIB, maxLinks: 1024 },
  { name: 'unixfs-v0-2015', cidVersion: 0, rawLeaves: false, chunkBytes: KIB_256, maxLinks: 174 },
  { name: 'ipfs add --cid-version=1', cidVersion: 1, rawLeaves: true, chunkBytes: KIB_256, maxLinks: 174 },
  { name: 'test-cid-v1', cidVersion: 1, rawLeaves: true, chunkBytes: MIB, maxLinks: 174 },
  { name: 'ipfs add --raw-leaves', cidVersion: 0, rawLeaves: true, chunkBytes: KIB_256, maxLinks: 174 },
  {
    name: 'ipfs add --cid-version=1 --raw-leaves=false',
    cidVersion: 1,
    rawLeaves: false,
    chunkBytes: KIB_256,
    maxLinks: 174,
  },
]

export type PutBlock = (cid: CID, bytes: Uint8Array) => Promise<CID>

/** Imports a file as it streams by, its blocks in an order that is the same each time; gives the root. */
export async function importFile(
  file: string,
  profile: UnixfsProfile,
  put: PutBlock,
  signal: AbortSignal,
): Promise<CID> {
  const importer = unixfs({ blockstore: { put } as unknown as Parameters<typeof unixfs>[0]['blockstore'] })
  return importer.addByteStream(createReadStream(file, { highWaterMark: KIB_256, signal }), {
    cidVersion: profile.cidVersion,
    rawLeaves: profile.rawLeaves,
    chunker: fixedSize({ chunkSize: profile.chunkBytes }),
    layout: balanced({ maxChildrenPerNode: profile.maxLinks }),
    blockWriteConcurrency: 1,
  })
}
