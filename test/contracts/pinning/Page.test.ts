import { expect } from 'chai'
import { ethers, networkHelpers } from './world.ts'

const MAX = 2n ** 256n - 1n

async function harness() {
  return ethers.deployContract('PageHarness')
}

describe('Page', () => {
  describe('sizeAt', () => {
    const sizes = (what: string, length: bigint, start: bigint, count: bigint, size: bigint) =>
      it(`is ${size} for ${what}`, async () => {
        const page = await networkHelpers.loadFixture(harness)

        expect(await page.sizeAt(length, start, count)).to.equal(size)
      })

    sizes('a page within the list', 10n, 2n, 3n, 3n)
    sizes('the rest of the list', 10n, 8n, 3n, 2n)
    sizes('the end of the list', 10n, 10n, 3n, 0n)
    sizes('a start far beyond the list', 10n, MAX, MAX, 0n)
    sizes('no entries', 10n, 0n, 0n, 0n)
    sizes('a list of 200', 200n, 0n, MAX, 200n)
    sizes('a longer list', 201n, 0n, 201n, 200n)
  })

  describe('startOfNewest', () => {
    for (const [length, start] of [
      [0n, 0n],
      [256n, 0n],
      [257n, 1n],
    ]) {
      it(`is ${start} in a list of ${length}`, async () => {
        const page = await networkHelpers.loadFixture(harness)

        expect(await page.startOfNewest(length)).to.equal(start)
      })
    }
  })
})
