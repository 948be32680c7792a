import { expect } from 'chai'
import { BURN_ACTOR, ethers, loadFixture, PROVIDER, rules } from './world.ts'

describe('RegistryExtension', () => {
  async function deployed() {
    const [caller] = await ethers.getSigners()
    const extension = await ethers.deployContract('RegistryExtension', [BURN_ACTOR])
    const registry = await ethers.deployContract('OracleRegistry', [extension])
    return { extension, registry, caller }
  }

  it('names the sink, and the registry takes it from there', async () => {
    const { extension, registry } = await loadFixture(deployed)
    expect(await extension.sink()).to.equal(BURN_ACTOR)
    expect(await registry.sink()).to.equal(BURN_ACTOR)
    expect(await registry.extension()).to.equal(extension.target)
  })

  context('when it is called itself', () => {
    for (const [name, args, value] of [
      ['registerProvider', ['tests', BURN_ACTOR, true, rules(), []]],
      ['proposeConfig', [PROVIDER, rules()]],
      ['admit', [PROVIDER, BURN_ACTOR]],
      ['join', [PROVIDER, BURN_ACTOR, ''], 1n],
      ['appointReporter', [1n, BURN_ACTOR]],
      ['acceptReporter', [1n]],
      ['optIn', [1n, 1]],
      ['addStake', [1n], 1n],
      ['leave', [1n]],
      ['expel', [1n]],
      ['withdrawStake', [1n]],
      ['challenge', [1n, 0, '0x'], 1n],
      ['resolve', [1n]],
      ['refute', [1n, 0, '0x']],
    ] as const) {
      it(`${name} is refused`, async () => {
        const { extension, caller } = await loadFixture(deployed)
        const data = extension.interface.encodeFunctionData(name as 'refute', args as never)
        await expect(caller.sendTransaction({ to: extension, data, value: value ?? 0n })).to.be.revertedWithCustomError(
          extension,
          'OnlyByDelegation',
        )
      })
    }

    it('takes no money', async () => {
      const { extension, caller } = await loadFixture(deployed)
      await expect(caller.sendTransaction({ to: extension, value: 1n })).to.be.revert(ethers)
    })
  })

  it('every function of it that changes anything is one of those', async () => {
    const { extension } = await loadFixture(deployed)
    const changing = extension.interface.fragments.filter(
      (fragment) => fragment.type === 'function' && !('constant' in fragment && fragment.constant),
    )
    expect(changing).to.have.lengthOf(14)
  })
})
