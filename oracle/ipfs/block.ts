import * as dagCbor from '@ipld/dag-cbor'
import * as dagJson from '@ipld/dag-json'
import * as dagPb from '@ipld/dag-pb'
import * as cborg from 'cborg'
import { Tokenizer } from 'cborg/json'
import { CID } from 'multiformats/cid'
import * as raw from 'multiformats/codecs/raw'
import { BLOCK_HASHES, blockMatches, IDENTITY, isKnownHash, MIN_DIGEST_BYTES } from '../proofs/block-hash.ts'
import { BadBlock, DagTooLarge } from './errors.ts'
import { MAX_BLOCK_BYTES, MAX_IDENTITY_BYTES } from './limits.ts'

const HASH_NAMES = BLOCK_HASHES.map(({ name }) => name).join(', ')

const LINKS = new Map<number, (bytes: Uint8Array) => CID[]>([
  [raw.code, () => []],
  [dagPb.code, (bytes) => dagPb.decode(bytes).Links.map((link) => link.Hash)],
  [dagCbor.code, dagCborLinks],
  [dagJson.code, dagJsonLinks],
])

/** Whether the CID carries its block in itself: such a block is never fetched, stored or written to a CAR. */
export function isInline(cid: CID): boolean {
  return cid.multihash.code === IDENTITY
}

/**
 * Refuses what could not be checked or read once it was here.
 * @throws {BadBlock} codec or hash unknown, identity digest over {@link MAX_IDENTITY_BYTES}, another cut too short
 */
export function requireReadable(cid: CID): void {
  const { code, digest } = cid.multihash
  if (!LINKS.has(cid.code)) {
    throw new BadBlock(`${cid}: codec 0x${cid.code.toString(16)}, expected dag-pb, raw, dag-cbor or dag-json`)
  }
  if (!isKnownHash(code)) {
    throw new BadBlock(`${cid}: hash 0x${code.toString(16)}, expected ${HASH_NAMES} or identity`)
  }
  if (code !== IDENTITY && digest.byteLength < MIN_DIGEST_BYTES) {
    throw new BadBlock(`${cid}: digest of at least ${MIN_DIGEST_BYTES} bytes, got ${digest.byteLength}`)
  }
  if (code === IDENTITY && digest.byteLength > MAX_IDENTITY_BYTES) {
    throw new BadBlock(`${cid}: identity digest of at most ${MAX_IDENTITY_BYTES} bytes, got ${digest.byteLength}`)
  }
}

/**
 * @throws {DagTooLarge} larger than {@link MAX_BLOCK_BYTES}
 * @throws {BadBlock} the bytes do not hash to the CID
 */
export function requireHash(cid: CID, bytes: Uint8Array): void {
  if (bytes.byteLength > MAX_BLOCK_BYTES) {
    throw new DagTooLarge(`${cid}: a block of at most ${MAX_BLOCK_BYTES} bytes, got ${bytes.byteLength}`)
  }
  if (!blockMatches(cid, bytes)) throw new BadBlock(`${cid}: ${bytes.byteLength} bytes came that hash to another CID`)
}

/**
 * The CIDs that a block links to, in the order of its bytes, repetitions included.
 * @throws {BadBlock} the bytes are not valid in the CID's codec
 */
export function linksOf(cid: CID, bytes: Uint8Array): CID[] {
  const links = LINKS.get(cid.code)
  if (links === undefined) throw new BadBlock(`${cid}: codec 0x${cid.code.toString(16)} is not known`)
  try {
    return links(bytes)
  } catch (cause) {
    throw new BadBlock(`${cid}: not valid in its codec (${(cause as Error).message})`, { cause })
  }
}

// A decoded object would list keys that look like integers first: links are collected while decoding.
function dagCborLinks(bytes: Uint8Array): CID[] {
  const links: CID[] = []
  const decodeLink = dagCbor.decodeOptions.tags[42]!
  const tags = {
    42: (decode: cborg.TagDecodeControl) => {
      const link = decodeLink(decode) as CID
      links.push(link)
      return link
    },
  }
  cborg.decode(bytes, { ...dagCbor.decodeOptions, tags })
  return links
}

// {"/":"<cid>"} is a link, {"/":{"bytes":…}} is not.
function dagJsonLinks(bytes: Uint8Array): CID[] {
  dagJson.decode(bytes)

  const links: CID[] = []
  const tokens = new Tokenizer(bytes)
  let previous: { type: string; value: unknown }[] = []
  while (!tokens.done()) {
    const token = tokens.next()
    previous = [...previous.slice(-2), { type: token.type.name, value: token.value }]
    const [open, key, value] = previous
    if (open?.type === 'map' && key?.value === '/' && value?.type === 'string') {
      links.push(CID.parse(String(value.value)))
    }
  }
  return links
}
