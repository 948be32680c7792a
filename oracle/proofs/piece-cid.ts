import { base32 } from 'multiformats/bases/base32'
import { varint } from 'multiformats'
import { PermanentError } from '../errors.ts'
import { NODE_BYTES } from './piece.ts'

/** CIDv1, fil-commitment-unsealed (0xf101), sha2-256-trunc254-padded (0x1012), 32 bytes. */
const V1_HEADER = Uint8Array.of(0x01, 0x81, 0xe2, 0x03, 0x92, 0x20, 0x20)
/** CIDv1, raw (0x55), fr32-sha2-256-trunc254-padded-binary-tree (0x1011): FRC-0069. */
const V2_HEADER = Uint8Array.of(0x01, 0x55, 0x91, 0x20)
/** FRC-0069 stores the tree's height in one byte; a 64-bit size ends at 2^58 nodes of 32 bytes. */
const MAX_HEIGHT = 58

export class PieceCidInvalid extends PermanentError {
  constructor(input: string, expected: string) {
    super(`not a piece CID: ${input}: ${expected}`, {
      reason: 'BadContent',
      hint: 'a piece CID is v1 (baga6ea4seaq…, 39 bytes) or v2 (bafkzcib…, FRC-0069)',
    })
  }
}

/** The binary piece CID v1 of a CommP digest: 39 bytes. */
export function pieceCidBytes(digest: Uint8Array): Uint8Array {
  if (digest.length !== NODE_BYTES) {
    throw new PieceCidInvalid(hex(digest), `the digest has ${digest.length} bytes, not ${NODE_BYTES}`)
  }
  return Uint8Array.from([...V1_HEADER, ...digest])
}

/** The piece CID v1 of a CommP digest as text (`baga6ea4seaq…`). */
export function pieceToCid(digest: Uint8Array): string {
  return base32.encode(pieceCidBytes(digest))
}

/** What a piece CID says; v1 carries no size, v2 carries both the padded size and the payload's size, bytes. */
export interface ParsedPieceCid {
  digest: Uint8Array
  size?: bigint
  payloadBytes?: bigint
}

/** Reads a piece CID v1 or v2 (FRC-0069) from text or bytes. @throws {PieceCidInvalid} */
export function parsePieceCid(input: string | Uint8Array): ParsedPieceCid {
  const shown = typeof input === 'string' ? input : hex(input)
  const bytes = typeof input === 'string' ? decodeText(input) : input

  if (startsWith(bytes, V1_HEADER)) {
    if (bytes.length !== V1_HEADER.length + NODE_BYTES)
      throw new PieceCidInvalid(shown, `${bytes.length} bytes, not 39`)
    return { digest: bytes.slice(V1_HEADER.length) }
  }
  if (startsWith(bytes, V2_HEADER)) return parseV2(bytes, shown)

  throw new PieceCidInvalid(shown, 'codec and hash are not those of a piece')
}

function parseV2(bytes: Uint8Array, shown: string): ParsedPieceCid {
  const [digestLength, lengthBytes] = readVarint(bytes, V2_HEADER.length, shown)
  const digestStart = V2_HEADER.length + lengthBytes
  if (bytes.length !== digestStart + digestLength) {
    throw new PieceCidInvalid(
      shown,
      `the digest has ${bytes.length - digestStart} bytes, its length says ${digestLength}`,
    )
  }

  const [padding, paddingBytes] = readVarint(bytes, digestStart, shown)
  if (digestLength !== paddingBytes + 1 + NODE_BYTES) {
    throw new PieceCidInvalid(shown, `a digest of ${digestLength} bytes is not padding, height and a 32-byte root`)
  }
  const height = bytes[digestStart + paddingBytes]!
  if (height < 2 || height > MAX_HEIGHT) throw new PieceCidInvalid(shown, `height ${height} is outside 2–${MAX_HEIGHT}`)

  const size = BigInt(NODE_BYTES) << BigInt(height)
  const unpadded = (size / 128n) * 127n
  if (BigInt(padding) >= unpadded)
    throw new PieceCidInvalid(shown, `padding ${padding} leaves no payload in ${unpadded} bytes`)

  return { digest: bytes.slice(digestStart + paddingBytes + 1), size, payloadBytes: unpadded - BigInt(padding) }
}

function decodeText(text: string): Uint8Array {
  try {
    return base32.decode(text)
  } catch {
    throw new PieceCidInvalid(text, 'not lower-case base32')
  }
}

function readVarint(bytes: Uint8Array, offset: number, shown: string): [value: number, length: number] {
  try {
    return varint.decode(bytes, offset)
  } catch {
    throw new PieceCidInvalid(shown, `no varint at byte ${offset}`)
  }
}

function startsWith(bytes: Uint8Array, prefix: Uint8Array): boolean {
  return prefix.every((byte, at) => bytes[at] === byte)
}

function hex(bytes: Uint8Array): string {
  return `0x${Buffer.from(bytes).toString('hex')}`
}
