import { expect } from 'chai'
import { describe, it } from 'mocha'
import { JOB, encodeFetchedAnswer, encodePackedAnswer, encodePinnedAnswer } from '../../../oracle/chain/jobs.ts'
import { ownAnswer } from '../../../oracle/steps/own-answer.ts'

const PIECE = { digest: new Uint8Array(32).fill(5), size: 2048n }
const NOTHING = { carBytes: null, sizeBytes: null, piece: null }

describe('steps/own-answer', () => {
  it('is what the row keeps, encoded as it is voted', () => {
    const store = { ...NOTHING, job: JOB.STORE, carBytes: 9n, piece: PIECE }

    expect(ownAnswer(store, 0)).to.deep.equal(encodePinnedAnswer(9n))
    expect(ownAnswer(store, 1)).to.deep.equal(encodePackedAnswer(PIECE, 9n))
    expect(ownAnswer({ ...NOTHING, job: JOB.PIN, carBytes: 9n }, 0)).to.deep.equal(encodePinnedAnswer(9n))
    expect(ownAnswer({ ...NOTHING, job: JOB.FETCH, sizeBytes: 9n }, 0)).to.deep.equal(encodeFetchedAnswer(9n))
    expect(ownAnswer({ ...store, job: JOB.PACK }, 0)).to.deep.equal(encodePinnedAnswer(9n))
    expect(ownAnswer({ ...store, job: JOB.PACK }, 1)).to.deep.equal(encodePackedAnswer(PIECE, 9n))
  })

  it('is nothing while nothing is found, for deals, and for a status', () => {
    const store = { ...NOTHING, job: JOB.STORE, carBytes: 9n }

    expect(ownAnswer({ ...store, carBytes: null }, 0)).to.equal(undefined)
    expect(ownAnswer(store, 1)).to.equal(undefined)
    expect(ownAnswer({ ...store, piece: PIECE }, 2)).to.equal(undefined)
    expect(ownAnswer({ ...store, job: JOB.PACK }, 1)).to.equal(undefined)
    expect(ownAnswer({ ...NOTHING, job: JOB.FETCH }, 0)).to.equal(undefined)
    expect(ownAnswer({ ...store, job: JOB.STATUS }, 0)).to.equal(undefined)
  })
})
