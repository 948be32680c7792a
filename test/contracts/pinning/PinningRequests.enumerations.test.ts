import { expect } from 'chai'
import { localMarket, scriptActor } from '../../helpers/actors.ts'
import {
  CID,
  complete,
  ethers,
  loadFixture,
  makeDeal,
  MARKET,
  MINERS,
  mineUpTo,
  now,
  OTHER_CID,
  pack,
  packedWith,
  PIECE,
  submit,
  world,
  type Deal,
} from './world.ts'

const GET_DEAL_ACTIVATION = 2567238399n
const DAY = 2_880n

async function threeCids() {
  const w = await world()
  for (const cid of [CID, OTHER_CID, CID, '0x1220' + 'ab'.repeat(32)]) await submit(w, {}, { cid })
  return w
}

/** A request whose three replicas run for 540, 541 and 542 days. */
async function threeDeals() {
  const w = await packedWith({ replicas: 3n, deadlineEpoch: 3_000_000n })
  await complete(w, w.id, w.deal, w.segment)
  const second = await makeDeal(w.aggregate, { providerId: MINERS[1], duration: 541n * DAY })
  const third = await makeDeal(w.aggregate, { providerId: MINERS[2], duration: 542n * DAY })
  await complete(w, w.id, second, w.segment)
  await complete(w, w.id, third, w.segment)
  return { ...w, deals: [w.deal, second, third] }
}

const shown = (deals: Deal[]) => deals.map(({ dealId, providerId }) => [dealId, providerId, MARKET])
const arrays = (deals: Iterable<Iterable<unknown>>) => [...deals].map((deal) => [...deal])

describe('PinningRequests', () => {
  describe('getAllCIDs', () => {
    it('lists each CID once, in the order of the first requests', async () => {
      const { pinning } = await loadFixture(threeCids)

      expect([...(await pinning.getAllCIDs(0, 200))]).to.deep.equal([CID, OTHER_CID, '0x1220' + 'ab'.repeat(32)])
    })

    it('pages', async () => {
      const { pinning } = await loadFixture(threeCids)

      expect([...(await pinning.getAllCIDs(1, 1))]).to.deep.equal([OTHER_CID])
      expect([...(await pinning.getAllCIDs(3, 1))]).to.deep.equal([])
    })
  })

  describe('getAllDeals', () => {
    it('lists the deals proven for a CID, and pages', async () => {
      const { pinning, deals } = await loadFixture(threeDeals)

      expect(arrays(await pinning.getAllDeals(CID, 0, 200))).to.deep.equal(shown(deals))
      expect(arrays(await pinning.getAllDeals(CID, 1, 1))).to.deep.equal(shown([deals[1]]))
      expect(await pinning.getAllDeals(CID, 3, 1)).to.have.lengthOf(0)
    })

    it('has none for a CID that nobody asked for', async () => {
      const { pinning } = await loadFixture(threeDeals)

      expect(await pinning.getAllDeals(OTHER_CID, 0, 200)).to.have.lengthOf(0)
    })

    it('lists a deal once, however many requests for the CID it serves', async () => {
      const w = await loadFixture(threeDeals)
      const { pinning, deals, segment } = w
      const { id } = await submit(w, { replicas: 2n, allowExistingDeals: true })
      await pack(w, id, PIECE)
      await complete(w, id, deals[0], segment)

      expect(arrays(await pinning.getAllDeals(CID, 0, 200))).to.deep.equal(shown(deals))
    })
  })

  describe('getActiveDeals', () => {
    it('shows the deals that run now', async () => {
      const { pinning, deals } = await loadFixture(threeDeals)

      expect(arrays(await pinning.getActiveDeals(CID))).to.deep.equal(shown(deals))
    })

    it('leaves out a deal that was terminated', async () => {
      const { pinning, deals } = await loadFixture(threeDeals)
      await (await localMarket()).terminate(deals[1].dealId)

      expect(arrays(await pinning.getActiveDeals(CID))).to.deep.equal(shown([deals[0], deals[2]]))
    })

    it('leaves out a deal from its end on, though the market answers as if it ran', async () => {
      const { pinning, deals } = await loadFixture(threeDeals)
      await mineUpTo(deals[0].end - 1n)
      expect(await pinning.getActiveDeals(CID)).to.have.lengthOf(3)

      await mineUpTo(deals[0].end)
      expect(arrays(await pinning.getActiveDeals(CID))).to.deep.equal(shown(deals.slice(1)))
    })

    it('shows none while the market refuses to answer', async () => {
      const { pinning } = await loadFixture(threeDeals)
      const implementation = await ethers.deployContract('LocalMarket')
      const market = await scriptActor(MARKET)
      await market.passRestTo(implementation)
      await market.script(GET_DEAL_ACTIVATION, 22, 0, '0x')

      expect(await pinning.getActiveDeals(CID)).to.have.lengthOf(0)
    })

    it('has none for a CID that nobody asked for', async () => {
      const { pinning } = await loadFixture(threeDeals)

      expect(await pinning.getActiveDeals(OTHER_CID)).to.have.lengthOf(0)
    })
  })

  describe('getExpiringDeals', () => {
    it('shows the running deals that end within so many epochs', async () => {
      const { pinning, deals } = await loadFixture(threeDeals)
      const left = deals[1].end - (await now())

      expect(arrays(await pinning.getExpiringDeals(CID, left))).to.deep.equal(shown(deals.slice(0, 2)))
      expect(arrays(await pinning.getExpiringDeals(CID, left - 1n))).to.deep.equal(shown(deals.slice(0, 1)))
      expect(await pinning.getExpiringDeals(CID, 1n)).to.have.lengthOf(0)
    })

    it('leaves out what is over', async () => {
      const { pinning, deals } = await loadFixture(threeDeals)
      await mineUpTo(deals[0].end)

      expect(arrays(await pinning.getExpiringDeals(CID, 3n * DAY))).to.deep.equal(shown(deals.slice(1)))
    })
  })
})
