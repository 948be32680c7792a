import { artifacts } from 'hardhat'
import { expect } from 'chai'
import { ACTOR_ADDRESSES, createMiners } from '../../../scripts/local/actors.ts'
import { localMarket, localMiner, rpc } from '../../helpers/actors.ts'
import * as replicas from '../perpetual/replicas.ts'
import * as perpetual from '../perpetual/world.ts'
import * as pinning from '../pinning/world.ts'
import {
  badgeDao,
  carry,
  DAY,
  ethers,
  loadFixture,
  mineUpTo,
  orderTerms,
  plain,
  propose,
  proposeCid,
  proposeRemoval,
  REQUEST_COST,
  requestTerms,
  REWARD,
  type DaoWorld,
  type StorageTerms,
} from './world.ts'

const ORDER = 1n
const RENEWAL = 30n * DAY

const keeping = async ({ collection }: DaoWorld) => plain(await collection.keepingOf(0n))

describe('Collection: a request', () => {
  const requestedWith = (count: bigint) => async () => {
    const w = await badgeDao()
    const terms = requestTerms({ replicas: count, budget: REQUEST_COST + (count - 1n) * REWARD })
    await carry(w, await proposeCid(w, { terms }))
    await pinning.pack(w, 1n)
    return w
  }
  const once = requestedWith(1n)
  const twice = requestedWith(2n)

  const prove = async (w: DaoWorld, terms: pinning.DealTerms = {}) => {
    const { segment, deal } = await pinning.storedPiece(pinning.PIECE, terms)
    await pinning.complete(w, 1n, deal, segment)
    return deal
  }

  it('is not stored before a deal is proven', async () => {
    const w = await loadFixture(once)
    expect(await keeping(w)).to.deep.equal({ stored: false, wanted: 1n, running: 0n, untilEpoch: 0n })
  })

  it('is stored while its deal runs, and not from its end on', async () => {
    const w = await loadFixture(once)
    const { end } = await prove(w)
    await mineUpTo(end - 1n)
    expect(await keeping(w)).to.deep.equal({ stored: true, wanted: 1n, running: 1n, untilEpoch: end })
    await mineUpTo(end)
    expect(await keeping(w)).to.deep.equal({ stored: false, wanted: 1n, running: 0n, untilEpoch: 0n })
  })

  it('is stored when all the replicas run that were voted for, until the first of them ends', async () => {
    const w = await loadFixture(twice)
    const longer = await prove(w, { duration: 540n * DAY })
    expect(await keeping(w)).to.deep.equal({ stored: false, wanted: 2n, running: 1n, untilEpoch: longer.end })
    const shorter = await prove(w, { providerId: 1001n, duration: 530n * DAY })
    expect(await keeping(w)).to.deep.equal({ stored: true, wanted: 2n, running: 2n, untilEpoch: shorter.end })
    await mineUpTo(shorter.end)
    expect(await keeping(w)).to.deep.equal({ stored: false, wanted: 2n, running: 1n, untilEpoch: longer.end })
  })

  it('is stored on after its CID was removed: history tells what is', async () => {
    const w = await loadFixture(once)
    const { end } = await prove(w)
    await carry(w, await proposeRemoval(w))
    expect(await keeping(w)).to.deep.equal({ stored: true, wanted: 1n, running: 1n, untilEpoch: end })
  })
})

describe('Collection: an order', () => {
  /** A DAO's order and what the tests of orders want: storage providers, the market, and the order's terms. */
  const orderedWith = (changes: Partial<StorageTerms>) => async () => {
    const w = await badgeDao()
    await (await ethers.getContractAt('AddressBook', ACTOR_ADDRESSES.addressBook)).register(w.perpetual)
    const signers = await ethers.getSigners()
    const sps = perpetual.MINERS.slice(0, 3).map((miner, at): perpetual.Provider => ({
      miner,
      owner: signers[3 + 2 * at],
      worker: signers[4 + 2 * at],
    }))
    const miners = sps.map(({ miner, owner, worker }) => ({ id: miner, owner: owner.address, worker: worker.address }))
    await createMiners(await rpc(), artifacts, miners)
    await carry(w, await proposeCid(w, { terms: orderTerms(changes) }))
    const world = { storage: w.perpetual, market: await localMarket(), client: w.stranger, stranger: w.stranger, sps }
    const { terms } = await w.perpetual.getOrder(ORDER)
    return { ...w, world, order: { orderId: ORDER, terms } }
  }
  const twice = orderedWith({})
  const once = orderedWith({ replicas: 1n })

  type Ordered = Awaited<ReturnType<typeof twice>>

  /** A storage provider claims an open slot and proves it by a deal. */
  const replica = async ({ world, order }: Ordered, at: number, claiming: perpetual.Claiming = {}) => {
    const claimed = { ...world, claim: await perpetual.claim(world, order, { sp: world.sps[at], ...claiming }) }
    const deal = await replicas.deal(claimed)
    await replicas.proveDeal(claimed, deal)
    const { end } = await world.storage.getSlot(claimed.claim.slot)
    return { slot: claimed.claim.slot, end, deal, miner: world.sps[at].miner }
  }

  it('is not stored before a replica is proven', async () => {
    const w = await loadFixture(twice)
    expect(await keeping(w)).to.deep.equal({ stored: false, wanted: 2n, running: 0n, untilEpoch: 0n })
    await perpetual.claim(w.world, w.order)
    expect((await keeping(w)).running).to.equal(0n)
  })

  it('is stored when as many replicas are active as it asks for, until the first of them ends', async () => {
    const w = await loadFixture(twice)
    const first = await replica(w, 0)
    expect(await keeping(w)).to.deep.equal({ stored: false, wanted: 2n, running: 1n, untilEpoch: first.end })
    const second = await replica(w, 1)
    expect(second.end > first.end).to.equal(true)
    expect(await keeping(w)).to.deep.equal({ stored: true, wanted: 2n, running: 2n, untilEpoch: first.end })
    await mineUpTo(first.end - 1n)
    expect((await keeping(w)).stored).to.equal(true)
    await mineUpTo(first.end)
    expect(await keeping(w)).to.deep.equal({ stored: false, wanted: 2n, running: 1n, untilEpoch: second.end })
  })

  it('counts a replica and its successor once', async () => {
    const w = await loadFixture(twice)
    const old = await replica(w, 0)
    await mineUpTo(old.end - RENEWAL / 2n)
    const successor = await replica(w, 1, { slot: perpetual.otherSlot(old.slot) })
    expect((await w.perpetual.getSlot(old.slot)).state).to.equal(perpetual.STATE.Active)
    expect((await w.perpetual.getSlot(successor.slot)).state).to.equal(perpetual.STATE.Active)
    expect(await keeping(w)).to.deep.equal({ stored: false, wanted: 2n, running: 1n, untilEpoch: old.end })
    await mineUpTo(old.end)
    expect(await keeping(w)).to.deep.equal({ stored: false, wanted: 2n, running: 1n, untilEpoch: successor.end })
  })

  it('does not count a replica that was shown faulty, until it is shown to have recovered', async () => {
    const w = await loadFixture(once)
    const { slot, end, deal, miner } = await replica(w, 0)
    const { start } = await w.perpetual.getSlot(slot)
    await mineUpTo(start + 3n * DAY)
    const sector = await localMiner(miner)
    await sector.faultSector(deal.sector)
    expect((await keeping(w)).stored).to.equal(true)
    await w.perpetual.settle(slot, perpetual.SAID.Faulty, deal.location)
    expect(await keeping(w)).to.deep.equal({ stored: false, wanted: 1n, running: 0n, untilEpoch: 0n })
    await sector.recoverSector(deal.sector)
    await mineUpTo(start + 4n * DAY)
    await w.perpetual.settle(slot, perpetual.SAID.Active, deal.location)
    expect(await keeping(w)).to.deep.equal({ stored: true, wanted: 1n, running: 1n, untilEpoch: end })
  })

  it('follows what the order asks for now', async () => {
    const w = await loadFixture(once)
    const { end } = await replica(w, 0)
    expect((await keeping(w)).stored).to.equal(true)
    const data = w.perpetual.interface.encodeFunctionData('setReplicas', [ORDER, 3n])
    await carry(w, await propose(w, [{ target: w.perpetual, data }]))
    expect(await keeping(w)).to.deep.equal({ stored: false, wanted: 3n, running: 1n, untilEpoch: end })
  })

  it('that was cancelled with the removal of its CID shows what still runs of it', async () => {
    const w = await loadFixture(once)
    const { end } = await replica(w, 0)
    await carry(w, await proposeRemoval(w))
    expect((await w.perpetual.getOrder(ORDER)).status).to.equal(perpetual.STATUS.Cancelled)
    expect(await keeping(w)).to.deep.equal({ stored: true, wanted: 1n, running: 1n, untilEpoch: end })
  })
})
