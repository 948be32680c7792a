import { expect } from 'chai'
import { pieceCid } from '../../helpers/podsi.ts'
import {
  answer,
  complete,
  ethers,
  FEE,
  loadFixture,
  mineUpTo,
  OTHER_PIECE,
  pack,
  packed,
  packedWith,
  PIECE,
  pinnedAnswer,
  REGISTRY_STATE,
  REWARD,
  STAGE,
  STAGE_FEES,
  STATE,
  submit,
  world,
} from './world.ts'

async function requested() {
  const w = await world()
  return { ...w, ...(await submit(w, { replicas: 2n })) }
}

async function packedForNothing() {
  return packedWith({ rewardPerReplica: 0n })
}

async function storing() {
  const w = await packedWith({ replicas: 2n })
  await complete(w, w.id, w.deal, w.segment)
  return w
}

describe('PinningRequests', () => {
  describe('cancel', () => {
    context('when nobody voted yet', () => {
      it('gives the requester everything back', async () => {
        const { pinning, registry, requester, id } = await loadFixture(requested)

        const tx = pinning.connect(requester).cancel(id)

        await expect(tx).to.emit(pinning, 'Cancelled').withArgs(id)
        await expect(tx)
          .to.emit(pinning, 'Refunded')
          .withArgs(id, requester, FEE + 2n * REWARD)
        expect(await pinning.creditOf(requester)).to.equal(FEE + 2n * REWARD)
        expect(await pinning.liabilities()).to.equal(FEE + 2n * REWARD)
        expect((await registry.getRequest(id)).state).to.equal(REGISTRY_STATE.Cancelled)
        const { state, reward } = await pinning.getRequest(id)
        expect([state, reward]).to.deep.equal([STATE.Cancelled, 0n])
      })

      it('draws the fee from the registry, so that the credit is covered', async () => {
        const { pinning, registry, requester, id } = await loadFixture(requested)

        await expect(pinning.connect(requester).cancel(id)).to.changeEtherBalances(
          ethers,
          [pinning, registry],
          [FEE, -FEE],
        )
        expect(await registry.creditOf(pinning)).to.equal(0n)
      })
    })

    it('pays the stage in progress when it is Pinned', async () => {
      const w = await loadFixture(requested)
      const { pinning, registry, requester, owners, id } = w
      await answer(w, id, STAGE.pinned, pinnedAnswer())

      await pinning.connect(requester).cancel(id)

      expect(await pinning.creditOf(requester)).to.equal(STAGE_FEES[2] + 2n * REWARD)
      expect(await registry.creditOf(owners[0])).to.equal((STAGE_FEES[0] + STAGE_FEES[1]) / 2n)
    })

    it('gives the reward back when it is Packed and no deal is proven', async () => {
      const { pinning, requester, id } = await loadFixture(packed)

      await expect(pinning.connect(requester).cancel(id)).to.emit(pinning, 'Refunded').withArgs(id, requester, REWARD)

      expect(await pinning.creditOf(requester)).to.equal(REWARD)
    })

    it('emits no Refunded when nothing is left to give back', async () => {
      const { pinning, requester, id } = await loadFixture(packedForNothing)

      await expect(pinning.connect(requester).cancel(id)).not.to.emit(pinning, 'Refunded')

      expect((await pinning.getRequest(id)).state).to.equal(STATE.Cancelled)
    })

    it('works at the deadline', async () => {
      const { pinning, requester, id, deadline } = await loadFixture(requested)
      await mineUpTo(deadline - 1n)

      await expect(pinning.connect(requester).cancel(id)).to.emit(pinning, 'Cancelled').withArgs(id)
    })

    it('reverts with UnknownRequest for an id nobody asked for', async () => {
      const { pinning, requester, id } = await loadFixture(requested)

      await expect(pinning.connect(requester).cancel(id + 1n))
        .to.be.revertedWithCustomError(pinning, 'UnknownRequest')
        .withArgs(id + 1n)
    })

    it('reverts with NotRequester for anybody else', async () => {
      const { pinning, requester, stranger, id } = await loadFixture(requested)

      await expect(pinning.connect(stranger).cancel(id))
        .to.be.revertedWithCustomError(pinning, 'NotRequester')
        .withArgs(requester, stranger)
    })

    context('reverts with NotCancellable', () => {
      const refused = (what: string, state: bigint, fixture: () => ReturnType<typeof packed>) =>
        it(what, async () => {
          const { pinning, requester, id } = await loadFixture(fixture)

          await expect(pinning.connect(requester).cancel(id))
            .to.be.revertedWithCustomError(pinning, 'NotCancellable')
            .withArgs(id, state)
        })

      refused('once a deal is proven', STATE.Storing, storing)

      refused('when it is Stored', STATE.Stored, async function stored() {
        const w = await packed()
        await complete(w, w.id, w.deal, w.segment)
        return w
      })

      refused('when it was cancelled before', STATE.Cancelled, async function cancelled() {
        const w = await packed()
        await w.pinning.connect(w.requester).cancel(w.id)
        return w
      })

      refused('past the deadline, where refund is due', STATE.Expired, async function expired() {
        const w = await packed()
        await mineUpTo(w.deadline)
        return w
      })

      it('when the operators packed another piece than the one named, where refund is due', async () => {
        const w = await loadFixture(world)
        const { pinning, requester } = w
        const { id } = await submit(w, { pieceCid: pieceCid(PIECE), pieceSize: PIECE.size })
        await pack(w, id, OTHER_PIECE)

        await expect(pinning.connect(requester).cancel(id))
          .to.be.revertedWithCustomError(pinning, 'NotCancellable')
          .withArgs(id, STATE.Failed)
      })
    })
  })
})
