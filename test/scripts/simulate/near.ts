import { expect } from 'chai'

/** Floats within a tolerance: Hardhat's matchers, where they are loaded, make chai's closeTo one of integers. */
export function expectNear(actual: number, expected: number, tolerance: number): void {
  expect(Math.abs(actual - expected) <= tolerance, `${actual} is within ${tolerance} of ${expected}`).to.equal(true)
}
