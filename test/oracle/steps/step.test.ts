import { expect } from 'chai'
import { describe, it } from 'mocha'
import { fetchTimeoutOf } from '../../../oracle/steps/step.ts'
import { ScriptedChain, newRequest } from '../../helpers/executor.ts'

describe('steps/step', () => {
  describe('fetchTimeoutOf', () => {
    const config = { fetchTimeoutMs: 60_000, deadlineLagEpochs: 5 }
    const request = { ...newRequest({ deadlineEpoch: 5_000n }) } as Parameters<typeof fetchTimeoutOf>[1]['request']
    const { view } = new ScriptedChain()
    const timeout = (head: bigint, over: Partial<typeof view> = {}) =>
      fetchTimeoutOf(config, { request, view: { ...view, ...over }, head })

    it('is the configured one, cut where the deadline comes sooner, an epoch counted as a second', () => {
      expect(timeout(100n)).to.equal(60_000)
      expect(timeout(4_985n)).to.equal(10_000)
      expect(timeout(4_999n)).to.equal(1_000)
    })

    it('has no deadline to meet where the quorum has answered, or while a challenge may move it', () => {
      expect(timeout(9_999n, { state: 'Answered' })).to.equal(60_000)
      expect(timeout(4_999n, { challenged: true })).to.equal(60_000)
    })
  })
})
