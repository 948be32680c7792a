import { hexlify } from 'ethers'
import { expect } from 'chai'
import { afterEach, beforeEach, describe, it } from 'mocha'
import type { ChainLog } from '../../../oracle/chain/answers.ts'
import { transact } from '../../../oracle/db/open.ts'
import { createPerpetualIntake, type PerpetualIntake } from '../../../oracle/perpetual/intake.ts'
import { createWorld, type World } from '../../helpers/executor.ts'
import { claimed, CLIENT, DIGEST, event, opened, OWNER, PERPETUAL } from './events.ts'
import { PIECE_CID, POSTER, PRICE, proven, PROVIDER, RESERVED, SLOT, TERMS } from './events.ts'

const DEPOSIT = 3n * RESERVED
const ENDED = 7n
const LAPSED = 4n
const LOST = 5n

describe('perpetual/intake', () => {
  let world: World
  let intake: PerpetualIntake

  beforeEach(async () => {
    world = await createWorld()
    const { orders, slots, log } = world.ctx
    intake = createPerpetualIntake({ address: PERPETUAL, orders, slots, log })
  })
  afterEach(() => world[Symbol.asyncDispose]())

  const happens = (...logs: ChainLog[]) => transact(world.db, (tx) => intake.onLogs(logs, tx))
  const rollsBack = (to: bigint) => transact(world.db, (tx) => intake.onRollback(to, tx))
  const order = async () => (await world.ctx.orders.get(3n))!
  const slot = async () => (await world.ctx.slots.get(SLOT))!
  const money = async () => {
    const { free, reserved } = await order()
    return { free, reserved }
  }

  describe('an order', () => {
    it('is known with all its terms from the event that opens it', async () => {
      await happens(opened(DEPOSIT, 100n, { providers: [1002n, 1001n] }))

      const { pieceCid, pieceDigest, payloadCid, seed, ...rest } = await order()
      expect([pieceCid, pieceDigest, payloadCid].map((bytes) => hexlify(bytes))).to.deep.equal([
        ...[PIECE_CID, DIGEST, '0x01'],
      ])
      expect(Buffer.from(seed).toString()).to.equal('http://seed.example/piece')
      expect(rest).to.deep.equal({
        ...{ id: 3n, fromBlock: 100n, logIndex: 0, client: CLIENT, status: 'Live', version: 1n, replicas: 2 },
        ...{ price: 10n, ceiling: 20n, endEpoch: 0n, openedEpoch: 100n, pieceSize: 2048n },
        ...{ free: DEPOSIT, reserved: 0n, listed: [1002n, 1001n], barred: {} },
        terms: { ...TERMS, liveness: 'Sector', access: 'Everyone' },
      })
      expect(world.told[0]).to.include({ event: 'order-opened', orderId: '3', deposit: `${DEPOSIT}` })
    })

    it('follows what its client changes', async () => {
      await happens(
        opened(DEPOSIT),
        event('OrderChanged', [3n, 2n, 4n, 11n, 22n, 9_000_000n], 101n),
        event('SeedChanged', [3n, 3n, '0x6162'], 102n),
        event('Suspended', [3n], 103n),
      )

      const { version, replicas, price, ceiling, endEpoch, seed, status } = await order()
      expect({ version, replicas, price, ceiling, endEpoch, status }).to.deep.equal({
        ...{ version: 3n, replicas: 4, price: 11n, ceiling: 22n, endEpoch: 9_000_000n, status: 'Suspended' },
      })
      expect(hexlify(seed)).to.equal('0x6162')
      expect(await world.ctx.orders.live()).to.deep.equal([])

      await happens(event('Resumed', [3n], 104n))
      expect((await world.ctx.orders.live()).map(({ id }) => id)).to.deep.equal([3n])
    })

    it('keeps its list of providers, each once', async () => {
      await happens(opened(DEPOSIT), event('ListChanged', [3n, [1n, 2n, 2n], true], 101n))
      await happens(event('ListChanged', [3n, [2n, 5n], true], 102n), event('ListChanged', [3n, [1n], false], 103n))

      expect((await order()).listed).to.deep.equal([2n, 5n])
    })

    it('knows whom a lapse barred, and until when', async () => {
      await happens(opened(DEPOSIT), event('Barred', [3n, PROVIDER, OWNER, 90_000n], 101n))

      expect((await order()).barred).to.deep.equal({ [`${PROVIDER}`]: 90_000n, [`${OWNER}`]: 90_000n })
    })

    it('has the money that came, less what was taken', async () => {
      await happens(opened(DEPOSIT), event('ToppedUp', [3n, POSTER, 70n], 101n), event('FreeWithdrawn', [3n, 9n], 102n))

      expect(await money()).to.deep.equal({ free: DEPOSIT + 61n, reserved: 0n })
    })
  })

  describe('a slot', () => {
    it('reserves its claim, and gives back what its term does not need once it is proven', async () => {
      await happens(opened(DEPOSIT), claimed(110n))
      expect(await money()).to.deep.equal({ free: DEPOSIT - RESERVED, reserved: RESERVED })
      expect(await slot()).to.deep.include({ state: 'Claimed', nonce: 1n, claimBy: 110n + 20_160n, poster: POSTER })

      await happens(proven(200n, 300n, 300n + 600_000n))
      expect(await money()).to.deep.equal({ free: DEPOSIT - PRICE * 600_000n, reserved: PRICE * 600_000n })
      expect(await slot()).to.deep.include({
        ...{ state: 'Active', kind: 'Deal', dealId: 7n, sector: 9n, start: 300n, end: 600_300n, provenTo: 300n },
      })
    })

    it('bound by a miner’s word is to end with the sector’s commitment', async () => {
      await happens(
        opened(DEPOSIT),
        claimed(110n),
        event('SlotBound', [SLOT, PROVIDER, 1n, 2n, 0n, 12n, 700_000n], 111n),
      )

      expect(await slot()).to.deep.include({ state: 'Claimed', kind: 'Sector', sector: 12n, end: 700_000n })
    })

    it('earns, is cut, is faulty, recovers, and ends', async () => {
      await happens(opened(DEPOSIT), claimed(110n), proven(200n))
      await happens(event('SlotPaid', [SLOT, PROVIDER, 1n, 5_200n, 50_000n], 5_200n))
      await happens(event('SlotFaulty', [SLOT, PROVIDER, 1n, 6_200n], 6_200n, 0))
      await happens(event('SlotCut', [SLOT, PROVIDER, 1n, 6_200n, 10_000n], 6_200n, 1))
      expect(await slot()).to.deep.include({ paid: 50_000n, provenTo: 6_200n, faultSince: 6_200n })
      expect(await money()).to.deep.equal({ free: DEPOSIT - RESERVED + 10_000n, reserved: RESERVED - 60_000n })

      const rest = RESERVED - 60_000n
      await happens(event('SlotRecovered', [SLOT, PROVIDER, 1n], 7_000n))
      await happens(event('SlotClosed', [SLOT, PROVIDER, 1n, ENDED, rest, 5n, 0n, 0n, 0n], 1_100_000n))
      expect(await slot()).to.deep.include({ faultSince: 0n, state: 'Ended' })
      expect(await money()).to.deep.equal({ free: DEPOSIT - 50_000n, reserved: 0n })
      expect(world.told.at(-1)).to.include({ event: 'slot-closed', slot: `${SLOT}`, state: 'Ended', toPoster: '5' })
    })

    it('that is lost brings its forfeit to the order', async () => {
      await happens(opened(DEPOSIT), claimed(110n), proven(200n))
      await happens(event('SlotClosed', [SLOT, PROVIDER, 1n, LOST, RESERVED, 0n, 900n, 100n, 0n], 300n))

      expect(await money()).to.deep.equal({ free: DEPOSIT + 900n, reserved: 0n })
      expect(await world.ctx.slots.live()).to.deep.equal([])
    })

    it('of a cancelled order gives back to its client, not to the order', async () => {
      await happens(
        opened(DEPOSIT),
        claimed(110n),
        event('OrderCancelled', [3n, DEPOSIT - RESERVED], 120n),
        proven(200n, 200n, 600_200n),
      )
      await happens(event('SlotClosed', [SLOT, PROVIDER, 1n, LOST, PRICE * 600_000n, 0n, 900n, 100n, 0n], 300n))

      expect(await money()).to.deep.equal({ free: 0n, reserved: 0n })
    })

    it('is another one when its seat is claimed again in the same block', async () => {
      await happens(opened(DEPOSIT), claimed(110n))
      await happens(event('SlotClosed', [SLOT, PROVIDER, 1n, LAPSED, RESERVED, 0n, 0n, 0n, 5n], 30_000n, 0), {
        ...claimed(30_000n, 2n, 1001n),
        logIndex: 1,
      })

      expect(await slot()).to.deep.include({ state: 'Claimed', nonce: 2n, provider: 1001n, paid: 0n })
      expect(await money()).to.deep.equal({ free: DEPOSIT - RESERVED, reserved: RESERVED })
    })
  })

  it('takes no log twice', async () => {
    const paid = event('SlotPaid', [SLOT, PROVIDER, 1n, 5_200n, 50_000n], 5_200n)
    await happens(opened(DEPOSIT), claimed(110n), proven(200n), paid)
    await happens(opened(DEPOSIT), claimed(110n), proven(200n), paid)

    expect((await slot()).paid).to.equal(50_000n)
    expect(await money()).to.deep.equal({ free: DEPOSIT - RESERVED, reserved: RESERVED - 50_000n })
  })

  it('leaves other contracts’ logs alone, and what is about accounts', async () => {
    await happens({ ...opened(DEPOSIT), address: CLIENT }, event('Credited', [CLIENT, 3n, 5n]))

    expect(await world.ctx.orders.get(3n)).to.equal(undefined)
  })

  it('undoes a reorg: everything is as it was at the last block that stays', async () => {
    await happens(opened(DEPOSIT), claimed(110n), proven(200n))
    const before = [await order(), await slot()]
    await happens(
      event('SlotPaid', [SLOT, PROVIDER, 1n, 250n, 500n], 250n),
      event('ToppedUp', [3n, POSTER, 1n], 250n, 1),
    )
    await happens(event('SlotPaid', [SLOT, PROVIDER, 1n, 260n, 100n], 260n))

    await rollsBack(249n)

    expect([await order(), await slot()]).to.deep.equal(before)
    await happens(event('SlotPaid', [SLOT, PROVIDER, 1n, 255n, 550n], 255n))
    expect((await slot()).paid).to.equal(550n)
    await rollsBack(99n)
    expect([await order(), await slot()]).to.deep.equal([undefined, undefined])
  })

  it('forgets old versions once no reorg can bring them back', async () => {
    await happens(opened(DEPOSIT), claimed(110n), proven(200n))
    for (let block = 300n; block <= 3_000n; block += 100n) {
      await happens(event('SlotPaid', [SLOT, PROVIDER, 1n, block, 1_000n], block))
    }

    const kept = await world.db.selectFrom('slot').select('from_block').orderBy('from_block').execute()
    expect(kept.map((row) => row.from_block)).to.deep.equal([
      1900, 2000, 2100, 2200, 2300, 2400, 2500, 2600, 2700, 2800, 2900, 3000,
    ])
  })
})
