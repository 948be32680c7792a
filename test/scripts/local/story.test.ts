import { expect } from 'chai'
import { describe, it } from 'mocha'
import type { Progress } from '../../../scripts/local/progress.ts'
import { createStory } from '../../../scripts/local/story.ts'

const HASH = '0x' + 'ab'.repeat(32)

/** A story of three operators of whom two must agree, and its lines. */
function tell() {
  const lines: string[] = []
  const line = (stage: string, words: string) => void lines.push(`${stage}: ${words}`)
  const progress: Progress = { done: line, under: line, note: (words) => void lines.push(words) }
  const { hear } = createStory(progress, { operators: 3, quorum: 2 })
  return {
    lines,
    hear: (operatorId: string, event: string, fields: Record<string, unknown> = {}) =>
      hear({ event, requestId: '1', ...fields }, operatorId),
  }
}

describe('createStory', () => {
  it('tells once what each operator does, when as many as must agree have done it', () => {
    const { hear, lines } = tell()

    for (const operator of ['3', '1', '2']) hear(operator, 'pinned', { cid: 'bafy', blocks: 5 })

    expect(lines).to.deep.equal(['pinned: #1 all 5 blocks present and verified by operators 1 and 3'])
  })

  it('keeps requests apart', () => {
    const { hear, lines } = tell()

    hear('1', 'pinned', { requestId: '1', cid: 'bafy', blocks: 5 })
    hear('2', 'pinned', { requestId: '2', cid: 'bafy', blocks: 5 })

    expect(lines).to.deep.equal([])
  })

  it('counts only operators that came to the same piece', () => {
    const { hear, lines } = tell()
    const packed = { pieceSize: 2048, carBytes: 1173 }

    hear('1', 'packed', { pieceCid: 'baga1', ...packed })
    hear('2', 'packed', { pieceCid: 'baga2', ...packed })
    expect(lines).to.deep.equal([])

    hear('3', 'packed', { pieceCid: 'baga2', ...packed })
    expect(lines).to.deep.equal(['packed: #1 into piece baga2, 2,048 B padded, CAR of 1,173 B, by operators 2 and 3'])
  })

  it('says how many agree, in which transaction it was decided, and who they are', () => {
    const { hear, lines } = tell()

    hear('2', 'reported', { key: 'report:1:1', transaction: '0x00' })
    hear('2', 'reported', { key: 'report:1:1', transaction: '0x00' }) // told again after a restart
    hear('1', 'reported', { key: 'report:1:1', transaction: HASH })

    expect(lines).to.deep.equal([`reported: #1 packed: 2 of 3 agree (operators 1 and 2), transaction ${HASH}`])
  })

  it('tells a final answer, a shown deal and the end once, whoever says it first', () => {
    const { hear, lines } = tell()

    for (const operator of ['2', '3']) {
      hear(operator, 'delivered', { stage: 0, transaction: HASH })
      hear(operator, 'reported', { key: 'complete:1:t01000', transaction: HASH })
      hear(operator, 'stored')
    }

    expect(lines).to.deep.equal([
      `delivered: #1 pinned, which is final now, in transaction ${HASH}`,
      `reported: #1 deal of t01000 in transaction ${HASH}`,
      'stored: #1 all deals proven',
    ])
  })

  it('tells once that a request goes on as an order', () => {
    const { hear, lines } = tell()

    for (const operator of ['1', '2']) {
      hear(operator, 'ordered', { orderId: '7', deposit: '5000000000000000000', transaction: HASH })
    }

    expect(lines).to.deep.equal([`ordered: #1 it goes on as order 7 with 5.0 FIL, in transaction ${HASH}`])
  })

  it('names the operator that makes a deal, and each that makes another', () => {
    const { hear, lines } = tell()

    for (const operator of ['1', '1', '2']) hear(operator, 'deal-proposed', { miner: 't01000' })

    expect(lines).to.deep.equal([
      'proposed: #1 deal with t01000 through the Edge node, by operator 1',
      'proposed: #1 deal with t01000 through the Edge node, by operator 2',
    ])
  })

  it('tells at once that an operator finds otherwise than the others', () => {
    const { hear, lines } = tell()

    hear('3', 'disputed', { stage: 1, answered: 'piece A', found: 'piece B' })

    expect(lines).to.deep.equal(['disputed: #1 operator 3 finds piece B, the answer on packed is piece A'])
  })

  it('tells of a challenge and its end once', () => {
    const { hear, lines } = tell()

    for (const operator of ['1', '2']) {
      hear(operator, 'challenged', { stage: 1, challenger: '0xC0ffee', transaction: HASH })
      hear(operator, 'challenge-closed', { stage: 1, ruling: 'Upheld', transaction: HASH })
    }

    expect(lines).to.deep.equal(['challenged: #1 packed, by 0xC0ffee', 'ruled: #1 the challenge of packed is upheld'])
  })

  it('passes over what is about no request', () => {
    const { hear, lines } = tell()

    hear('1', 'started', { requestId: undefined })

    expect(lines).to.deep.equal([])
  })
})
