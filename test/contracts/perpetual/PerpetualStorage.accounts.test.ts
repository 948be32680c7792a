import { expect } from 'chai'
import { maskedIdAddress } from '../../../scripts/local/actors.ts'
import { localMiner, scriptActor } from '../../helpers/actors.ts'
import { deal, proveDeal } from './replicas.ts'
import { claimed, ethers, loadFixture, mine, newOrder, now, SINK } from './world.ts'

const DAY = 2_880n
const ORDER = 1n
const MINER = 1000n
const GET_OWNER = 3275365574n

/** The first provider's replica was alive for a day. */
async function earned() {
  const w = await claimed()
  const shown = await deal(w)
  await proveDeal(w, shown)
  const { start, price } = await w.storage.getSlot(w.claim.slot)
  await mine(start + DAY - (await now()))
  const locator = await ethers.deployContract('SectorLocator')
  const { location } = await locator.locate(MINER, shown.sector)
  await w.storage.settle(w.claim.slot, 1n, location)
  return { ...w, amount: price * ((await now()) - start) }
}

describe('PerpetualStorage', () => {
  describe('withdrawProvider', () => {
    it('pays what a miner earned to its owner, whoever asks', async () => {
      const { storage, stranger, claim: c, amount } = await loadFixture(earned)
      const { owner } = c.sp
      expect(await storage.earnedOf(MINER)).to.equal(amount)
      const owed = await storage.liabilities()
      const sent = await storage.connect(stranger).withdrawProvider(MINER)
      await expect(sent).to.emit(storage, 'ProviderWithdrawn').withArgs(MINER, owner.address, amount)
      await expect(sent).to.changeEtherBalances(ethers, [owner, storage], [amount, -amount])
      expect([await storage.earnedOf(MINER), await storage.liabilities()]).to.deep.equal([0n, owed - amount])
    })

    it('MECHANISM A 32: pays the owner of now, not the one who claimed', async () => {
      const { storage, stranger, client, claim: c, amount } = await loadFixture(earned)
      const miner = await localMiner(MINER)
      await miner.configure(stranger, c.sp.worker, [], 32n << 30n)
      await expect(storage.connect(client).withdrawProvider(MINER)).to.changeEtherBalances(
        ethers,
        [stranger, c.sp.owner],
        [amount, 0n],
      )
    })

    it('refuses where nothing was earned', async () => {
      const { storage } = await loadFixture(earned)
      await expect(storage.withdrawProvider(1001n))
        .to.be.revertedWithCustomError(storage, 'NothingEarned')
        .withArgs(1001n)
      await storage.withdrawProvider(MINER)
      await expect(storage.withdrawProvider(MINER))
        .to.be.revertedWithCustomError(storage, 'NothingEarned')
        .withArgs(MINER)
    })

    for (const exitCode of [17n, 22n, 32n, 33n]) {
      it(`changes nothing when the miner actor answers with exit ${exitCode}`, async () => {
        const { storage, amount } = await loadFixture(earned)
        const actor = await scriptActor(MINER)
        await actor.script(GET_OWNER, exitCode, 0n, '0x')
        await expect(storage.withdrawProvider(MINER))
          .to.be.revertedWithCustomError(storage, 'ActorUnclear')
          .withArgs(exitCode)
        expect(await storage.earnedOf(MINER)).to.equal(amount)
      })
    }
  })

  describe('withdraw and withdrawFor', () => {
    const credited = async () => {
      const w = await earned()
      const { free } = await w.storage.getOrder(ORDER)
      await w.storage.cancel(ORDER)
      return { ...w, free }
    }

    it('pays a credit to its account, by itself or by anybody', async () => {
      const { storage, client, stranger, free } = await loadFixture(credited)
      const sent = await storage.connect(stranger).withdrawFor(client)
      await expect(sent).to.emit(storage, 'Withdrawn').withArgs(client.address, free)
      await expect(sent).to.changeEtherBalances(ethers, [client, storage], [free, -free])
      await expect(storage.withdraw()).to.be.revertedWithCustomError(storage, 'NoCredit').withArgs(client.address)
    })

    it('MECHANISM A 3: knows an account by its masked id too', async () => {
      const { storage, client, free } = await loadFixture(credited)
      const book = await ethers.getContractAt('IAddressBook', maskedIdAddress(1n))
      await book.register(client)
      const [, id] = await book.idOf(client)
      expect(await storage.creditOf(maskedIdAddress(id))).to.equal(free)
      await expect(storage.withdrawFor(maskedIdAddress(id))).to.changeEtherBalance(ethers, client, free)
    })

    it('a credit that its account refuses stays its credit', async () => {
      const w = await loadFixture(credited)
      const { storage } = w
      const refusing = await ethers.deployContract('SectorLocator')
      const order = await storage.getOrder(ORDER)
      const { terms } = await newOrder(w)
      await storage.openFor(
        refusing,
        {
          ...{ pieceCid: '0x0181e203922020' + order.pieceDigest.slice(2), pieceSize: order.pieceSize, replicas: 1n },
          ...{ price: 1n, ceiling: 1n, endEpoch: 0n, payloadCid: '0x', seed: '0x', providers: [] },
          terms: { ...terms },
        },
        { value: 518_400n },
      )
      const client = await ethers.getImpersonatedSigner(await refusing.getAddress())
      await ethers.provider.send('hardhat_setBalance', [client.address, '0xde0b6b3a7640000'])
      await storage.connect(client).cancel(2n)
      await expect(storage.withdrawFor(refusing))
        .to.be.revertedWithCustomError(storage, 'PaymentFailed')
        .withArgs(client.address, 518_400n)
      expect(await storage.creditOf(refusing)).to.equal(518_400n)
    })

    it('what is forfeited can only be burnt', async () => {
      const { storage, claim: c } = await loadFixture(claimed)
      await mine(7n * DAY + 1n)
      await storage.lapse(c.slot)
      await expect(storage.withdrawFor(SINK)).to.changeEtherBalance(ethers, SINK, c.collateral)
    })
  })

  describe('liabilities', () => {
    it('MECHANISM A 2: money that is forced in is nobody’s', async () => {
      const { storage } = await loadFixture(claimed)
      const owed = await storage.liabilities()
      const balance = await ethers.provider.getBalance(storage)
      expect(owed).to.equal(balance)
      await ethers.provider.send('hardhat_setBalance', [await storage.getAddress(), '0x' + (balance + 5n).toString(16)])
      expect(await storage.liabilities()).to.equal(owed)
    })
  })
})
