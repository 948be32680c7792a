import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import * as dagCbor from '@ipld/dag-cbor'
import { varint } from 'multiformats'
import { CID } from 'multiformats/cid'
import { PermanentError } from '../errors.ts'
import { blockMatches } from './block-hash.ts'
import { createByteReader } from './byte-reader.ts'
import type { ByteReader } from './byte-reader.ts'

/** A CAR's header is a few CIDs; one that claims more is not read into memory. */
const MAX_HEADER_BYTES = 64 * 1024
/** The largest section other implementations accept (go-car's default). */
const MAX_SECTION_BYTES = 8 * 1024 * 1024
/** Small blocks are gathered into writes of this size. */
const WRITE_BYTES = 256 * 1024

export interface CarBlock {
  cid: CID
  bytes: Uint8Array
}

/** A block and where its bytes lie in the CAR. */
export interface LocatedBlock extends CarBlock {
  /** First byte of the block, counted from the CAR's first byte. */
  offset: number
}

export class CarInvalid extends PermanentError {
  constructor(message: string, cause?: unknown) {
    super(`not a CAR that can be read: ${message}`, { reason: 'BadContent', cause })
  }
}

/**
 * Reads a CARv1: its roots at once, its blocks as they stream by, each checked against its CID.
 * Holds one section at a time (at most 8 MiB). The blocks can be iterated once.
 * @throws {CarInvalid} Also from the iteration: broken framing, an unknown hash function, or bytes that are not their CID's.
 */
export async function readCar(
  source: AsyncIterable<Uint8Array>,
): Promise<{ roots: CID[]; blocks: AsyncIterable<LocatedBlock> }> {
  const reader = createByteReader(source, (what) => new CarInvalid(what))
  try {
    return { roots: await readHeader(reader), blocks: readBlocks(reader) }
  } catch (error) {
    await reader.close()
    throw error
  }
}

async function readHeader(reader: ByteReader): Promise<CID[]> {
  const length = await reader.varint()
  if (length === undefined) throw new CarInvalid('it is empty')
  if (length === 0 || length > MAX_HEADER_BYTES) throw new CarInvalid(`a header of ${length} bytes`)
  return decodeHeader(await reader.exactly(length))
}

async function* readBlocks(reader: ByteReader): AsyncGenerator<LocatedBlock> {
  try {
    for (;;) {
      const sectionBytes = await reader.varint()
      if (sectionBytes === undefined) return
      if (sectionBytes === 0 || sectionBytes > MAX_SECTION_BYTES) {
        throw new CarInvalid(`a section of ${sectionBytes} bytes at byte ${reader.offset}`)
      }
      const start = reader.offset
      const [cid, bytes] = splitSection(await reader.exactly(sectionBytes), start)
      if (!blockMatches(cid, bytes)) throw new CarInvalid(`the block at byte ${start} is not what ${cid} names`)
      yield { cid, bytes, offset: start + (sectionBytes - bytes.length) }
    }
  } finally {
    await reader.close()
  }
}

/**
 * Writes a CARv1 with one root, block by block, and returns its size in bytes. The file appears under its name only when it is
 * whole and on disk.
 */
export async function writeCar(
  root: CID,
  blocks: AsyncIterable<CarBlock> | Iterable<CarBlock>,
  file: string,
  signal?: AbortSignal,
): Promise<bigint> {
  const part = `${file}.part`
  let written = 0n
  async function* bytes(): AsyncGenerator<Uint8Array> {
    let pending: Uint8Array[] = [carHeader(root)]
    let pendingBytes = pending[0]!.length
    for await (const block of blocks) {
      const prefix = sectionPrefix(block.cid, block.bytes.length)
      pending.push(prefix, block.bytes)
      pendingBytes += prefix.length + block.bytes.length
      if (pendingBytes >= WRITE_BYTES) {
        written += BigInt(pendingBytes)
        yield Buffer.concat(pending)
        pending = []
        pendingBytes = 0
      }
    }
    written += BigInt(pendingBytes)
    if (pendingBytes > 0) yield Buffer.concat(pending)
  }

  try {
    await pipeline(bytes, createWriteStream(part, { flush: true }), { signal })
    await rename(part, file)
  } catch (cause) {
    await rm(part, { force: true })
    throw cause
  }
  return written
}

/** Size in bytes of a CARv1 with one root, from its blocks' CIDs and lengths. */
export function carSize(root: CID, blocks: Iterable<{ cid: CID; length: number }>): bigint {
  let size = BigInt(carHeader(root).length)
  for (const { cid, length } of blocks) size += carSectionSize(cid, length)
  return size
}

/** Bytes that one block adds to a CAR: the section's length, its CID and the block. */
export function carSectionSize(cid: CID, blockBytes: number): bigint {
  const section = cid.bytes.length + blockBytes
  return BigInt(varint.encodingLength(section) + section)
}

/** The header of a CARv1 with one root, its length in front. */
export function carHeader(root: CID): Uint8Array {
  const header = dagCbor.encode({ roots: [root], version: 1 })
  const prefix = new Uint8Array(varint.encodingLength(header.length))
  varint.encodeTo(header.length, prefix)
  return Buffer.concat([prefix, header])
}

function sectionPrefix(cid: CID, blockBytes: number): Uint8Array {
  const section = cid.bytes.length + blockBytes
  const prefix = new Uint8Array(varint.encodingLength(section) + cid.bytes.length)
  varint.encodeTo(section, prefix)
  prefix.set(cid.bytes, varint.encodingLength(section))
  return prefix
}

function decodeHeader(bytes: Uint8Array): CID[] {
  let header: { version?: unknown; roots?: unknown }
  try {
    header = dagCbor.decode(bytes)
  } catch (cause) {
    throw new CarInvalid('the header is not DAG-CBOR', cause)
  }
  if (header?.version !== 1) throw new CarInvalid(`version ${String(header?.version)}; only CARv1 is read`)
  if (!Array.isArray(header.roots) || header.roots.length === 0) throw new CarInvalid('the header names no root')
  return header.roots.map((root) => {
    const cid = CID.asCID(root)
    if (!cid) throw new CarInvalid('a root is not a CID')
    return cid
  })
}

function splitSection(section: Uint8Array, start: number): [CID, Uint8Array] {
  try {
    return CID.decodeFirst(section)
  } catch (cause) {
    throw new CarInvalid(`no CID at byte ${start}`, cause)
  }
}
