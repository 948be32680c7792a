import { expect } from 'chai'
import { toUtf8Bytes } from 'ethers'
import { maskedIdAddress } from '../../../scripts/local/actors.ts'
import { activateDeal, publishedIds } from '../../helpers/actors.ts'
import {
  ask,
  encodeProposal,
  f0,
  MARKET_ADDRESS,
  METHOD,
  notifyParams,
  proposalOf,
  REFUSAL,
  tell,
  type Proposal,
} from './messages.ts'
import { deal, locationOf, LONG, proposalFor, proveDeal, proveSector, sector } from './replicas.ts'
import { claimed, KIND, loadFixture, MINERS, mineUpTo, STATE, type Claimed, type World } from './world.ts'

type Setting = World & { claim: Claimed }

const DEAL = 77n

const notice = async (w: Setting, changes: Partial<Proposal> = {}, dealId = DEAL) =>
  notifyParams(encodeProposal(await proposalOf(w, changes)), dealId)

const notified = async (w: Setting, changes: Partial<Proposal> = {}, dealId = DEAL) =>
  tell(w, MARKET_ADDRESS, METHOD.notify, await notice(w, changes, dealId))

const boundDeal = async ({ storage, claim: { slot } }: Setting) => {
  const { kind, dealId } = await storage.getSlot(slot)
  return [kind, dealId]
}

/** The provider publishes deals with the contract as their client, and the contract is told. */
async function publishForUs(w: Setting, durations: bigint[]) {
  const client = await w.storage.getAddress()
  const given = []
  for (const duration of durations) given.push(await proposalFor(w, { client, duration }))
  const tx = await w.market.connect(w.claim.sp.owner).publish(given)
  return { tx, ids: publishedIds(w.market, (await tx.wait())!) }
}

describe('PerpetualStorage', () => {
  describe('handle_filecoin_method: MarketNotifyDeal', () => {
    context('when the market tells of a deal for a claim', () => {
      it('binds the deal', async () => {
        const w = await loadFixture(claimed)
        const { storage, claim: c } = w
        await expect(notified(w))
          .to.emit(storage, 'SlotBound')
          .withArgs(c.slot, c.sp.miner, c.nonce, KIND.Deal, DEAL, 0n, 0n)
        const slot = await storage.getSlot(c.slot)
        expect([slot.state, slot.kind, slot.dealId, slot.end]).to.deep.equal([STATE.Claimed, KIND.Deal, DEAL, 0n])
      })

      it('binds it at the claim’s last epoch', async () => {
        const w = await loadFixture(claimed)
        const params = await notice(w)
        await mineUpTo(w.claim.claimBy - 1n)
        await expect(tell(w, MARKET_ADDRESS, METHOD.notify, params)).to.emit(w.storage, 'SlotBound')
      })

      it('answers exit 0 with nothing', async () => {
        const w = await loadFixture(claimed)
        expect(await ask(w, MARKET_ADDRESS, METHOD.notify, await notice(w))).to.deep.equal([0n, 0n, '0x'])
      })

      it('leads to an active slot when its sector is proven, shown by anyone', async () => {
        const w = await loadFixture(claimed)
        const { storage, claim: c, stranger } = w
        const { tx, ids } = await publishForUs(w, [LONG])
        await expect(tx).to.emit(storage, 'SlotBound').withArgs(c.slot, c.sp.miner, c.nonce, KIND.Deal, ids[0], 0n, 0n)
        await activateDeal(ids[0], 5n)

        const proof = proveDeal(w, { dealId: ids[0], location: locationOf(5n) }, stranger)

        await expect(proof)
          .to.emit(storage, 'SlotBound')
          .withArgs(c.slot, c.sp.miner, c.nonce, KIND.Deal, ids[0], 5n, 0n)
        await expect(proof).to.emit(storage, 'SlotProven')
        expect((await storage.getSlot(c.slot)).state).to.equal(STATE.Active)
      })
    })

    context('when it tells of more than one', () => {
      it('binds the first of one message only, and fails none', async () => {
        const w = await loadFixture(claimed)
        const { tx, ids } = await publishForUs(w, [LONG, LONG + 1n, LONG + 2n])
        expect(ids).to.have.length(3)
        const logs = (await tx.wait())!.logs.map((log) => w.storage.interface.parseLog(log)?.name)
        expect(logs.filter((name) => name === 'SlotBound')).to.have.length(1)
        expect(await boundDeal(w)).to.deep.equal([KIND.Deal, ids[0]])
      })

      it('keeps the first when another is told of later', async () => {
        const w = await loadFixture(claimed)
        await notified(w)
        await expect(notified(w, {}, DEAL + 1n)).not.to.emit(w.storage, 'SlotBound')
        expect(await boundDeal(w)).to.deep.equal([KIND.Deal, DEAL])
      })

      it('takes any of them as the proof: what is bound is replaceable until the slot is active', async () => {
        const w = await loadFixture(claimed)
        const { storage, claim: c, stranger } = w
        const { ids } = await publishForUs(w, [LONG, LONG + 1n])
        await activateDeal(ids[1], 6n)
        await expect(proveDeal(w, { dealId: ids[0], location: locationOf(6n) }, stranger))
          .to.be.revertedWithCustomError(storage, 'DealNotActive')
          .withArgs(ids[0])
        await expect(proveDeal(w, { dealId: ids[1], location: locationOf(6n) }, stranger))
          .to.emit(storage, 'SlotBound')
          .withArgs(c.slot, c.sp.miner, c.nonce, KIND.Deal, ids[1], 6n, 0n)
      })

      it('leaves a sector that is bound as it is', async () => {
        const w = await loadFixture(claimed)
        const s = await sector(w)
        await notified(w)
        expect(await boundDeal(w)).to.deep.equal([KIND.Sector, 0n])
        await expect(proveSector(w, s)).to.emit(w.storage, 'SlotProven')
      })
    })

    context('when the deal is for no claim', () => {
      for (const [what, changes] of [
        ['a label that is none', { label: 'none' }],
        ['an earlier claim’s label', { label: '256/0' }],
        ['a later claim’s label', { label: '256/2' }],
        ['the label of a slot that is not claimed', { label: '257/1' }],
        ['another provider', { provider: f0(MINERS[1]) }],
        ['a provider that nobody knows', { provider: `0x02${'33'.repeat(20)}` }],
        ['another piece', { pieceCid: `0x0181e203922020${'0e'.repeat(32)}` }],
        ['another size', { pieceSize: 4096n }],
      ] as const) {
        it(`ignores ${what}, without failing the market’s message`, async () => {
          const w = await loadFixture(claimed)
          await expect(notified(w, changes)).not.to.emit(w.storage, 'SlotBound')
          expect(await boundDeal(w)).to.deep.equal([KIND.None, 0n])
        })
      }

      it('ignores it after the claim’s last epoch, and once the slot is active', async () => {
        const w = await loadFixture(claimed)
        const d = await deal(w)
        await proveDeal(w, d)
        await expect(notified(w)).not.to.emit(w.storage, 'SlotBound')
        expect(await boundDeal(w)).to.deep.equal([KIND.Deal, d.dealId])
        const late = await loadFixture(claimed)
        await mineUpTo(late.claim.claimBy)
        await expect(notified(late)).not.to.emit(late.storage, 'SlotBound')
      })
    })

    context('when another tells', () => {
      for (const [who, address] of [
        ['the provider itself', undefined],
        ['its miner actor', maskedIdAddress(MINERS[0])],
        ['an actor whose id ends like the market’s', maskedIdAddress(261n)],
      ] as const) {
        it(`refuses ${who}: NotTheMarket`, async () => {
          const w = await loadFixture(claimed)
          await expect(tell(w, address ?? w.claim.sp.owner.address, METHOD.notify, await notice(w)))
            .to.be.revertedWithCustomError(w.storage, 'DealRefused')
            .withArgs(REFUSAL.NotTheMarket)
        })
      }
    })

    context('when the message is malformed', () => {
      for (const [what, params, error] of [
        ['nothing', '0x', 'CborTruncated'],
        ['text', '0x6161', 'CborWrongType'],
        ['no deal id', '0x8140', 'CborWrongLength'],
        ['an empty proposal', '0x824001', 'CborTruncated'],
      ] as const) {
        it(`reverts with ${error} for ${what}`, async () => {
          const w = await loadFixture(claimed)
          await expect(tell(w, MARKET_ADDRESS, METHOD.notify, params)).to.be.revertedWithCustomError(w.storage, error)
        })
      }

      it('reverts for a negative deal id', async () => {
        const w = await loadFixture(claimed)
        await expect(notified(w, {}, -1n)).to.be.revertedWithCustomError(w.storage, 'CborWrongType')
      })

      it('reverts for a label that is a number', async () => {
        const w = await loadFixture(claimed)
        const label = Buffer.from(toUtf8Bytes('~~')).toString('hex')
        const params = (await notice(w, { label: '~~' })).replace(`62${label}`, '19' + label)
        await expect(tell(w, MARKET_ADDRESS, METHOD.notify, params)).to.be.revertedWithCustomError(
          w.storage,
          'CborWrongType',
        )
      })
    })
  })
})
