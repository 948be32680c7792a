import { expect } from 'chai'
import { encode } from 'cborg'
import { activateDeal, localMarket, scriptActor } from '../../helpers/actors.ts'
import { aggregateOf, namedPiece, onChain, pieceCid, verifierData, type Segment } from '../../helpers/podsi.ts'
import {
  complete,
  ethers,
  fail,
  loadFixture,
  makeDeal,
  MARKET,
  MIN_TERM,
  MINERS,
  mineUpTo,
  now,
  OTHER_CID,
  OTHER_PIECE,
  pack,
  packed,
  packedWith,
  PIECE,
  REASON,
  STAGE,
  STATE,
  storedPiece,
  submit,
  world,
} from './world.ts'

const FAR = 3_000_000n
const CBOR = 0x51
const GET_DEAL_DATA_COMMITMENT = 1157985802n
const GET_DEAL_PROVIDER = 935081690n
const GET_DEAL_ACTIVATION = 2567238399n
const GET_DEAL_TERM = 163777312n

async function twoReplicas() {
  return packedWith({ replicas: 2n })
}

async function firstProven() {
  const w = await twoReplicas()
  await complete(w, w.id, w.deal, w.segment)
  return w
}

async function withShortTerm() {
  return packedWith({ deadlineEpoch: FAR, minTermEpochs: 1n })
}

async function withLongDeadline() {
  return packedWith({ deadlineEpoch: FAR })
}

/** The market answers on as it does, except where a test says otherwise. */
async function scripted() {
  const w = await packed()
  const implementation = await ethers.deployContract('LocalMarket')
  const market = await scriptActor(MARKET)
  await market.passRestTo(implementation)
  return { ...w, market }
}

describe('PinningRequests', () => {
  describe('complete, refused', () => {
    context('by the request', () => {
      it('reverts with UnknownRequest for an id nobody asked for', async () => {
        const w = await loadFixture(packed)
        const { pinning, id, deal, segment } = w

        await expect(complete(w, id + 1n, deal, segment))
          .to.be.revertedWithCustomError(pinning, 'UnknownRequest')
          .withArgs(id + 1n)
      })

      it('reverts with NotCompletable while it is Requested or Pinned', async () => {
        const w = await loadFixture(world)
        const { pinning, registry, reporters } = w
        const { id } = await submit(w)
        const { deal, segment } = await storedPiece()
        const refused = async (state: bigint) =>
          expect(complete(w, id, deal, segment))
            .to.be.revertedWithCustomError(pinning, 'NotCompletable')
            .withArgs(id, state)

        await refused(STATE.Requested)
        for (const reporter of reporters.slice(0, 2)) {
          await registry.connect(reporter).report(id, STAGE.pinned, '0x' + '00'.repeat(31) + '01')
        }
        await refused(STATE.Pinned)
      })

      it('reverts with NotCompletable when it failed', async () => {
        const w = await loadFixture(packed)
        const { pinning, id, deal, segment } = w
        await fail(w, id, STAGE.stored, REASON.DealFailed)

        await expect(complete(w, id, deal, segment))
          .to.be.revertedWithCustomError(pinning, 'NotCompletable')
          .withArgs(id, STATE.Failed)
      })

      it('reverts with NotCompletable when it was cancelled', async () => {
        const w = await loadFixture(packed)
        const { pinning, requester, id, deal, segment } = w
        await pinning.connect(requester).cancel(id)

        await expect(complete(w, id, deal, segment))
          .to.be.revertedWithCustomError(pinning, 'NotCompletable')
          .withArgs(id, STATE.Cancelled)
      })

      it('reverts with NotCompletable when it is Stored', async () => {
        const w = await loadFixture(packed)
        const { pinning, id, deal, segment, aggregate } = w
        await complete(w, id, deal, segment)

        await expect(complete(w, id, await makeDeal(aggregate, { providerId: MINERS[1] }), segment))
          .to.be.revertedWithCustomError(pinning, 'NotCompletable')
          .withArgs(id, STATE.Stored)
      })

      it('reverts with DeadlinePassed one epoch after the deadline', async () => {
        const w = await loadFixture(packed)
        const { pinning, id, deadline, deal, segment } = w
        await mineUpTo(deadline)

        await expect(complete(w, id, deal, segment))
          .to.be.revertedWithCustomError(pinning, 'DeadlinePassed')
          .withArgs(deadline, deadline + 1n)
      })

      it('reverts with NotCompletable once its refund was booked', async () => {
        const w = await loadFixture(packed)
        const { pinning, id, deadline, deal, segment } = w
        await mineUpTo(deadline)
        await pinning.refund(id)

        await expect(complete(w, id, deal, segment))
          .to.be.revertedWithCustomError(pinning, 'NotCompletable')
          .withArgs(id, STATE.Expired)
      })

      it('reverts with NotCompletable when anyone had the registry refund it', async () => {
        const w = await loadFixture(packed)
        const { pinning, registry, stranger, id, deadline, deal, segment } = w
        await mineUpTo(deadline)
        await registry.connect(stranger).refund(id)

        await expect(complete(w, id, deal, segment))
          .to.be.revertedWithCustomError(pinning, 'NotCompletable')
          .withArgs(id, STATE.Expired)
      })
    })

    context('by what counts', () => {
      it('reverts with DealAlreadyCounted for the same deal again', async () => {
        const w = await loadFixture(firstProven)
        const { pinning, id, deal, segment } = w

        await expect(complete(w, id, deal, segment))
          .to.be.revertedWithCustomError(pinning, 'DealAlreadyCounted')
          .withArgs(id, deal.dealId)
      })

      it('reverts with DealAlreadyCounted for the same deal under another provider', async () => {
        const w = await loadFixture(firstProven)
        const { pinning, id, deal, segment } = w

        await expect(complete(w, id, { ...deal, providerId: MINERS[1] }, segment))
          .to.be.revertedWithCustomError(pinning, 'DealAlreadyCounted')
          .withArgs(id, deal.dealId)
      })

      it('reverts with ProviderAlreadyCounted for another deal of the same provider', async () => {
        const w = await loadFixture(firstProven)
        const { pinning, id, aggregate, segment } = w
        const second = await makeDeal(aggregate, { duration: 541n * 2_880n })

        await expect(complete(w, id, second, segment))
          .to.be.revertedWithCustomError(pinning, 'ProviderAlreadyCounted')
          .withArgs(id, MINERS[0])
      })
    })

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

    context('by the market', () => {
      it('reverts with WrongMarketActor for a market that is not the built-in one', async () => {
        const w = await loadFixture(packed)
        const { pinning, id, deal, segment } = w

        for (const marketActorId of [0n, 4n, 6n, 1000n]) {
          await expect(complete(w, id, deal, segment, { marketActorId }))
            .to.be.revertedWithCustomError(pinning, 'WrongMarketActor')
            .withArgs(MARKET, marketActorId)
        }
      })

      it('reverts with DealUnknown for a deal that was never published', async () => {
        const w = await loadFixture(packed)
        const { pinning, id, deal, segment } = w
        const dealId = deal.dealId + 1n

        await expect(complete(w, id, { ...deal, dealId }, segment))
          .to.be.revertedWithCustomError(pinning, 'DealUnknown')
          .withArgs(dealId)
      })

      it('reverts with WrongProvider for a provider that does not hold the deal', async () => {
        const w = await loadFixture(packed)
        const { pinning, id, deal, segment } = w

        await expect(complete(w, id, { ...deal, providerId: MINERS[1] }, segment))
          .to.be.revertedWithCustomError(pinning, 'WrongProvider')
          .withArgs(MINERS[1], MINERS[0])
      })

      it('reverts with DealNotActive for a deal that is in no sector yet', async () => {
        const w = await loadFixture(packed)
        const { pinning, id, aggregate, segment } = w
        const deal = await makeDeal(aggregate, { providerId: MINERS[1], active: false, startIn: 20n })

        await expect(complete(w, id, deal, segment))
          .to.be.revertedWithCustomError(pinning, 'DealNotActive')
          .withArgs(deal.dealId)
      })

      it('reverts with DealRemoved for a deal that was terminated', async () => {
        const w = await loadFixture(packed)
        const { pinning, id, deal, segment } = w
        await (await localMarket()).terminate(deal.dealId)

        await expect(complete(w, id, deal, segment))
          .to.be.revertedWithCustomError(pinning, 'DealRemoved')
          .withArgs(deal.dealId)
      })

      it('reverts with DealTooOld for a deal that was activated before the request', async () => {
        const w = await loadFixture(world)
        const { pinning } = w
        const { aggregate, segments } = aggregateOf([PIECE])
        const deal = await makeDeal(aggregate, { startIn: 50n, active: false })
        await activateDeal(deal.dealId)
        const activated = await now()
        const { id } = await submit(w)
        await pack(w, id)
        await mineUpTo(deal.start)

        await expect(complete(w, id, deal, segments[0]))
          .to.be.revertedWithCustomError(pinning, 'DealTooOld')
          .withArgs(activated + 1n, activated)
      })

      it('reverts with DealNotStarted one epoch before the start', async () => {
        const w = await loadFixture(packed)
        const { pinning, id, aggregate, segment } = w
        const deal = await makeDeal(aggregate, { providerId: MINERS[1], startIn: 100n })
        await mineUpTo(deal.start - 2n)

        await expect(complete(w, id, deal, segment))
          .to.be.revertedWithCustomError(pinning, 'DealNotStarted')
          .withArgs(deal.start, deal.start - 1n)
      })

      it('reverts with DealExpired from the end on, though the market answers as if it ran', async () => {
        const w = await loadFixture(withShortTerm)
        const { pinning, id, deal, segment } = w
        await mineUpTo(deal.end - 1n)

        await expect(complete(w, id, deal, segment))
          .to.be.revertedWithCustomError(pinning, 'DealExpired')
          .withArgs(deal.end, deal.end)
      })

      it('reverts with TermTooShort when less than the least term is left', async () => {
        const w = await loadFixture(withLongDeadline)
        const { pinning, id, deal, segment } = w
        await mineUpTo(deal.end - MIN_TERM)

        await expect(complete(w, id, deal, segment))
          .to.be.revertedWithCustomError(pinning, 'TermTooShort')
          .withArgs(MIN_TERM, MIN_TERM - 1n)
      })
    })

    context('by a market that does not answer as it should', () => {
      for (const [getter, method] of Object.entries({
        GetDealDataCommitment: GET_DEAL_DATA_COMMITMENT,
        GetDealProvider: GET_DEAL_PROVIDER,
        GetDealActivation: GET_DEAL_ACTIVATION,
        GetDealTerm: GET_DEAL_TERM,
      })) {
        it(`reverts with DealUnknown, DealRemoved or ActorUnclear by the exit code of ${getter}`, async () => {
          const w = await loadFixture(scripted)
          const { pinning, market, id, deal, segment } = w

          await market.script(method, 17, 0, '0x')
          await expect(complete(w, id, deal, segment))
            .to.be.revertedWithCustomError(pinning, 'DealUnknown')
            .withArgs(deal.dealId)
          await market.script(method, 32, 0, '0x')
          await expect(complete(w, id, deal, segment))
            .to.be.revertedWithCustomError(pinning, 'DealRemoved')
            .withArgs(deal.dealId)
          for (const exitCode of [7, 22, 33]) {
            await market.script(method, exitCode, 0, '0x')
            await expect(complete(w, id, deal, segment))
              .to.be.revertedWithCustomError(pinning, 'ActorUnclear')
              .withArgs(exitCode)
          }
        })

        it(`reverts with BadActorReturn when ${getter} answers with nothing`, async () => {
          const w = await loadFixture(scripted)
          const { pinning, market, id, deal, segment } = w
          await market.script(method, 0, 0, '0x')

          await expect(complete(w, id, deal, segment))
            .to.be.revertedWithCustomError(pinning, 'BadActorReturn')
            .withArgs(MARKET, method, 0n, 0n)
        })
      }

      it('reverts with DealNotActive for an activation at epoch 0', async () => {
        const w = await loadFixture(scripted)
        const { pinning, market, id, deal, segment } = w
        await market.script(GET_DEAL_ACTIVATION, 0, CBOR, encode([0, -1]))

        await expect(complete(w, id, deal, segment))
          .to.be.revertedWithCustomError(pinning, 'DealNotActive')
          .withArgs(deal.dealId)
      })

      it('reverts with DealRemoved for a deal that is answered as terminated', async () => {
        const w = await loadFixture(scripted)
        const { pinning, market, id, deal, segment } = w
        await market.script(GET_DEAL_ACTIVATION, 0, CBOR, encode([await now(), 0n]))

        await expect(complete(w, id, deal, segment))
          .to.be.revertedWithCustomError(pinning, 'DealRemoved')
          .withArgs(deal.dealId)
      })

      it('reverts with BadDealTerm for negative epochs', async () => {
        const w = await loadFixture(scripted)
        const { pinning, market, id, deal, segment } = w
        for (const [start, duration] of [
          [-1, 518_400],
          [1, -1],
        ]) {
          await market.script(GET_DEAL_TERM, 0, CBOR, encode([start, duration]))
          await expect(complete(w, id, deal, segment))
            .to.be.revertedWithCustomError(pinning, 'BadDealTerm')
            .withArgs(deal.dealId, start, duration)
        }
      })

      it('reverts with CborTrailing for an answer that goes on', async () => {
        const w = await loadFixture(scripted)
        const { pinning, market, id, deal, segment } = w
        await market.script(GET_DEAL_PROVIDER, 0, CBOR, Uint8Array.of(...encode(1000), 0))

        await expect(complete(w, id, deal, segment))
          .to.be.revertedWithCustomError(pinning, 'CborTrailing')
          .withArgs(3n, 4n)
      })
    })
  })
})
