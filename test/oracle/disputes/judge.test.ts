import { expect } from 'chai'
import { AbiCoder, getBytes } from 'ethers'
import { describe, it } from 'mocha'
import {
  JOB,
  encodeFailure,
  encodeFetchedAnswer,
  encodePackedAnswer,
  encodePinnedAnswer,
} from '../../../oracle/chain/jobs.ts'
import { judge, type Found } from '../../../oracle/disputes/judge.ts'
import type { FailReason } from '../../../oracle/errors.ts'

const piece = { digest: new Uint8Array(32).fill(7), size: 2048n }
const other = { digest: new Uint8Array(32).fill(8), size: 2048n }
const PIECE = 'baga6ea4seaqaobyha4dqobyha4dqobyha4dqobyha4dqobyha4dqobyha4dqoby'
const OTHER = 'baga6ea4seaqaqcaibaeaqcaibaeaqcaibaeaqcaibaeaqcaibaeaqcaibaeaqca'

const found = (over: Partial<Found> = {}): Found => ({
  ...{
    job: JOB.STORE,
    maxBytes: 5_000n,
    carBytes: 1_700n,
    sizeBytes: null,
    piece,
    failReason: null,
    votedBefore: true,
  },
  ...over,
})
const NOTHING = { carBytes: null, piece: null, votedBefore: false }
const ok = (stage: number, data: Uint8Array) => ({ stage, ok: true, data })
const failure = (reason: FailReason, stage = 0) => ({ stage, ok: false, data: encodeFailure(reason) })

describe('judge', () => {
  describe('of Pinned', () => {
    it('agrees on the same size', () => {
      expect(judge(found(), ok(0, encodePinnedAnswer(1_700n)))).to.deep.equal({ kind: 'same' })
      expect(judge(found({ job: JOB.PIN, piece: null }), ok(0, encodePinnedAnswer(1_700n)))).to.deep.equal({
        kind: 'same',
      })
    })

    it('differs by a byte, surely, with both sizes in words', () => {
      expect(judge(found(), ok(0, encodePinnedAnswer(1_701n)))).to.deep.equal({
        ...{ kind: 'differs', answered: 'a CAR of 1701 bytes', found: 'a CAR of 1700 bytes', sure: true },
      })
    })

    it('stays open while this operator has not got it all', () => {
      expect(judge(found(NOTHING), ok(0, encodePinnedAnswer(1_700n)))).to.deep.equal({ kind: 'open' })
    })

    for (const reason of ['NotFound', 'TooLarge', 'DealFailed'] as const) {
      it(`lets it be where this operator itself came to ${reason}: that may be its own doing`, () => {
        expect(judge(found({ ...NOTHING, failReason: reason }), ok(0, encodePinnedAnswer(1n)))).to.deep.equal({
          kind: 'same',
        })
      })
    }

    it('differs, not surely, where this operator found the content unreadable', () => {
      expect(judge(found({ ...NOTHING, failReason: 'BadContent' }), ok(0, encodePinnedAnswer(9n)))).to.deep.equal({
        ...{ kind: 'differs', answered: 'a CAR of 9 bytes', sure: false },
        found: 'BadContent (limit of the request: 5000 bytes)',
      })
    })
  })

  describe('of Packed', () => {
    it('agrees on the same piece and size', () => {
      expect(judge(found(), ok(1, encodePackedAnswer(piece, 1_700n)))).to.deep.equal({ kind: 'same' })
    })

    for (const [what, data, words] of [
      [
        'another piece',
        encodePackedAnswer(other, 1_700n),
        `piece ${OTHER} of 2048 padded bytes, from a CAR of 1700 bytes`,
      ],
      [
        'another padded size',
        encodePackedAnswer({ ...piece, size: 4096n }, 1_700n),
        `piece ${PIECE} of 4096 padded bytes, from a CAR of 1700 bytes`,
      ],
      ['another CAR', encodePackedAnswer(piece, 1n), `piece ${PIECE} of 2048 padded bytes, from a CAR of 1 bytes`],
    ] as const) {
      it(`differs surely by ${what}`, () => {
        expect(judge(found(), ok(1, data))).to.deep.equal({
          ...{ kind: 'differs', answered: words, sure: true },
          found: `piece ${PIECE} of 2048 padded bytes, from a CAR of 1700 bytes`,
        })
      })
    }

    it('stays open until the piece is computed', () => {
      expect(judge(found({ piece: null }), ok(1, encodePackedAnswer(piece, 1_700n)))).to.deep.equal({ kind: 'open' })
    })

    it('differs where the piece is not the one that was named', () => {
      const judgement = judge(
        found({ piece: null, failReason: 'PieceMismatch' }),
        ok(1, encodePackedAnswer(piece, 1_700n)),
      )

      expect(judgement).to.include({ kind: 'differs', sure: false })
    })
  })

  it('says nothing of Stored, which the asking contract proves', () => {
    expect(judge(found(), ok(2, new Uint8Array()))).to.deep.equal({ kind: 'same' })
  })

  it('compares what a URL served, to the byte', () => {
    const fetched = found({ ...NOTHING, job: JOB.FETCH, sizeBytes: 19n })

    expect(judge(fetched, ok(0, encodeFetchedAnswer(19n)))).to.deep.equal({ kind: 'same' })
    expect(judge(fetched, ok(0, encodeFetchedAnswer(20n)))).to.deep.equal({
      ...{ kind: 'differs', answered: '20 bytes', found: '19 bytes', sure: true },
    })
    expect(judge({ ...fetched, sizeBytes: null }, ok(0, encodeFetchedAnswer(20n)))).to.deep.equal({ kind: 'open' })
  })

  for (const [what, answer] of [
    ['no bytes', ok(0, new Uint8Array())],
    ['a word to spare', ok(0, new Uint8Array(64))],
    ['a number beyond its type', ok(1, new Uint8Array(96).fill(255))],
  ] as const) {
    it(`disputes an answer of ${what}`, () => {
      const judgement = judge(found(), answer)

      expect(judgement).to.include({ kind: 'differs', found: 'no encoding of an answer', sure: true })
      expect(judgement)
        .to.have.property('answered')
        .that.matches(/^expected abi\.encode\(EdgeJobs\.P.*Answer\), got \d+ bytes/)
    })
  }

  describe('of a failure', () => {
    for (const reason of ['NotFound', 'TooLarge', 'BadContent'] as const) {
      it(`differs where all of the content is here although the answer is ${reason}`, () => {
        for (const [job, stage] of [
          [JOB.PIN, 0],
          [JOB.STORE, 1],
        ] as const) {
          expect(judge(found({ job }), failure(reason, stage))).to.deep.equal({
            ...{ kind: 'differs', answered: reason, sure: true },
            found: 'all of it, 1700 bytes where 5000 are allowed',
          })
        }
      })

      it(`agrees with ${reason} where this operator has no answer either, whatever its reason`, () => {
        expect(judge(found({ ...NOTHING, failReason: 'NotFound' }), failure(reason))).to.deep.equal({ kind: 'same' })
      })

      it(`stays open on ${reason} until this operator has come to an end`, () => {
        expect(judge(found(NOTHING), failure(reason))).to.deep.equal({ kind: 'open' })
      })

      it(`is never sure that a URL served others no ${reason}`, () => {
        const fetched = found({ ...NOTHING, job: JOB.FETCH, sizeBytes: 19n, votedBefore: true })

        expect(judge(fetched, failure(reason))).to.include({ kind: 'differs', answered: reason, sure: false })
      })
    }

    it('is not sure of content that it found only when others had given it up', () => {
      expect(judge(found({ votedBefore: false }), failure('NotFound'))).to.include({ kind: 'differs', sure: false })
      expect(judge(found({ votedBefore: false }), failure('TooLarge'))).to.include({ kind: 'differs', sure: true })
    })

    it('differs from PieceMismatch only where the piece is the named one', () => {
      expect(judge(found(), failure('PieceMismatch', 1))).to.deep.equal({
        ...{ kind: 'differs', answered: 'PieceMismatch', sure: true },
        found: `no other piece was named than its own, ${PIECE} of 2048 padded bytes`,
      })
      expect(judge(found({ piece: null }), failure('PieceMismatch', 1))).to.deep.equal({ kind: 'open' })
      expect(judge(found({ piece: null, failReason: 'PieceMismatch' }), failure('PieceMismatch', 1)).kind).to.equal(
        'same',
      )
    })

    it('does not judge DealFailed: what providers refused cannot be seen', () => {
      expect(judge(found(), failure('DealFailed', 2))).to.deep.equal({ kind: 'same' })
    })

    it('disputes a failure without a known reason', () => {
      const data = getBytes(AbiCoder.defaultAbiCoder().encode(['uint256'], [5]))

      expect(judge(found(), { stage: 0, ok: false, data })).to.include({ kind: 'differs', sure: true })
      expect(judge(found(), { stage: 0, ok: false, data: new Uint8Array() })).to.include({
        kind: 'differs',
        sure: true,
      })
    })
  })
})
