import { expect } from 'chai'
import { moved } from './money.ts'
import { activeByDeal } from './replicas.ts'
import { claim, claimed, loadFixture, mineUpTo, now, PRICE, SAID, STATE } from './world.ts'

describe('PerpetualStorage', () => {
  describe('batch', () => {
    it('runs calls as the caller, each for itself, and says which succeeded', async () => {
      const w = await loadFixture(activeByDeal)
      const { storage, claim: c, deal: d, stranger } = w
      const second = await claim(w, c, { sp: w.sps[1] })
      await mineUpTo(second.claimBy + 1n)
      const calls = [
        storage.interface.encodeFunctionData('settle', [c.slot, SAID.Active, d.location]),
        storage.interface.encodeFunctionData('release', [c.slot]),
        storage.interface.encodeFunctionData('lapse', [second.slot]),
        storage.interface.encodeFunctionData('withdraw'),
      ]
      const done = await storage.connect(stranger).batch.staticCall(calls, 2n)

      await storage.connect(stranger).batch(calls, 2n)

      expect(done).to.deep.equal([true, false, true, false])
      expect((await storage.getSlot(c.slot)).provenTo).to.equal(await now())
      expect((await storage.getSlot(second.slot)).state).to.equal(STATE.Lapsed)
    })

    it('gives bounties to the caller', async () => {
      const w = await loadFixture(activeByDeal)
      const { storage, claim: c, deal: d, stranger } = w
      await w.market.terminate(d.dealId)
      const call = storage.interface.encodeFunctionData('settle', [c.slot, SAID.None, '0x'])

      const change = await moved(w, c.orderId, () => storage.connect(stranger).batch([call], 1n))

      expect(change.stranger).to.equal(c.collateral / 10n)
    })

    it('reverts with TooFewDone when less succeeds than was named, and undoes all', async () => {
      const w = await loadFixture(activeByDeal)
      const { storage, claim: c, deal: d } = w
      const calls = [
        storage.interface.encodeFunctionData('settle', [c.slot, SAID.Active, d.location]),
        storage.interface.encodeFunctionData('release', [c.slot]),
      ]

      await expect(storage.batch(calls, 2n)).to.be.revertedWithCustomError(storage, 'TooFewDone').withArgs(2n, 1n)

      expect((await storage.getSlot(c.slot)).provenTo).to.equal(d.start)
    })

    it('takes 64 calls at most', async () => {
      const w = await loadFixture(claimed)
      const { storage } = w
      const call = storage.interface.encodeFunctionData('lapse', [w.claim.slot])

      await expect(storage.batch(Array<string>(65).fill(call), 0n))
        .to.be.revertedWithCustomError(storage, 'TooManyCalls')
        .withArgs(64n, 65n)
      await storage.batch(Array<string>(64).fill(call), 0n)
    })

    it('passes no value on: a claim in it is refused', async () => {
      const w = await loadFixture(claimed)
      const { storage, claim: c, sps } = w
      const call = storage.interface.encodeFunctionData('claim', [c.slot + 1n, 1n, 1n, 0n, 1001n])

      const done = await storage.connect(sps[1].worker).batch.staticCall([call], 0n)

      expect(done).to.deep.equal([false])
    })

    it('does not let two calls withdraw one credit', async () => {
      const w = await loadFixture(claimed)
      const { storage, claim: c, client } = w
      await storage.withdrawFree(c.orderId, PRICE)
      const call = storage.interface.encodeFunctionData('withdrawFor', [client.address])

      expect(await storage.batch.staticCall([call, call], 0n)).to.deep.equal([true, false])
    })
  })
})
