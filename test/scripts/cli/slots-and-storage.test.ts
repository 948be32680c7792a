import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseEther } from 'ethers'
import { expect } from 'chai'
import { after, before, describe, it } from 'mocha'
import { claim } from '../../../scripts/cli/slots/claim.ts'
import { earnings, withdraw as withdrawEarnings } from '../../../scripts/cli/slots/earnings.ts'
import { fetch as fetchSlot } from '../../../scripts/cli/slots/fetch.ts'
import { abandon, resign } from '../../../scripts/cli/slots/leave.ts'
import { list } from '../../../scripts/cli/slots/list.ts'
import { prove } from '../../../scripts/cli/slots/prove.ts'
import { settle } from '../../../scripts/cli/slots/settle.ts'
import { show as showSlot } from '../../../scripts/cli/slots/show.ts'
import { end, price, replicas, resume, seed, suspend } from '../../../scripts/cli/storage/change.ts'
import { cancel, topup, withdraw } from '../../../scripts/cli/storage/money.ts'
import { open } from '../../../scripts/cli/storage/open.ts'
import type { OpenOptions } from '../../../scripts/cli/storage/options.ts'
import { list as listOrders, show } from '../../../scripts/cli/storage/show.ts'
import { describeRevert } from '../../../scripts/lib/revert.ts'
import { until } from '../../helpers/chain.ts'
import { createCliWorld, type CliWorld, type Said } from './perpetual-world.ts'

const YEAR = 1_051_200n
const SP = { provider: 'f01000' }
/** 1,000 bytes in one raw block: a CAR of 1,099 bytes. */
const DATA = 'mooring '.repeat(125)
const PIECE_SIZE = 2_048n

const options = (change: Partial<OpenOptions> = {}): OpenOptions => ({
  ...{
    replicas: '1',
    years: '1',
    price: '50000',
    liveness: 'sector',
    wait: false,
    seed: 'https://seed.example/data.car',
  },
  ...change,
})

describe('slots and storage', function () {
  this.timeout(300_000)
  let world: CliWorld
  let dir: string
  let data: string
  let slot: Record<string, bigint & string>

  before(async () => {
    world = await createCliWorld()
    dir = mkdtempSync(join(tmpdir(), 'mooring-cli-'))
    data = join(dir, 'data.txt')
    writeFileSync(data, DATA)
  })
  after(async () => {
    rmSync(dir, { recursive: true, force: true })
    await world?.connection.close()
  })

  const asClient = (verb: Parameters<CliWorld['run']>[1]) => world.run(world.client, verb)
  const asProvider = (verb: Parameters<CliWorld['run']>[1]) => world.run(world.provider, verb)
  const listed = async (filter: Parameters<typeof list>[1] = {}) => {
    const { facts } = await asProvider((context) => list(context, filter))
    return facts.slots as Record<string, bigint & string>[]
  }

  context('a replica, from the order to its pay', () => {
    let opening: Promise<Said>

    it('storage open PATH says what it costs, serves the piece, and waits until it is proven', async () => {
      const car = join(dir, 'data.car')
      opening = asClient((context) => open(context, data, options({ seed: undefined, wait: true, car })))
      opening.catch(() => undefined) // awaited below
      await until(async () => (await world.storage.orderCount()) === 1n, 60_000)

      const order = await world.storage.getOrder(1n)
      expect([order.replicas, order.pieceSize, order.terms.maxTermEpochs]).to.deep.equal([1n, PIECE_SIZE, YEAR])
      expect(order.free).to.equal(order.price * YEAR)
    })

    it('slots list shows it with its pay, and where to fetch it', async () => {
      const [first, ...others] = await listed({ minPrice: '49999', maxSize: '2KiB' })
      slot = first

      expect(others).to.deep.equal([])
      expect(first).to.include({ slot: 256n, orderId: 1n, nonce: 1n, orderVersion: 1n, pieceSize: PIECE_SIZE })
      expect(first.payPerGibYear).to.equal(await world.storage.payPerGibYear(1n))
      expect(first.seed).to.match(/^http:\/\/127\.0\.0\.1:\d+\/piece\/baga6ea4seaq/)
    })

    it('slots list leaves out what pays too little or is too large', async () => {
      expect(await listed({ minPrice: '50001' })).to.deep.equal([])
      expect(await listed({ maxSize: '1KiB' })).to.deep.equal([])
    })

    it('slots claim refuses a price below --min-price before anything is sent', async () => {
      const tooMuch = asProvider((context) => claim(context, '256', { ...SP, minPrice: '50001' }))

      expect((await refusal(tooMuch)).message).to.match(
        /^slot 256 pays 50000 FIL for a GiB a year, --min-price wants 50001\.0 FIL$/,
      )
    })

    it('slots claim says that a stranger does not control the provider', async () => {
      const error = await refusal(asClient((context) => claim(context, '256', SP)))

      expect(describeRevert(error)).to.match(/^NotControlling\(provider: 1000, caller: 0xf39F/)
    })

    it('slots claim quotes, puts the collateral down, and tells what names it and where to fetch', async () => {
      const before = await world.connection.ethers.provider.getBalance(world.storage.target)
      const { facts, notes } = await asProvider((context) => claim(context, '256', SP))

      const held = (await world.connection.ethers.provider.getBalance(world.storage.target)) - before
      expect(notes[0]).to.include('slot 256 for f01000, claim 1, version 1 of order 1')
      expect(facts).to.include({ slot: 256n, nonce: 1n, label: '256/1', provider: 1000n, seed: slot.seed })
      expect(facts.collateral).to.equal(held)
      expect((await world.storage.getSlot(256n)).poster).to.equal(world.provider.address)
    })

    it('slots claim says what instead, once it is taken', async () => {
      const error = await refusal(world.run(world.other, (context) => claim(context, '256', { provider: 'f01001' })))

      expect(error.message).to.equal('slot 256 of order 1 cannot be claimed now')
      expect((error as Error & { hint: string }).hint).to.include('None of this order opens by time alone')
    })

    it('slots fetch brings the piece from the client, and verifies it', async () => {
      const to = join(dir, 'fetched.car')
      const { facts } = await asProvider((context) => fetchSlot(context, '256', { to }))

      expect(facts).to.include({ slot: 256n, pieceCid: slot.pieceCid, source: slot.seed })
      expect(readFileSync(to).equals(readFileSync(join(dir, 'data.car')))).to.equal(true)
    })

    it('slots fetch does not write over a file', async () => {
      const again = asProvider((context) => fetchSlot(context, '256', { to: join(dir, 'fetched.car') }))

      expect((await refusal(again)).message).to.include('exists already')
    })

    it('slots prove says what to pass while there is no deal', async () => {
      const error = await refusal(asProvider((context) => prove(context, '256', {})))

      expect(error.message).to.equal('no deal or sector of f01000 with the piece of slot 256 is known here')
      expect((error as Error & { hint: string }).hint).to.include('--deal ID, --sector N, or --proof FILE')
    })

    it('slots prove says that a deal it found is not active yet', async () => {
      const { pieceCid, pieceSize } = slot
      await world.deal({ provider: 1000n, pieceCid, pieceSize, label: '256/1' })

      expect((await refusal(asProvider((context) => prove(context, '256', {})))).message).to.equal(
        'deal 1 of f01000 is published, its sector is not proven yet',
      )
    })

    it('slots prove finds the deal by itself and names its sector’s place; storage open ends', async () => {
      await (await world.market.activate(1n, 7n)).wait()
      const { facts } = await asProvider((context) => prove(context, '256', {}))

      expect(facts).to.include({ slot: 256n, dealId: 1n, sector: 7n, by: 'deal' })
      expect((facts.end as bigint) - (facts.start as bigint)).to.equal(YEAR)
      expect((await opening).facts).to.include({ orderId: 1n, pieceSize: PIECE_SIZE, seed: slot.seed })
    })

    it('slots settle pays the proven epochs at the price of the claim', async () => {
      const { start } = await world.storage.getSlot(256n)
      await world.mine(start + 1_000n - (await world.epoch()))
      const { facts } = await asProvider((context) => settle(context, '256', {}))

      const { provenTo } = await world.storage.getSlot(256n)
      expect(facts.paid).to.equal((provenTo - start) * slot.price)
      expect(await world.storage.earnedOf(1000n)).to.equal(facts.paid)
    })

    it('slots settle --all takes every slot of the provider', async () => {
      await world.mine(100n)
      const earned = await world.storage.earnedOf(1000n)
      const { facts } = await asProvider((context) => settle(context, undefined, { all: true, ...SP }))

      expect((facts.settled as unknown[]).length).to.equal(1)
      expect(await world.storage.earnedOf(1000n)).to.equal(earned + (facts.paid as bigint))
      expect(facts.paid).to.equal(101n * slot.price)
    })

    it('slots earnings and slots show tell what is earned, due and put down', async () => {
      await world.mine(50n)
      const { facts, words } = await asProvider((context) => earnings(context, SP))

      expect(facts).to.include({ provider: 1000n, earned: await world.storage.earnedOf(1000n), due: 50n * slot.price })
      expect(facts.collateral).to.equal(slot.collateral)
      expect(words).to.match(/^256 +Active +/m)
      expect((await asProvider((context) => showSlot(context, '256'))).facts).to.include({
        ...{ state: 'Active', due: 50n * slot.price, label: '256/1' },
      })
    })

    it('slots withdraw pays the owner', async () => {
      const earned = await world.storage.earnedOf(1000n)
      const before = await world.connection.ethers.provider.getBalance(world.provider.address)
      const { facts } = await asClient((context) => withdrawEarnings(context, SP)) // anyone may

      expect(facts).to.include({ provider: 1000n, owner: world.provider.address, amount: earned })
      expect(await world.connection.ethers.provider.getBalance(world.provider.address)).to.equal(before + earned)
    })

    it('storage show tells the replicas, the money, how long it lasts and what is next', async () => {
      const { words, facts } = await asClient((context) => show(context, '1'))
      const { end: last } = await world.storage.getSlot(256n)

      expect(facts).to.include({ status: 'Live', free: 0n, lastsAll: last, lastsAny: last })
      expect(words)
        .to.match(/replicas +1 of 1 proven$/m)
        .and.match(/slot 256 +f01000, active until \d{4}-\d\d-\d\d, earned /)
        .and.match(/next +slot 256, f01000: to be settled by epoch \d+/)
    })

    it('slots resign ends it: the collateral is the order’s, the slot is open again', async () => {
      const { facts } = await asProvider((context) => resign(context, '256', {}))

      expect(facts).to.include({ state: 'Resigned', toOrder: slot.collateral, toPoster: 0n })
      expect((await world.storage.getSlot(256n)).state).to.equal(6n)
    })
  })

  context('an order and its money', () => {
    it('storage open CID of a piece needs no packing', async () => {
      const { facts } = await asClient((context) =>
        open(context, slot.pieceCid, options({ pieceSize: '2KiB', price: undefined, maxCost: '100', replicas: '2' })),
      )

      expect(facts).to.include({ orderId: 2n, replicas: 2, pieceCid: slot.pieceCid, cid: null })
      expect((facts.deposit as bigint) <= parseEther('100') && (facts.deposit as bigint) > parseEther('99')).to.equal(
        true,
      )
    })

    it('slots abandon gives a claim back for a twentieth of the collateral', async () => {
      const { collateral } = (await listed()).find(({ orderId }) => orderId === 2n)!
      await asProvider((context) => claim(context, '512', SP))
      const { facts } = await asProvider((context) => abandon(context, '512'))

      expect(facts).to.include({
        state: 'Abandoned',
        toSink: collateral / 20n,
        toPoster: collateral - collateral / 20n,
      })
    })

    it('storage suspend closes its slots to claims, resume opens them', async () => {
      const open = async () => (await listed()).filter(({ orderId }) => orderId === 2n).length
      expect(await open()).to.equal(2)
      await asClient((context) => suspend(context, '2'))
      expect(await open()).to.equal(0)
      await asClient((context) => resume(context, '2'))
      expect(await open()).to.equal(2)
    })

    it('storage price, replicas, seed and end change what future claims get', async () => {
      await asClient((context) => replicas(context, '2', '1'))
      await asClient((context) => seed(context, '2', 'https://elsewhere.example/data.car'))
      await asClient((context) => end(context, '2', '3000000'))
      const { facts } = await asClient((context) => price(context, '2', { price: '100', ceiling: '300' }))

      const order = await world.storage.getOrder(2n)
      expect([order.replicas, order.endEpoch, order.price, order.ceiling]).to.deep.equal([
        ...[1n, 3_000_000n, facts.price, facts.ceiling],
      ])
      expect((await listed()).find(({ orderId }) => orderId === 2n)).to.include({
        seed: 'https://elsewhere.example/data.car',
      })
    })

    it('storage topup adds to it, by anyone', async () => {
      const { free } = await world.storage.getOrder(2n)
      const { facts } = await asProvider((context) => topup(context, '2', { amount: '1.5' }))

      expect(facts).to.include({ amount: parseEther('1.5'), free: free + parseEther('1.5') })
    })

    it('storage withdraw pays a part of what is free', async () => {
      const { free } = await world.storage.getOrder(2n)
      const { facts } = await asClient((context) => withdraw(context, '2', { amount: '1.5' }))

      expect(facts).to.include({ paid: parseEther('1.5'), free: free - parseEther('1.5') })
    })

    it('storage cancel makes the rest the client’s credit, which storage withdraw pays', async () => {
      const { free } = await world.storage.getOrder(2n)
      const { facts } = await asClient((context) => cancel(context, '2', {}))
      expect(facts).to.include({ orderId: 2n, amount: free })

      expect((await asClient((context) => withdraw(context, '2', {}))).facts).to.include({ paid: free })
      expect((await asClient((context) => withdraw(context, '2', {}))).words).to.include('nothing free')
    })

    it('storage list names the orders of an account', async () => {
      const { facts } = await asClient((context) => listOrders(context))

      expect(
        (facts.orders as { id: bigint; status: string }[]).map(({ id, status }) => `${id} ${status}`),
      ).to.deep.equal([...['1 Live', '2 Cancelled']])
    })

    for (const [what, change, words] of [
      ['neither price', { price: undefined }, 'say what it may cost: --price'],
      ['both prices', { maxCost: '1' }, 'say what it may cost: --price'],
      ['no seed', { seed: undefined }, 'providers would not know where to fetch the piece'],
      ['a seed that nobody can follow', { seed: 'ftp://seed.example' }, 'an http(s) URL or multiaddrs'],
      ['17 replicas', { replicas: '17' }, '--replicas expects a whole number from 1 to 16'],
      ['a short term', { term: '179' }, '--term expects 180 to 1278 days'],
      ['less than half a year', { years: '0.4' }, 'no replica is paid for less than 180 days'],
      ['a ceiling below the price', { ceiling: '1' }, '--ceiling is below the price'],
      ['two lists', { only: 'f01000', except: 'f01001' }, 'name those who may claim (--only)'],
    ] as [string, Partial<OpenOptions>, string][]) {
      it(`storage open refuses ${what}, before anything is sent`, async () => {
        const piece = slot.pieceCid
        const refused = asClient((context) => open(context, piece, options({ pieceSize: '2KiB', ...change })))

        expect((await refusal(refused)).message).to.include(words)
        expect(await world.storage.orderCount()).to.equal(2n)
      })
    }
  })

  context('an order that takes the market’s word alone', () => {
    it('is proven and settled without a sector', async () => {
      const { pieceCid, pieceSize } = slot
      await asClient((context) => open(context, pieceCid, options({ pieceSize: '2KiB', liveness: 'deal' })))
      await asProvider((context) => claim(context, '768', SP))
      const dealId = await world.deal({ provider: 1000n, pieceCid, pieceSize, label: '768/1' })
      await (await world.market.activate(dealId, 8n)).wait()
      const { facts } = await asProvider((context) => prove(context, '768', { deal: String(dealId) }))
      await world.mine((facts.start as bigint) + 10n - (await world.epoch()))
      await (await (await world.miner(1000n)).faultSector(8n)).wait() // nobody looks

      const { price: each } = await world.storage.getSlot(768n)
      expect((await asProvider((context) => settle(context, '768', {}))).facts.paid).to.equal(12n * each)
    })
  })
})

async function refusal(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise
  } catch (error) {
    return error as Error
  }
  throw new Error('expected a refusal')
}
