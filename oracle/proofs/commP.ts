import { setImmediate as yieldToEventLoop } from 'node:timers/promises'
import { create } from 'fr32-sha2-256-trunc254-padded-binary-tree-multihash'
import { PermanentError } from '../errors.ts'
import { parsePieceCid } from './piece-cid.ts'
import type { Piece } from './piece.ts'

/** About 6 ms of hashing: the event loop gets its turn at least that often. */
const SLICE_BYTES = 256 * 1024
/** CIDv1 and the raw codec, in front of the multihash that the hasher writes: a piece CID v2 (FRC-0069). */
const CID_V2_PREFIX = Uint8Array.of(0x01, 0x55)

export class PayloadEmpty extends PermanentError {}

/**
 * CommP of a stream of bytes: fr32 padding, then a binary tree of truncated SHA-256 over the zero-filled piece.
 * Holds no payload (memory does not grow with the stream), yields to the event loop while it hashes.
 * @throws {PayloadEmpty} A piece needs at least one byte.
 */
export async function computePiece(
  bytes: AsyncIterable<Uint8Array>,
  signal?: AbortSignal,
): Promise<Piece & { payloadBytes: bigint }> {
  const hasher = create()
  try {
    for await (const chunk of bytes) {
      for (let at = 0; at < chunk.length; at += SLICE_BYTES) {
        signal?.throwIfAborted()
        hasher.write(chunk.subarray(at, at + SLICE_BYTES))
        await yieldToEventLoop()
      }
    }
    const payloadBytes = hasher.count()
    if (payloadBytes === 0n) throw new PayloadEmpty('there is no piece of zero bytes', { reason: 'BadContent' })

    const cid = new Uint8Array(CID_V2_PREFIX.length + hasher.multihashByteLength())
    cid.set(CID_V2_PREFIX)
    hasher.digestInto(cid, CID_V2_PREFIX.length, true)
    const { digest, size } = parsePieceCid(cid)
    return { digest, size: size!, payloadBytes }
  } finally {
    hasher.free()
  }
}
