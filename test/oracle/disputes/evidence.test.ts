import { expect } from 'chai'
import { describe, it } from 'mocha'
import type { Dispute } from '../../../oracle/db/dispute.ts'
import { commandFor, evidenceOf } from '../../../oracle/disputes/evidence.ts'

const dispute: Dispute = {
  ...{ requestId: '12', stage: 1, answerHash: '0x', answered: 'one', found: 'two', sure: true },
  ...{ state: 'found', outcome: null, bond: null, attempts: 0, told: null },
}
const text = (bytes: Uint8Array) => new TextDecoder('utf-8', { fatal: true }).decode(bytes)

describe('evidenceOf', () => {
  it('tells both sides', () => {
    expect(text(evidenceOf(dispute, 7n))).to.equal('Request 12, stage 1. Answered: one. Operator 7 found: two.')
  })

  it('is cut to what the registry takes, between characters', () => {
    const evidence = evidenceOf({ ...dispute, found: '€'.repeat(1_000) }, 7n)

    expect(evidence.byteLength).to.be.within(1_022, 1_024)
    expect(text(evidence)).to.match(/€$/)
  })
})

describe('commandFor', () => {
  it('names the network that the command line would not take by itself', () => {
    expect(commandFor('challenge', dispute, 31415926)).to.equal('npm run mooring -- challenge 12 1')
    expect(commandFor('refute', dispute, 314159)).to.equal('npm run mooring -- refute 12 1 --network calibration')
    expect(commandFor('challenge', dispute, 314)).to.equal('npm run mooring -- challenge 12 1 --network mainnet')
  })
})
