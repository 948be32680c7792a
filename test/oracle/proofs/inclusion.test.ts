import { expect } from 'chai'
import fc from 'fast-check'
import { describe, it } from 'mocha'
import { InclusionInvalid, indexAreaStart, maxIndexEntries, verifyInclusion } from '../../../oracle/proofs/inclusion.ts'
import type { Inclusion, InclusionRule } from '../../../oracle/proofs/inclusion.ts'
import { PieceInvalid } from '../../../oracle/proofs/piece.ts'
import type { Piece } from '../../../oracle/proofs/piece.ts'
import { VECTOR_NAMES, readVector } from './vectors.ts'

const vectors = VECTOR_NAMES.map(readVector)

describe('verifyInclusion', () => {
  for (const { name, piece, aggregate, inclusion } of vectors) {
    describe(`real proof ${name}`, () => {
      it('leads to the aggregate that the Edge node named', () => {
        expect(verifyInclusion(piece, inclusion)).to.deep.equal(aggregate)
      })

      it('is refused with its two paths swapped', () => {
        refused(piece, { subtree: inclusion.entry, entry: inclusion.subtree })
      })

      it('is refused with any bit of any path node flipped', () => {
        const nodes = inclusion.subtree.path.length + inclusion.entry.path.length
        fc.assert(
          fc.property(fc.nat(nodes - 1), fc.nat(31), fc.nat(7), (node, byte, bit) => {
            const forged = structuredClone(inclusion)
            const target = [...forged.subtree.path, ...forged.entry.path][node]
            target[byte] ^= 1 << bit
            expect(refused(piece, forged)).to.equal('RootMismatch')
          }),
          { numRuns: 60 },
        )
      })

      it('is refused with an index off by one', () => {
        for (const delta of [1n, -1n]) {
          for (const path of ['subtree', 'entry'] as const) {
            const forged = structuredClone(inclusion)
            forged[path].index += delta
            refused(piece, forged)
          }
        }
      })

      it('is refused with the piece size doubled or halved', () => {
        expect(refused({ ...piece, size: piece.size * 2n }, inclusion)).to.equal('SizeMismatch')
        expect(refused({ ...piece, size: piece.size / 2n }, inclusion)).to.equal('SizeMismatch')
      })

      it('is refused for the pieces of the other proofs', () => {
        for (const other of vectors.filter((vector) => vector.name !== name)) {
          refused({ ...piece, digest: other.piece.digest }, inclusion)
        }
      })

      it('is refused with a path one node longer or shorter', () => {
        for (const path of ['subtree', 'entry'] as const) {
          const shorter = structuredClone(inclusion)
          shorter[path].path.pop()
          refused(piece, shorter)
          const longer = structuredClone(inclusion)
          longer[path].path.push(new Uint8Array(32))
          expect(refused(piece, longer)).to.equal('SizeMismatch')
        }
      })
    })
  }

  const { piece, inclusion } = vectors[0]

  it('refuses a path of more than 30 nodes', () => {
    const forged = { ...inclusion, subtree: { index: 0n, path: Array(31).fill(new Uint8Array(32)) } }
    expect(refused(piece, forged)).to.equal('PathTooLong')
  })

  it('refuses a path node that is not 32 bytes', () => {
    const forged = structuredClone(inclusion)
    forged.entry.path[3] = new Uint8Array(31)
    expect(refused(piece, forged)).to.equal('NodeLength')
  })

  it('refuses an index that is negative or does not fit its path', () => {
    for (const index of [-1n, 1n << BigInt(inclusion.subtree.path.length)]) {
      expect(refused(piece, { ...inclusion, subtree: { ...inclusion.subtree, index } })).to.equal('IndexOutOfRange')
    }
  })

  it('refuses an aggregate of 2^64 bytes', () => {
    const path = Array(30).fill(new Uint8Array(32))
    const forged = { subtree: { index: 0n, path }, entry: { index: 0n, path } }
    expect(refused({ ...piece, size: 1n << 34n }, forged)).to.equal('AggregateTooLarge')
  })

  it('refuses an entry outside the index area', () => {
    const entry = { ...inclusion.entry, index: inclusion.entry.index & 0xffffn }
    expect(refused(piece, { ...inclusion, entry })).to.equal('EntryOutsideIndex')
  })

  it('refuses what cannot be a piece', () => {
    for (const size of [0n, 64n, 127n, 129n, -128n]) {
      expect(() => verifyInclusion({ ...piece, size }, inclusion)).to.throw(PieceInvalid, `not ${size}`)
    }
    expect(() => verifyInclusion({ ...piece, digest: new Uint8Array(31) }, inclusion)).to.throw(PieceInvalid, 'has 31')
  })
})

describe('maxIndexEntries', () => {
  it('is 2^⌈log2(size / 2048 / 64)⌉ and at least 4', () => {
    expect(maxIndexEntries(128n)).to.equal(4n)
    expect(maxIndexEntries(1n << 19n)).to.equal(4n)
    expect(maxIndexEntries(1n << 20n)).to.equal(8n)
    expect(maxIndexEntries(1n << 35n)).to.equal(1n << 18n)
  })

  it('places the index at the end of the aggregate', () => {
    expect(indexAreaStart(1n << 20n)).to.equal((1n << 20n) - 8n * 64n)
    expect(() => indexAreaStart(1000n)).to.throw(RangeError, '1000')
  })
})

function refused(piece: Piece, inclusion: Inclusion): InclusionRule {
  try {
    verifyInclusion(piece, inclusion)
  } catch (error) {
    expect(error).to.be.instanceOf(InclusionInvalid)
    return (error as InclusionInvalid).rule
  }
  throw new Error('the forged proof was accepted')
}
