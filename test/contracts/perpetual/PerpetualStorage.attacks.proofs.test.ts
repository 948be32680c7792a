import { expect } from 'chai'
import { artifacts } from 'hardhat'
import { maskedIdAddress, setActorCode } from '../../../scripts/local/actors.ts'
import { localMiner, publishedIds, rpc } from '../../helpers/actors.ts'
import {
  ask,
  authenticateParams,
  CBOR,
  contentParams,
  encodeProposal,
  f0,
  MARKET_ADDRESS,
  METHOD,
  notifyParams,
  proposalOf,
  REFUSAL,
  tell,
} from './messages.ts'
import {
  anotherClaim,
  deal,
  locationOf,
  LONG,
  minerOf,
  pieceOf,
  proposalFor,
  proveDeal,
  proveSector,
  sector,
} from './replicas.ts'
import {
  claim,
  claimed,
  KIND,
  loadFixture,
  MINERS,
  mineUpTo,
  open,
  PIECE,
  STATE,
  world,
  type Claimed,
} from './world.ts'

const FAKE = 2_000n
const COMMITMENT = 3_000_000n

/** An actor which answers as a miner does, in everything, and is controlled by the stranger; f04 made no such miner. */
async function withFakeMiner() {
  const w = await world()
  await setActorCode(await rpc(), artifacts, maskedIdAddress(FAKE), 'LocalMiner')
  const { address } = w.stranger
  await (await localMiner(FAKE)).configure(address, address, [], 32n << 30n)
  return { ...w, opened: await open(w) }
}

/** Two claims of one provider, in two orders of the same piece. */
async function twoClaims() {
  const w = await claimed()
  return { ...w, second: (await anotherClaim(w)).claim }
}

const labelledPiece = (claim: Claimed) => ({
  cid: `0x0181e203922020${Buffer.from(PIECE.digest).toString('hex')}`,
  size: PIECE.size,
  payload: claim.label,
})

describe('PerpetualStorage', () => {
  describe('attacks: proofs', () => {
    context('E 1: a fake miner actor claims and proves', () => {
      it('cannot claim: NotAMiner', async () => {
        const { storage, stranger, opened } = await loadFixture(withFakeMiner)
        const { slots } = await storage.openSlotsOf(opened.orderId)
        const { slot, nonce, orderVersion, price, collateral } = slots[0]
        await expect(storage.connect(stranger).claim(slot, nonce, orderVersion, price, FAKE, { value: collateral }))
          .to.be.revertedWithCustomError(storage, 'NotAMiner')
          .withArgs(FAKE)
      })

      it('cannot tell of a sector: NotAMiner', async () => {
        const w = await loadFixture(withFakeMiner)
        const mine = await claim(w, w.opened)
        const params = contentParams([{ number: 7n, commitment: COMMITMENT, pieces: [labelledPiece(mine)] }])
        await expect(tell(w, maskedIdAddress(FAKE), METHOD.contentChanged, params))
          .to.be.revertedWithCustomError(w.storage, 'NotAMiner')
          .withArgs(FAKE)
        const accepted = (await localMiner(FAKE)).commitPieces.staticCall(
          7n,
          COMMITMENT,
          [pieceOf(PIECE, mine.label)],
          w.storage,
        )
        expect(await accepted).to.deep.equal([false])
      })

      it('cannot stand in for the provider of a deal', async () => {
        const w = await loadFixture(withFakeMiner)
        const mine = { ...w, claim: await claim(w, w.opened) }
        const params = authenticateParams(encodeProposal(await proposalOf(mine, { provider: f0(FAKE) })))
        await expect(ask(w, MARKET_ADDRESS, METHOD.authenticate, params))
          .to.be.revertedWithCustomError(w.storage, 'DealRefused')
          .withArgs(REFUSAL.OtherProvider)
      })
    })

    context('A 31: AuthenticateMessage is read-only', () => {
      it('writes nothing and emits nothing, however often it is asked', async () => {
        const w = await loadFixture(claimed)
        const before = await w.storage.getSlot(w.claim.slot)
        const params = authenticateParams(encodeProposal(await proposalOf(w)))
        for (let time = 0; time < 3; ++time) {
          const tx = await tell(w, MARKET_ADDRESS, METHOD.authenticate, params)
          expect((await tx.wait())!.logs).to.deep.equal([])
        }
        expect(await w.storage.getSlot(w.claim.slot)).to.deep.equal(before)
        expect(await ask(w, MARKET_ADDRESS, METHOD.authenticate, params)).to.deep.equal([0n, CBOR, '0xf5'])
      })

      it('costs the order nothing when a provider publishes five times over: the first is bound, no other', async () => {
        const w = await loadFixture(claimed)
        const { storage, claim: c } = w
        const client = await storage.getAddress()
        const given = []
        for (let extra = 0n; extra < 5n; ++extra) given.push(await proposalFor(w, { client, duration: LONG + extra }))
        const before = await storage.getOrder(c.orderId)

        const tx = await w.market.connect(c.sp.owner).publish(given)

        const ids = publishedIds(w.market, (await tx.wait())!)
        expect(ids).to.have.length(5)
        expect((await storage.getSlot(c.slot)).dealId).to.equal(ids[0])
        expect(await storage.getOrder(c.orderId)).to.deep.equal(before)
      })

      it('spends neither coins nor data cap: a price, collateral and verified deals are refused', async () => {
        const w = await loadFixture(claimed)
        for (const [changes, refusal] of [
          [{ price: 1n }, REFUSAL.NotFree],
          [{ clientCollateral: 1n }, REFUSAL.NotFree],
          [{ verified: true }, REFUSAL.Verified],
        ] as const) {
          const params = authenticateParams(encodeProposal(await proposalOf(w, changes)))
          await expect(ask(w, MARKET_ADDRESS, METHOD.authenticate, params))
            .to.be.revertedWithCustomError(w.storage, 'DealRefused')
            .withArgs(refusal)
        }
        await expect(ask(w, maskedIdAddress(7n), METHOD.receive, '0x821a6b73a9b341ff')).to.be.revertedWithCustomError(
          w.storage,
          'DatacapRefused',
        )
      })
    })

    context('A 35: another’s proof', () => {
      it('lets nobody prove a slot with a deal that its provider made for someone else', async () => {
        const w = await loadFixture(claimed)
        const { storage, claim: c, stranger, client, sps } = w
        const d = await deal(w, { label: '0x' })
        for (const from of [stranger, client, sps[1].owner]) {
          await expect(proveDeal(w, d, from))
            .to.be.revertedWithCustomError(storage, 'NotTheProviders')
            .withArgs(c.slot, d.dealId)
        }
      })

      it('lets no provider prove its slot with the deal of another', async () => {
        const w = await loadFixture(claimed)
        const rival = { ...w, claim: await claim(w, w.claim, { sp: w.sps[1] }) }
        const d = await deal(w)
        await expect(proveDeal(rival, d))
          .to.be.revertedWithCustomError(w.storage, 'WrongProvider')
          .withArgs(MINERS[1], MINERS[0])
      })

      it('lets no deal of a claim that lapsed prove the next one, unless its provider says so', async () => {
        const w = await loadFixture(claimed)
        const { storage, stranger } = w
        const d = await deal(w, { startIn: w.claim.terms.claimEpochs as bigint })
        await mineUpTo(w.claim.claimBy)
        await storage.lapse(w.claim.slot)
        const barred = await storage.barredUntil(w.claim.orderId, MINERS[0])
        await mineUpTo(barred)
        const again = { ...w, claim: await claim(w, w.claim, { slot: w.claim.slot }) }
        expect(again.claim.nonce).to.equal(2n)
        await expect(proveDeal(again, d, stranger))
          .to.be.revertedWithCustomError(storage, 'NotTheProviders')
          .withArgs(w.claim.slot, d.dealId)
        await expect(proveDeal(again, d)).to.emit(storage, 'SlotProven')
      })

      it('binds no sector to another miner’s claim, and none by a stale nonce', async () => {
        const w = await loadFixture(claimed)
        const rival = await claim(w, w.claim, { sp: w.sps[1] })
        const miner = await minerOf(w)
        const stale = `0x${Buffer.from(`${w.claim.slot}/0`).toString('hex')}`
        const pieces = [pieceOf(PIECE, rival.label), pieceOf(PIECE, stale)]
        expect(await miner.commitPieces.staticCall(7n, COMMITMENT, pieces, w.storage)).to.deep.equal([false, false])
        await miner.commitPieces(7n, COMMITMENT, pieces, w.storage)
        for (const { slot } of [w.claim, rival]) expect((await w.storage.getSlot(slot)).kind).to.equal(KIND.None)
      })
    })

    context('A 37: a binding that leads nowhere', () => {
      it('does not lock the slot: another deal, or a sector, proves it', async () => {
        const w = await loadFixture(claimed)
        const { storage, claim: c } = w
        const never = notifyParams(encodeProposal(await proposalOf(w)), 99n)
        await tell(w, MARKET_ADDRESS, METHOD.notify, never)
        expect((await storage.getSlot(c.slot)).dealId).to.equal(99n)
        const d = await deal(w)
        await expect(proveDeal(w, d))
          .to.emit(storage, 'SlotBound')
          .withArgs(c.slot, c.sp.miner, c.nonce, KIND.Deal, d.dealId, d.sector, 0n)
      })

      it('is no proof: a deal in no sector activates nothing', async () => {
        const w = await loadFixture(claimed)
        const { storage, claim: c } = w
        const given = await proposalFor(w, { client: await storage.getAddress() })
        const tx = await w.market.connect(c.sp.owner).publish([given])
        const [dealId] = publishedIds(w.market, (await tx.wait())!)
        await expect(proveDeal(w, { dealId, location: locationOf(5n) }))
          .to.be.revertedWithCustomError(storage, 'DealNotActive')
          .withArgs(dealId)
        expect((await storage.getSlot(c.slot)).state).to.equal(STATE.Claimed)
      })

      it('earns nothing for a deal that starts after the claim’s last epoch, nor for the time before its start', async () => {
        const w = await loadFixture(claimed)
        const { storage, claim: c } = w
        const d = await deal(w, { startIn: 5_000n })
        await proveDeal(w, d)
        const { provenTo } = await storage.getSlot(c.slot)
        expect(provenTo).to.equal(d.start)
        const late = await anotherClaim(w)
        const dLate = await deal(late, { startIn: 8n * 2_880n })
        await expect(proveDeal(late, dLate))
          .to.be.revertedWithCustomError(storage, 'StartsTooLate')
          .withArgs(late.claim.claimBy, dLate.start)
      })
    })

    context('A 38: a miner’s notification', () => {
      it('only binds: without a proof nothing is active and nothing is paid', async () => {
        const w = await loadFixture(claimed)
        const { storage, claim: c, stranger } = w
        const s = await sector(w)
        expect((await storage.getSlot(c.slot)).state).to.equal(STATE.Claimed)
        await expect(storage.connect(stranger).settle(c.slot, 1n, s.location))
          .to.be.revertedWithCustomError(storage, 'WrongSlotState')
          .withArgs(c.slot, STATE.Claimed)
      })

      it('never fails a real miner for a piece that is not ours', async () => {
        const w = await loadFixture(claimed)
        const miner = await minerOf(w)
        const pieces = [pieceOf(PIECE, '0x'), { ...pieceOf(PIECE, w.claim.label), size: 1n << 35n }]
        const params = contentParams([
          { number: 7n, commitment: -5n, pieces: [labelledPiece(w.claim)] },
          { number: 8n, commitment: COMMITMENT, pieces: [{ ...labelledPiece(w.claim), cid: '0x01551200' }] },
        ])
        expect(await ask(w, maskedIdAddress(MINERS[0]), METHOD.contentChanged, params)).to.deep.equal([
          0n,
          CBOR,
          '0x8281f481f4',
        ])
        expect(await miner.commitPieces.staticCall(7n, COMMITMENT, pieces, w.storage)).to.deep.equal([false, false])
      })
    })

    context('A 28, E 6: one sector notifies f05 and us, for two orders', () => {
      it('is paid once: by the deal first, the sector is ReplicaAlreadyPaid', async () => {
        const w = await loadFixture(twoClaims)
        const { storage, claim: c, second } = w
        const d = await deal(w, { sector: 7n })
        const s = await sector({ ...w, claim: second }, { number: 7n })
        await proveDeal(w, d)
        await expect(proveSector({ ...w, claim: second }, s))
          .to.be.revertedWithCustomError(storage, 'ReplicaAlreadyPaid')
          .withArgs(MINERS[0], 7n, c.slot)
      })

      it('is paid once: by the sector first, the deal is ReplicaAlreadyPaid', async () => {
        const w = await loadFixture(twoClaims)
        const { storage, claim: c, second } = w
        const d = await deal({ ...w, claim: second }, { sector: 7n })
        await proveSector(w, await sector(w, { number: 7n }))
        await expect(proveDeal({ ...w, claim: second }, d))
          .to.be.revertedWithCustomError(storage, 'ReplicaAlreadyPaid')
          .withArgs(MINERS[0], 7n, c.slot)
      })

      it('is paid once: two deals for the piece in one sector', async () => {
        const w = await loadFixture(twoClaims)
        const [first, other] = [await deal(w, { sector: 7n }), await deal({ ...w, claim: w.second }, { sector: 7n })]
        await proveDeal(w, first)
        await expect(proveDeal({ ...w, claim: w.second }, other))
          .to.be.revertedWithCustomError(w.storage, 'ReplicaAlreadyPaid')
          .withArgs(MINERS[0], 7n, w.claim.slot)
      })

      it('is paid once: the same deal for two orders', async () => {
        const w = await loadFixture(twoClaims)
        const d = await deal(w)
        await proveDeal(w, d)
        await expect(proveDeal({ ...w, claim: w.second }, d))
          .to.be.revertedWithCustomError(w.storage, 'ReplicaAlreadyPaid')
          .withArgs(MINERS[0], d.sector, w.claim.slot)
      })

      it('can serve the other order once the first slot is over', async () => {
        const w = await loadFixture(twoClaims)
        const { storage, claim: c } = w
        const d = await deal(w, { sector: 7n })
        await proveDeal(w, d)
        await storage.connect(c.sp.worker).resign(c.slot)
        await expect(proveDeal({ ...w, claim: w.second }, d)).to.emit(storage, 'SlotProven')
      })

      it('counts in two sectors as two', async () => {
        const w = await loadFixture(twoClaims)
        await proveDeal(w, await deal(w, { sector: 7n }))
        const s = await sector({ ...w, claim: w.second }, { number: 8n })
        await expect(proveSector({ ...w, claim: w.second }, s)).to.emit(w.storage, 'SlotProven')
      })
    })
  })
})
