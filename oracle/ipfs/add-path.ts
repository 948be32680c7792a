import { createReadStream } from 'node:fs'
import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { unixfs } from '@helia/unixfs'
import type { ImportCandidate } from 'ipfs-unixfs-importer'
import type { CID } from 'multiformats/cid'
import { PathRefused } from './errors.ts'
import type { Store } from './store.ts'

export interface AddProgress {
  files: number
  /** Read so far, bytes. */
  bytes: bigint
}

export interface AddedPath {
  root: CID
  /** Sum of the files' sizes, bytes. */
  bytes: bigint
}

/**
 * Imports a file or a directory as UnixFS (CIDv1, raw leaves of 1 MiB, 1,024 links per node, names sorted, without modes and
 * times), so that the same content gives the same CID on every machine, and pins it. Dotfiles are included; the name of
 * PATH itself is not.
 * @throws {PathRefused} a symbolic link, a device or a socket, a name that is not UTF-8 or has a backslash
 */
export async function addPath(
  store: Store,
  path: string,
  onProgress: (progress: AddProgress) => void,
  signal: AbortSignal,
): Promise<AddedPath> {
  let progress: AddProgress = { files: 0, bytes: 0n }
  const report = (change: AddProgress) => {
    progress = { files: progress.files + change.files, bytes: progress.bytes + change.bytes }
    onProgress(progress)
  }
  const root = await store.pin(async (draft) => {
    progress = { files: 0, bytes: 0n }
    const put = async (cid: CID, bytes: Uint8Array) => {
      await store.keep(cid, bytes)
      await draft.add(cid)
      return cid
    }
    const importer = unixfs({ blockstore: { put } as unknown as Parameters<typeof unixfs>[0]['blockstore'] })
    const options = { fileImportConcurrency: 1, blockWriteConcurrency: 4, wrapWithDirectory: false }
    let last: CID | undefined
    for await (const entry of importer.addAll(candidates(path, report, signal), options)) last = entry.cid
    if (last === undefined) throw new PathRefused(`${path}: a file or a directory, got nothing to import`)
    return last
  })
  return { root, bytes: progress.bytes }
}

/** A file is its own root; a directory's entries stand under one common name, which gives them one root. */
async function* candidates(
  path: string,
  report: (change: AddProgress) => void,
  signal: AbortSignal,
): AsyncGenerator<ImportCandidate> {
  const stat = await lstat(path)
  if (!stat.isDirectory()) yield { content: await contentOf(path, report, signal) }
  else yield* entriesOf(path, 'root', report, signal)
}

async function* entriesOf(
  dir: string,
  name: string,
  report: (change: AddProgress) => void,
  signal: AbortSignal,
): AsyncGenerator<ImportCandidate> {
  yield { path: name }
  const entries = await readdir(dir, { encoding: 'buffer', withFileTypes: true })
  for (const entry of entries.sort((a, b) => Buffer.compare(a.name, b.name))) {
    const child = entry.name.toString()
    if (!Buffer.from(child).equals(entry.name)) throw new PathRefused(`${join(dir, child)}: the name is not UTF-8`)
    if (child.includes('\\')) throw new PathRefused(`${join(dir, child)}: the name has a backslash`)
    if (entry.isDirectory()) yield* entriesOf(join(dir, child), `${name}/${child}`, report, signal)
    else yield { path: `${name}/${child}`, content: await contentOf(join(dir, child), report, signal) }
  }
}

async function contentOf(
  file: string,
  report: (change: AddProgress) => void,
  signal: AbortSignal,
): Promise<AsyncIterable<Uint8Array>> {
  const stat = await lstat(file)
  if (stat.isSymbolicLink()) {
    throw new PathRefused(`${file}: a symbolic link`, { hint: 'copy what it points to, or leave it out' })
  }
  if (!stat.isFile()) throw new PathRefused(`${file}: a file or a directory, got a device, a pipe or a socket`)

  return (async function* () {
    for await (const chunk of createReadStream(file, { highWaterMark: 256 * 1024, signal })) {
      report({ files: 0, bytes: BigInt((chunk as Buffer).byteLength) })
      yield chunk as Buffer
    }
    report({ files: 1, bytes: 0n })
  })()
}
