import { expect } from 'chai'
import fc from 'fast-check'
import { describe, it } from 'mocha'
import { AggregateImpossible, aggregateSize, buildAggregate, segmentOffsets } from '../../../oracle/proofs/aggregate.ts'
import { computePiece } from '../../../oracle/proofs/commP.ts'
import { indexAreaStart, segmentDescriptor, verifyInclusion } from '../../../oracle/proofs/inclusion.ts'
import type { Piece } from '../../../oracle/proofs/piece.ts'

describe('buildAggregate', () => {
  it('proves every piece of every mix of sizes against one aggregate', () => {
    const sizes = fc.array(fc.integer({ min: 7, max: 22 }), { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(sizes, (heights) => {
        const pieces = heights.map((height, at) => somePiece(1n << BigInt(height), at))
        const { aggregate, inclusions } = buildAggregate(pieces)
        expect(aggregate.size).to.equal(aggregateSize(pieces))
        inclusions.forEach((inclusion, at) => {
          expect(verifyInclusion(pieces[at], inclusion)).to.deep.equal(aggregate)
        })
      }),
      { numRuns: 40 },
    )
  })

  it('gives the same piece, given twice, two proofs of its two places', () => {
    const piece = somePiece(1024n, 1)
    const { aggregate, inclusions } = buildAggregate([piece, piece])
    expect(inclusions.map(({ subtree }) => subtree.index)).to.deep.equal([0n, 1n])
    for (const inclusion of inclusions) expect(verifyInclusion(piece, inclusion)).to.deep.equal(aggregate)
  })

  it('has the root that CommP finds over the real bytes of segments and index', async () => {
    const payloads = [200, 5000, 1000].map((length, at) => new Uint8Array(length).map((_, i) => i * 7 + at))
    const pieces = await Promise.all(payloads.map((payload) => computePiece(streamOf(payload))))
    const { aggregate } = buildAggregate(pieces)

    const bytes = Buffer.alloc(Number(aggregate.size / 128n) * 127)
    const offsets = segmentOffsets(pieces)
    payloads.forEach((payload, at) => bytes.set(payload, Number(offsets[at] / 128n) * 127))
    const index = Buffer.alloc(Number(aggregate.size - indexAreaStart(aggregate.size)))
    pieces.forEach((piece, at) => index.set(segmentDescriptor(piece, offsets[at]), at * 64))
    bytes.set(unpadFr32(index), Number(indexAreaStart(aggregate.size) / 128n) * 127)

    const { digest, size } = await computePiece(streamOf(bytes))
    expect({ digest, size }).to.deep.equal(aggregate)
  })

  it('refuses no pieces, too many pieces, and sizes that do not fit', () => {
    const piece = somePiece(1024n, 1)
    expect(() => buildAggregate([])).to.throw(AggregateImpossible, '0 pieces')
    expect(() => buildAggregate(Array<Piece>(5).fill(piece), 1n << 19n)).to.throw(AggregateImpossible, '5 pieces')
    expect(() => buildAggregate([piece], 1024n)).to.throw(AggregateImpossible, '1024 bytes')
    expect(() => buildAggregate([piece], 3000n)).to.throw(AggregateImpossible, '3000 bytes')
    expect(() => buildAggregate([somePiece(1n << 35n, 1)])).to.throw(AggregateImpossible, '1 pieces')
  })
})

describe('segmentOffsets', () => {
  it('begins each piece at a multiple of its own size', () => {
    const pieces = [128n, 512n, 256n].map(somePiece)
    expect(segmentOffsets(pieces)).to.deep.equal([0n, 512n, 1024n])
  })
})

function somePiece(size: bigint, seed: number): Piece {
  return { digest: new Uint8Array(32).map((_, i) => (i === 31 ? 1 : i + seed)), size }
}

async function* streamOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

/** The inverse of fr32 padding: each 32-byte element carries 254 bits, least significant first. */
function unpadFr32(padded: Uint8Array): Uint8Array {
  const out = new Uint8Array((padded.length / 128) * 127)
  let bit = 0
  for (let i = 0; i < padded.length * 8; i++) {
    if (i % 256 >= 254) continue
    if ((padded[i >> 3] >> (i & 7)) & 1) out[bit >> 3] |= 1 << (bit & 7)
    bit++
  }
  return out
}
