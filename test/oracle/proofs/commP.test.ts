import { expect } from 'chai'
import { Piece as SegmentPiece } from '@web3-storage/data-segment'
import fc from 'fast-check'
import { describe, it } from 'mocha'
import { PayloadEmpty, computePiece } from '../../../oracle/proofs/commP.ts'

/** The root of the piece of 127 zero bytes, 128 bytes padded (FRC-0069). */
const ZERO_128 = '3731bb99ac689f66eef5973e4a94da188f4ddcae580724fc6f3fd60dfd488333'

describe('computePiece', () => {
  it('pads the smallest payloads to a piece of 128 bytes', async () => {
    for (const length of [1, 64, 65, 127]) {
      const { digest, size, payloadBytes } = await computePiece(chunked(new Uint8Array(length), length))
      expect(Buffer.from(digest).toString('hex')).to.equal(ZERO_128)
      expect(size).to.equal(128n)
      expect(payloadBytes).to.equal(BigInt(length))
    }
  })

  it('doubles the piece when one byte more than it holds comes', async () => {
    const sizes = await Promise.all(
      [127, 128, 254, 255].map(async (n) => (await computePiece(chunked(new Uint8Array(n), 100))).size),
    )
    expect(sizes).to.deep.equal([128n, 256n, 256n, 512n])
  })

  it('is the same for every way of cutting the stream, and the same as another implementation finds', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ minLength: 65, maxLength: 3000 }),
        fc.integer({ min: 1, max: 700 }),
        async (payload, chunk) => {
          const { digest, size } = await computePiece(chunked(payload, chunk))
          const other = SegmentPiece.fromPayload(payload)
          expect(Buffer.compare(digest, other.root)).to.equal(0)
          expect(size).to.equal(BigInt(other.size))
        },
      ),
      { numRuns: 50 },
    )
  })

  it('lets the event loop turn while it hashes', async () => {
    let turns = 0
    const timer = setInterval(() => turns++, 1)
    await computePiece(chunked(new Uint8Array(4 << 20), 4 << 20))
    clearInterval(timer)
    expect(turns).to.be.greaterThan(3)
  })

  it('stops when its signal aborts', async () => {
    const stop = new AbortController()
    const hashing = computePiece(chunked(new Uint8Array(8 << 20), 1 << 20), stop.signal)
    stop.abort(new Error('enough'))
    expect(await hashing.catch((error: Error) => error.message)).to.equal('enough')
  })

  it('refuses an empty stream', async () => {
    const error = await computePiece(chunked(new Uint8Array(0), 1)).catch((e: unknown) => e)
    expect(error).to.be.instanceOf(PayloadEmpty)
  })
})

async function* chunked(bytes: Uint8Array, chunk: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += chunk) yield bytes.subarray(at, at + chunk)
}
