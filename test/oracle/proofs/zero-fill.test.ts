import { expect } from 'chai'
import { describe, it } from 'mocha'
import { computePiece } from '../../../oracle/proofs/commP.ts'
import { fillsUp, zeroFill } from '../../../oracle/proofs/zero-fill.ts'

const PAYLOAD = Buffer.alloc(200, 'payload')

async function* bytes(...parts: Buffer[]): AsyncGenerator<Uint8Array> {
  yield* parts
}

describe('zeroFill', () => {
  for (const size of [512n, 1024n, 8192n]) {
    it(`gives the piece that zeros up to ${size} bytes would`, async () => {
      const small = await computePiece(bytes(PAYLOAD))
      const room = Number((size / 128n) * 127n)
      const whole = await computePiece(bytes(PAYLOAD, Buffer.alloc(room - PAYLOAD.length)))

      expect(small.size).to.equal(256n)
      expect(zeroFill(small, size)).to.deep.equal({ digest: whole.digest, size: whole.size })
    })
  }

  it('leaves a piece of that size as it is', async () => {
    const { digest, size } = await computePiece(bytes(PAYLOAD))

    expect(zeroFill({ digest, size }, size)).to.deep.equal({ digest, size })
  })

  for (const size of [128n, 255n, 300n]) {
    it(`refuses ${size} bytes for a piece of 256`, async () => {
      const piece = await computePiece(bytes(PAYLOAD))

      expect(() => zeroFill(piece, size)).to.throw(`expected a padded size of at least 256 bytes, got ${size}`)
    })
  }
})

describe('fillsUp', () => {
  it('takes the ordered piece, and one that zeros make to it', async () => {
    const { digest, size } = await computePiece(bytes(PAYLOAD))

    expect(fillsUp({ digest, size }, { digest, size })).to.equal(true)
    expect(fillsUp({ digest, size }, zeroFill({ digest, size }, 1024n))).to.equal(true)
  })

  it('takes no other piece, and none that is larger', async () => {
    const piece = await computePiece(bytes(PAYLOAD))
    const other = await computePiece(bytes(Buffer.alloc(200, 'another')))

    expect(fillsUp(other, zeroFill(piece, 1024n))).to.equal(false)
    expect(fillsUp(zeroFill(piece, 1024n), piece)).to.equal(false)
  })
})
