import { createHash, randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import * as dagPb from '@ipld/dag-pb'
import type { CID } from 'multiformats/cid'
import * as raw from 'multiformats/codecs/raw'
import { PermanentError } from '../errors.ts'
import { BadBlock, CidUnreachable, ContentDiffers } from './errors.ts'
import type { UrlLimits } from './limits.ts'
import { download } from './source/download.ts'
import type { HttpClient } from './source/http-get.ts'
import type { Store } from './store.ts'
import { importFile, UNIXFS_PROFILES, type UnixfsProfile } from './unixfs-profile.ts'

const SHA2_256 = 0x12

export interface UrlContext {
  store: Store
  http: HttpClient
}

export interface UrlRequest {
  /** What the URL's bytes must be. */
  cid: CID
  url: URL
  limits: UrlLimits
  signal: AbortSignal
}

/**
 * Gets the file behind a URL, checks that it is the CID, and pins it: as one block where the CID is raw, cut as the
 * {@link UNIXFS_PROFILES | profile} that gives the CID does it where it is UnixFS. It is always fetched, also when the content is
 * here: that the URL serves it is what is asked.
 * @returns the file's size, bytes
 * @throws {CidUnreachable} no answer 200, or not all of it within `limits.timeoutMs`
 * @throws {DagTooLarge} more than `limits.maxBytes`, said or sent
 * @throws {ContentDiffers | BadBlock | PrivateAddress} never will
 */
export async function fetchUrl({ store, http }: UrlContext, request: UrlRequest): Promise<bigint> {
  const { cid, url, limits } = request
  requireFile(cid)
  const deadline = AbortSignal.timeout(limits.timeoutMs)
  const signal = AbortSignal.any([request.signal, deadline])
  const file = join(store.scratchDir, `${randomUUID()}.file`)
  try {
    const answer = await http.get(url, '*/*', signal)
    const cutOff = await download(answer, file, limits.maxBytes, signal)
    if (cutOff) throw new CidUnreachable(`${url}: the download broke off (${cutOff.message})`, { cause: cutOff })

    if (cid.code === raw.code) await keepRaw(store, cid, url, file, signal)
    else await keepUnixfs(store, cid, url, file, signal)
    return BigInt((await stat(file)).size)
  } catch (error) {
    request.signal.throwIfAborted()
    if (!deadline.aborted || error instanceof PermanentError) throw error
    throw new CidUnreachable(`${url}: not all of it came within ${limits.timeoutMs} ms`, { cause: error })
  } finally {
    await rm(file, { force: true })
  }
}

/** @throws {BadBlock} a CID that no file can be checked against */
function requireFile(cid: CID): void {
  if (cid.code !== raw.code && cid.code !== dagPb.code) {
    throw new BadBlock(`${cid}: codec 0x${cid.code.toString(16)}, expected raw or dag-pb (UnixFS) for a file`)
  }
  const { code, digest } = cid.multihash
  if (code !== SHA2_256 || digest.byteLength !== 32) {
    throw new BadBlock(`${cid}: hash 0x${code.toString(16)} of ${digest.byteLength} bytes, expected sha2-256 of 32`)
  }
}

async function keepRaw(store: Store, cid: CID, url: URL, file: string, signal: AbortSignal): Promise<void> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file, { signal })) hash.update(chunk as Buffer)
  const digest = hash.digest()
  if (digest.compare(cid.multihash.digest) !== 0) {
    throw new ContentDiffers(
      `${url}: its bytes hash to ${digest.toString('hex')}, ${cid} is ${Buffer.from(cid.multihash.digest).toString('hex')}`,
    )
  }

  await store.pin(async (draft) => {
    await draft.add(cid)
    await store.keepFile(cid, createReadStream(file))
    return cid
  }, cid)
}

async function keepUnixfs(store: Store, cid: CID, url: URL, file: string, signal: AbortSignal): Promise<void> {
  const profile = await findProfile(cid, file, signal)
  if (profile === undefined) {
    const names = UNIXFS_PROFILES.map(({ name }) => name).join(', ')
    throw new ContentDiffers(`${url}: its bytes are not ${cid} in any of the known UnixFS profiles (${names})`)
  }
  await store.pin(async (draft) => {
    const put = async (block: CID, bytes: Uint8Array) => {
      await draft.add(block)
      await store.keep(block, bytes)
      return block
    }
    await importFile(file, profile, put, signal)
    return cid
  }, cid)
}

/** The profile that makes the CID of the file. A CID of either version means the same root, so only codec and hash count. */
async function findProfile(cid: CID, file: string, signal: AbortSignal): Promise<UnixfsProfile | undefined> {
  const discard = (block: CID) => Promise.resolve(block)
  const likelyFirst = UNIXFS_PROFILES.toSorted(
    (a, b) => Number(b.cidVersion === cid.version) - Number(a.cidVersion === cid.version),
  )
  for (const profile of likelyFirst) {
    const root = await importFile(file, profile, discard, signal)
    if (root.code === cid.code && Buffer.compare(root.multihash.bytes, cid.multihash.bytes) === 0) return profile
  }
  return undefined
}
