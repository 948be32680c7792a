import { expect } from 'chai'
import { hexlify, parseEther, toBeHex } from 'ethers'
import { maskedIdAddress } from '../../../scripts/local/actors.ts'
import {
  ACCESS,
  ethers,
  LIVENESS,
  loadFixture,
  newOrder,
  now,
  PAYLOAD_CID,
  PIECE,
  PRICE,
  SEED,
  STATUS,
  world,
  type Opening,
} from './world.ts'
import { pieceCid } from '../../helpers/podsi.ts'

const DAY = 2_880n
const MIN_TERM = 180n * DAY
const MAX_TERM = 1_278n * DAY
const MAX_PRICE = 2n ** 96n - 1n
const LEAST = PRICE * MIN_TERM

const defaults = {
  minTermEpochs: MIN_TERM,
  maxTermEpochs: 360n * DAY,
  claimEpochs: 7n * DAY,
  fetchEpochs: DAY,
  gapEpochs: 7n * DAY,
  renewalEpochs: 30n * DAY,
  evictEpochs: 14n * DAY,
  liveness: LIVENESS.Sector,
  access: ACCESS.Everyone,
}

describe('PerpetualStorage', () => {
  describe('open', () => {
    const args = [pieceCid(PIECE), PIECE.size, 3n, PRICE, PAYLOAD_CID, SEED] as const

    it('opens an order of the caller’s with the default terms, whose price may double', async () => {
      const { storage, client } = await loadFixture(world)

      await storage.open(...args, { value: LEAST })

      const order = await storage.getOrder(1n)
      expect(order.client).to.equal(client.address)
      expect([order.status, order.version, order.replicas]).to.deep.equal([STATUS.Live, 1n, 3n])
      expect([order.price, order.ceiling, order.endEpoch]).to.deep.equal([PRICE, 2n * PRICE, 0n])
      expect([order.pieceDigest, order.pieceSize]).to.deep.equal([hexlify(PIECE.digest), PIECE.size])
      expect([order.payloadCid, order.seed]).to.deep.equal([PAYLOAD_CID, SEED])
      expect([order.free, order.reserved]).to.deep.equal([LEAST, 0n])
      expect(order.openedEpoch).to.equal(await now())
      const terms = { ...defaults, collateral: PRICE * 30n * DAY, minPower: 0n }
      for (const [field, value] of Object.entries(terms)) {
        expect(order.terms[field as keyof typeof terms], field).to.equal(value)
      }
    })

    it('holds exactly what was paid, and owes it', async () => {
      const { storage, client } = await loadFixture(world)
      await expect(storage.open(...args, { value: LEAST + 1n })).to.changeEtherBalances(
        ethers,
        [client, storage],
        [-LEAST - 1n, LEAST + 1n],
      )
      expect(await storage.liabilities()).to.equal(LEAST + 1n)
    })

    it('gives ids from 1 on, and lists them by client in pages', async () => {
      const { storage, client, stranger } = await loadFixture(world)
      for (const from of [client, stranger, client]) await storage.connect(from).open(...args, { value: LEAST })

      expect(await storage.orderCount()).to.equal(3n)
      expect(await storage.ordersOf(client, 0n, 10n)).to.deep.equal([1n, 3n])
      expect(await storage.ordersOf(client, 1n, 1n)).to.deep.equal([3n])
      expect(await storage.ordersOf(client, 2n, 10n)).to.deep.equal([])
      expect(await storage.ordersOf(stranger, 0n, 10n)).to.deep.equal([2n])
    })

    it('takes the highest price as its own ceiling where it cannot double', async () => {
      const { storage } = await loadFixture(world)
      const terms = await storage.defaultTerms(MAX_PRICE)
      expect(terms.collateral).to.equal(2n ** 96n - 1n)
    })

    it('puts down the least collateral for the lowest price', async () => {
      const { storage } = await loadFixture(world)
      expect((await storage.defaultTerms(1n)).collateral).to.equal(parseEther('0.1'))
    })
  })

  describe('openFor', () => {
    const openWith = async (changes: Opening = {}, value = LEAST) => {
      const w = await loadFixture(world)
      return { ...w, tx: w.storage.openFor(w.stranger, await newOrder(w, changes), { value }) }
    }

    it('opens an order of somebody else’s, and says all of it', async () => {
      const w = await loadFixture(world)
      const { storage, stranger } = w
      const order = await newOrder(w, { providers: [1000n, 1001n], terms: { access: ACCESS.Listed } })

      const sent = await storage.openFor(stranger, order, { value: LEAST })

      const { logs } = (await sent.wait())!
      const { name, args } = storage.interface.parseLog(logs[0])!
      expect(name).to.equal('OrderOpened')
      expect([args.orderId, args.client, args.pieceDigest, args.deposit]).to.deep.equal([
        1n,
        stranger.address,
        hexlify(PIECE.digest),
        LEAST,
      ])
      const { terms, providers, ...fields } = order
      const told = args.order as Record<string, unknown>
      for (const [field, value] of Object.entries(fields)) expect(told[field], field).to.deep.equal(value)
      expect([...(told.providers as bigint[])]).to.deep.equal(providers)
      for (const [field, value] of Object.entries(terms))
        expect((told.terms as Record<string, unknown>)[field], field).to.equal(value)
      expect([await storage.isListed(1n, 1000n), await storage.isListed(1n, 1002n)]).to.deep.equal([true, false])
      expect((await storage.getOrder(1n)).client).to.equal(stranger.address)
    })

    it('MECHANISM A 3: a client named by its masked id is the same party as by its address', async () => {
      const w = await loadFixture(world)
      const { storage, client, stranger } = w
      const book = await ethers.getContractAt('IAddressBook', maskedIdAddress(1n))
      await book.register(stranger)
      const [, id] = await book.idOf(stranger)

      await storage.openFor(maskedIdAddress(id), await newOrder(w), { value: LEAST })

      expect((await storage.getOrder(1n)).client).to.equal(stranger.address)
      expect(await storage.ordersOf(maskedIdAddress(id), 0n, 9n)).to.deep.equal([1n])
      await storage.connect(stranger).suspend(1n)
      await expect(storage.connect(client).resume(1n))
        .to.be.revertedWithCustomError(storage, 'NotClient')
        .withArgs(1n, stranger.address, client.address)
    })

    it('refuses less than one least term of one replica', async () => {
      const { storage, tx } = await openWith({}, LEAST - 1n)
      await expect(tx)
        .to.be.revertedWithCustomError(storage, 'DepositTooLow')
        .withArgs(LEAST, LEAST - 1n)
    })

    it('refuses what is no piece', async () => {
      const size = await openWith({ pieceSize: 1_000n })
      await expect(size.tx).to.be.revertedWithCustomError(size.storage, 'BadPieceSize').withArgs(1_000n)
      const cid = await openWith({ pieceCid: PAYLOAD_CID })
      await expect(cid.tx).to.be.revertedWithCustomError(cid.storage, 'NotAPieceCid').withArgs(PAYLOAD_CID)
    })

    it('refuses a payload CID that is none, and takes none at all', async () => {
      const bad = await openWith({ payloadCid: '0x01' })
      await expect(bad.tx).to.be.revertedWithCustomError(bad.storage, 'InvalidCid')
      const none = await openWith({ payloadCid: '0x' })
      await none.tx
      expect((await none.storage.getOrder(1n)).payloadCid).to.equal('0x')
    })

    it('takes a seed of 1,024 bytes, refuses one of 1,025', async () => {
      await (
        await openWith({ seed: '0x' + '61'.repeat(1_024) })
      ).tx
      const { storage, tx } = await openWith({ seed: '0x' + '61'.repeat(1_025) })
      await expect(tx).to.be.revertedWithCustomError(storage, 'TextTooLong').withArgs(1_024n, 1_025n)
    })

    it('refuses a list of 201 providers', async () => {
      const { storage, tx } = await openWith({ providers: Array.from({ length: 201 }, (_, i) => BigInt(1_000 + i)) })
      await expect(tx).to.be.revertedWithCustomError(storage, 'TooManyProviders').withArgs(200n, 201n)
    })

    const bounds: [string, bigint, bigint, (value: bigint) => Opening][] = [
      ['replicas', 1n, 16n, (replicas) => ({ replicas })],
      ['price', 1n, MAX_PRICE, (price) => ({ price, ceiling: MAX_PRICE })],
      ['ceiling', PRICE, MAX_PRICE, (ceiling) => ({ ceiling })],
      ['maxTermEpochs', MIN_TERM, MAX_TERM, (maxTermEpochs) => ({ terms: { maxTermEpochs } })],
      ['minTermEpochs', MIN_TERM, 360n * DAY, (minTermEpochs) => ({ terms: { minTermEpochs } })],
      ['claimEpochs', DAY, 30n * DAY, (claimEpochs) => ({ terms: { claimEpochs } })],
      ['fetchEpochs', DAY / 24n, 7n * DAY, (fetchEpochs) => ({ terms: { fetchEpochs } })],
      ['gapEpochs', DAY, 30n * DAY, (gapEpochs) => ({ terms: { gapEpochs } })],
      ['renewalEpochs', 3n * DAY, 60n * DAY, (renewalEpochs) => ({ terms: { renewalEpochs } })],
      ['evictEpochs', DAY, 42n * DAY - 1n, (evictEpochs) => ({ terms: { evictEpochs } })],
      ['collateral', parseEther('0.1'), MAX_PRICE, (collateral) => ({ terms: { collateral } })],
    ]
    for (const [what, minimum, maximum, change] of bounds) {
      context(`${what}: ${minimum} to ${maximum}`, () => {
        const rich = 10n ** 36n
        for (const value of [minimum, maximum]) {
          it(`takes ${value}`, async () => {
            const { storage, client, ...w } = await loadFixture(world)
            await ethers.provider.send('hardhat_setBalance', [client.address, toBeHex(2n * rich)])
            await storage.openFor(client, await newOrder({ storage, ...w }, change(value)), { value: rich })
            expect(await storage.orderCount()).to.equal(1n)
          })
        }
        for (const value of [minimum - 1n, maximum + 1n]) {
          it(`refuses ${value}`, async () => {
            const w = await loadFixture(world)
            // The default terms of an impossible price are those of a possible one.
            const terms = (await newOrder(w)).terms
            const changed = change(value)
            const order = {
              ...(await newOrder(w, { ...changed, price: PRICE })),
              ...changed,
              terms: { ...terms, ...changed.terms },
            }
            await expect(w.storage.openFor(w.client, order, { value: LEAST }))
              .to.be.revertedWithCustomError(w.storage, 'OutOfBounds')
              .withArgs(what, minimum, maximum, value)
          })
        }
      })
    }

    it('refuses an end that has passed, and one beyond any clock', async () => {
      const past = await loadFixture(world)
      const at = await now()
      const send = async (endEpoch: bigint) =>
        past.storage.openFor(past.client, await newOrder(past, { endEpoch }), { value: LEAST })
      await expect(send(at + 1n))
        .to.be.revertedWithCustomError(past.storage, 'OutOfBounds')
        .withArgs('endEpoch', at + 2n, 2n ** 32n - 1n, at + 1n)
      await expect(send(2n ** 32n)).to.be.revertedWithCustomError(past.storage, 'OutOfBounds')
    })
  })
})
