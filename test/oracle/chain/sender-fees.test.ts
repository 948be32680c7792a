import { expect } from 'chai'
import { describe, it } from 'mocha'
import { bumpedFees, firstFees } from '../../../oracle/chain/sender-fees.ts'

const CAP = 10_000_000n

describe('chain/sender-fees', () => {
  describe('firstFees', () => {
    it('pays twice the base fee and the tip that the node suggests', () => {
      const fees = firstFees({ baseFee: 1_000_000n, tip: 200_000n }, CAP)
      expect(fees).to.deep.equal({ maxFeePerGas: 2_200_000n, maxPriorityFeePerGas: 200_000n })
    })

    it("never tips less than Lotus's mempool takes", () => {
      const fees = firstFees({ baseFee: 100n, tip: 7n }, CAP)
      expect(fees).to.deep.equal({ maxFeePerGas: 100_200n, maxPriorityFeePerGas: 100_000n })
    })

    it('gives up headroom at the cap, and stops when the cap cannot pay the present base fee', () => {
      expect(firstFees({ baseFee: 9_000_000n, tip: 100_000n }, CAP)?.maxFeePerGas).to.equal(CAP)
      expect(firstFees({ baseFee: 9_900_000n, tip: 100_000n }, CAP)?.maxFeePerGas).to.equal(CAP)
      expect(firstFees({ baseFee: 9_900_001n, tip: 100_000n }, CAP)).to.equal(null)
    })
  })

  describe('bumpedFees', () => {
    const old = { maxFeePerGas: 1_000_001n, maxPriorityFeePerGas: 100_001n }

    it('raises both fees by at least a quarter, rounded up', () => {
      const fees = bumpedFees(old, { baseFee: 0n, tip: 0n }, CAP)
      expect(fees).to.deep.equal({ maxFeePerGas: 1_250_002n, maxPriorityFeePerGas: 125_002n })
    })

    it('goes higher where the chain asks for more', () => {
      const fees = bumpedFees(old, { baseFee: 2_000_000n, tip: 300_000n }, CAP)
      expect(fees).to.deep.equal({ maxFeePerGas: 4_300_000n, maxPriorityFeePerGas: 300_000n })
    })

    it('refuses to pass the cap', () => {
      expect(bumpedFees(old, { baseFee: 0n, tip: 0n }, 1_250_002n)).to.not.equal(null)
      expect(bumpedFees(old, { baseFee: 0n, tip: 0n }, 1_250_001n)).to.equal(null)
      expect(bumpedFees(old, { baseFee: CAP, tip: 1n }, CAP)).to.equal(null)
    })
  })
})
