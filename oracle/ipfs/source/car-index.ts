import type { FileHandle } from 'node:fs/promises'
import * as dagCbor from '@ipld/dag-cbor'
import { varint } from 'multiformats'
import { CID } from 'multiformats/cid'
import { BadBlock, DagTooLarge } from '../errors.ts'
import { MAX_BLOCK_BYTES } from '../limits.ts'

/** Where the blocks of a CAR file are: nothing but offsets is kept in memory. */
export interface CarIndex {
  /** Blocks found, each once. */
  readonly size: number
  /** The block's bytes, unchecked; undefined where the file does not have it whole. */
  read(cid: CID): Promise<Uint8Array | undefined>
}

const MAX_HEADER_BYTES = 64 * 1024
const V2_PREFIX_BYTES = 11
const V2_HEADER_BYTES = 40

/**
 * Indexes a CARv1 or CARv2 file; one that was cut off gives the blocks before the cut.
 * Source: ipld.io/specs/transport/car.
 * @throws {BadBlock} not a CAR
 * @throws {DagTooLarge} more than `maxBlocks` blocks
 * @throws the signal's reason: one small block may stand in a CAR millions of times
 */
export async function indexCar(file: FileHandle, maxBlocks: number, signal: AbortSignal): Promise<CarIndex> {
  const reader = await payloadOf(file)
  const places = new Map<string, { offset: number; length: number }>()

  while (true) {
    signal.throwIfAborted()
    const section = await reader.prefix()
    if (section === undefined || section.length === 0) break // the end, or the zeros that some pad with
    const start = reader.offset
    const cid = await reader.cid(section.length)
    if (cid === undefined) break

    const end = start + section.length
    if (end > reader.end) break
    places.set(keyOf(cid), { offset: reader.offset, length: end - reader.offset })
    if (places.size > maxBlocks) throw new DagTooLarge(`a CAR of at most ${maxBlocks} blocks, got more`)
    reader.offset = end
  }

  return {
    size: places.size,
    async read(cid) {
      const place = places.get(keyOf(cid))
      if (place === undefined) return undefined
      if (place.length > MAX_BLOCK_BYTES) {
        throw new DagTooLarge(`${cid}: a block of at most ${MAX_BLOCK_BYTES} bytes, got ${place.length}`)
      }
      return readAt(file, place.offset, place.length)
    },
  }
}

async function payloadOf(file: FileHandle): Promise<CarReader> {
  const { size } = await file.stat()
  const reader = new CarReader(file, 0, size)
  if ((await reader.version()) === 1) return reader

  const header = await readAt(file, V2_PREFIX_BYTES, V2_HEADER_BYTES)
  if (header.byteLength < V2_HEADER_BYTES) throw new BadBlock('a CARv2 header, got its beginning alone')
  const [offset, length] = [Number(header.readBigUInt64LE(16)), Number(header.readBigUInt64LE(24))]
  if (offset >= size) throw new BadBlock(`a CARv1 inside a CARv2 of ${size} bytes, got one at byte ${offset}`)
  const payload = new CarReader(file, offset, Math.min(size, offset + length))
  if ((await payload.version()) !== 1) throw new BadBlock('a CARv1 inside a CARv2, got another version')
  return payload
}

class CarReader {
  offset: number
  readonly end: number
  readonly #file: FileHandle

  constructor(file: FileHandle, offset: number, end: number) {
    this.#file = file
    this.offset = offset
    this.end = end
  }

  /** Reads the header and stands after it. */
  async version(): Promise<1 | 2> {
    const header = await this.prefix()
    if (header === undefined || header.length === 0 || header.length > MAX_HEADER_BYTES) {
      throw new BadBlock(`a CAR header of at most ${MAX_HEADER_BYTES} bytes, got ${header?.length ?? 'nothing'}`)
    }
    const { version } = decodeHeader(await readAt(this.#file, this.offset, header.length))
    if (version !== 1 && version !== 2) throw new BadBlock(`a CAR of version 1 or 2, got ${String(version)}`)
    this.offset += header.length
    return version
  }

  /** The length before a header or a section; undefined at the end. */
  async prefix(): Promise<{ length: number } | undefined> {
    const bytes = await this.#peek(10)
    if (bytes.byteLength === 0) return undefined
    try {
      const [length, used] = varint.decode(bytes)
      this.offset += used
      return { length }
    } catch (cause) {
      if (bytes.byteLength < 10) return undefined // cut off inside the number
      throw new BadBlock(`a CAR section's length at byte ${this.offset}, got none`, { cause })
    }
  }

  /** The CID at the start of a section; undefined where the file was cut off inside it. */
  async cid(sectionLength: number): Promise<CID | undefined> {
    const bytes = await this.#peek(Math.min(sectionLength, 256))
    try {
      const [cid, rest] = CID.decodeFirst(bytes)
      this.offset += bytes.byteLength - rest.byteLength
      return cid
    } catch (cause) {
      if (bytes.byteLength < Math.min(sectionLength, 256)) return undefined
      throw new BadBlock(`a CID at byte ${this.offset} of the CAR, got none`, { cause })
    }
  }

  async #peek(length: number): Promise<Uint8Array> {
    return readAt(this.#file, this.offset, Math.max(0, Math.min(length, this.end - this.offset)))
  }
}

function decodeHeader(bytes: Uint8Array): { version?: unknown } {
  try {
    return dagCbor.decode<{ version?: unknown }>(bytes) ?? {}
  } catch (cause) {
    throw new BadBlock('a CAR, got something else', { cause })
  }
}

async function readAt(file: FileHandle, offset: number, length: number): Promise<Buffer> {
  const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, offset)
  return buffer.subarray(0, bytesRead)
}

// By multihash: a block is the same whichever CID version names it.
function keyOf(cid: CID): string {
  return Buffer.from(cid.multihash.bytes).toString('latin1')
}
