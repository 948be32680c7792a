import { expect } from 'chai'
import { refusalOrOutOfGas } from '../../helpers/revert-name.ts'
import { ethers, loadFixture, MODE } from './world.ts'

const nobody = '0x000000000000000000000000000000000000dEaD'

describe('BoundedCall', () => {
  async function deployed() {
    const harness = await ethers.deployContract('BoundedCallHarness')
    const callee = await ethers.deployContract('ProbeClient', [nobody])
    const callData = callee.interface.encodeFunctionData('onOracleAnswer', [1n, 0, true, '0x'])
    return { harness, callee, callData }
  }

  it('succeeds when the callee does, and when there is no code', async () => {
    const { harness, callee, callData } = await loadFixture(deployed)
    expect(await harness.attempt.staticCall(callee, 200_000n, callData)).to.equal(true)
    expect(await harness.attempt.staticCall(nobody, 200_000n, callData)).to.equal(true)
  })

  for (const [title, mode] of [
    ['reverts', MODE.Refuse],
    ['burns all it has', MODE.Burn],
    ['returns a lot', MODE.Bomb],
  ] as const) {
    it(`fails when the callee ${title}`, async () => {
      const { harness, callee, callData } = await loadFixture(deployed)
      await callee.setMode(mode, '0x')
      expect(await harness.attempt.staticCall(callee, 200_000n, callData)).to.equal(false)
    })
  }

  it('does not copy what comes back', async () => {
    const { harness, callee, callData } = await loadFixture(deployed)
    const used = async (mode: number) => {
      await callee.setMode(mode, '0x')
      return harness.attempt.estimateGas(callee, 200_000n, callData)
    }
    // 20,000 bytes cost the callee about 2,600 gas to reserve; copying them would cost the caller as much again.
    expect((await used(MODE.Bomb)) - (await used(MODE.Refuse))).to.be.lessThan(4_500n)
  })

  for (const ceiling of [10_000n, 20_000n, 40_000n, 60_000n, 100_000n]) {
    it(`never gives a callee less than the ${ceiling} that were promised`, async () => {
      const { harness, callee, callData } = await loadFixture(deployed)
      await callee.setMode(MODE.Picky, '0x')
      await callee.setMinGas(ceiling - 1_000n)
      const outcomes = new Set<string>()

      for (let gasLimit = ceiling + 22_000n; gasLimit < ceiling + 40_000n; gasLimit += 50n) {
        const outcome = await harness.attempt.staticCall(callee, ceiling, callData, { gasLimit }).then(
          (success) => `success: ${success}`,
          (error: Error) => refusalOrOutOfGas(harness.interface, error),
        )
        outcomes.add(outcome)
      }

      expect(outcomes).to.include('TooLittleGas').and.to.include('success: true')
      expect(outcomes).not.to.include('success: false')
    })
  }
})
