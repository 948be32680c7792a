import { expect } from 'chai'
import { keccak256 } from 'ethers'
import {
  badgeDao,
  carry,
  CID,
  cids,
  loadFixture,
  MAX_BYTES,
  mine,
  now,
  OTHER_CID,
  proposeCid,
  proposeRemoval,
  requestTerms,
  type DaoWorld,
} from './world.ts'

const CID_V0 = '0x' + CID.slice(6)
const THIRD_CID = '0x01551220' + 'c3'.repeat(32)

const withThree = async () => {
  const w = await badgeDao()
  for (const cid of [CID, OTHER_CID, THIRD_CID]) await carry(w, await proposeCid(w, { cid }))
  return w
}

const cidsAt = async ({ collection }: DaoWorld, start: bigint, count: bigint) => {
  const [found, keepings] = await collection.entries(start, count)
  expect(keepings.length).to.equal(found.length)
  return found.map(({ cid }) => cid)
}

describe('Collection', () => {
  it('is empty at first', async () => {
    const { collection } = await loadFixture(badgeDao)
    expect(await collection.entryCount()).to.equal(0n)
    expect(await collection.entries(0n, 10n)).to.deep.equal([[], []])
    expect(await collection.find(CID)).to.deep.equal([false, 0n])
  })

  it('lists what was added, in that order, by pages', async () => {
    const w = await loadFixture(withThree)
    expect(await w.collection.entryCount()).to.equal(3n)
    expect(await cidsAt(w, 0n, 200n)).to.deep.equal([CID, OTHER_CID, THIRD_CID])
    expect(await cidsAt(w, 1n, 1n)).to.deep.equal([OTHER_CID])
    expect(await cidsAt(w, 2n, 5n)).to.deep.equal([THIRD_CID])
    for (const start of [3n, 2n ** 255n]) expect(await cidsAt(w, start, 5n)).to.deep.equal([])
    expect(await cidsAt(w, 0n, 0n)).to.deep.equal([])
  })

  it('shows of each entry what is really stored of it', async () => {
    const w = await loadFixture(withThree)
    const [, keepings] = await w.collection.entries(0n, 3n)
    for (const at of [0, 1, 2]) expect(keepings[at]).to.deep.equal(await w.collection.keepingOf(at))
  })

  it('finds a CID by its version 0 and version 1 forms', async () => {
    const w = await loadFixture(withThree)
    expect(await w.collection.find(CID)).to.deep.equal([true, 0n])
    expect(await w.collection.find(CID_V0)).to.deep.equal([true, 0n])
    expect(await w.collection.find(OTHER_CID)).to.deep.equal([true, 1n])
    expect(await w.collection.find(THIRD_CID)).to.deep.equal([true, 2n])
  })

  it('does not take other codecs of the same digest for the same content', async () => {
    const w = await loadFixture(withThree)
    expect(await w.collection.find('0x01551220' + CID.slice(10))).to.deep.equal([false, 0n])
  })

  it('finds a CID that was added as version 0 by its version 1 form', async () => {
    const w = await loadFixture(badgeDao)
    await carry(w, await proposeCid(w, { cid: CID_V0 }))
    expect(await w.collection.find(CID)).to.deep.equal([true, 0n])
    expect(await cidsAt(w, 0n, 1n)).to.deep.equal([CID_V0])
    const [added] = await w.collection.queryFilter(w.collection.filters.CidAdded())
    expect(added.args.cidKey).to.equal(keccak256(CID))
  })

  it('refuses to look for bytes that are no CID', async () => {
    const { collection } = await loadFixture(badgeDao)
    await expect(collection.find('0x')).to.be.revertedWithCustomError(cids, 'InvalidCid').withArgs('0x', 0n)
  })

  it('refuses to tell of an entry that there never was', async () => {
    const { collection } = await loadFixture(withThree)
    await expect(collection.keepingOf(3n)).to.be.revertedWithCustomError(collection, 'UnknownEntry').withArgs(3n)
  })

  it('keeps what was removed as history, at its place', async () => {
    const w = await loadFixture(withThree)
    await carry(w, await proposeRemoval(w, { cid: OTHER_CID }))
    const removed = await now()
    await mine()
    const [found] = await w.collection.entries(0n, 10n)
    expect(found.map(({ cid, removedEpoch }) => [cid, removedEpoch])).to.deep.equal([
      [CID, 0n],
      [OTHER_CID, removed],
      [THIRD_CID, 0n],
    ])
    expect(await w.collection.find(OTHER_CID)).to.deep.equal([false, 0n])
    expect((await w.collection.keepingOf(1n)).wanted).to.equal(1n)
  })

  it('has what is added again as a new entry beside the old one', async () => {
    const w = await loadFixture(withThree)
    await carry(w, await proposeRemoval(w))
    await carry(w, await proposeCid(w, { terms: requestTerms({ replicas: 2n, budget: 10n ** 18n }) }))
    expect(await w.collection.find(CID)).to.deep.equal([true, 3n])
    const [found] = await w.collection.entries(0n, 10n)
    expect([found[0].storageId, found[3].storageId]).to.deep.equal([1n, 4n])
    expect(found[0].proposalId).not.to.equal(found[3].proposalId)
  })

  it('is changed by the treasury alone', async () => {
    const w = await loadFixture(badgeDao)
    const treasury = await w.treasury.getAddress()
    const proposal = { serial: 1n, proposer: w.stranger.address, providerId: 0n, size: MAX_BYTES, cid: CID }
    const collection = w.collection.connect(w.members[0])
    await expect(collection.add({ ...proposal, terms: requestTerms() }, 1n))
      .to.be.revertedWithCustomError(collection, 'NotTreasury')
      .withArgs(treasury, w.members[0].address)
    await expect(collection.remove(CID, ''))
      .to.be.revertedWithCustomError(collection, 'NotTreasury')
      .withArgs(treasury, w.members[0].address)
  })
})
