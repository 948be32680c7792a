import { expect } from 'chai'
import { after, afterEach, before, beforeEach, describe, it } from 'mocha'
import { createSender, type Sender } from '../../../oracle/chain/sender.ts'
import { createKeepingStore } from '../../../oracle/db/keeping.ts'
import { createIntentStore } from '../../../oracle/db/intent.ts'
import { GRACE } from '../../../oracle/chain/perpetual-rules.ts'
import { createKeeper, type Keeper } from '../../../oracle/keeper/keeper.ts'
import { LAST_SETTLEMENT } from '../../../oracle/keeper/policy.ts'
import { maskedIdAddress } from '../../../scripts/local/actors.ts'
import type { Provider } from '../../../scripts/local/perpetual/cast.ts'
import { LOCAL_KEYS } from '../../../scripts/local/keys.ts'
import { silent } from '../../helpers/chain.ts'
import {
  type Opening,
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
const MARGIN = DAY
const REPORTER = LOCAL_KEYS.operators[0].reporter

describe('keeper/keeper', function () {
  this.timeout(120_000)
  let chain: PerpetualChain
  let follower: Follower
  let keeper: Keeper
  let sender: Sender
  let first: Provider
  before(async () => {
    chain = await startPerpetualChain()
    first = chain.cast.providers[0]
  })
  after(() => chain.stop())
  let asNew: unknown
  beforeEach(async () => {
    asNew = await chain.connection.send('evm_snapshot', [])
    await begin()
  })
  afterEach(async () => {
    await follower.world[Symbol.asyncDispose]()
    await chain.connection.send('evm_revert', [asNew])
  })

  async function begin(env: Record<string, string> = {}): Promise<void> {
    follower = await followChain(chain, env)
    createExecutor()
  }

  /** A new process's keeper and sender, on the database as it is. */
  function createExecutor(): void {
    const { world, client, reader } = follower
    const intents = createIntentStore(world.db)
    const { gasCap } = world.ctx.config
    sender = createSender({ client, key: REPORTER.privateKey, intents, confirmations: 1, gasCap, log: silent })
    const keepings = createKeepingStore(world.db)
    const parts = { chain: client, sender, perpetual: reader, locator: world.ctx.locator!, keepings }
    keeper = createKeeper({ ...world.ctx, ...parts }, { everyMs: 1_000 })
  }

  const head = () => chain.clock.epoch()
  /** One look of everything, and an epoch. */
  async function look(): Promise<void> {
    await follower.watcher.processAll()
    await keeper.processAll()
    await sender.processAll()
    await chain.clock.pass(1n)
  }
  /** Long enough for this operator's turn, and until what it handed over is believed. */
  async function looks(times = 20): Promise<void> {
    for (let i = 0; i < times; i++) await look()
  }
  const view = (slot: bigint) => follower.reader.slotView(slot)
  const credit = () => chain.perpetual.creditOf(REPORTER.address)
  const miner = (provider: Provider) =>
    chain.connection.ethers.getContractAt('ILocalMiner', maskedIdAddress(provider.id), provider.worker)
  const told = (event: string) => follower.world.told.filter((entry) => entry.event === event)
  const handedOver = () => told('slots-keeping').flatMap(({ calls }) => calls as string[])
  const spent = async () => createKeepingStore(follower.world.db).spentSince((await head()) - DAY)

  /** An order with one replica, proven by a deal. */
  async function active(changes: Opening = {}) {
    const orderId = await open(chain, changes)
    const claimed = await claim(chain, orderId, first)
    const proof = await proveByDeal(chain, claimed, first)
    await looks(2)
    const { terms } = await follower.reader.orderView(orderId)
    return { orderId, slot: claimed.slot, terms, ...proof }
  }

  it('has a replica paid once per gap, in time, and ended at its end', async () => {
    const halfAYear = { minTermEpochs: 180n * DAY, maxTermEpochs: 180n * DAY, gapEpochs: 30n * DAY }
    const { slot, terms } = await active({ terms: halfAYear })
    for (let round = 0; round < 2; round++) {
      const due = (await view(slot)).provenTo + terms.gapEpochs - MARGIN
      await chain.clock.passTo(due - 3n)
      await look()
      expect((await view(slot)).provenTo, 'too early').to.equal(due - terms.gapEpochs + MARGIN)

      await looks()
      expect(await view(slot)).to.deep.include({ state: 'Active' })
      expect(Number((await view(slot)).provenTo - due)).to.be.within(0, 25)
    }

    const { end, start } = await view(slot)
    while ((await view(slot)).provenTo < end - LAST_SETTLEMENT) {
      const next = (await view(slot)).provenTo + terms.gapEpochs - MARGIN
      await chain.clock.passTo(next < end - LAST_SETTLEMENT ? next : end - LAST_SETTLEMENT)
      await looks()
    }
    await chain.clock.passTo(end)
    await looks()

    const over = await view(slot)
    expect(over).to.deep.include({ state: 'Ended', provenTo: end, paid: PRICE * (end - start) })
    expect(told('slot-cut')).to.deep.equal([])
    expect(handedOver().filter((words) => words.startsWith('finished'))).to.deep.equal([`finished ${slot}/1`])
  })

  it('shows a fault as soon as it is seen, its recovery, and a loss when it lasts', async () => {
    const { slot, sector, terms } = await active()
    await (await miner(first)).faultSector(sector)
    await chain.clock.pass(60n)
    await looks()
    const faulty = await view(slot)
    expect(Number((await head()) - faulty.faultSince)).to.be.within(1, 90)

    await (await miner(first)).recoverSector(sector)
    await chain.clock.pass(60n)
    await looks()
    expect((await view(slot)).faultSince).to.equal(0n)
    expect((await view(slot)).paid).to.equal(faulty.paid)

    await (await miner(first)).faultSector(sector)
    await chain.clock.pass(60n)
    await looks()
    const { faultSince, collateral } = await view(slot)
    const before = await credit()
    await chain.clock.passTo(faultSince + terms.evictEpochs - 2n)
    await look()
    expect((await view(slot)).state).to.equal('Active')
    await looks()
    expect((await view(slot)).state).to.equal('Lost')
    expect((await credit()) - before).to.equal(collateral / 10n)
  })

  it('shows a terminated sector, and earns the bounty', async () => {
    const { slot, sector } = await active()
    const before = await credit()
    await (await miner(first)).terminateSector(sector)
    await chain.clock.pass(60n)
    await looks()

    const { state, collateral } = await view(slot)
    expect(state).to.equal('Lost')
    expect((await credit()) - before).to.equal(collateral / 10n)
    expect(handedOver()).to.deep.equal([`lost ${slot}/1`])
  })

  it('closes a claim that was not proven, and settles a replica of no deal', async () => {
    const orderId = await open(chain, { replicas: 2 })
    const [kept, broken] = [await claim(chain, orderId, first), await claim(chain, orderId, chain.cast.providers[1])]
    await proveBySector(chain, kept, first)
    await chain.clock.passTo(broken.claimBy - 30n)
    await looks(29)
    expect((await view(broken.slot)).state).to.equal('Claimed')

    await looks()
    expect((await view(broken.slot)).state).to.equal('Lapsed')
    const { terms } = await follower.reader.orderView(orderId)
    await chain.clock.passTo((await view(kept.slot)).provenTo + terms.gapEpochs - MARGIN)
    await looks()
    expect(handedOver()).to.deep.equal([...[`paid ${kept.slot}/1`, `lapsed ${broken.slot}/1`, `paid ${kept.slot}/1`]])
    expect((await view(kept.slot)).paid > 0n).to.equal(true)
  })

  it('releases what nobody can show anything of after its end', async () => {
    const orderId = await open(chain)
    const { slot } = await claim(chain, orderId, first)
    const { sector } = await proveBySector(chain, { slot, label: `${slot}/1` }, first)
    const { end } = await view(slot)
    await chain.clock.passTo(end)
    await (await miner(first)).terminateSector(sector)
    await looks()
    expect((await view(slot)).state).to.equal('Active')

    await chain.clock.passTo(end + GRACE)
    await looks()
    expect((await view(slot)).state).to.equal('Ended')
    expect(handedOver()).to.deep.equal([`released ${slot}/1`])
  })

  it('puts what is due at the same time into one transaction', async () => {
    const orders = [await open(chain), await open(chain), await open(chain)]
    const slots: bigint[] = []
    for (const orderId of orders) {
      const claimed = await claim(chain, orderId, first)
      await proveBySector(chain, claimed, first)
      slots.push(claimed.slot)
    }
    await looks(2)
    await chain.clock.pass(6n * DAY + 100n)
    await looks()

    const [batch] = told('slots-keeping')
    expect([...(batch.calls as string[])].sort()).to.deep.equal(slots.map((slot) => `paid ${slot}/1`).sort())
    expect(told('slots-kept')).to.have.lengthOf(1)
  })

  describe('the daily cap', () => {
    it('is never exceeded, and counts what was really paid', async () => {
      const { slot, terms } = await active()
      await chain.clock.pass(terms.gapEpochs - MARGIN)
      await looks()
      const cost = await spent()
      const { most, cost: told_ } = { ...told('slots-keeping')[0], ...told('slots-kept')[0] } as Record<string, string>
      expect(cost).to.equal(BigInt(told_))
      expect(cost > 0n && cost < BigInt(most)).to.equal(true)
      expect((await view(slot)).paid > 0n).to.equal(true)
    })

    it('holds after a restart, and is free again a day later', async () => {
      const one = await active()
      // Enough for one transaction, not for two.
      const fees = await follower.client.feeData()
      const cap = (400_000n * 150n * (4n * fees.baseFee + 2n * fees.tip)) / 100n
      await follower.world[Symbol.asyncDispose]()
      await begin({ MOORING_KEEPER_CAP: `${cap}` })
      await looks(2)
      await chain.clock.pass(one.terms.gapEpochs - MARGIN)
      await looks()
      const { provenTo } = await view(one.slot)
      const before = await spent()
      expect(before > 0n && before <= cap).to.equal(true)

      // What is left of the cap does not pay for another one.
      await follower.world.db
        .updateTable('keeping')
        .set({ cost: `${cap}` })
        .execute()
      await (await miner(first)).terminateSector(one.sector)
      createExecutor()
      await chain.clock.pass(60n)
      await looks()
      expect(await view(one.slot)).to.deep.include({ state: 'Active', provenTo })
      expect(follower.world.lines.some(({ msg }) => String(msg).includes('MOORING_KEEPER_CAP'))).to.equal(true)

      await chain.clock.pass(DAY)
      await looks()
      expect((await view(one.slot)).state).to.equal('Lost')
    })
  })

  describe('killed', () => {
    it('between its decision and the chain, goes on with what it had handed over', async () => {
      const { slot, sector } = await active()
      await (await miner(first)).terminateSector(sector)
      await chain.clock.pass(100n)
      for (let i = 0; i < 20 && handedOver().length === 0; i++) {
        await follower.watcher.processAll()
        await keeper.processAll()
        await chain.clock.pass(1n)
      }
      createExecutor()
      await looks()

      expect(handedOver()).to.deep.equal([`lost ${slot}/1`])
      expect((await view(slot)).state).to.equal('Lost')
      expect(told('slots-kept')).to.have.lengthOf(1)
    })

    it('before it handed anything over, decides anew and spends nothing on what was not sent', async () => {
      const { slot, sector } = await active()
      const keepings = createKeepingStore(follower.world.db)
      const most = 5n * 10n ** 17n
      await keepings.put({ key: 'keep:1:lost', epoch: await head(), slots: [slot], calls: [], most })
      await (await miner(first)).terminateSector(sector)
      await chain.clock.pass(60n)
      await looks()

      expect((await view(slot)).state).to.equal('Lost')
      expect((await spent()) < most).to.equal(true)
    })
  })
})
