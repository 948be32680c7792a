import { expect } from 'chai'
import { ACTOR_ADDRESSES, maskedIdAddress } from '../../../scripts/local/actors.ts'
import { deployActorCaller, exit, ok } from '../../helpers/actor-call.ts'
import {
  activateDeal,
  installActors,
  localMarket,
  localMiner,
  MIN_DURATION,
  proposal,
  publishDeal,
  rpc,
} from '../../helpers/actors.ts'
import { frc42 } from '../../helpers/frc42.ts'
import { connect } from '../../helpers/network.ts'
import vectors from '../../vectors/actors.json' with { type: 'json' }

const { ethers, networkHelpers } = await connect()
const { loadFixture, mineUpTo } = networkHelpers

const MARKET = 5n
const MINER = 1000n
const SECTOR = 9n
const START = 5_000n
const END = START + MIN_DURATION
const PRICE = 10n ** 12n
const COLLATERAL = 11n
const CLIENT_COLLATERAL = 7n
const BURNT_FUNDS = maskedIdAddress(99n)

describe('LocalMarket: activation, end and money', () => {
  async function published() {
    await installActors()
    const client = (await ethers.getSigners())[5]
    const market = await localMarket()
    const book = await ethers.getContractAt('AddressBook', ACTOR_ADDRESSES.addressBook)
    await book.assign(client.address, 2003n)
    await market.addBalance(client.address, { value: 10n ** 21n })
    await market.addBalance(maskedIdAddress(MINER), { value: COLLATERAL })
    const dealId = await publishDeal({
      client: client.address,
      startEpoch: START,
      pricePerEpoch: PRICE,
      providerCollateral: COLLATERAL,
      clientCollateral: CLIENT_COLLATERAL,
    })
    const miner = await localMiner(MINER)
    const { caller, call, send } = await deployActorCaller()

    /** [balance, locked] of an actor, in attoFIL. */
    const escrow = async (id: bigint) => {
      const { data } = await call({
        id: MARKET,
        method: frc42('GetBalance'),
        params: id === MINER ? '0x4300e807' : '0x4300d30f',
      })
      return readBigInts(data)
    }
    return { market, miner, client, dealId, caller, call, send, escrow }
  }

  async function active() {
    const world = await published()
    await activateDeal(world.dealId, SECTOR)
    return world
  }

  const CLIENT = 2003n
  const total = PRICE * MIN_DURATION

  describe('activate', () => {
    it('puts the deal into a sector that is active until the deal’s end', async () => {
      const { market, miner, dealId, call } = await loadFixture(published)
      await mineUpTo(3_999)
      const activation = market.activate(dealId, SECTOR)
      await expect(activation).to.emit(market, 'DealActivated').withArgs(dealId, SECTOR, 4_000n)
      await expect(activation).to.emit(miner, 'SectorCommitted').withArgs(SECTOR, END)
      const valid = await call({
        id: MINER,
        method: frc42('ValidateSectorStatus'),
        params: '0x83' + '09' + '01' + '43' + '820900',
      })
      expect(valid).to.deep.equal(ok('0xf5'))
    })

    it('takes the start epoch itself, and refuses one later', async () => {
      const { market, dealId } = await loadFixture(published)
      await mineUpTo(START - 1n)
      await activateDeal(dealId)
      const late = await publishDeal({ startEpoch: 6_000n })
      await mineUpTo(6_000n)
      await expect(market.activate(late, SECTOR))
        .to.be.revertedWithCustomError(market, 'DealStartElapsed')
        .withArgs(late, 6_000n, 6_001n)
    })

    it('refuses a deal that is active already', async () => {
      const { market, dealId } = await loadFixture(active)
      await expect(market.activate(dealId, 1n))
        .to.be.revertedWithCustomError(market, 'DealAlreadyActive')
        .withArgs(dealId, SECTOR)
    })

    it('exits 17 for a deal that never was, 32 for one that is removed', async () => {
      const { market, dealId } = await loadFixture(active)
      await expect(market.activate(99n, 1n)).to.be.revertedWithCustomError(market, 'ActorExit').withArgs(17n)
      await market.terminate(dealId)
      await expect(market.activate(dealId, 1n)).to.be.revertedWithCustomError(market, 'ActorExit').withArgs(32n)
    })

    it('refuses a faulty or terminated sector', async () => {
      const { market, miner } = await loadFixture(active)
      const second = await publishDeal({ label: '0x62' })
      await miner.faultSector(SECTOR)
      await expect(market.activate(second, SECTOR))
        .to.be.revertedWithCustomError(miner, 'WrongSectorStatus')
        .withArgs(SECTOR, 1n, 2n)
    })
  })

  describe('terminate', () => {
    it('removes every deal of the sector at once, and frees the proposal', async () => {
      const { market, dealId } = await loadFixture(active)
      const again = await proposal({ label: '0x62', startEpoch: START })
      const second = await publishDeal(again)
      await activateDeal(second, SECTOR)
      const other = await publishDeal({ label: '0x63' })
      await activateDeal(other, SECTOR + 1n)

      const termination = market.terminate(second)
      await expect(termination).to.emit(market, 'DealTerminated').withArgs(dealId)
      await expect(termination).to.emit(market, 'DealTerminated').withArgs(second)
      await expect(market.terminate(second)).to.be.revertedWithCustomError(market, 'ActorExit').withArgs(32n)
      await expect(market.terminate(other)).to.emit(market, 'DealTerminated').withArgs(other)
      expect(await publishDeal(again)).to.equal(other + 1n)
    })

    it('pays what was stored, returns the rest to the client, burns the provider’s collateral', async () => {
      const { market, dealId, escrow } = await loadFixture(active)
      await mineUpTo(START + 99n)
      await expect(market.terminate(dealId)).to.changeEtherBalances(
        ethers,
        [market, BURNT_FUNDS],
        [-COLLATERAL, COLLATERAL],
      )
      expect(await escrow(CLIENT)).to.deep.equal([10n ** 21n - 100n * PRICE, 0n])
      expect(await escrow(MINER)).to.deep.equal([100n * PRICE, 0n])
    })

    it('pays nothing before the start', async () => {
      const { market, dealId, escrow } = await loadFixture(active)
      await market.terminate(dealId)
      expect(await escrow(CLIENT)).to.deep.equal([10n ** 21n, 0n])
      expect(await escrow(MINER)).to.deep.equal([0n, 0n])
    })

    it('refuses a deal that is in no sector', async () => {
      const { market, dealId } = await loadFixture(published)
      await expect(market.terminate(dealId)).to.be.revertedWithCustomError(market, 'DealNotActive').withArgs(dealId)
    })

    it('leaves a deal that has reached its end to its settlement', async () => {
      const { market, dealId, escrow } = await loadFixture(active)
      await mineUpTo(END - 1n)
      await expect(market.terminate(dealId)).not.to.emit(market, 'DealTerminated')
      await expect(market.settle([dealId]))
        .to.emit(market, 'DealCompleted')
        .withArgs(dealId)
      expect(await escrow(MINER)).to.deep.equal([COLLATERAL + total, 0n])
    })

    it('is a miner’s to say', async () => {
      const { market } = await loadFixture(active)
      const [stranger] = await ethers.getSigners()
      await expect(market.connect(stranger).onSectorTerminated(SECTOR))
        .to.be.revertedWithCustomError(market, 'NotAMiner')
        .withArgs(stranger.address)
    })
  })

  describe('settle', () => {
    it('pays by epochs since the last time, and removes the deal at its end', async () => {
      const { market, dealId, escrow } = await loadFixture(active)
      expect(await escrow(CLIENT)).to.deep.equal([10n ** 21n, total + CLIENT_COLLATERAL])
      await mineUpTo(START + 9n)
      await market.settle([dealId])
      expect(await escrow(MINER)).to.deep.equal([COLLATERAL + 10n * PRICE, COLLATERAL])
      await mineUpTo(START + 29n)
      await market.settle([dealId])
      expect(await escrow(MINER)).to.deep.equal([COLLATERAL + 30n * PRICE, COLLATERAL])

      await mineUpTo(END - 2n)
      await expect(market.settle([dealId])).not.to.emit(market, 'DealCompleted')
      await expect(market.settle([dealId]))
        .to.emit(market, 'DealCompleted')
        .withArgs(dealId)
      expect(await escrow(MINER)).to.deep.equal([COLLATERAL + total, 0n])
      expect(await escrow(CLIENT)).to.deep.equal([10n ** 21n - total, 0n])
    })

    it('changes nothing before the start', async () => {
      const { market, dealId, escrow } = await loadFixture(published)
      await market.settle([dealId])
      await market.activate(dealId, SECTOR)
      await market.settle([dealId])
      expect(await escrow(CLIENT)).to.deep.equal([10n ** 21n, total + CLIENT_COLLATERAL])
    })

    it('removes a deal that is in no sector at its start: the client is repaid, the provider’s collateral burned', async () => {
      const { market, dealId, escrow } = await loadFixture(published)
      await mineUpTo(START - 1n)
      await expect(market.settle([dealId])).to.changeEtherBalances(ethers, [BURNT_FUNDS], [COLLATERAL])
      expect(await escrow(CLIENT)).to.deep.equal([10n ** 21n, 0n])
      expect(await escrow(MINER)).to.deep.equal([0n, 0n])
    })
  })

  describe('SettleDealPayments', () => {
    const settling = (params: string) => ({ id: MARKET, method: frc42('SettleDealPayments'), params })

    it('answers with the payment and that the deal is over, byte for byte', async () => {
      const { send } = await loadFixture(active)
      await mineUpTo(END)
      // Of {0, 1, 2} only 1 is there; the numbers' bitfield is the one of the publication's vector.
      expect(await send(settling('0x4174'))).to.deep.equal(
        ok('0x8282' + '01' + '82' + '820018208202' + '1820' + '8182' + '49000731ba0dab900000' + 'f5'),
      )
    })

    it('answers for one deal as the market does', async () => {
      const { send } = await loadFixture(active)
      await mineUpTo(END)
      // {1}: version 00, first 0, runs of one 0 and one 1.
      expect(await send(settling('0x4118'))).to.deep.equal(ok(vectors.SettleDealPayments.completed))
    })

    it('counts a deal before its start as settled with nothing', async () => {
      const { send } = await loadFixture(published)
      expect(await send(settling('0x4118'))).to.deep.equal(ok('0x828201808182' + '40' + 'f4'))
    })

    it('answers for nothing at all', async () => {
      const { send } = await loadFixture(published)
      expect(await send(settling('0x40'))).to.deep.equal(ok('0x8282008080'))
    })

    it('exits 21 for what is no bitfield, and 25 in a read-only message', async () => {
      const { send, call } = await loadFixture(active)
      expect(await send(settling('0x4101'))).to.deep.equal(exit(21n))
      expect(await send(settling('0x01'))).to.deep.equal(exit(21n))
      await mineUpTo(END)
      expect(await call(settling('0x4118'))).to.deep.equal(exit(25n))
    })
  })

  describe('escrow', () => {
    it('answers GetBalance as the market does, byte for byte', async () => {
      const { call } = await loadFixture(async () => {
        const world = await published()
        const other = (await ethers.getSigners())[6]
        await world.market.addBalance(other.address, { value: 10n ** 21n })
        await publishDeal({ client: other.address, pricePerEpoch: PRICE })
        return { ...world, other }
      })
      const other = (await ethers.getSigners())[6].address
      const params = '0x56040a' + other.slice(2).toLowerCase()
      expect(await call({ id: MARKET, method: frc42('GetBalance'), params })).to.deep.equal(
        ok(vectors.GetBalance.escrow),
      )
    })

    it('takes AddBalance with value, for anyone', async () => {
      const { send, escrow } = await loadFixture(published)
      const message = { id: MARKET, method: frc42('AddBalance'), params: '0x4300d30f' }
      expect(await send({ ...message, value: 5n }, 5n)).to.deep.equal(ok('0x'))
      expect((await escrow(CLIENT))[0]).to.equal(10n ** 21n + 5n)
      expect(await send(message)).to.deep.equal(exit(16n))
    })

    it('exits 16 for an address that is not known, 21 for one that is none', async () => {
      const { call } = await loadFixture(published)
      const get = (params: string) => call({ id: MARKET, method: frc42('GetBalance'), params })
      expect(await get('0x56040a' + '00'.repeat(19) + '77')).to.deep.equal(exit(16n))
      expect(await get('0x4109')).to.deep.equal(exit(21n))
    })

    it('pays WithdrawBalance to the client itself, no more than what is not locked', async () => {
      const { market, caller, call, send } = await loadFixture(published)
      const address = await caller.getAddress()
      const own = '56040a' + address.slice(2).toLowerCase()
      await market.addBalance(address, { value: 100n })
      const withdraw = (amount: string, of = own) => ({
        id: MARKET,
        method: frc42('WithdrawBalance'),
        params: '0x82' + of + amount,
      })
      expect(await send(withdraw('42001e'))).to.deep.equal(ok('0x42001e'))
      expect(await send(withdraw('4300ffff'))).to.deep.equal(ok('0x420046'))
      expect(await (await rpc()).send('eth_getBalance', [address, 'latest'])).to.equal('0x64')
      expect(await call({ ...withdraw('42001e', '4300d30f'), flags: 0n })).to.deep.equal(exit(18n))
    })
  })

  describe('beginAt', () => {
    it('is refused once there are deals', async () => {
      const { market } = await loadFixture(published)
      await expect(market.beginAt(7n)).to.be.revertedWithCustomError(market, 'DealIdsInUse').withArgs(2n)
    })
  })
})

/** The big integers in a CBOR array of them. */
function readBigInts(data: string): bigint[] {
  const bytes = Buffer.from(data.slice(2), 'hex')
  const out: bigint[] = []
  for (let at = 1; at < bytes.length;) {
    const length = bytes[at] & 31
    out.push(length === 0 ? 0n : BigInt('0x' + bytes.subarray(at + 1, at + 1 + length).toString('hex')))
    at += 1 + length
  }
  return out
}
