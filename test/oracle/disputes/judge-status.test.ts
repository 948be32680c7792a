import { expect } from 'chai'
import { describe, it } from 'mocha'
import { encodeStatusAnswer, type StatusAnswer } from '../../../oracle/chain/jobs.ts'
import { judgeStatus, type StatusCase } from '../../../oracle/disputes/judge-status.ts'

const PIECE = 'baga6ea4seaqaobyha4dqobyha4dqobyha4dqobyha4dqobyha4dqobyha4dqoby'

/** Asked at 1,000, answered at 1,010; the deal was activated at 500 and runs from 600 to 5,000. */
const ACTIVE: StatusAnswer = {
  ...{ dealId: 9n, state: 'Active', providerId: 1000n, pieceDigest: new Uint8Array(32).fill(7), pieceSize: 2048n },
  ...{ activatedEpoch: 500n, startEpoch: 600n, endEpoch: 5_000n },
}
const blank = (state: 'Unknown' | 'Removed'): StatusAnswer => ({
  ...{ dealId: 9n, state, providerId: 0n, pieceDigest: new Uint8Array(32), pieceSize: 0n },
  ...{ activatedEpoch: 0n, startEpoch: 0n, endEpoch: 0n },
})
const active = (over: Partial<StatusAnswer> = {}): StatusAnswer => ({ ...ACTIVE, ...over })
const published = (over: Partial<StatusAnswer> = {}) => active({ state: 'Published', activatedEpoch: -1n, ...over })
const at = (now: StatusAnswer): StatusCase => ({ dealId: 9n, requestedEpoch: 1_000n, answeredEpoch: 1_010n, now })
const later = { startEpoch: 2_000n }

describe('judgeStatus', () => {
  const MAY_BE_TRUE: [string, StatusAnswer, StatusAnswer][] = [
    ['the same deal', ACTIVE, ACTIVE],
    ['a deal that ended since', ACTIVE, active({ state: 'Ended' })],
    ['a deal that was removed since', ACTIVE, blank('Removed')],
    ['a deal that was activated since', published(later), active({ ...later, activatedEpoch: 1_001n })],
    ['a deal that was published since', blank('Unknown'), published(later)],
    ['a deal that was published and activated since', blank('Unknown'), active({ ...later, activatedEpoch: 1_001n })],
    ['one that is unknown to this day', blank('Unknown'), blank('Unknown')],
    ['one that was published and removed since', blank('Unknown'), blank('Removed')],
    ['one that is removed to this day', blank('Removed'), blank('Removed')],
    [
      'a term that ended just when it was answered',
      active({ state: 'Ended', endEpoch: 1_010n }),
      active({ state: 'Ended', endEpoch: 1_010n }),
    ],
    [
      'a term that ended just after it was asked',
      active({ endEpoch: 1_001n }),
      active({ state: 'Ended', endEpoch: 1_001n }),
    ],
  ]
  for (const [what, answer, now] of MAY_BE_TRUE) {
    it(`does not dispute ${what}`, () => {
      expect(judgeStatus(encodeStatusAnswer(answer), at(now))).to.deep.equal({ kind: 'same' })
    })
  }

  const FALSE: [string, StatusAnswer, StatusAnswer, RegExp][] = [
    ['another deal than was asked about', active({ dealId: 8n }), ACTIVE, /deal 9 was asked about$/],
    ['a deal that never was', ACTIVE, blank('Unknown'), /^deal 9 Unknown: it was never published$/],
    ['another piece', active({ pieceDigest: new Uint8Array(32).fill(8) }), ACTIVE, /another piece$/],
    ['another piece size', active({ pieceSize: 4096n }), ACTIVE, /another piece$/],
    ['another provider', active({ providerId: 1001n }), ACTIVE, /another provider$/],
    ['another start', active({ startEpoch: 601n }), ACTIVE, /another term$/],
    ['another end', active({ endEpoch: 5_001n }), ACTIVE, /another term$/],
    ['another activation', active({ activatedEpoch: 501n }), ACTIVE, /another activation$/],
    [
      'an activation that never came',
      active({ ...later, activatedEpoch: 900n }),
      published(later),
      /another activation$/,
    ],
    [
      'no activation where there was one before the request',
      published(),
      ACTIVE,
      /activated before the request of epoch 1000$/,
    ],
    [
      'nothing where a term had begun before the request',
      blank('Unknown'),
      published(),
      /published before the request of epoch 1000$/,
    ],
    [
      'nothing where there was an activation before the request',
      blank('Unknown'),
      active(later),
      /published before the request/,
    ],
    ['a removal where the deal is there', blank('Removed'), ACTIVE, /what is removed does not come back$/],
    ['a removal where there never was a deal', blank('Removed'), blank('Unknown'), /never published$/],
    ['an end that is still to come', active({ state: 'Ended' }), ACTIVE, /its term ends at epoch 5000$/],
    [
      'life after the end',
      active({ endEpoch: 1_000n }),
      active({ state: 'Ended', endEpoch: 1_000n }),
      /ended at epoch 1000$/,
    ],
    ['an active deal without activation', active({ activatedEpoch: -1n }), ACTIVE, /contradict each other$/],
    ['a published deal with one', published({ activatedEpoch: 500n }), ACTIVE, /contradict each other$/],
    [
      'details of a deal that is not there',
      { ...blank('Unknown'), providerId: 1n },
      blank('Unknown'),
      /has no details$/,
    ],
  ]
  for (const [what, answer, now, words] of FALSE) {
    it(`disputes ${what}`, () => {
      const judgement = judgeStatus(encodeStatusAnswer(answer), at(now))

      expect(judgement).to.include({ kind: 'differs', sure: true })
      expect(judgement).to.have.property('found').that.matches(words)
    })
  }

  it('tells both sides in words', () => {
    expect(judgeStatus(encodeStatusAnswer(active({ providerId: 1001n })), at(ACTIVE))).to.deep.include({
      answered: `deal 9 Active, provider f01001, piece ${PIECE} of 2048, activated 500, term 600 to 5000`,
      found: `deal 9 Active, provider f01000, piece ${PIECE} of 2048, activated 500, term 600 to 5000: another provider`,
    })
  })

  it('disputes what is no encoding of a status, a state beyond the last one included', () => {
    const beyond = encodeStatusAnswer(ACTIVE)
    beyond[63] = 5

    for (const data of [new Uint8Array(3), beyond]) {
      expect(judgeStatus(data, at(ACTIVE))).to.include({
        kind: 'differs',
        found: 'no encoding of a status',
        sure: true,
      })
    }
  })
})
