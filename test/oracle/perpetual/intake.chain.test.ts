import { hexlify } from 'ethers'
import { expect } from 'chai'
import { after, before, describe, it } from 'mocha'
import { adoptContracts } from '../../../oracle/chain/adopt.ts'
import { createCursorStore } from '../../../oracle/db/cursor.ts'
import type { Slot } from '../../../oracle/db/slot.ts'
import type { StorageOrder } from '../../../oracle/db/storage-order.ts'
import { createPerpetualIntake } from '../../../oracle/perpetual/intake.ts'
import { maskedIdAddress } from '../../../scripts/local/actors.ts'
import type { Provider } from '../../../scripts/local/perpetual/cast.ts'
import type { Claimed } from '../../../scripts/lib/perpetual/claim.ts'
import { locateSector, sectorClaim } from '../../../scripts/lib/perpetual/location.ts'
import { readOpenSlotsOf } from '../../../scripts/lib/perpetual/open-slots.ts'
import {
  claim,
  followChain,
  open,
  PRICE,
  proveByDeal,
  proveBySector,
  startPerpetualChain,
  type Follower,
  type PerpetualChain,
} from '../../helpers/perpetual-chain.ts'

const DAY = 2_880n
const HALF_A_YEAR = { minTermEpochs: 180n * DAY, maxTermEpochs: 180n * DAY, gapEpochs: 7n * DAY, evictEpochs: 7n * DAY }

/** What a history is mostly made of. */
const OFTEN = ['claim', 'prove', 'settle', 'heal'].flatMap((name) => Array<string>(5).fill(name))

/** The same numbers in every run (a linear congruential generator, Numerical Recipes). */
function createDice(seed: number): (sides: number) => number {
  let state = seed
  return (sides) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * sides)
  }
}

describe('perpetual/intake on a chain', function () {
  this.timeout(600_000)
  let chain: PerpetualChain
  let follower: Follower
  before(async () => {
    chain = await startPerpetualChain()
    follower = await followChain(chain)
  })
  after(async () => {
    await follower.world[Symbol.asyncDispose]()
    await chain.stop()
  })

  async function catchUp(reader: Follower): Promise<void> {
    await chain.clock.pass(1n)
    await reader.watcher.processAll()
  }

  /** Every row against what the contract shows, field by field. */
  async function compare({ world, reader }: Follower): Promise<{ orders: number; slots: number }> {
    const orders = await world.ctx.orders.all()
    expect(BigInt(orders.length)).to.equal(await chain.perpetual.orderCount())
    let slots = 0
    for (const order of orders) {
      expect(shownOrder(order)).to.deep.equal(await reader.orderView(order.id))
      for (const provider of chain.cast.providers) {
        expect(order.barred[`${provider.id}`] ?? 0n).to.equal(await reader.barredUntil(order.id, provider.id))
        expect(order.listed.includes(provider.id)).to.equal(await reader.isListed(order.id, provider.id))
      }
      const rows = await world.ctx.slots.of(order.id)
      const views = await chain.perpetual.slotsOf(order.id)
      expect(rows.map(({ id }) => id)).to.deep.equal(views.map(({ slot }) => slot))
      for (const row of rows) {
        const { settleBy, ...view } = await reader.slotView(row.id)
        expect(shownSlot(row)).to.deep.equal(view)
        if (row.state === 'Active') expect(row.provenTo + order.terms.gapEpochs).to.equal(settleBy)
        slots++
      }
    }
    return { orders: orders.length, slots }
  }

  it('knows from events alone all that the contract shows, whatever happens', async () => {
    const dice = createDice(20_260_301)
    for (let i = 0; i < 3; i++) {
      await open(chain, { replicas: 2, terms: HALF_A_YEAR, deposit: 20n * PRICE * HALF_A_YEAR.maxTermEpochs })
    }
    for (let step = 1; step <= 240; step++) {
      const orderId = BigInt(1 + dice(3))
      const all = Object.entries(createActions(orderId, dice))
      const names = [...all.map(([name]) => name), ...OFTEN]
      const name = names[dice(names.length)]
      const act = Object.fromEntries(all)[name]
      // What the contract refuses at this moment changes nothing.
      await act().catch(() => undefined)
      if (step % 40 === 0) {
        await catchUp(follower)
        await compare(follower)
      }
    }
    for (const { id, end, state } of await follower.world.ctx.slots.live()) {
      if (state !== 'Active') continue
      await chain.clock.passTo(end + 7n * DAY)
      await (await chain.perpetual.release(id)).wait()
    }
    await catchUp(follower)

    expect(await compare(follower)).to.deep.include({ orders: 3 })
    const told = new Set(follower.world.told.map(({ event, state }) => [event, state].filter(Boolean).join(' ')))
    expect([...told]).to.include.members([
      ...['order-opened', 'order-changed', 'slot-claimed', 'slot-bound', 'slot-proven', 'slot-paid', 'slot-cut'],
      ...['slot-faulty', 'slot-recovered', 'provider-barred'],
      ...['Abandoned', 'Lapsed', 'Lost', 'Resigned', 'Ended'].map((state) => `slot-closed ${state}`),
    ])
  })

  it('comes to the same rows from the first block on, in one go', async () => {
    const anew = await followChain(chain)
    try {
      await anew.watcher.processAll()

      expect(await rowsOf(anew)).to.deep.equal(await rowsOf(follower))
    } finally {
      await anew.world[Symbol.asyncDispose]()
    }
  })

  it('is adopted by a database whose watcher has passed it by, also after a crash half way', async () => {
    const late = await followChain(chain)
    try {
      const { world, client } = late
      const log = world.ctx.log
      const watched = createCursorStore(world.db)
      const last = (await follower.watcher.position())!
      await watched.transact((tx) => watched.advance(tx, { blockNumber: last, blockHash: null }, [], 0n))
      const { orders, slots } = world.ctx
      const intake = createPerpetualIntake({ address: chain.addresses.perpetual, orders, slots, log })
      let questions = 0
      const adopting = (broken: boolean) =>
        adoptContracts({
          ...{ watched, progress: createCursorStore(world.db, 'adopt'), log },
          addresses: [chain.addresses.perpetual],
          ...{ startBlock: 0n, maxRange: last / 4n, onLogs: intake.onLogs },
          client: {
            getLogs: (filter) =>
              broken && ++questions === 3 ? Promise.reject(new Error('away')) : client.getLogs(filter),
          },
        })
      await adopting(true).catch(() => undefined)
      expect(await rowsOf(late)).not.to.deep.equal(await rowsOf(follower))

      await adopting(false)

      expect(await rowsOf(late)).to.deep.equal(await rowsOf(follower))
    } finally {
      await late.world[Symbol.asyncDispose]()
    }
  })

  const rowsOf = async ({ world }: Follower) => {
    const orders = await world.ctx.orders.all()
    return { orders, slots: await Promise.all(orders.map(({ id }) => world.ctx.slots.of(id))) }
  }

  /** Things that anybody with a part in it may do now. */
  function createActions(orderId: bigint, dice: (sides: number) => number): Record<string, () => Promise<unknown>> {
    const { perpetual, cast, clock, connection } = chain
    const provider = cast.providers[dice(3)]
    const done = async (sent: Promise<{ wait(): Promise<unknown> }>) => (await sent).wait()
    const miner = async ({ id, worker }: Provider) =>
      connection.ethers.getContractAt('ILocalMiner', maskedIdAddress(id), worker)
    const slotIn = async (state: bigint) => {
      const found = (await perpetual.slotsOf(orderId)).filter((slot) => slot.state === state)
      const slot = found[dice(Math.max(found.length, 1))]
      if (!slot) throw new Error('none is in that state')
      return slot
    }
    const holder = (id: bigint) => cast.providers.find((one) => one.id === id)!
    const prove = async () => {
      const { slot, nonce, provider: id } = await slotIn(1n)
      const claimed = { slot, label: `${slot}/${nonce}` } as Claimed
      const way = dice(2) === 0 ? proveByDeal : proveBySector
      await way(chain, claimed, holder(id))
    }
    const settleOne = async ({ slot, provider: id, sector }: Record<'slot' | 'provider' | 'sector', bigint>) => {
      const place = await locateSector(chain.locator, id, sector)
      await done(perpetual.settle(slot, sectorClaim(place), place.location))
    }
    const fault = async () => {
      const { provider: id, sector } = await slotIn(2n)
      await done((await miner(holder(id))).faultSector(sector))
    }

    return {
      ...{ claim: () => claim(chain, orderId, provider), prove, fault },
      settle: async () => settleOne(await slotIn(2n)),
      heal: async () => {
        const slot = await slotIn(2n)
        const own = await miner(holder(slot.provider))
        await done(own.faultSector(slot.sector))
        await settleOne(slot)
        await done(own.recoverSector(slot.sector))
        await settleOne(slot)
      },
      recover: async () => {
        const { provider: id, sector } = await slotIn(2n)
        await done((await miner(holder(id))).recoverSector(sector))
      },
      terminate: async () => {
        if (dice(4) > 0) throw new Error('seldom')
        const { provider: id, sector } = await slotIn(2n)
        await done((await miner(holder(id))).terminateSector(sector))
      },
      lapse: async () => {
        const { slot, claimBy } = await slotIn(1n)
        await clock.passTo(claimBy + 1n)
        await done(perpetual.lapse(slot))
      },
      abandon: async () => {
        const { slot, provider: id } = await slotIn(1n)
        await done(perpetual.connect(holder(id).worker).abandon(slot))
      },
      resign: async () => {
        if (dice(4) > 0) throw new Error('seldom')
        const { slot, provider: id } = await slotIn(2n)
        await done(perpetual.connect(holder(id).worker).resign(slot))
      },
      cut: async () => done(perpetual.cut((await slotIn(2n)).slot)),
      release: async () => done(perpetual.release((await slotIn(2n)).slot)),
      day: () => clock.pass(DAY),
      tenDays: () => clock.pass(10n * DAY),
      toNextOpening: async () => clock.passTo((await readOpenSlotsOf(perpetual, orderId)).nextEpoch),
      toEnd: async () => {
        if (dice(3) > 0) throw new Error('seldom')
        await clock.passTo((await slotIn(2n)).end + BigInt(dice(2)) * 7n * DAY)
      },
      price: () => done(perpetual.setPrice(orderId, PRICE + BigInt(dice(1_000)), 3n * PRICE)),
      replicas: () => done(perpetual.setReplicas(orderId, 1 + dice(3))),
      seed: () => done(perpetual.setSeed(orderId, hexlify(Buffer.from(`https://seed.example/${dice(99)}`)))),
      list: () => done(perpetual.setListed(orderId, [provider.id], dice(2) === 0)),
      topUp: () => done(perpetual.topUp(orderId, { value: PRICE * 1_000_000n })),
      withdraw: () => done(perpetual.withdrawFree(orderId, BigInt(1 + dice(1_000_000)))),
      suspend: () => (dice(2) === 0 ? done(perpetual.suspend(orderId)) : done(perpetual.resume(orderId))),
      resume: () => done(perpetual.resume(orderId)),
      cancel: async () => {
        if (orderId !== 3n || dice(8) > 0) throw new Error('one order at most, and late')
        await done(perpetual.cancel(orderId))
      },
    }
  }
})

/** A row as the contract would show it. */
function shownOrder({ pieceDigest, payloadCid, seed, ...row }: StorageOrder) {
  const { id: _, fromBlock: __, logIndex: ___, pieceCid: ____, listed: _____, barred: ______, ...rest } = row
  return { ...rest, pieceDigest: hexlify(pieceDigest), payloadCid: hexlify(payloadCid), seed: hexlify(seed) }
}

function shownSlot({ id, orderId: _, fromBlock: __, logIndex: ___, ...rest }: Slot) {
  return { slot: id, ...rest }
}
