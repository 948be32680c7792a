import { expect } from 'chai'
import { aggregateOf, namedPiece, onChain, pieceCid, verifierData, type Segment } from '../../helpers/podsi.ts'
import {
  complete,
  loadFixture,
  makeDeal,
  OTHER_CID,
  OTHER_PIECE,
  pack,
  packed,
  PIECE,
  storedPiece,
  submit,
} from './world.ts'

describe('PinningRequests', () => {
  describe('complete, refused', () => {
    context('by the piece and its proof', () => {
      it("reverts with WrongPiece for another request's piece, though its proof and deal are good", async () => {
        const w = await loadFixture(packed)
        const { pinning, id } = w
        const other = await submit(w, {}, { cid: OTHER_CID })
        await pack(w, other.id, OTHER_PIECE)
        const theirs = await storedPiece(OTHER_PIECE)
        const [expected, actual] = [onChain(PIECE), onChain(OTHER_PIECE)]

        await expect(complete(w, id, theirs.deal, theirs.segment))
          .to.be.revertedWithCustomError(pinning, 'WrongPiece')
          .withArgs(expected.digest, expected.size, actual.digest, actual.size)
      })

      it('reverts with WrongPiece for another size of the piece', async () => {
        const w = await loadFixture(packed)
        const { pinning, id, deal, segment } = w
        const { digest, size } = onChain(PIECE)
        const doubled: Segment = { ...segment, verifierData: verifierData({ ...PIECE, size: 2n * size }) }

        await expect(complete(w, id, deal, doubled))
          .to.be.revertedWithCustomError(pinning, 'WrongPiece')
          .withArgs(digest, size, digest, 2n * size)
      })

      it('reverts with NotAPieceCid for what is not a piece CID', async () => {
        const w = await loadFixture(packed)
        const { pinning, id, deal, segment } = w
        const commPc = '0x00' + pieceCid(PIECE).slice(2)

        await expect(complete(w, id, deal, { ...segment, verifierData: { commPc, sizePc: PIECE.size } }))
          .to.be.revertedWithCustomError(pinning, 'NotAPieceCid')
          .withArgs(commPc)
      })

      it('reverts with RootMismatch for a proof with a node flipped', async () => {
        const w = await loadFixture(packed)
        const { pinning, id, deal } = w
        const { aggregate, segments } = aggregateOf([PIECE])
        const { proof, verifierData } = segments[0]
        const [first, ...rest] = proof.proofSubtree.path as Uint8Array[]
        const path = [first.map((byte, at) => (at === 0 ? byte ^ 1 : byte)), ...rest]
        const wrong = { ...proof, proofSubtree: { index: proof.proofSubtree.index, path } }

        await expect(complete(w, id, deal, { proof: wrong, verifierData }))
          .to.be.revertedWithCustomError(pinning, 'RootMismatch')
          .withArgs((root: string) => root !== onChain(aggregate).digest, onChain(aggregate).digest)
      })

      it('reverts with WrongAggregate for a good proof into data that the deal does not store', async () => {
        const w = await loadFixture(packed)
        const { pinning, id, deal, aggregate } = w
        const other = aggregateOf([PIECE], [namedPiece('another filler')])
        const [shown, stored] = [onChain(other.aggregate), onChain(aggregate)]

        await expect(complete(w, id, deal, other.segments[0]))
          .to.be.revertedWithCustomError(pinning, 'WrongAggregate')
          .withArgs(shown.digest, shown.size, stored.digest, stored.size)
      })

      it('reverts with WrongAggregate when only the size differs', async () => {
        const w = await loadFixture(packed)
        const { pinning, id, aggregate, segment } = w
        const { digest, size } = onChain(aggregate)
        const deal = await makeDeal({ ...aggregate, size: 2n * size })

        await expect(complete(w, id, deal, segment))
          .to.be.revertedWithCustomError(pinning, 'WrongAggregate')
          .withArgs(digest, size, digest, 2n * size)
      })
    })
  })
})
