import { expect } from 'chai'
import { FunctionFragment } from 'ethers'
import { ethers, loadFixture, SINK } from './world.ts'

const EXTENSIONS = ['OrdersExtension', 'ProofsExtension'] as const

describe('PerpetualStorage and its extensions', () => {
  async function deployed() {
    const [caller] = await ethers.getSigners()
    const orders = await ethers.deployContract('OrdersExtension', [SINK])
    const proofs = await ethers.deployContract('ProofsExtension', [SINK])
    const storage = await ethers.deployContract('PerpetualStorage', [orders, proofs])
    return { caller, storage, extensions: { OrdersExtension: orders, ProofsExtension: proofs } }
  }

  it('names them, and the sink is the one they were made with', async () => {
    const { storage, extensions } = await loadFixture(deployed)
    expect(await storage.ordersExtension()).to.equal(extensions.OrdersExtension.target)
    expect(await storage.proofsExtension()).to.equal(extensions.ProofsExtension.target)
    expect(await storage.sink()).to.equal(SINK)
  })

  it('runs no call that is not named', async () => {
    const { storage, caller } = await loadFixture(deployed)
    await expect(caller.sendTransaction({ to: storage, data: '0x12345678' })).to.be.revert(ethers)
    await expect(caller.sendTransaction({ to: storage, value: 1n })).to.be.revert(ethers)
  })

  for (const name of EXTENSIONS) {
    describe(name, () => {
      it('refuses every changing call to itself', async () => {
        const { extensions, caller } = await loadFixture(deployed)
        const extension = extensions[name]
        let calls = 0
        for (const fragment of extension.interface.fragments) {
          if (!(fragment instanceof FunctionFragment) || fragment.constant) continue
          const { selector, payable } = fragment
          // Enough zeros for any argument: offsets of 0 point at a length of 0.
          const data = selector + '00'.repeat(1024)
          const sent = caller.sendTransaction({ to: extension, data, value: payable ? 1n : 0n })
          await expect(sent, fragment.format()).to.be.revertedWithCustomError(extension, 'OnlyByDelegation')
          calls++
        }
        expect(calls).to.be.greaterThan(5)
      })

      it('takes no money', async () => {
        const { extensions, caller } = await loadFixture(deployed)
        await expect(caller.sendTransaction({ to: extensions[name], value: 1n })).to.be.revert(ethers)
      })

      it('has no function that the storage does not name', async () => {
        const { extensions, storage } = await loadFixture(deployed)
        for (const fragment of extensions[name].interface.fragments) {
          if (fragment.type === 'function')
            expect(storage.interface.hasFunction(fragment.format('sighash'))).to.equal(true)
        }
      })
    })
  }
})
