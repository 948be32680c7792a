import { expect } from 'chai'
import { artifacts } from 'hardhat'
import { ACTOR_ADDRESSES, createMiners } from '../../../scripts/local/actors.ts'
import { deployActorCaller, exit, ok } from '../../helpers/actor-call.ts'
import { installActors, localMarket, localMiner, proposal, rpc, storageProvider } from '../../helpers/actors.ts'
import { frc42 } from '../../helpers/frc42.ts'
import { connect } from '../../helpers/network.ts'
import vectors from '../../vectors/actors.json' with { type: 'json' }

const { ethers, networkHelpers } = await connect()
const { loadFixture, mineUpTo } = networkHelpers

const MARKET = 5n
const MINER = 100n
const CLIENT = 2003n
const SECTOR = 1n
const START = 1_002_880n
const END = START + 518_400n
const PRICE_PER_EPOCH = 10n ** 12n
const TOTAL_PRICE = 518_400n * PRICE_PER_EPOCH

const GETTERS = [
  'GetDealDataCommitment',
  'GetDealClient',
  'GetDealProvider',
  'GetDealLabel',
  'GetDealTerm',
  'GetDealTotalPrice',
  'GetDealClientCollateral',
  'GetDealProviderCollateral',
  'GetDealVerified',
  'GetDealActivation',
  'GetDealSector',
] as const

describe('LocalMarket: getters', () => {
  async function published() {
    await installActors()
    const sp = await storageProvider()
    await createMiners(await rpc(), artifacts, [{ id: MINER, owner: sp.address, worker: sp.address }])
    const client = (await ethers.getSigners())[5]
    const book = await ethers.getContractAt('AddressBook', ACTOR_ADDRESSES.addressBook)
    await book.assign(client.address, CLIENT)

    const market = await localMarket()
    const miner = await localMiner(MINER)
    await market.addBalance(client.address, { value: 2n * TOTAL_PRICE })
    await market.addBalance(await miner.getAddress(), { value: TOTAL_PRICE })
    await market.publish([
      await proposal({
        client: client.address,
        providerId: MINER,
        startEpoch: START,
        endEpoch: END,
        pricePerEpoch: PRICE_PER_EPOCH,
        providerCollateral: TOTAL_PRICE,
        clientCollateral: TOTAL_PRICE,
      }),
    ])
    const { call } = await deployActorCaller()
    const get = (method: string, params = '0x01') => call({ id: MARKET, method: frc42(method), params })
    return { market, miner, client, get, call }
  }

  async function active() {
    const world = await loadFixture(published)
    await mineUpTo(999_999)
    await world.market.activate(1n, SECTOR)
    return world
  }

  async function expectAll(
    get: (method: string, params?: string) => Promise<unknown>,
    answer: unknown,
    params = '0x01',
  ) {
    for (const method of GETTERS) expect(await get(method, params), method).to.deep.equal(answer)
  }

  describe('of a published deal', () => {
    it('answer as the market does, byte for byte', async () => {
      const { get } = await loadFixture(published)
      expect(await get('GetDealDataCommitment')).to.deep.equal(ok(vectors.GetDealDataCommitment.deal))
      expect(await get('GetDealClient')).to.deep.equal(ok(vectors.GetDealClient.deal))
      expect(await get('GetDealProvider')).to.deep.equal(ok(vectors.GetDealProvider.deal))
      expect(await get('GetDealVerified')).to.deep.equal(ok(vectors.GetDealVerified.no))
      expect(await get('GetDealLabel')).to.deep.equal(ok(vectors.GetDealLabel.text))
      expect(await get('GetDealTerm')).to.deep.equal(ok(vectors.GetDealTerm.deal))
      expect(await get('GetDealTotalPrice')).to.deep.equal(ok(vectors.GetDealTotalPrice.price))
      expect(await get('GetDealClientCollateral')).to.deep.equal(ok(vectors.GetDealClientCollateral.collateral))
      expect(await get('GetDealProviderCollateral')).to.deep.equal(ok(vectors.GetDealProviderCollateral.collateral))
      expect(await get('GetDealActivation')).to.deep.equal(ok(vectors.GetDealActivation.published))
      expect(await get('GetDealSector')).to.deep.equal(exit(33n))
    })

    it('answer with the other forms where the deal has them', async () => {
      const { market, get } = await loadFixture(published)
      await market.publish([await proposal({ verified: true, label: '0xff00' })])
      expect(await get('GetDealVerified', '0x02')).to.deep.equal(ok(vectors.GetDealVerified.yes))
      expect(await get('GetDealLabel', '0x02')).to.deep.equal(ok('0x42ff00'))
      expect(await get('GetDealTotalPrice', '0x02')).to.deep.equal(ok(vectors.GetDealTotalPrice.zero))
      expect(await get('GetDealClientCollateral', '0x02')).to.deep.equal(ok(vectors.GetDealClientCollateral.zero))
      expect(await get('GetDealProviderCollateral', '0x02')).to.deep.equal(ok(vectors.GetDealProviderCollateral.zero))
    })

    it('still answer long after its start when it was never activated, until it is settled', async () => {
      const { market, get } = await loadFixture(published)
      await mineUpTo(START + 100_000n)
      expect(await get('GetDealActivation')).to.deep.equal(ok(vectors.GetDealActivation.published))
      await market.settle([1n])
      await expectAll(get, exit(32n))
    })
  })

  describe('of an active deal', () => {
    it('tell the epoch of its activation, which may precede its start, and its sector', async () => {
      const { get } = await active()
      expect(await get('GetDealActivation')).to.deep.equal(ok(vectors.GetDealActivation.active))
      expect(await get('GetDealSector')).to.deep.equal(ok(vectors.GetDealSector.deal))
    })

    it('do not change at its end, however long after, until it is settled; then all exit 32', async () => {
      const { market, get } = await active()
      await mineUpTo(END + 100_000n)
      expect(await get('GetDealActivation')).to.deep.equal(ok(vectors.GetDealActivation.active))
      expect(await get('GetDealSector')).to.deep.equal(ok(vectors.GetDealSector.deal))
      await market.settle([1n])
      await expectAll(get, exit(32n))
    })

    it('exit 32 as soon as it is terminated', async () => {
      const { market, get } = await active()
      await market.terminate(1n)
      await expectAll(get, exit(32n))
    })

    it('do not change while its sector is faulty', async () => {
      const { miner, get } = await active()
      await miner.faultSector(SECTOR)
      expect(await get('GetDealActivation')).to.deep.equal(ok(vectors.GetDealActivation.active))
    })
  })

  describe('of a deal that was never published', () => {
    it('exit 17', async () => {
      const { get } = await loadFixture(published)
      await expectAll(get, exit(17n), '0x02')
      await expectAll(get, exit(17n), '0x1bffffffffffffffff')
    })

    it('exit 32 below the first deal', async () => {
      const { get } = await loadFixture(published)
      await expectAll(get, exit(32n), '0x00')
    })
  })

  describe('called wrongly', () => {
    it('exit 16 without parameters', async () => {
      const { get } = await loadFixture(published)
      await expectAll(get, exit(16n), '0x')
    })

    it('exit 21 for parameters that are not one unsigned integer', async () => {
      const { get } = await loadFixture(published)
      for (const params of ['0x8101', '0x20', '0x0101', '0x18', '0x1f', '0x4101', '0xff']) {
        await expectAll(get, exit(21n), params)
      }
    })

    it('exit 22 for a method the market does not have, 18 for one that contracts may not call', async () => {
      const { call } = await loadFixture(published)
      expect(await call({ id: MARKET, method: 1n << 24n, params: '0x01' })).to.deep.equal(exit(22n))
      expect(await call({ id: MARKET, method: (1n << 24n) - 1n, params: '0x01' })).to.deep.equal(exit(18n))
      expect(await call({ id: MARKET, method: 0n })).to.deep.equal(exit(0n))
    })
  })
})
