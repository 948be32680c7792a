import { expect } from 'chai'
import { ACTOR_ADDRESSES, maskedIdAddress } from '../../../scripts/local/actors.ts'
import { scriptActor } from '../../helpers/actors.ts'
import { onChain, type Segment } from '../../helpers/podsi.ts'
import {
  complete,
  ethers,
  fail,
  FAILURE_FEE,
  FEE,
  loadFixture,
  makeDeal,
  MARKET,
  MINERS,
  OTHER_CID,
  packed,
  packedWith,
  PIECE,
  REASON,
  REWARD,
  setBalance,
  STAGE,
  STATE,
  submit,
} from './world.ts'

const FAKE_MARKET = 1_006n
const FAKE_MINER = 1_007n
const GET_CONTROLLING_ADDRESSES = 348244887n

/** Another actor answers every question of the market as the market would for a good deal. */
async function withFakeMarket() {
  const w = await packed()
  const fake = await scriptActor(FAKE_MARKET)
  await fake.passRestTo(await ethers.deployContract('LocalMarket'))
  return w
}

async function sixteenReplicas() {
  return packedWith({ replicas: 16n })
}

describe('PinningRequests', () => {
  describe('attacks', () => {
    it('E 2: a fake market id in complete → WrongMarketActor', async () => {
      const w = await loadFixture(withFakeMarket)
      const { pinning, owners, id, deal, segment } = w

      await expect(complete(w, id, deal, segment, { marketActorId: FAKE_MARKET }))
        .to.be.revertedWithCustomError(pinning, 'WrongMarketActor')
        .withArgs(MARKET, FAKE_MARKET)
      await expect(pinning.onchain_complete(id, FAKE_MARKET, deal.dealId, deal.providerId))
        .to.be.revertedWithCustomError(pinning, 'WrongMarketActor')
        .withArgs(MARKET, FAKE_MARKET)

      expect(await pinning.dealsOf(id)).to.have.lengthOf(0)
      expect(await pinning.creditOf(owners[0])).to.equal(0n)
    })

    it('E 1: a fake miner actor claims a deal → WrongProvider, for who holds it is the market’s word', async () => {
      const w = await loadFixture(packed)
      const { pinning, id, deal, segment } = w
      const fake = await scriptActor(FAKE_MINER)
      await fake.script(GET_CONTROLLING_ADDRESSES, 0, 0, '0x')

      await expect(complete(w, id, { ...deal, providerId: FAKE_MINER }, segment))
        .to.be.revertedWithCustomError(pinning, 'WrongProvider')
        .withArgs(FAKE_MINER, deal.providerId)
    })

    it('A 2: forced money is nobody’s: all is paid out to the attoFIL, and only that stays', async () => {
      const w = await loadFixture(packed)
      const { pinning, requester, owners, id, deal, segment } = w
      const forced = 10n ** 18n
      await setBalance(await pinning.getAddress(), REWARD + forced)
      const failing = await submit(w, {}, { cid: OTHER_CID })
      await fail(w, failing.id, STAGE.pinned, REASON.TooLarge)

      await complete(w, id, deal, segment)
      await pinning.refund(failing.id)
      for (const account of [requester, owners[0], owners[1]]) await pinning.withdrawFor(account)

      expect(await pinning.liabilities()).to.equal(0n)
      expect(await ethers.provider.getBalance(pinning)).to.equal(forced)
    })

    it('A 3: an operator’s reward is one credit, by its address and by its masked actor id (0xff…)', async () => {
      const w = await loadFixture(packed)
      const { pinning, owners, id, deal, segment } = w
      await complete(w, id, deal, segment)
      const book = await ethers.getContractAt('AddressBook', ACTOR_ADDRESSES.addressBook)
      await book.assign(owners[0].address, 3_003n)

      await pinning.withdrawFor(maskedIdAddress(3_003n))

      await expect(pinning.withdrawFor(owners[0]))
        .to.be.revertedWithCustomError(pinning, 'NoCredit')
        .withArgs(owners[0])
    })

    it('A 4: what complete looks through is no longer than the 16 replicas of the request', async () => {
      const w = await loadFixture(sixteenReplicas)
      const { pinning, id, aggregate, segment } = w
      for (const providerId of MINERS) await complete(w, id, await makeDeal(aggregate, { providerId }), segment)

      const { state, proven, replicas } = await pinning.getRequest(id)
      expect([state, proven, replicas]).to.deep.equal([STATE.Storing, 3n, 16n])
      await expect(submit(w, { replicas: 17n }))
        .to.be.revertedWithCustomError(pinning, 'BadReplicas')
        .withArgs(16n, 17n)
    })

    it('A 5: every share is whole: rewards and fees leave nothing behind', async () => {
      const w = await loadFixture(packed)
      const { pinning, registry, owners, id, deal, segment } = w
      await complete(w, id, deal, segment)

      expect(await pinning.creditOf(owners[0])).to.equal(await pinning.creditOf(owners[1]))
      expect(await pinning.liabilities()).to.equal(2n * (await pinning.creditOf(owners[0])))
      expect(await registry.liabilities()).to.equal(2n * (await registry.creditOf(owners[0])))
      expect(await registry.liabilities()).to.equal(FEE)
    })

    it('A 15: a requester that pays for a small size cannot have a large one kept for it', async () => {
      const w = await loadFixture(packed)
      const { pinning, registry, requester, owners } = w
      const before = await registry.creditOf(owners[0])
      const { id } = await submit(w, { maxBytes: 1n }, { cid: OTHER_CID })
      await fail(w, id, STAGE.pinned, REASON.TooLarge)
      await pinning.refund(id)

      expect((await registry.creditOf(owners[0])) - before).to.equal(FAILURE_FEE / 2n)
      expect(await pinning.creditOf(requester)).to.equal(FEE - FAILURE_FEE + REWARD)
    })

    it('A 21: one deal counts once in a request, and one provider once', async () => {
      const w = await loadFixture(sixteenReplicas)
      const { pinning, id, aggregate, deal, segment } = w
      await complete(w, id, deal, segment)

      await expect(complete(w, id, deal, segment))
        .to.be.revertedWithCustomError(pinning, 'DealAlreadyCounted')
        .withArgs(id, deal.dealId)
      await expect(complete(w, id, await makeDeal(aggregate, { duration: 541n * 2_880n }), segment))
        .to.be.revertedWithCustomError(pinning, 'ProviderAlreadyCounted')
        .withArgs(id, deal.providerId)
    })

    it('A 24: a path longer than 30 nodes is refused before any size is computed from it', async () => {
      const w = await loadFixture(packed)
      const { pinning, id, deal, segment } = w
      const path = Array.from({ length: 31 }, () => '0x' + '00'.repeat(32))
      const { proof, verifierData } = segment
      const long: Segment = { proof: { ...proof, proofSubtree: { index: 0n, path } }, verifierData }

      await expect(complete(w, id, deal, long))
        .to.be.revertedWithCustomError(pinning, 'PathTooLong')
        .withArgs(30n, 31n)
    })

    it('A 24: a deal for the piece itself needs no inclusion proof, and has none', async () => {
      const w = await loadFixture(packed)
      const { pinning, id, segment } = w
      const direct = await makeDeal(PIECE, { providerId: MINERS[1] })
      const { digest, size } = onChain(PIECE)

      await expect(complete(w, id, direct, segment)).to.be.revertedWithCustomError(pinning, 'WrongAggregate')
      await expect(pinning.onchain_complete(id, MARKET, direct.dealId, direct.providerId))
        .to.emit(pinning, 'ReplicaProven')
        .withArgs(id, direct.dealId, direct.providerId, direct.end, digest, size)
    })
  })
})
