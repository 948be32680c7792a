import { expect } from 'chai'
import { artifacts } from 'hardhat'
import { ACTOR_ADDRESSES, createMiners, setActorCode, maskedIdAddress } from '../../../scripts/local/actors.ts'
import { CBOR, deployActorCaller, exit, ok } from '../../helpers/actor-call.ts'
import {
  installActors,
  localMarket,
  MIN_DURATION,
  proposal,
  publishDeal,
  rpc,
  storageProvider,
  type Proposal,
} from '../../helpers/actors.ts'
import { frc42 } from '../../helpers/frc42.ts'
import { connect } from '../../helpers/network.ts'
import vectors from '../../vectors/actors.json' with { type: 'json' }

const { ethers, networkHelpers } = await connect()
const { loadFixture, mineUpTo } = networkHelpers

const MARKET = 5n
const MINER = 1000n
const FIL = 10n ** 18n

const FAULTS = [
  'None',
  'NotAuthenticated',
  'LabelTooLong',
  'BadPiece',
  'EndNotAfterStart',
  'StartElapsed',
  'DurationOutOfBounds',
  'PriceOutOfBounds',
  'OtherProvider',
  'UnknownClient',
  'ClientFunds',
  'ProviderFunds',
  'Duplicate',
]

const fault = (name: string) => {
  const at = FAULTS.indexOf(name)
  if (at < 0) throw new Error(`no fault is called ${name}`)
  return BigInt(at)
}

describe('LocalMarket: publishing', () => {
  async function installed() {
    await installActors()
    const market = await localMarket()
    const sp = await storageProvider()
    const [stranger] = await ethers.getSigners()
    const book = await ethers.getContractAt('AddressBook', ACTOR_ADDRESSES.addressBook)
    return { market, sp, stranger: stranger, book, ...(await deployActorCaller()) }
  }

  /** Expects that the one proposal is refused for `name`. */
  async function expectFault(name: string, given: Partial<Proposal>) {
    const market = await localMarket()
    await expect(market.publish([await proposal(given)]))
      .to.be.revertedWithCustomError(market, 'AllProposalsInvalid')
      .withArgs([fault(name)])
  }

  describe('publish', () => {
    it('gives ids in order and tells of each deal', async () => {
      const { market, sp, stranger } = await loadFixture(installed)
      const both = [await proposal({ label: '0x61' }), await proposal({ label: '0x62', client: stranger.address })]
      expect(await market.publish.staticCall(both)).to.deep.equal([1n, 2n])
      const publishing = market.publish(both)
      await expect(publishing).to.emit(market, 'DealPublished').withArgs(1n, sp.address, MINER)
      await expect(publishing).to.emit(market, 'DealPublished').withArgs(2n, stranger.address, MINER)
      expect(await market.nextDealId()).to.equal(3n)
    })

    it('exits 18 for a sender who does not control the provider', async () => {
      const { market, stranger } = await loadFixture(installed)
      await expect(market.connect(stranger).publish([await proposal()]))
        .to.be.revertedWithCustomError(market, 'ActorExit')
        .withArgs(18n)
    })

    it('exits 17 for a provider that does not exist, 16 for one that is no miner, 16 for no proposal', async () => {
      const { market } = await loadFixture(installed)
      for (const [code, proposals] of [
        [17n, [await proposal({ providerId: 4242n })]],
        [16n, [await proposal({ providerId: 4n })]],
        [16n, []],
      ] as const) {
        await expect(market.publish([...proposals]))
          .to.be.revertedWithCustomError(market, 'ActorExit')
          .withArgs(code)
      }
    })

    it('leaves out what is invalid and publishes the rest', async () => {
      const { market } = await loadFixture(installed)
      const three = [
        await proposal({ label: '0x61' }),
        await proposal({ pieceSize: 100n }),
        await proposal({ label: '0x62' }),
      ]
      expect(await market.publish.staticCall(three)).to.deep.equal([1n, 2n])
      await expect(market.publish(three)).to.emit(market, 'ProposalDropped').withArgs(1n, fault('BadPiece'))
    })

    it('refuses a label above 256 bytes', async () => {
      await loadFixture(installed)
      await expectFault('LabelTooLong', { label: '0x' + '61'.repeat(257) })
      expect(await publishDeal({ label: '0x' + '61'.repeat(256) })).to.equal(1n)
    })

    it('refuses a piece size that is no power of two from 128 bytes to 64 GiB', async () => {
      await loadFixture(installed)
      for (const pieceSize of [0n, 64n, 129n, 1n << 37n]) await expectFault('BadPiece', { pieceSize })
      expect(await publishDeal({ pieceSize: 128n })).to.equal(1n)
      expect(await publishDeal({ pieceSize: 1n << 36n })).to.equal(2n)
    })

    it('refuses a verified deal below 1 MiB', async () => {
      await loadFixture(installed)
      await expectFault('BadPiece', { verified: true, pieceSize: 1n << 19n })
      expect(await publishDeal({ verified: true, pieceSize: 1n << 20n })).to.equal(1n)
    })

    it('refuses a term that is not 180 to 1278 days', async () => {
      await loadFixture(installed)
      const startEpoch = 5_000n
      await expectFault('EndNotAfterStart', { startEpoch, endEpoch: startEpoch })
      await expectFault('DurationOutOfBounds', { startEpoch, endEpoch: startEpoch + MIN_DURATION - 1n })
      await expectFault('DurationOutOfBounds', { startEpoch, endEpoch: startEpoch + 3_680_641n })
      expect(await publishDeal({ startEpoch, endEpoch: startEpoch + MIN_DURATION })).to.equal(1n)
      expect(await publishDeal({ startEpoch, endEpoch: startEpoch + 3_680_640n })).to.equal(2n)
    })

    it('refuses a start that has passed, and takes the present epoch', async () => {
      await loadFixture(installed)
      await mineUpTo(1_000)
      await expectFault('StartElapsed', { startEpoch: 1_000n })
      await mineUpTo(1_999)
      expect(await publishDeal({ startEpoch: 2_000n })).to.equal(1n)
    })

    it('refuses more money than there is', async () => {
      await loadFixture(installed)
      const all = 2_000_000_000n * FIL
      await expectFault('PriceOutOfBounds', { pricePerEpoch: all / MIN_DURATION + 1n })
      await expectFault('PriceOutOfBounds', { clientCollateral: all + 1n })
      await expectFault('PriceOutOfBounds', { providerCollateral: all + 1n })
    })

    it('refuses a second proposal alike, in one message and later', async () => {
      const { market } = await loadFixture(installed)
      const one = await proposal({ startEpoch: 5_000n })
      await expect(market.publish([one, one]))
        .to.emit(market, 'ProposalDropped')
        .withArgs(1n, fault('Duplicate'))
      await expect(market.publish([one]))
        .to.be.revertedWithCustomError(market, 'AllProposalsInvalid')
        .withArgs([fault('Duplicate')])
    })

    it('refuses another provider in the same message', async () => {
      const { market } = await loadFixture(installed)
      await expect(market.publish([await proposal(), await proposal({ providerId: 1001n })]))
        .to.emit(market, 'ProposalDropped')
        .withArgs(1n, fault('OtherProvider'))
    })

    it('refuses a client that does not exist', async () => {
      await loadFixture(installed)
      await expectFault('NotAuthenticated', { client: '0x00000000000000000000000000000000deadbeef' })
    })

    it('refuses what the escrow of client or provider does not cover', async () => {
      const { market, sp, stranger } = await loadFixture(installed)
      const client = stranger.address
      const terms = { client, pricePerEpoch: 2n, clientCollateral: 7n }
      const cost = 2n * MIN_DURATION + 7n
      await market.addBalance(client, { value: cost - 1n })
      await expectFault('ClientFunds', terms)
      await market.addBalance(client, { value: 1n })
      expect(await publishDeal(terms)).to.equal(1n)
      await expectFault('ClientFunds', { ...terms, label: '0x62' })

      await market.addBalance(maskedIdAddress(MINER), { value: 4n })
      await expectFault('ProviderFunds', { client: sp.address, providerCollateral: 5n })
      expect(await publishDeal({ client: sp.address, providerCollateral: 4n })).to.equal(2n)
    })
  })

  describe('a contract client', () => {
    async function withClient() {
      const world = await installed()
      const client = await ethers.deployContract('ScriptedActor')
      const address = await client.getAddress()
      await world.book.assign(address, 101n)
      const sp = world.sp.address
      await createMiners(await rpc(), artifacts, [{ id: 100n, owner: sp, worker: sp }])
      await world.market.addBalance(maskedIdAddress(100n), { value: 10n * FIL })
      for (const label of ['0x31', '0x32']) await publishDeal({ label })

      const given = await proposal({
        client: address,
        providerId: 100n,
        label: ethers.toUtf8Bytes('lbl'),
        startEpoch: 1_002_880n,
        providerCollateral: 10n * FIL,
      })
      // The same proposal as told afterwards, but with the client as submitted: f410, 22 bytes.
      const told = '0x' + vectors.MarketNotifyDeal.params.slice(2 + 2 + 4, -2)
      const asked = told.replace('42006542006463', '56040a' + address.slice(2).toLowerCase() + '42006463')
      const authenticate = '0x8240' + '586b' + asked.slice(2)
      return { ...world, client, address, given, authenticate }
    }

    it('is asked about the proposal as submitted and told of it with ids, byte for byte', async () => {
      const { market, client, address, given, authenticate } = await loadFixture(withClient)
      await client.scriptFor(frc42('AuthenticateMessage'), authenticate, 0, CBOR, vectors.AuthenticateMessage.account)
      await client.scriptFor(frc42('MarketNotifyDeal'), vectors.MarketNotifyDeal.params, 0, 0, '0x')
      await expect(market.publish([given]))
        .to.emit(market, 'DealPublished')
        .withArgs(3n, address, 100n)
    })

    it('invalidates the proposal with any answer but a plain yes', async () => {
      const { market, client, given } = await loadFixture(withClient)
      const refused = () =>
        expect(market.publish([given]))
          .to.be.revertedWithCustomError(market, 'AllProposalsInvalid')
          .withArgs([fault('NotAuthenticated')])
      await refused()
      for (const answer of ['0xf4', '0xf5f5', '0x01']) {
        await client.script(frc42('AuthenticateMessage'), 0, CBOR, answer)
        await refused()
      }
      await client.script(frc42('AuthenticateMessage'), 16, CBOR, '0xf5')
      await refused()
      await client.replyRaw('0x')
      await refused()
      await client.failWith('0x')
      await refused()
    })

    it('fails the message for all when it fails on being told: exit 16', async () => {
      const { market, client, given } = await loadFixture(withClient)
      await client.script(frc42('AuthenticateMessage'), 0, CBOR, '0xf5')
      await client.script(frc42('MarketNotifyDeal'), 1, 0, '0x')
      await expect(market.publish([await proposal({ providerId: 100n }), given]))
        .to.be.revertedWithCustomError(market, 'ActorExit')
        .withArgs(16n)
      expect(await market.nextDealId()).to.equal(3n)
    })

    it('may write when told, not when asked: a proposal to one that does is invalid', async () => {
      const { market } = await loadFixture(withClient)
      const good = await ethers.deployContract('WritingClient', [false])
      await publishDeal({ client: await good.getAddress() })
      expect(await good.messages(frc42('MarketNotifyDeal'))).to.equal(1n)

      const bad = await ethers.deployContract('WritingClient', [true])
      await expect(market.publish([await proposal({ client: await bad.getAddress() })]))
        .to.be.revertedWithCustomError(market, 'AllProposalsInvalid')
        .withArgs([fault('NotAuthenticated')])
    })
  })

  describe('a native account as client, by its masked id', () => {
    it('authenticates and is told nothing it could refuse', async () => {
      const { market } = await loadFixture(installed)
      const account = maskedIdAddress(3333n)
      await setActorCode(await rpc(), artifacts, account, 'LocalAccount')
      await expect(market.publish([await proposal({ client: account })]))
        .to.emit(market, 'DealPublished')
        .withArgs(1n, account, MINER)
    })
  })

  describe('PublishStorageDeals', () => {
    const message = (proposals: string[]) =>
      '0x81' + (0x80 + proposals.length).toString(16) + proposals.map((p) => '82' + p + '40').join('')

    /** The proposal of the market's vector, for client f0101 and provider f0100, with another label. */
    const encoded = (label: string, digits = vectors.MarketNotifyDeal.params.slice(2 + 2 + 4, -2)) =>
      digits.replace('636c626c', '61' + label)

    async function controlled() {
      const world = await installed()
      const caller = await world.caller.getAddress()
      await createMiners(await rpc(), artifacts, [
        { id: 100n, owner: world.sp.address, worker: world.sp.address, control: [caller] },
      ])
      await setActorCode(await rpc(), artifacts, maskedIdAddress(101n), 'LocalAccount')
      await world.market.addBalance(maskedIdAddress(100n), { value: 30n * FIL })
      const publish = (params: string) => world.send({ id: MARKET, method: frc42('PublishStorageDeals'), params })
      return { ...world, publish }
    }

    it('answers with ids and the valid proposals, byte for byte', async () => {
      const { publish, market } = await loadFixture(controlled)
      expect(await publish(message(['61', '62', '63'].map((label) => encoded(label))))).to.deep.equal(
        ok(vectors.PublishStorageDeals.two.replace('83000102', '83010203')),
      )
      expect(await market.nextDealId()).to.equal(4n)
    })

    it('marks those that are left out', async () => {
      const { publish } = await loadFixture(controlled)
      const reply = await publish(message([encoded('61'), encoded('61'), encoded('62')]))
      // 1, 0, 1: version 00, first 1, then three runs of one.
      expect(reply).to.deep.equal(ok('0x8282' + '0102' + '413c'))
    })

    it('exits 16 when all are invalid, and keeps nothing', async () => {
      const { publish, market } = await loadFixture(controlled)
      const wrongCid = encoded('61').replace('0181e203922020', '0181e203922120')
      expect(await publish(message([wrongCid]))).to.deep.equal(exit(16n))
      expect(await publish('0x8180')).to.deep.equal(exit(16n))
      expect(await market.nextDealId()).to.equal(1n)
    })

    it('exits 18 for a caller who does not control the provider', async () => {
      const { publish, market } = await loadFixture(controlled)
      const { address } = await storageProvider()
      await createMiners(await rpc(), artifacts, [{ id: 100n, owner: address, worker: address }])
      expect(await publish(message([encoded('61')]))).to.deep.equal(exit(18n))
      expect(await market.nextDealId()).to.equal(1n)
    })

    it('exits 21 for CBOR of another shape', async () => {
      const { publish } = await loadFixture(controlled)
      const whole = message([encoded('61')])
      for (const params of [whole.slice(0, -2), whole + '00', whole.replace('818182', '818183'), '0x80', '0x01']) {
        expect(await publish(params)).to.deep.equal(exit(21n))
      }
    })

    it('exits 25 in a read-only message', async () => {
      const { call } = await loadFixture(controlled)
      const params = message([encoded('61')])
      expect(await call({ id: MARKET, method: frc42('PublishStorageDeals'), params })).to.deep.equal(exit(25n))
    })
  })
})
