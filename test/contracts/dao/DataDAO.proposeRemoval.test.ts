import { expect } from 'chai'
import { keccak256 } from 'ethers'
import {
  badgeDao,
  carry,
  CID,
  cids,
  execute,
  loadFixture,
  now,
  orderTerms,
  OTHER_CID,
  passDelay,
  passVote,
  propose,
  PROPOSAL_STATE,
  proposeCid,
  proposeCidAsProvider,
  proposeRemoval,
  queue,
  readProposal,
  ripen,
  SETTINGS,
  stateOf,
  SUBJECT,
  vote,
} from './world.ts'

const REASON = 'No use'
const CID_V0 = '0x' + CID.slice(6)
const ORDER_STATUS = { Live: 1n, Cancelled: 3n }

const collected = async () => {
  const w = await badgeDao()
  await carry(w, await proposeCidAsProvider(w))
  return w
}

const ordered = async () => {
  const w = await badgeDao()
  await carry(w, await proposeCidAsProvider(w, { terms: orderTerms() }))
  return { ...w, orderId: await w.perpetual.orderCount() }
}

describe('DataDAO.proposeRemoval', () => {
  it('puts one call of the treasury to the vote; the reason is the description', async () => {
    const w = await loadFixture(collected)
    const sent = w.dao.connect(w.members[0]).proposeRemoval(CID, REASON)
    const proposal = await readProposal(w, await sent)
    expect(proposal).to.deep.include({
      proposer: w.members[0].address,
      targets: [await w.treasury.getAddress()],
      values: [0n],
      calldatas: [w.treasury.interface.encodeFunctionData('drop', [2n, CID, REASON])],
      description: REASON,
    })
    await expect(sent)
      .to.emit(w.dao, 'RemovalProposed')
      .withArgs(proposal.id, keccak256(CID), w.members[0].address, CID, REASON)
    expect(await w.dao.subjectOf(proposal.id)).to.deep.equal([SUBJECT.Drop, 0n])
  })

  it('is another proposal when the same is proposed again', async () => {
    const w = await loadFixture(collected)
    const first = await proposeRemoval(w)
    expect((await proposeRemoval(w, { from: w.members[1] })).id).not.to.equal(first.id)
  })

  it('refuses one without weight, even who proposed the CID', async () => {
    const w = await loadFixture(collected)
    await expect(proposeRemoval(w, { from: w.sp.worker }))
      .to.be.revertedWithCustomError(w.dao, 'GovernorInsufficientProposerVotes')
      .withArgs(w.sp.worker.address, 0n, SETTINGS.proposalThreshold)
  })

  it('refuses a CID that is not in the collection', async () => {
    const w = await loadFixture(collected)
    await expect(proposeRemoval(w, { cid: OTHER_CID }))
      .to.be.revertedWithCustomError(w.collection, 'NotCollected')
      .withArgs(OTHER_CID)
  })

  it('refuses bytes that are no CID', async () => {
    const w = await loadFixture(collected)
    await expect(proposeRemoval(w, { cid: '0x' }))
      .to.be.revertedWithCustomError(cids, 'InvalidCid')
      .withArgs('0x', 0n)
  })

  it('refuses a reason that names another proposer', async () => {
    const w = await loadFixture(collected)
    await expect(proposeRemoval(w, { reason: `${REASON} #proposer=${w.guardian.address}` }))
      .to.be.revertedWithCustomError(w.dao, 'GovernorRestrictedProposer')
      .withArgs(w.members[0].address)
  })

  it('keeps the proposer’s weight where it is', async () => {
    const w = await loadFixture(collected)
    const { snapshot } = await proposeRemoval(w)
    expect(await w.membership.lockedUntil(w.members[0])).to.equal(snapshot)
  })

  context('when it is executed', () => {
    it('takes the CID out and keeps its history', async () => {
      const w = await loadFixture(collected)
      const removal = await proposeRemoval(w)
      await expect(carry(w, removal)).to.emit(w.collection, 'CidRemoved').withArgs(0n, keccak256(CID), CID, REASON)
      expect(await w.collection.find(CID)).to.deep.equal([false, 0n])
      const [[entry]] = await w.collection.entries(0n, 1n)
      expect([entry.cid, entry.removedEpoch]).to.deep.equal([CID, await now()])
    })

    it('takes the version 1 form out when it names the version 0 one', async () => {
      const w = await loadFixture(collected)
      await carry(w, await proposeRemoval(w, { cid: CID_V0 }))
      expect(await w.collection.find(CID)).to.deep.equal([false, 0n])
    })

    it('lets a request go on to its end', async () => {
      const w = await loadFixture(collected)
      const before = await w.pinning.getRequest(1n)
      await carry(w, await proposeRemoval(w))
      expect((await w.pinning.getRequest(1n)).state).to.equal(before.state)
    })

    it('cancels an order, and what was free of it comes back', async () => {
      const w = await loadFixture(ordered)
      const { free } = await w.perpetual.getOrder(w.orderId)
      await carry(w, await proposeRemoval(w))
      expect((await w.perpetual.getOrder(w.orderId)).status).to.equal(ORDER_STATUS.Cancelled)

      await expect(w.perpetual.withdrawFor(w.treasury)).to.emit(w.treasury, 'Refunded').withArgs(w.perpetual, free)
      expect((await w.treasury.ledger()).refunded).to.equal(free)
    })

    it('takes a CID out whose order was cancelled before', async () => {
      const w = await loadFixture(ordered)
      const treasury = await w.treasury.getAddress()
      const data = w.perpetual.interface.encodeFunctionData('cancel', [w.orderId])
      await carry(w, await propose(w, [{ target: w.perpetual, data }]))
      await carry(w, await proposeRemoval(w))
      expect(await w.collection.find(CID)).to.deep.equal([false, 0n])
      expect((await w.perpetual.getOrder(w.orderId)).client).to.equal(treasury)
    })

    it('fails when another removal was executed before it', async () => {
      const w = await loadFixture(collected)
      const [first, second] = [await proposeRemoval(w), await proposeRemoval(w, { from: w.members[1] })]
      await vote(w, second, w.members.slice(2))
      await ripen(w, first)
      await passVote(w, second)
      await queue(w, second)
      await passDelay(w, second)
      await execute(w, first)
      await expect(execute(w, second)).to.be.revertedWithCustomError(w.collection, 'NotCollected').withArgs(CID)
      expect(await stateOf(w, second)).to.equal(PROPOSAL_STATE.Queued)
    })

    it('fails when the CID was kept again since it was proposed', async () => {
      const w = await loadFixture(collected)
      const stale = await proposeRemoval(w, { from: w.members[1], reason: 'Stale' })
      await vote(w, stale, w.members.slice(2))
      await passVote(w, stale)
      await carry(w, await proposeRemoval(w))
      await carry(w, await proposeCid(w))
      await queue(w, stale)
      await passDelay(w, stale)
      await expect(execute(w, stale)).to.be.revertedWithCustomError(w.treasury, 'StaleRemoval').withArgs(4n, 2n)
      expect(await w.collection.find(CID)).to.deep.equal([true, 1n])
    })

    it('makes room for the same content again', async () => {
      const w = await loadFixture(collected)
      await carry(w, await proposeRemoval(w))
      await carry(w, await proposeCid(w, { cid: CID_V0 }))
      expect(await w.collection.find(CID)).to.deep.equal([true, 1n])
      expect(await w.collection.entryCount()).to.equal(2n)
    })
  })
})
