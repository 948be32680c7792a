import { expect } from 'chai'
import { hexlify } from 'ethers'
import { slotLabel } from '../../../oracle/chain/slot-id.ts'
import { localMiner, scriptActor } from '../../helpers/actors.ts'
import { attempt } from './attempt.ts'
import { moved } from './money.ts'
import { activeByDeal, anotherClaim } from './replicas.ts'
import {
  ACCESS,
  CEILING,
  claim,
  claimed,
  claimedWith,
  DAY,
  ethers,
  loadFixture,
  mine,
  mineUpTo,
  now,
  open,
  otherSlot,
  PRICE,
  SEED,
  slotId,
  STATE,
  STATUS,
  world,
  type Opening,
} from './world.ts'

const MAX_TERM = 360n * DAY
const CLAIM = 7n * DAY
const SECTOR_SIZE = 32n << 30n
const GET_OWNER = 3275365574n
const IS_CONTROLLING_ADDRESS = 348244887n
const MINER_RAW_POWER = 3753401894n

const openedWith = (changes: Opening) => async () => {
  const w = await world()
  return { ...w, order: await open(w, changes) }
}
const opened = openedWith({})
const ofOne = openedWith({ replicas: 1n })
const listedOnly = openedWith({ terms: { access: ACCESS.Listed }, providers: [1001n] })
const notListed = openedWith({ terms: { access: ACCESS.NotListed }, providers: [1001n] })
const powerful = openedWith({ terms: { minPower: SECTOR_SIZE } })

describe('PerpetualStorage', () => {
  describe('claim', () => {
    context('when a slot is open', () => {
      it('takes it: price and term are fixed, the money is reserved, the collateral rests here', async () => {
        const w = await loadFixture(opened)
        const { storage, order, sps } = w
        const slot = slotId(order.orderId, 0)
        const { terms } = await storage.getOrder(order.orderId)
        const epoch = (await now()) + 1n

        const change = await moved(w, order.orderId, async () => {
          await expect(attempt(w))
            .to.emit(storage, 'SlotClaimed')
            .withArgs(
              ...[slot, 1000n, 1n],
              await ownerIdOf(1000n),
              sps[0].worker,
              ...[PRICE, MAX_TERM, 0n, epoch + CLAIM, terms.collateral],
            )
        })

        const reserved = PRICE * MAX_TERM
        expect(change).to.deep.equal({ free: -reserved, reserved, liabilities: terms.collateral })
        const taken = await storage.getSlot(slot)
        expect([taken.state, taken.nonce, taken.provider, taken.poster]).to.deep.equal([
          ...[STATE.Claimed, 1n, 1000n],
          sps[0].worker.address,
        ])
        expect([taken.claimedEpoch, taken.claimBy, taken.settleBy]).to.deep.equal([epoch, epoch + CLAIM, 0n])
      })

      it('says where to fetch the piece and who holds it', async () => {
        const w = await loadFixture(activeByDeal)
        const { storage, sps, claim: c } = w
        const { slots } = await storage.openSlotsOf(c.orderId)

        const [seed, holders] = await storage
          .connect(sps[1].owner)
          .claim.staticCall(slots[0].slot, 1n, 1n, 0n, sps[1].miner, { value: c.collateral })

        expect(hexlify(seed)).to.equal(SEED)
        expect(holders).to.deep.equal([sps[0].miner])
      })

      it('can be taken by the owner too', async () => {
        const w = await loadFixture(opened)

        await attempt(w, { from: w.sps[0].owner })

        expect((await w.storage.getSlot(slotId(w.order.orderId, 0))).poster).to.equal(w.sps[0].owner.address)
      })

      it('stays open while another replica is wanted, and not after', async () => {
        const w = await loadFixture(opened)
        await attempt(w)

        await claim(w, w.order, { sp: w.sps[1] })
        const { slots } = await w.storage.openSlotsOf(w.order.orderId)

        expect(slots).to.deep.equal([])
      })
    })

    context('when the claim names what is not so (A 34)', () => {
      it('reverts with UnknownSlot for no order, or a seat beyond 31', async () => {
        const w = await loadFixture(opened)
        for (const slot of [slotId(9n, 0), slotId(w.order.orderId, 32)]) {
          await expect(attempt(w, { slot })).to.be.revertedWithCustomError(w.storage, 'UnknownSlot').withArgs(slot)
        }
      })

      it('reverts with StaleNonce', async () => {
        const w = await loadFixture(opened)
        for (const nonce of [0n, 2n]) {
          await expect(attempt(w, { nonce }))
            .to.be.revertedWithCustomError(w.storage, 'StaleNonce')
            .withArgs(slotId(w.order.orderId, 0), 1n, nonce)
        }
      })

      it('reverts with StaleVersion after the order changed', async () => {
        const w = await loadFixture(opened)
        await w.storage.setPrice(w.order.orderId, PRICE - 1n, CEILING)

        await expect(attempt(w, { version: 1n }))
          .to.be.revertedWithCustomError(w.storage, 'StaleVersion')
          .withArgs(w.order.orderId, 2n, 1n)
      })

      it('reverts with PriceTooLow for a lower price than the least that was named', async () => {
        const w = await loadFixture(opened)

        await expect(attempt(w, { minPrice: PRICE + 1n }))
          .to.be.revertedWithCustomError(w.storage, 'PriceTooLow')
          .withArgs(PRICE + 1n, PRICE)
        await attempt(w, { minPrice: PRICE })
      })

      it('reverts with WrongValue for less or more than the collateral', async () => {
        const w = await loadFixture(opened)
        const { collateral } = (await w.storage.getOrder(w.order.orderId)).terms
        for (const value of [collateral - 1n, collateral + 1n]) {
          await expect(attempt(w, { value }))
            .to.be.revertedWithCustomError(w.storage, 'WrongValue')
            .withArgs(collateral, value)
        }
      })
    })

    context('when the slot is not open', () => {
      it('reverts with WrongOrderStatus for a suspended or cancelled order', async () => {
        const w = await loadFixture(opened)
        const { storage, order } = w
        await storage.suspend(order.orderId)
        await expect(attempt(w))
          .to.be.revertedWithCustomError(storage, 'WrongOrderStatus')
          .withArgs(order.orderId, STATUS.Suspended)
        await storage.cancel(order.orderId)
        await expect(attempt(w))
          .to.be.revertedWithCustomError(storage, 'WrongOrderStatus')
          .withArgs(order.orderId, STATUS.Cancelled)
      })

      it('reverts with SlotNotOpen while the claim before it runs, and says when it opens', async () => {
        const w = await loadFixture(claimed)
        const { storage, claim: c, sps } = w
        const call = attempt({ ...w, order: c }, { nonce: 2n, miner: sps[1].miner, from: sps[1].worker })

        await expect(call)
          .to.be.revertedWithCustomError(storage, 'SlotNotOpen')
          .withArgs(c.slot, c.claimBy + 1n)
      })

      it('reverts with SlotNotOpen at the last epoch of the claim before it', async () => {
        const w = await loadFixture(claimed)
        const { storage, claim: c, sps } = w
        await mineUpTo(c.claimBy - 1n)

        await expect(attempt({ ...w, order: c }, { nonce: 2n, miner: 1001n, from: sps[1].worker }))
          .to.be.revertedWithCustomError(storage, 'SlotNotOpen')
          .withArgs(c.slot, c.claimBy + 1n)
      })

      it('reverts with SlotNotOpen for the other seat of a claimed pair', async () => {
        const w = await loadFixture(claimed)
        const { storage, claim: c, sps } = w
        const slot = otherSlot(c.slot)

        await expect(attempt({ ...w, order: c }, { slot, miner: sps[1].miner, from: sps[1].worker }))
          .to.be.revertedWithCustomError(storage, 'SlotNotOpen')
          .withArgs(slot, c.claimBy + 1n)
      })

      it('reverts with SlotNotOpen for the second seat of a pair whose first is free', async () => {
        const w = await loadFixture(opened)
        const slot = slotId(w.order.orderId, 16)

        await expect(attempt(w, { slot })).to.be.revertedWithCustomError(w.storage, 'SlotNotOpen').withArgs(slot, 0n)
      })

      it('reverts with SlotNotOpen for a pair that no replica was ever wanted for', async () => {
        const w = await loadFixture(ofOne)
        const slot = slotId(w.order.orderId, 1)

        await expect(attempt(w, { slot })).to.be.revertedWithCustomError(w.storage, 'SlotNotOpen').withArgs(slot, 0n)
      })

      it('reverts with SlotNotOpen for as many replicas as are wanted', async () => {
        const w = await loadFixture(claimed)
        const { storage, claim: c } = w
        await storage.setReplicas(c.orderId, 1n)
        const slot = slotId(c.orderId, 1)

        await expect(attempt({ ...w, order: c }, { slot, miner: 1001n, from: w.sps[1].worker }))
          .to.be.revertedWithCustomError(storage, 'SlotNotOpen')
          .withArgs(slot, c.claimBy + 1n)
      })

      it('A 30: reverts with SlotNotOpen when the free money misses an attoFIL of the longest term', async () => {
        const w = await loadFixture(openedWith({ deposit: PRICE * MAX_TERM - 1n }))
        const slot = slotId(w.order.orderId, 0)

        await expect(attempt(w)).to.be.revertedWithCustomError(w.storage, 'SlotNotOpen').withArgs(slot, 0n)
        await w.storage.connect(w.stranger).topUp(w.order.orderId, { value: 1n })
        await attempt(w)

        expect((await w.storage.getOrder(w.order.orderId)).free).to.equal(0n)
      })

      it('reverts with SlotNotOpen when a claim proven as late as it may be would miss the order’s end', async () => {
        const w = await loadFixture(opened)
        const { storage, order } = w
        const minTerm = 180n * DAY
        await storage.setEnd(order.orderId, (await now()) + 2n + CLAIM + minTerm)
        await mine(1)
        const slot = slotId(order.orderId, 0)

        await expect(attempt(w)).to.be.revertedWithCustomError(storage, 'SlotNotOpen').withArgs(slot, 0n)
        await storage.setEnd(order.orderId, (await now()) + 2n + CLAIM + minTerm)
        await attempt(w)
      })
    })

    context('when the claimant is not one who may', () => {
      it('E 1: reverts with NotAMiner for an actor that f04 does not know', async () => {
        const w = await loadFixture(opened)
        const fake = await scriptActor(2000n)
        await fake.script(IS_CONTROLLING_ADDRESS, 0, 0x51, '0xf5')

        for (const miner of [2000n, 99n]) {
          await expect(attempt(w, { miner })).to.be.revertedWithCustomError(w.storage, 'NotAMiner').withArgs(miner)
        }
      })

      it('reverts with NotControlling for a stranger, and for another miner’s worker', async () => {
        const w = await loadFixture(opened)
        for (const from of [w.stranger, w.sps[1].worker]) {
          await expect(attempt(w, { from }))
            .to.be.revertedWithCustomError(w.storage, 'NotControlling')
            .withArgs(w.sps[0].miner, from.address)
        }
      })

      it('A 33: reverts with PowerTooLow below the order’s least power', async () => {
        const w = await loadFixture(powerful)

        await expect(attempt(w)).to.be.revertedWithCustomError(w.storage, 'PowerTooLow').withArgs(SECTOR_SIZE, 0n)
        await (await localMiner(1000n)).commitSector(1n, 5_000_000)
        await attempt(w)
      })

      it('reverts with ProviderNotAllowed for one that is not on the list of those who may', async () => {
        const w = await loadFixture(listedOnly)
        const { storage, order, sps } = w

        await expect(attempt(w))
          .to.be.revertedWithCustomError(storage, 'ProviderNotAllowed')
          .withArgs(order.orderId, 1000n)
        await attempt(w, { miner: 1001n, from: sps[1].worker })
        await storage.setListed(order.orderId, [1000n], true)
        await attempt(w, { slot: slotId(order.orderId, 1) })
      })

      it('reverts with ProviderNotAllowed for one that is on the list of those who may not', async () => {
        const w = await loadFixture(notListed)
        const { storage, order, sps } = w
        const second = { miner: 1001n, from: sps[1].worker }

        await expect(attempt(w, second))
          .to.be.revertedWithCustomError(storage, 'ProviderNotAllowed')
          .withArgs(order.orderId, 1001n)
        await storage.setListed(order.orderId, [1001n], false)
        await attempt(w, second)
      })

      it('reverts with AlreadyLive for a second slot of a provider', async () => {
        const w = await loadFixture(claimed)
        const { storage, claim: c } = w

        await expect(attempt({ ...w, order: c }, { slot: slotId(c.orderId, 1) }))
          .to.be.revertedWithCustomError(storage, 'AlreadyLive')
          .withArgs(c.orderId, 1000n, c.slot)
      })

      it('reverts with AlreadyLive while a claim of the provider’s that lapsed is not closed', async () => {
        const w = await loadFixture(claimed)
        const { storage, claim: c } = w
        await mineUpTo(c.claimBy + 1n)

        await expect(attempt({ ...w, order: c }, { slot: slotId(c.orderId, 1) }))
          .to.be.revertedWithCustomError(storage, 'AlreadyLive')
          .withArgs(c.orderId, 1000n, c.slot)
      })

      it('A 33: reverts with AlreadyLive for a second slot of an owner', async () => {
        const w = await loadFixture(claimed)
        const { storage, claim: c, sps } = w
        await (await localMiner(1001n)).configure(sps[0].owner, sps[1].worker, [], SECTOR_SIZE)

        await expect(attempt({ ...w, order: c }, { slot: slotId(c.orderId, 1), miner: 1001n, from: sps[1].worker }))
          .to.be.revertedWithCustomError(storage, 'AlreadyLive')
          .withArgs(c.orderId, await ownerIdOf(1000n), c.slot)
      })

      it('may have slots in several orders', async () => {
        const w = await loadFixture(claimed)

        const { claim: second } = await anotherClaim(w)

        expect((await w.storage.getSlot(second.slot)).provider).to.equal(1000n)
      })

      it('A 33: reverts with TooManyClaims at the 65th claim that one owner has to prove', async () => {
        const w = await loadFixture(ofOne)
        await attempt(w)
        for (let i = 1; i < 64; i++) await claim(w, await open(w, { replicas: 1n }))
        const order = await open(w, { replicas: 1n })

        await expect(attempt({ ...w, order }))
          .to.be.revertedWithCustomError(w.storage, 'TooManyClaims')
          .withArgs(await ownerIdOf(1000n), 64n)
        await w.storage.connect(w.sps[0].worker).abandon(slotId(order.orderId - 1n, 0))
        await attempt({ ...w, order })
      })

      it('reverts with ProviderBarred after a lapse, for the provider and for another of its owner', async () => {
        const w = await loadFixture(claimed)
        const { storage, claim: c, sps } = w
        await (await localMiner(1001n)).configure(sps[0].owner, sps[1].worker, [], SECTOR_SIZE)
        await mineUpTo(c.claimBy)
        await storage.lapse(c.slot)
        const until = (await now()) + 30n * DAY

        const again = { ...w, order: c }
        await expect(attempt(again, { nonce: 2n }))
          .to.be.revertedWithCustomError(storage, 'ProviderBarred')
          .withArgs(c.orderId, 1000n, until)
        await expect(attempt(again, { nonce: 2n, miner: 1001n, from: sps[1].worker }))
          .to.be.revertedWithCustomError(storage, 'ProviderBarred')
          .withArgs(c.orderId, await ownerIdOf(1000n), until)
        await mineUpTo(until - 1n)
        await attempt(again, { nonce: 2n })
      })
    })

    context('when an actor does not answer as it should', () => {
      for (const [what, method] of [
        ['whom the caller acts for', IS_CONTROLLING_ADDRESS],
        ['who the owner is', GET_OWNER],
      ] as const) {
        it(`reverts with ActorUnclear when the miner does not say ${what}`, async () => {
          const w = await loadFixture(opened)
          const implementation = await ethers.deployContract('LocalMiner')
          const scripted = await scriptActor(1000n)
          await scripted.passRestTo(implementation)

          for (const exitCode of [17, 22, 33]) {
            await scripted.script(method, exitCode, 0, '0x')
            await expect(attempt(w)).to.be.revertedWithCustomError(w.storage, 'ActorUnclear').withArgs(exitCode)
          }
          await scripted.script(method, 0, 0, '0x')
          await expect(attempt(w))
            .to.be.revertedWithCustomError(w.storage, 'BadActorReturn')
            .withArgs(1000n, method, 0n, 0n)
        })
      }

      it('reverts with ActorUnclear when f04 does not say how much power there is', async () => {
        const w = await loadFixture(powerful)
        const implementation = await ethers.deployContract('LocalPower')
        const scripted = await scriptActor(4n)
        await scripted.passRestTo(implementation)
        await scripted.script(MINER_RAW_POWER, 22, 0, '0x')

        await expect(attempt(w)).to.be.revertedWithCustomError(w.storage, 'ActorUnclear').withArgs(22)
      })
    })

    it('names a claim by its slot and nonce for deals and notifications', async () => {
      const { claim: c } = await loadFixture(claimed)

      expect(Buffer.from(c.label.slice(2), 'hex').toString()).to.equal(slotLabel(c.slot, 1n))
    })

    it('does not fix what the client changes after it (A 30)', async () => {
      const w = await loadFixture(() => claimedWith({ replicas: 1n }))
      const { storage, claim: c } = w
      const before = await storage.getSlot(c.slot)

      await storage.setPrice(c.orderId, 1n, 1n)
      await storage.setReplicas(c.orderId, 3n)
      await storage.setEnd(c.orderId, (await now()) + 100n)
      await storage.setSeed(c.orderId, '0x00')
      await storage.setListed(c.orderId, [1000n], true)
      await storage.suspend(c.orderId)
      await storage.cancel(c.orderId)

      expect(await storage.getSlot(c.slot)).to.deep.equal(before)
    })
  })
})

/** The actor id that the miner names as its owner. */
async function ownerIdOf(miner: bigint): Promise<bigint> {
  const book = await ethers.getContractAt('AddressBook', '0xff00000000000000000000000000000000000001')
  const [, id] = await book.idOf(await minerOwner(miner))
  return id
}

async function minerOwner(miner: bigint): Promise<string> {
  const signers = await ethers.getSigners()
  return signers[3 + 2 * Number(miner - 1000n)].address
}
