import { expect } from 'chai'
import { beforeEach, describe, it } from 'mocha'
import { createAttempts, type Attempts } from '../../../oracle/keeper/attempts.ts'
import { AGAIN_EPOCHS } from '../../../oracle/keeper/find.ts'

const HEAD = 50_000n
const WORDS = 'execute 7'
const SHORT_EPOCHS = 120n
const REFUSALS = { overtaken: ['NoEarmark'], retried: { TreasuryShort: SHORT_EPOCHS } }

describe('keeper/attempts', () => {
  let attempts: Attempts
  beforeEach(() => void (attempts = createAttempts(REFUSALS)))

  /** The first epoch from `head` on at which it is due. */
  function nextAfter(head: bigint): bigint {
    let at = head
    while (!attempts.isDue(WORDS, at, 0n)) at++
    return at
  }

  it('are made as soon as this operator’s turn has come after something is due', () => {
    expect(attempts.isDue(WORDS, HEAD, 5n)).to.equal(false)
    expect(attempts.isDue(WORDS, HEAD + 4n, 5n)).to.equal(false)
    expect(attempts.isDue(WORDS, HEAD + 5n, 5n)).to.equal(true)
    expect(attempts.isDue(WORDS, HEAD, 0n)).to.equal(true)
  })

  it('that were handed over are looked at again a little later', () => {
    attempts.tried(WORDS, HEAD)
    expect(nextAfter(HEAD)).to.equal(HEAD + AGAIN_EPOCHS)
  })

  it('that revert wait twice as long each time, a day at most', () => {
    const waits: bigint[] = []
    for (let head = HEAD; waits.length < 12; head = nextAfter(head)) {
      attempts.failed(WORDS, { message: 'OutOfBounds()', name: 'OutOfBounds' }, head)
      waits.push(nextAfter(head) - head)
    }
    expect(waits).to.deep.equal([10n, 20n, 40n, 80n, 160n, 320n, 640n, 1_280n, 2_560n, 2_880n, 2_880n, 2_880n])
  })

  it('that are retried at a fixed pace wait as long each time', () => {
    for (const head of [HEAD, HEAD + 500n, HEAD + 1_000n]) {
      attempts.failed(WORDS, { message: 'TreasuryShort(9, 5)', name: 'TreasuryShort', args: ['9', '5'] }, head)
      expect(nextAfter(head)).to.equal(head + SHORT_EPOCHS)
    }
  })

  it('are news when they fail for another reason than the last time', () => {
    const short = (free: number) => ({ message: `TreasuryShort(9, ${free})`, name: 'TreasuryShort' })
    expect(attempts.failed(WORDS, short(5), HEAD)).to.equal(HEAD + SHORT_EPOCHS)
    expect(attempts.failed(WORDS, short(5), HEAD + 200n)).to.equal(undefined)
    expect(attempts.failed(WORDS, short(6), HEAD + 400n)).to.equal(HEAD + 400n + SHORT_EPOCHS)
  })

  it('that others overtook are no news, and no failure', () => {
    const overtaken = { message: 'NoEarmark(0x)', name: 'NoEarmark' }
    for (const head of [HEAD, HEAD + 50n, HEAD + 100n]) {
      expect(attempts.failed(WORDS, overtaken, head)).to.equal(undefined)
      expect(nextAfter(head)).to.equal(head + AGAIN_EPOCHS)
    }
  })

  it('are forgotten once nothing is due any more', () => {
    attempts.failed(WORDS, { message: 'reverted' }, HEAD)
    attempts.keepOnly(new Set([WORDS]))
    expect(attempts.isDue(WORDS, HEAD, 0n)).to.equal(false)

    attempts.keepOnly(new Set(['queue 7']))
    expect(attempts.isDue(WORDS, HEAD, 0n)).to.equal(true)
  })
})
