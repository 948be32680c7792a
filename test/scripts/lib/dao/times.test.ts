import { expect } from 'chai'
import { describe, it } from 'mocha'
import { atSeconds, leftWords, parseDuration } from '../../../../scripts/lib/dao/times.ts'

const CLOCK = { epoch: 1_000n, time: 1_800_000_000n } // 2027-01-15 08:00:00 UTC

describe('times of a DAO', () => {
  for (const [text, epochs] of [
    ['90m', 180n],
    ['2h', 240n],
    ['3d', 8_640n],
    ['20epochs', 20n],
    ['20 epochs', 20n],
    ['0m', 0n],
  ] as const) {
    it(`reads ${text} as ${epochs} epochs`, () => expect(parseDuration('--late', text)).to.equal(epochs))
  }

  for (const text of ['3', '1w', '-1d', '1.5h', '']) {
    it(`refuses '${text}'`, () => {
      expect(() => parseDuration('--late', text)).to.throw(
        `--late expects a time, as 90m, 2h, 3d or 20epochs, got '${text}'`,
      )
    })
  }

  it('tells what is left in epochs and hours', () => {
    expect(leftWords(CLOCK, 1_960n)).to.equal(
      '960 epochs (8.0 hours at 30 s each), to the end of epoch 1960 (2027-01-15)',
    )
  })

  it('tells a time of the clock, rounded up to epochs', () => {
    expect(atSeconds(CLOCK, 1_800_003_601n)).to.equal('2027-01-15 09:00 UTC, in 121 epochs (1.0 hours at 30 s each)')
    expect(atSeconds(CLOCK, 1_800_000_000n)).to.equal('2027-01-15 08:00 UTC, which has passed')
  })
})
