import { expect } from 'chai'
import { onChain, pieceCid } from '../../helpers/podsi.ts'
import {
  answer,
  CAR_BYTES,
  fail,
  failureData,
  loadFixture,
  mineUpTo,
  OTHER_PIECE,
  pack,
  packedAnswer,
  PIECE,
  pinnedAnswer,
  REASON,
  REGISTRY_STATE,
  REWARD,
  STAGE,
  STATE,
  submit,
  whileDeaf,
  world,
} from './world.ts'

async function requested() {
  const w = await world()
  return { ...w, ...(await submit(w)) }
}

async function pinned() {
  const w = await requested()
  await answer(w, w.id, STAGE.pinned, pinnedAnswer())
  return w
}

/** *Pinned* is answered, and this contract has not heard of it. */
async function unheardPinned() {
  const w = await requested()
  await whileDeaf(w, () => answer(w, w.id, STAGE.pinned, pinnedAnswer()))
  return w
}

async function unheardFailure() {
  const w = await requested()
  await whileDeaf(w, () => fail(w, w.id, STAGE.pinned, REASON.TooLarge))
  return w
}

async function withNamedPiece() {
  const w = await world()
  return { ...w, ...(await submit(w, { pieceCid: pieceCid(PIECE), pieceSize: PIECE.size })) }
}

describe('PinningRequests', () => {
  describe('onOracleAnswer', () => {
    it('is for the registry alone', async () => {
      const { pinning, registry, stranger, id } = await loadFixture(requested)

      await expect(pinning.connect(stranger).onOracleAnswer(id, STAGE.pinned, true, pinnedAnswer()))
        .to.be.revertedWithCustomError(pinning, 'NotTheRegistry')
        .withArgs(registry, stranger)
    })

    it('makes the request Pinned', async () => {
      const w = await loadFixture(requested)
      const { pinning, id } = w

      await expect(answer(w, id, STAGE.pinned, pinnedAnswer()))
        .to.emit(pinning, 'Pinned')
        .withArgs(id, CAR_BYTES)

      const { state, carBytes } = await pinning.getRequest(id)
      expect([state, carBytes]).to.deep.equal([STATE.Pinned, CAR_BYTES])
    })

    it('makes the request Packed, with its piece', async () => {
      const w = await loadFixture(pinned)
      const { pinning, id } = w
      const { digest, size } = onChain(PIECE)

      await expect(answer(w, id, STAGE.packed, packedAnswer({ digest, size }, 2_000n)))
        .to.emit(pinning, 'Packed')
        .withArgs(id, digest, size, 2_000n)

      const { state, carBytes, pieceDigest, pieceSize } = await pinning.getRequest(id)
      expect([state, carBytes, pieceDigest, pieceSize]).to.deep.equal([STATE.Packed, 2_000n, digest, size])
    })

    it('leaves an answer that does not decode to be delivered again', async () => {
      const w = await loadFixture(pinned)
      const { pinning, registry, id } = w

      await expect(answer(w, id, STAGE.packed, '0x01'))
        .to.emit(registry, 'DeliveryFailed')
        .withArgs(id, STAGE.packed)

      expect((await pinning.getRequest(id)).state).to.equal(STATE.Pinned)
    })

    it('makes the request Failed with the operators’ reason', async () => {
      const w = await loadFixture(pinned)
      const { pinning, id } = w

      await expect(fail(w, id, STAGE.packed, REASON.BadContent))
        .to.emit(pinning, 'Failed')
        .withArgs(id, REASON.BadContent)

      const { state, failReason } = await pinning.getRequest(id)
      expect([state, failReason]).to.deep.equal([STATE.Failed, REASON.BadContent])
    })

    context('when the requester named the piece', () => {
      it('takes that piece as the answer', async () => {
        const w = await loadFixture(withNamedPiece)
        const { pinning, id } = w

        await expect(pack(w, id, PIECE)).to.emit(pinning, 'Packed')
        expect((await pinning.getRequest(id)).state).to.equal(STATE.Packed)
      })

      for (const [what, piece] of Object.entries({
        'another piece': { ...OTHER_PIECE, size: PIECE.size },
        'another size': { ...PIECE, size: 2n * PIECE.size },
      })) {
        it(`fails with PieceMismatch for ${what}`, async () => {
          const w = await loadFixture(withNamedPiece)
          const { pinning, id } = w

          const tx = pack(w, id, piece)

          await expect(tx).to.emit(pinning, 'Failed').withArgs(id, REASON.PieceMismatch)
          await expect(tx).not.to.emit(pinning, 'Packed')
          const { state, failReason, pieceDigest, reward } = await pinning.getRequest(id)
          expect([state, failReason, pieceDigest, reward]).to.deep.equal([
            STATE.Failed,
            REASON.PieceMismatch,
            onChain(PIECE).digest,
            REWARD,
          ])
        })
      }

      it('stays with PieceMismatch when the operators then fail the request for another reason', async () => {
        const w = await loadFixture(withNamedPiece)
        const { pinning, registry, id } = w
        await pack(w, id, OTHER_PIECE)

        await expect(fail(w, id, STAGE.stored, REASON.DealFailed)).not.to.emit(pinning, 'Failed')

        expect((await registry.getRequest(id)).state).to.equal(REGISTRY_STATE.Failed)
        expect((await pinning.getRequest(id)).failReason).to.equal(REASON.PieceMismatch)
      })
    })

    context('when an answer is delivered late', () => {
      it('is taken as if it had come in time', async () => {
        const w = await loadFixture(unheardPinned)
        const { pinning, registry, stranger, id } = w
        expect((await pinning.getRequest(id)).state).to.equal(STATE.Requested)

        await expect(registry.connect(stranger).deliver(id, STAGE.pinned, pinnedAnswer()))
          .to.emit(pinning, 'Pinned')
          .withArgs(id, CAR_BYTES)
      })

      it('changes nothing of a request that is over', async () => {
        const w = await loadFixture(unheardPinned)
        const { pinning, registry, id, deadline } = w
        await mineUpTo(deadline)
        await pinning.refund(id)

        const tx = registry.deliver(id, STAGE.pinned, pinnedAnswer())

        await expect(tx).to.emit(registry, 'Delivered').withArgs(id, STAGE.pinned)
        await expect(tx).not.to.emit(pinning, 'Pinned')
        const { state, carBytes } = await pinning.getRequest(id)
        expect([state, carBytes]).to.deep.equal([STATE.Expired, 0n])
      })

      it('counts no failure against a request whose refund was booked', async () => {
        const w = await loadFixture(unheardFailure)
        const { pinning, registry, id } = w
        await pinning.refund(id)

        const tx = registry.deliver(id, STAGE.pinned, failureData(REASON.TooLarge))

        await expect(tx).to.emit(registry, 'Delivered').withArgs(id, STAGE.pinned)
        await expect(tx).not.to.emit(pinning, 'Failed')
      })
    })

    it('shows a failure before it is delivered', async () => {
      const { pinning, id } = await loadFixture(unheardFailure)

      const { state, failReason } = await pinning.getRequest(id)
      expect([state, failReason]).to.deep.equal([STATE.Failed, REASON.TooLarge])
    })
  })

  describe('receive', () => {
    it('takes nothing but what the registry pays', async () => {
      const { pinning, registry, stranger } = await loadFixture(world)

      await expect(stranger.sendTransaction({ to: pinning, value: 1n }))
        .to.be.revertedWithCustomError(pinning, 'NotTheRegistry')
        .withArgs(registry, stranger)
    })
  })
})
