import { expect } from 'chai'
import { artifacts } from 'hardhat'
import { ZeroAddress } from 'ethers'
import { createMiners } from '../../../scripts/local/actors.ts'
import { rpc } from '../../helpers/actors.ts'
import {
  badgeDao,
  carry,
  CID,
  daoWorld,
  ethers,
  kept,
  loadFixture,
  MAX_BYTES,
  ORDER_SIZE,
  orderTerms,
  plain,
  readProposal,
  requestTerms,
  SETTINGS,
  SUBJECT,
  type DaoWorld,
} from './world.ts'

/** Its errors are the desk's. */
const desk = await ethers.getContractAt('ProposalDesk', ZeroAddress)

const orderByDefault = () => daoWorld({ setup: { defaultTerms: orderTerms() } })

const create = async (w: DaoWorld, from: DaoWorld['stranger'], cid = CID, size = MAX_BYTES) =>
  readProposal(w, await w.dao.connect(from).createCIDProposal(cid, size))

describe('DataDAO.createCIDProposal', () => {
  it('proposes as a member, on the DAO’s terms, without a description', async () => {
    const w = await loadFixture(badgeDao)
    const proposal = await create(w, w.members[0])
    const keep = kept(w, proposal)
    expect(plain(keep.terms)).to.deep.equal(requestTerms())
    expect([keep.serial, keep.proposer, keep.providerId, keep.size, keep.cid]).to.deep.equal([
      1n,
      w.members[0].address,
      0n,
      MAX_BYTES,
      CID,
    ])
    expect([proposal.description, proposal.values]).to.deep.equal(['', [requestTerms().budget]])
    expect(await w.dao.subjectOf(proposal.id)).to.deep.equal([SUBJECT.Keep, 0n])
  })

  it('proposes for the provider that its caller registered', async () => {
    const w = await loadFixture(badgeDao)
    await w.dao.connect(w.sp.worker).registerProvider(w.sp.miner)
    const proposal = await create(w, w.sp.worker)
    expect(await w.dao.subjectOf(proposal.id)).to.deep.equal([SUBJECT.Keep, w.sp.miner])
  })

  it('refuses who has registered and controls it no more', async () => {
    const w = await loadFixture(badgeDao)
    await w.dao.connect(w.sp.control).registerProvider(w.sp.miner)
    const [owner, worker] = [w.sp.owner.address, w.sp.worker.address]
    await createMiners(await rpc(), artifacts, [{ id: w.sp.miner, owner, worker }])
    await expect(create(w, w.sp.control))
      .to.be.revertedWithCustomError(w.dao, 'NotControlling')
      .withArgs(w.sp.miner, w.sp.control.address)
  })

  it('refuses a member below the threshold, as {proposeCID} does', async () => {
    const w = await loadFixture(badgeDao)
    await expect(create(w, w.stranger))
      .to.be.revertedWithCustomError(w.dao, 'GovernorInsufficientProposerVotes')
      .withArgs(w.stranger.address, 0n, SETTINGS.proposalThreshold)
  })

  it('refuses what {proposeCID} refuses', async () => {
    const w = await loadFixture(badgeDao)
    await expect(create(w, w.members[0], CID, 0n)).to.be.revertedWithCustomError(w.dao, 'ZeroSize')
    const { id } = await create(w, w.members[0])
    await expect(create(w, w.members[1])).to.be.revertedWithCustomError(w.dao, 'AlreadyProposed').withArgs(CID, id)
  })

  it('refuses a size beyond 64 bits', async () => {
    const w = await loadFixture(badgeDao)
    await expect(create(w, w.members[0], CID, 2n ** 64n))
      .to.be.revertedWithCustomError(desk, 'SafeCastOverflowedUintDowncast')
      .withArgs(64, 2n ** 64n)
  })

  it('opens an order where those are the terms', async () => {
    const w = await loadFixture(orderByDefault)
    await carry(w, await create(w, w.members[0], CID, ORDER_SIZE))
    expect(await w.perpetual.orderCount()).to.equal(1n)
    expect(plain(await w.dao.defaultTerms())).to.deep.equal(orderTerms())
  })
})

describe('DataDAO.registerProvider', () => {
  for (const role of ['owner', 'worker', 'control'] as const) {
    it(`takes the provider’s ${role}, and tells of it`, async () => {
      const w = await loadFixture(badgeDao)
      await expect(w.dao.connect(w.sp[role]).registerProvider(w.sp.miner))
        .to.emit(w.dao, 'ProviderRegistered')
        .withArgs(w.sp[role].address, w.sp.miner)
      expect(await w.dao.providerOf(w.sp[role])).to.equal(w.sp.miner)
    })
  }

  it('forgets it for 0', async () => {
    const w = await loadFixture(badgeDao)
    await w.dao.connect(w.sp.worker).registerProvider(w.sp.miner)
    await expect(w.dao.connect(w.sp.worker).registerProvider(0n))
      .to.emit(w.dao, 'ProviderRegistered')
      .withArgs(w.sp.worker.address, 0n)
    expect(await w.dao.providerOf(w.sp.worker)).to.equal(0n)
  })

  it('refuses an actor that is no miner', async () => {
    const w = await loadFixture(badgeDao)
    await expect(w.dao.connect(w.sp.worker).registerProvider(999n))
      .to.be.revertedWithCustomError(w.dao, 'NotAMiner')
      .withArgs(999n)
  })

  it('refuses who does not control it', async () => {
    const w = await loadFixture(badgeDao)
    await expect(w.dao.connect(w.members[0]).registerProvider(w.sp.miner))
      .to.be.revertedWithCustomError(w.dao, 'NotControlling')
      .withArgs(w.sp.miner, w.members[0].address)
  })
})
