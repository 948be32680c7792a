import { expect } from 'chai'
import { keccak256 } from 'ethers'
import * as pinning from '../pinning/world.ts'
import {
  badgeDao,
  carry,
  CID,
  ethers,
  execute,
  FEE,
  LINK,
  loadFixture,
  MAX_BYTES,
  mineUpTo,
  now,
  ORDER_BUDGET,
  ORDER_PRICE,
  orderTerms,
  OTHER_CID,
  passDelay,
  PIECE,
  plain,
  propose,
  proposeCid,
  proposeCidAsProvider,
  PROPOSAL_STATE,
  queue,
  REQUEST_COST,
  requestTerms,
  REWARD,
  ripen,
  stateOf,
  STORAGE_KIND,
  succeed,
  type DaoWorld,
} from './world.ts'

const onChainPiece = (pieceCid: string) => '0x' + pieceCid.slice(-64)

const requested = async () => {
  const w = await badgeDao()
  await carry(w, await proposeCidAsProvider(w))
  return w
}

const ordered = async () => {
  const w = await badgeDao()
  await carry(w, await proposeCid(w, { terms: orderTerms() }))
  return w
}

describe('DataDAO: execution of a passed vote', () => {
  context('on a request', () => {
    it('opens it for the treasury, on the terms that were voted for, and pays what it costs now', async () => {
      const w = await loadFixture(badgeDao)
      const terms = requestTerms({ replicas: 3n, budget: FEE + 3n * REWARD + 5n })
      const proposal = await proposeCid(w, { terms })
      await ripen(w, proposal)
      const treasury = await w.treasury.getAddress()
      const sent = execute(w, proposal)
      await sent
      const deadlineEpoch = (await now()) + BigInt(terms.deadlineEpochs)
      await expect(sent)
        .to.emit(w.pinning, 'PinningRequested')
        .withArgs(1n, treasury, LINK, [3n, terms.termEpochs, deadlineEpoch, MAX_BYTES, REWARD, false, '0x', 0n], FEE)
      await expect(sent).to.changeEtherBalance(ethers, w.treasury, -(FEE + 3n * REWARD))
      const request = await w.pinning.getRequest(1n)
      expect([request.requester, request.replicas, request.deadlineEpoch, request.cid]).to.deep.equal([
        treasury,
        3n,
        deadlineEpoch,
        CID,
      ])
    })

    it('asks for the piece that was voted for', async () => {
      const w = await loadFixture(badgeDao)
      const { pieceCid, pieceSize } = orderTerms()
      await carry(w, await proposeCid(w, { terms: requestTerms({ pieceCid, pieceSize }) }))
      const request = await w.pinning.getRequest(1n)
      expect([request.pieceDigest, request.pieceSize]).to.deep.equal([onChainPiece(String(pieceCid)), PIECE.size])
    })

    it('adds the CID to the collection, with who proposed it and what stores it', async () => {
      const w = await loadFixture(badgeDao)
      const proposal = await proposeCidAsProvider(w)
      await ripen(w, proposal)
      await expect(execute(w, proposal))
        .to.emit(w.collection, 'CidAdded')
        .withArgs(0n, keccak256(CID), proposal.id, CID, STORAGE_KIND.Request, 1n)
      const [[entry]] = await w.collection.entries(0n, 1n)
      expect(plain(entry)).to.deep.equal({
        ...{ size: MAX_BYTES, providerId: w.sp.miner, addedEpoch: await now(), removedEpoch: 0n },
        ...{
          proposer: w.sp.worker.address,
          kind: STORAGE_KIND.Request,
          proposalId: proposal.id,
          storageId: 1n,
          cid: CID,
        },
      })
    })

    it('is stored when its deals are proven, without anything more of the DAO', async () => {
      const w = await loadFixture(requested)
      await pinning.pack(w, 1n)
      const { segment, deal } = await pinning.storedPiece()
      await pinning.complete(w, 1n, deal, segment)
      expect((await w.pinning.getRequest(1n)).state).to.equal(pinning.STATE.Stored)
      expect(plain(await w.collection.keepingOf(0n))).to.deep.equal({
        ...{ stored: true, wanted: 1n, running: 1n, untilEpoch: deal.end },
      })
      expect(await w.pinning.creditOf(w.treasury)).to.equal(0n)
    })

    it('gives back what a failure leaves, to the treasury', async () => {
      const w = await loadFixture(requested)
      await pinning.failFinally(w, 1n, 0, pinning.REASON.NotFound)
      await w.pinning.refund(1n)
      const left = REQUEST_COST - pinning.FAILURE_FEE
      expect(await w.pinning.creditOf(w.treasury)).to.equal(left)
      await expect(w.pinning.withdrawFor(w.treasury)).to.changeEtherBalance(ethers, w.treasury, left)
      expect((await w.treasury.ledger()).refunded).to.equal(left)
    })

    it('of another CID after it is another request', async () => {
      const w = await loadFixture(requested)
      await carry(w, await proposeCid(w, { cid: OTHER_CID }))
      expect(await w.pinning.requestCount()).to.equal(2n)
      expect((await w.collection.entries(1n, 1n))[0][0].storageId).to.equal(2n)
    })
  })

  context('on an order', () => {
    it('opens it for the treasury, on the terms that were voted for, with all of the budget', async () => {
      const w = await loadFixture(badgeDao)
      const terms = orderTerms({ termEpochs: 2_000_000n })
      const proposal = await proposeCid(w, { terms })
      await ripen(w, proposal)
      await expect(execute(w, proposal)).to.changeEtherBalance(ethers, w.treasury, -ORDER_BUDGET)
      const order = await w.perpetual.getOrder(1n)
      expect([order.client, order.status, order.replicas, order.price, order.ceiling]).to.deep.equal([
        await w.treasury.getAddress(),
        1n,
        2n,
        ORDER_PRICE,
        2n * ORDER_PRICE,
      ])
      expect([order.endEpoch, order.free]).to.deep.equal([(await now()) + 2_000_000n, ORDER_BUDGET])
      const [opened] = await w.perpetual.queryFilter(w.perpetual.filters.OrderOpened())
      expect([opened.args.order.payloadCid, opened.args.order.seed]).to.deep.equal([CID, terms.seed])
    })

    it('for ever when there is no term', async () => {
      const w = await loadFixture(ordered)
      expect((await w.perpetual.getOrder(1n)).endEpoch).to.equal(0n)
      const [[entry]] = await w.collection.entries(0n, 1n)
      expect([entry.kind, entry.storageId, entry.providerId]).to.deep.equal([STORAGE_KIND.Order, 1n, 0n])
    })

    for (const [name, args, read, expected] of [
      ['setPrice', [1n, 2n * ORDER_PRICE, 4n * ORDER_PRICE], 'price', 2n * ORDER_PRICE],
      ['setReplicas', [1n, 3n], 'replicas', 3n],
      ['suspend', [1n], 'status', 2n],
      ['cancel', [1n], 'status', 3n],
    ] as const) {
      it(`lets the members ${name} by an ordinary proposal`, async () => {
        const w = await loadFixture(ordered)
        const data = w.perpetual.interface.encodeFunctionData(name as 'cancel', args as never)
        await carry(w, await propose(w, [{ target: w.perpetual, data }]))
        expect((await w.perpetual.getOrder(1n))[read]).to.equal(expected)
      })
    }

    it('gives nothing of it to whoever asks without a vote', async () => {
      const w = await loadFixture(ordered)
      const { guardian, members } = w
      for (const from of [guardian, members[0]]) {
        await expect(w.perpetual.connect(from).cancel(1n)).to.be.revertedWithCustomError(w.perpetual, 'NotClient')
      }
    })
  })

  context('once, and nothing else', () => {
    it('is done by anybody', async () => {
      const w = await loadFixture(badgeDao)
      const proposal = await proposeCid(w)
      await succeed(w, proposal)
      const { dao, stranger } = w
      await queue({ dao: dao.connect(stranger) }, proposal)
      await passDelay(w, proposal)
      await execute({ dao: dao.connect(stranger) }, proposal)
      expect(await stateOf(w, proposal)).to.equal(PROPOSAL_STATE.Executed)
    })

    for (const [what, change] of [
      ['another CID', (w: DaoWorld, data: string) => data.replace(CID.slice(2), OTHER_CID.slice(2))],
      ['another size', (w: DaoWorld, data: string) => data.replace(hex(MAX_BYTES), hex(2n * MAX_BYTES))],
      ['other terms', (w: DaoWorld, data: string) => data.replace(hex(REWARD), hex(2n * REWARD))],
    ] as const) {
      it(`does not queue or execute ${what} than was voted for`, async () => {
        const w = await loadFixture(badgeDao)
        const proposal = await proposeCid(w)
        const other = { ...proposal, calldatas: [change(w, proposal.calldatas[0])] }
        expect(other.calldatas).not.to.deep.equal(proposal.calldatas)
        await succeed(w, proposal)
        await expect(queue(w, other)).to.be.revertedWithCustomError(w.dao, 'GovernorNonexistentProposal')
        await queue(w, proposal)
        await passDelay(w, proposal)
        await expect(execute(w, other)).to.be.revertedWithCustomError(w.dao, 'GovernorNonexistentProposal')
      })
    }
  })

  it('pays the newest fee when the operators ask for less by then', async () => {
    const w = await loadFixture(badgeDao)
    const proposal = await proposeCid(w)
    await ripen(w, proposal)
    const jobs = w.rules.jobs.map((job) => ({ ...job, stages: job.stages.map((stage) => ({ ...stage, perGiB: 0n })) }))
    await w.registry.connect(w.owner).proposeConfig(pinning.PROVIDER, { ...w.rules, jobs })
    for (const [index, operator] of w.owners.entries()) await w.registry.connect(operator).optIn(index + 1, 2)
    await mineUpTo((await now()) + (await w.registry.NOTICE_EPOCHS()))
    await execute(w, proposal)
    // Per MiB 1, 2 and 10 attoFIL, of two operators.
    expect((await w.treasury.ledger()).funded).to.equal(REQUEST_COST - 26n)
  })
})

const hex = (value: bigint) => value.toString(16).padStart(64, '0')
