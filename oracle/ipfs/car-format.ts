import * as dagCbor from '@ipld/dag-cbor'
import { varint } from 'multiformats'
import type { CID } from 'multiformats/cid'

/** The CARv1 header with one root. Source: ipld.io/specs/transport/car/carv1. */
export function headerBytes(root: CID): Uint8Array {
  const header = dagCbor.encode({ version: 1, roots: [root] })
  const prefix = varint.encodeTo(header.byteLength, new Uint8Array(varint.encodingLength(header.byteLength)))
  return Buffer.concat([prefix, header])
}

/** What precedes a block's bytes in a CARv1: the section's length, then the CID. */
export function sectionPrefix(cid: CID, blockBytes: number): Uint8Array {
  const length = cid.bytes.byteLength + blockBytes
  const prefix = varint.encodeTo(length, new Uint8Array(varint.encodingLength(length)))
  return Buffer.concat([prefix, cid.bytes])
}

/** Size of a block's whole section in a CARv1, bytes. */
export function sectionBytes(cid: CID, blockBytes: number): bigint {
  const length = cid.bytes.byteLength + blockBytes
  return BigInt(varint.encodingLength(length) + length)
}
