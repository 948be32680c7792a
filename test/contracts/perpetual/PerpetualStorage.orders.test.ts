import { expect } from 'chai'
import { hexlify, toUtf8Bytes } from 'ethers'
import type { HardhatEthersSigner } from '@nomicfoundation/hardhat-ethers/types'
import { claim, claimed, ethers, loadFixture, mine, now, open, PRICE, STATUS, world, type World } from './world.ts'

const DAY = 2_880n
const ORDER = 1n
const MAX_PRICE = 2n ** 96n - 1n

/** An order as it stands in each of its states, with a slot claimed in it. */
const states = {
  Live: claimed,
  Suspended: async () => {
    const w = await claimed()
    await w.storage.suspend(ORDER)
    return w
  },
  Cancelled: async () => {
    const w = await claimed()
    await w.storage.cancel(ORDER)
    return w
  },
}
type State = keyof typeof states

type Call = (w: World, from: HardhatEthersSigner) => Promise<unknown>

/** Each call of the client's: how it is made, and in which states it goes. */
const CALLS: Record<string, { make: Call; goesIn: State[] }> = {
  setPrice: {
    make: ({ storage }, from) => storage.connect(from).setPrice(ORDER, 5n, 6n),
    goesIn: ['Live', 'Suspended'],
  },
  setReplicas: {
    make: ({ storage }, from) => storage.connect(from).setReplicas(ORDER, 5n),
    goesIn: ['Live', 'Suspended'],
  },
  setEnd: {
    make: ({ storage }, from) => storage.connect(from).setEnd(ORDER, 9_999_999n),
    goesIn: ['Live', 'Suspended'],
  },
  setSeed: { make: ({ storage }, from) => storage.connect(from).setSeed(ORDER, '0x61'), goesIn: ['Live', 'Suspended'] },
  setListed: {
    make: ({ storage }, from) => storage.connect(from).setListed(ORDER, [1000n], true),
    goesIn: ['Live', 'Suspended'],
  },
  suspend: { make: ({ storage }, from) => storage.connect(from).suspend(ORDER), goesIn: ['Live'] },
  resume: { make: ({ storage }, from) => storage.connect(from).resume(ORDER), goesIn: ['Suspended'] },
  withdrawFree: {
    make: ({ storage }, from) => storage.connect(from).withdrawFree(ORDER, 1n),
    goesIn: ['Live', 'Suspended'],
  },
  cancel: { make: ({ storage }, from) => storage.connect(from).cancel(ORDER), goesIn: ['Live', 'Suspended'] },
}

describe('PerpetualStorage', () => {
  for (const [name, { make, goesIn }] of Object.entries(CALLS)) {
    describe(name, () => {
      for (const state of Object.keys(states) as State[]) {
        context(`when the order is ${state}`, () => {
          it(
            goesIn.includes(state) ? 'goes for the client' : 'reverts with WrongOrderStatus for the client',
            async () => {
              const w = await loadFixture(states[state])
              if (goesIn.includes(state)) return void (await make(w, w.client))
              await expect(make(w, w.client))
                .to.be.revertedWithCustomError(w.storage, 'WrongOrderStatus')
                .withArgs(ORDER, STATUS[state])
            },
          )

          it('reverts with NotClient for a stranger and for a provider', async () => {
            const w = await loadFixture(states[state])
            for (const caller of [w.stranger, w.claim.sp.worker]) {
              await expect(make(w, caller))
                .to.be.revertedWithCustomError(w.storage, 'NotClient')
                .withArgs(ORDER, w.client.address, caller.address)
            }
          })

          it('MECHANISM D 10: changes nothing of a claimed slot', async () => {
            const w = await loadFixture(states[state])
            const before = await w.storage.getSlot(w.claim.slot)
            if (goesIn.includes(state)) await make(w, w.client)
            expect(await w.storage.getSlot(w.claim.slot)).to.deep.equal(before)
          })
        })
      }

      it('reverts with UnknownOrder where there is none', async () => {
        const w = await loadFixture(world)
        await expect(make(w, w.client)).to.be.revertedWithCustomError(w.storage, 'UnknownOrder').withArgs(ORDER)
      })
    })
  }

  const opened = async () => {
    const w = await world()
    return { ...w, ...(await open(w)) }
  }

  describe('topUp', () => {
    for (const state of ['Live', 'Suspended'] as const) {
      it(`adds what anybody pays to an order that is ${state}`, async () => {
        const w = await loadFixture(states[state])
        const { free } = await w.storage.getOrder(ORDER)
        const owed = await w.storage.liabilities()
        await expect(w.storage.connect(w.stranger).topUp(ORDER, { value: 77n }))
          .to.emit(w.storage, 'ToppedUp')
          .withArgs(ORDER, w.stranger.address, 77n)
        expect((await w.storage.getOrder(ORDER)).free).to.equal(free + 77n)
        expect(await w.storage.liabilities()).to.equal(owed + 77n)
      })
    }

    it('refuses nothing at all', async () => {
      const { storage } = await loadFixture(opened)
      await expect(storage.topUp(ORDER))
        .to.be.revertedWithCustomError(storage, 'OutOfBounds')
        .withArgs('amount', 1n, 2n ** 128n - 1n, 0n)
    })

    it('refuses money for a cancelled order, and for none', async () => {
      const { storage } = await loadFixture(states.Cancelled)
      await expect(storage.topUp(ORDER, { value: 1n }))
        .to.be.revertedWithCustomError(storage, 'WrongOrderStatus')
        .withArgs(ORDER, STATUS.Cancelled)
      await expect(storage.topUp(2n, { value: 1n }))
        .to.be.revertedWithCustomError(storage, 'UnknownOrder')
        .withArgs(2n)
    })
  })

  describe('setPrice', () => {
    it('sets both for future claims, under a new version', async () => {
      const { storage } = await loadFixture(opened)
      await expect(storage.setPrice(ORDER, 5n, 6n))
        .to.emit(storage, 'OrderChanged')
        .withArgs(ORDER, 2n, 2n, 5n, 6n, 0n)
      const { price, ceiling, version } = await storage.getOrder(ORDER)
      expect([price, ceiling, version]).to.deep.equal([5n, 6n, 2n])
    })

    it('refuses a ceiling below the price, a price of nothing, and one too high', async () => {
      const { storage } = await loadFixture(opened)
      const refused = (tx: Promise<unknown>) => expect(tx).to.be.revertedWithCustomError(storage, 'OutOfBounds')
      await refused(storage.setPrice(ORDER, 5n, 4n)).withArgs('ceiling', 5n, MAX_PRICE, 4n)
      await refused(storage.setPrice(ORDER, 0n, 4n)).withArgs('price', 1n, MAX_PRICE, 0n)
      await refused(storage.setPrice(ORDER, MAX_PRICE + 1n, MAX_PRICE + 1n)).withArgs(
        'price',
        1n,
        MAX_PRICE,
        MAX_PRICE + 1n,
      )
    })

    it('refuses what it is already, and takes one of the two alone', async () => {
      const { storage } = await loadFixture(opened)
      await expect(storage.setPrice(ORDER, PRICE, 2n * PRICE))
        .to.be.revertedWithCustomError(storage, 'Unchanged')
        .withArgs(ORDER)
      await storage.setPrice(ORDER, PRICE, 3n * PRICE)
      await storage.setPrice(ORDER, PRICE + 1n, 3n * PRICE)
      expect((await storage.getOrder(ORDER)).version).to.equal(3n)
    })
  })

  describe('setReplicas', () => {
    it('opens another slot when it is raised', async () => {
      const { storage } = await loadFixture(opened)
      await expect(storage.setReplicas(ORDER, 3n))
        .to.emit(storage, 'OrderChanged')
        .withArgs(ORDER, 2n, 3n, PRICE, 2n * PRICE, 0n)
      expect((await storage.openSlotsOf(ORDER)).slots.map(({ slot }) => slot)).to.deep.equal([256n, 257n, 258n])
    })

    it('opens none when it is lowered to what is claimed, and ends nothing', async () => {
      const w = await loadFixture(claimed)
      await w.storage.setReplicas(ORDER, 1n)
      expect((await w.storage.openSlotsOf(ORDER)).slots).to.have.lengthOf(0)
      expect((await w.storage.getSlot(w.claim.slot)).state).to.equal(1n)
    })

    it('refuses none, 17, and the same', async () => {
      const { storage } = await loadFixture(opened)
      for (const replicas of [0n, 17n]) {
        await expect(storage.setReplicas(ORDER, replicas))
          .to.be.revertedWithCustomError(storage, 'OutOfBounds')
          .withArgs('replicas', 1n, 16n, replicas)
      }
      await expect(storage.setReplicas(ORDER, 2n)).to.be.revertedWithCustomError(storage, 'Unchanged').withArgs(ORDER)
    })
  })

  describe('setEnd', () => {
    it('closes what could not run its least term any more, and opens it again for ever', async () => {
      const { storage } = await loadFixture(opened)
      const at = await now()
      const enough = at + 1n + 7n * DAY + 180n * DAY
      await expect(storage.setEnd(ORDER, enough))
        .to.emit(storage, 'OrderChanged')
        .withArgs(ORDER, 2n, 2n, PRICE, 2n * PRICE, enough)
      expect((await storage.openSlotsOf(ORDER)).slots).to.have.lengthOf(2)
      await mine(1n)
      expect((await storage.openSlotsOf(ORDER)).slots).to.have.lengthOf(0)
      await storage.setEnd(ORDER, 0n)
      expect((await storage.openSlotsOf(ORDER)).slots).to.have.lengthOf(2)
    })

    it('refuses the present epoch and the end that it has', async () => {
      const { storage } = await loadFixture(opened)
      const next = (await now()) + 1n
      await expect(storage.setEnd(ORDER, next))
        .to.be.revertedWithCustomError(storage, 'OutOfBounds')
        .withArgs('endEpoch', next + 1n, 2n ** 32n - 1n, next)
      await expect(storage.setEnd(ORDER, 0n)).to.be.revertedWithCustomError(storage, 'Unchanged').withArgs(ORDER)
    })
  })

  describe('setSeed', () => {
    it('says where to fetch the piece from now on, under a new version', async () => {
      const { storage } = await loadFixture(opened)
      const seed = hexlify(toUtf8Bytes('https://elsewhere.example/a.car'))
      await expect(storage.setSeed(ORDER, seed)).to.emit(storage, 'SeedChanged').withArgs(ORDER, 2n, seed)
      expect((await storage.getOrder(ORDER)).seed).to.equal(seed)
      await expect(storage.setSeed(ORDER, seed)).to.be.revertedWithCustomError(storage, 'Unchanged').withArgs(ORDER)
    })

    it('refuses 1,025 bytes', async () => {
      const { storage } = await loadFixture(opened)
      await expect(storage.setSeed(ORDER, '0x' + '61'.repeat(1_025)))
        .to.be.revertedWithCustomError(storage, 'TextTooLong')
        .withArgs(1_024n, 1_025n)
    })
  })

  describe('setListed', () => {
    it('puts providers on the list and takes them off', async () => {
      const { storage } = await loadFixture(opened)
      await expect(storage.setListed(ORDER, [1000n, 1001n], true))
        .to.emit(storage, 'ListChanged')
        .withArgs(ORDER, [1000n, 1001n], true)
      await storage.setListed(ORDER, [1000n], false)
      expect([await storage.isListed(ORDER, 1000n), await storage.isListed(ORDER, 1001n)]).to.deep.equal([false, true])
    })

    it('takes 200, refuses 201', async () => {
      const { storage } = await loadFixture(opened)
      const many = Array.from({ length: 201 }, (_, i) => BigInt(i))
      await storage.setListed(ORDER, many.slice(1), true)
      await expect(storage.setListed(ORDER, many, true))
        .to.be.revertedWithCustomError(storage, 'TooManyProviders')
        .withArgs(200n, 201n)
    })
  })

  describe('suspend and resume', () => {
    it('no slot is open between the two', async () => {
      const w = await loadFixture(opened)
      const { storage } = w
      await expect(storage.suspend(ORDER)).to.emit(storage, 'Suspended').withArgs(ORDER)
      const { slots, nextEpoch } = await storage.openSlotsOf(ORDER)
      expect([slots.length, nextEpoch]).to.deep.equal([0, 0n])
      await expect(storage.connect(w.sps[0].worker).claim(256n, 1n, 1n, 0n, 1000n))
        .to.be.revertedWithCustomError(storage, 'WrongOrderStatus')
        .withArgs(ORDER, STATUS.Suspended)
      await expect(storage.resume(ORDER)).to.emit(storage, 'Resumed').withArgs(ORDER)
      await claim(w, w)
    })
  })

  describe('withdrawFree', () => {
    it('makes free money the client’s credit, to the last attoFIL', async () => {
      const { storage, client } = await loadFixture(opened)
      const { free } = await storage.getOrder(ORDER)
      const sent = storage.withdrawFree(ORDER, free)
      await expect(sent).to.emit(storage, 'FreeWithdrawn').withArgs(ORDER, free)
      await expect(sent).to.emit(storage, 'Credited').withArgs(client.address, ORDER, free)
      expect([(await storage.getOrder(ORDER)).free, await storage.creditOf(client)]).to.deep.equal([0n, free])
      expect(await storage.liabilities()).to.equal(free)
    })

    it('never touches what a slot has reserved', async () => {
      const { storage } = await loadFixture(claimed)
      const { free, reserved } = await storage.getOrder(ORDER)
      expect(reserved).to.be.greaterThan(0n)
      await expect(storage.withdrawFree(ORDER, free + 1n))
        .to.be.revertedWithCustomError(storage, 'FreeTooLow')
        .withArgs(free, free + 1n)
    })

    it('refuses nothing at all', async () => {
      const { storage } = await loadFixture(opened)
      const { free } = await storage.getOrder(ORDER)
      await expect(storage.withdrawFree(ORDER, 0n))
        .to.be.revertedWithCustomError(storage, 'OutOfBounds')
        .withArgs('amount', 1n, free, 0n)
    })
  })

  describe('cancel', () => {
    it('gives exactly the free money back; what is reserved stays reserved', async () => {
      const { storage, client } = await loadFixture(claimed)
      const { free, reserved } = await storage.getOrder(ORDER)
      const sent = storage.cancel(ORDER)
      await expect(sent).to.emit(storage, 'OrderCancelled').withArgs(ORDER, free)
      await expect(sent).to.emit(storage, 'Credited').withArgs(client.address, ORDER, free)
      const after = await storage.getOrder(ORDER)
      expect([after.free, after.reserved, after.status]).to.deep.equal([0n, reserved, STATUS.Cancelled])
      await expect(storage.withdraw()).to.changeEtherBalances(ethers, [client, storage], [free, -free])
    })

    it('sends what a slot gives back later to the client’s credit', async () => {
      const { storage, client, claim: c } = await loadFixture(states.Cancelled)
      const { reserved } = await storage.getOrder(ORDER)
      const before = await storage.creditOf(client)
      await mine(7n * DAY + 1n)
      await storage.lapse(c.slot)
      expect(await storage.creditOf(client)).to.equal(before + reserved)
      const { free, reserved: left } = await storage.getOrder(ORDER)
      expect([free, left]).to.deep.equal([0n, 0n])
    })
  })
})
