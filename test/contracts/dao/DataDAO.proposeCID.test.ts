import { expect } from 'chai'
import { id as keccakOf, keccak256 } from 'ethers'
import { scriptActor } from '../../helpers/actors.ts'
import {
  actorCalls,
  badgeDao,
  CID,
  cids,
  ethers,
  FEE,
  kept,
  loadFixture,
  MAX_BYTES,
  now,
  ORDER_BUDGET,
  ORDER_PRICE,
  orderTerms,
  OUT_OF_BOUNDS,
  payloadOf,
  pieceCids,
  proposeCid,
  proposeCidAsProvider,
  readProposal,
  REQUEST_COST,
  requestTerms,
  REWARD,
  SETTINGS,
  SUBJECT,
  tokenDao,
  WEIGHTS,
  type StorageTerms,
} from './world.ts'

const SERIAL = 1n
/** FRC-42 number of a miner's IsControllingAddress. */
const IS_CONTROLLING = 348_244_887n
const DESCRIPTION = 'Keep it'
/** dag-pb and sha2-256 in version 0 is the same content as {@link CID}. */
const CID_V0 = '0x' + CID.slice(6)
const MAX_TERM = 1278n * 2_880n
const MAX_UINT32 = 2n ** 32n - 1n

const keyOf = (cid: string) => keccak256(cid)

describe('DataDAO.proposeCID', () => {
  context('by a member', () => {
    it('puts one call of the treasury to the vote, which carries CID, size and terms', async () => {
      const w = await loadFixture(badgeDao)
      const proposal = await proposeCid(w)
      const keep = { serial: SERIAL, proposer: w.members[0].address, providerId: 0n, size: MAX_BYTES, cid: CID }
      const data = w.treasury.interface.encodeFunctionData('keep', [{ ...keep, terms: requestTerms() }])
      expect(proposal).to.deep.include({
        proposer: w.members[0].address,
        targets: [await w.treasury.getAddress()],
        values: [requestTerms().budget],
        calldatas: [data],
        description: DESCRIPTION,
        snapshot: (await now()) + BigInt(SETTINGS.votingDelay),
        deadline: (await now()) + BigInt(SETTINGS.votingDelay) + BigInt(SETTINGS.votingPeriod),
      })
      expect(proposal.id).to.equal(await w.dao.getProposalId(...payloadOf(proposal)))
    })

    it('tells of the CID, and remembers the proposal for it', async () => {
      const w = await loadFixture(badgeDao)
      const sent = w.dao.connect(w.members[0]).proposeCID(0n, CID, MAX_BYTES, requestTerms(), DESCRIPTION)
      const { id } = await readProposal(w, await sent)
      const terms = Object.values(termsInOrder(requestTerms()))
      await expect(sent)
        .to.emit(w.dao, 'CidProposed')
        .withArgs(id, keyOf(CID), 0n, w.members[0].address, CID, MAX_BYTES, terms)
      expect(await w.dao.lastProposalOf(keyOf(CID))).to.equal(id)
      expect(await w.dao.subjectOf(id)).to.deep.equal([SUBJECT.Keep, 0n])
      expect(await w.dao.proposalProposer(id)).to.equal(w.members[0].address)
    })

    it('binds chain, DAO and payload into its id', async () => {
      const w = await loadFixture(badgeDao)
      const { id, ...proposal } = await proposeCid(w)
      const payload = await w.dao.hashProposal(...payloadOf({ id, ...proposal }))
      const coder = ethers.AbiCoder.defaultAbiCoder()
      const { chainId } = await ethers.provider.getNetwork()
      const bound = [chainId, await w.dao.getAddress(), payload]
      expect(id).to.equal(BigInt(keccak256(coder.encode(['uint256', 'address', 'uint256'], bound))))
      const counted = coder.encode(
        ['address[]', 'uint256[]', 'bytes[]', 'bytes32'],
        [proposal.targets, proposal.values, proposal.calldatas, keccakOf(DESCRIPTION)],
      )
      expect(payload).to.equal(BigInt(keccak256(counted)))
    })

    it('refuses one whose weight was below the threshold in the block before', async () => {
      const w = await loadFixture(badgeDao)
      await expect(proposeCid(w, { from: w.stranger }))
        .to.be.revertedWithCustomError(w.dao, 'GovernorInsufficientProposerVotes')
        .withArgs(w.stranger.address, 0n, SETTINGS.proposalThreshold)
    })

    it('counts weight that is delegated to the member', async () => {
      const w = await loadFixture(tokenDao)
      await w.membership.connect(w.members[1]).delegate(w.stranger)
      await w.membership.connect(w.stranger).delegate(w.stranger)
      const { proposer } = await proposeCid(w, { from: w.stranger })
      expect(proposer).to.equal(w.stranger.address)
      expect(await w.membership.getVotes(w.stranger)).to.equal(WEIGHTS[1])
    })

    it('refuses one who has delegated its own weight away', async () => {
      const w = await loadFixture(badgeDao)
      const [member, other] = w.members
      await w.membership.connect(other).delegate(member)
      await w.membership.connect(member).delegate(other)
      await expect(proposeCid(w, { from: member }))
        .to.be.revertedWithCustomError(w.membership, 'NotSelfDelegated')
        .withArgs(member.address, other.address)
    })
  })

  context('by a storage provider', () => {
    for (const role of ['owner', 'worker', 'control'] as const) {
      it(`takes its ${role}, who needs no weight, and records the provider`, async () => {
        const w = await loadFixture(badgeDao)
        const proposal = await proposeCidAsProvider(w, { from: w.sp[role] })
        expect(await w.dao.subjectOf(proposal.id)).to.deep.equal([SUBJECT.Keep, w.sp.miner])
        const keep = kept(w, proposal)
        expect([keep.proposer, keep.providerId]).to.deep.equal([w.sp[role].address, w.sp.miner])
      })
    }

    it('refuses an actor that is no miner', async () => {
      const w = await loadFixture(badgeDao)
      await expect(proposeCidAsProvider(w, { providerId: 999n }))
        .to.be.revertedWithCustomError(w.dao, 'NotAMiner')
        .withArgs(999n)
    })

    it('refuses who does not control that miner', async () => {
      const w = await loadFixture(badgeDao)
      await expect(proposeCidAsProvider(w, { from: w.members[0] }))
        .to.be.revertedWithCustomError(w.dao, 'NotControlling')
        .withArgs(w.sp.miner, w.members[0].address)
    })

    it('refuses while the miner does not say whom it is controlled by', async () => {
      const w = await loadFixture(badgeDao)
      const scripted = await scriptActor(w.sp.miner)
      await scripted.passRestTo(await ethers.deployContract('LocalMiner'))
      for (const exitCode of [17, 22, 33]) {
        await scripted.script(IS_CONTROLLING, exitCode, 0, '0x')
        await expect(proposeCidAsProvider(w))
          .to.be.revertedWithCustomError(actorCalls, 'ActorUnclear')
          .withArgs(exitCode)
      }
    })
  })

  context('what is proposed', () => {
    for (const [what, cid, fault] of [
      ['nothing', '0x', 0n],
      ['cut short', CID.slice(0, -2), 2n],
      ['followed by more', CID + '00', 6n],
    ] as const) {
      it(`refuses a CID that is ${what}`, async () => {
        const w = await loadFixture(badgeDao)
        await expect(proposeCid(w, { cid })).to.be.revertedWithCustomError(cids, 'InvalidCid').withArgs(cid, fault)
      })
    }

    it('refuses a CID that is too long', async () => {
      const w = await loadFixture(badgeDao)
      await expect(proposeCid(w, { cid: '0x' + '01'.repeat(129) }))
        .to.be.revertedWithCustomError(cids, 'InvalidCid')
        .withArgs('0x', 1n)
    })

    it('refuses the version 0 form of an open CID', async () => {
      const w = await loadFixture(badgeDao)
      const { id } = await proposeCid(w)
      await expect(proposeCid(w, { cid: CID_V0 }))
        .to.be.revertedWithCustomError(w.dao, 'AlreadyProposed')
        .withArgs(CID_V0, id)
    })

    it('refuses size 0', async () => {
      const w = await loadFixture(badgeDao)
      await expect(proposeCid(w, { size: 0n }))
        .to.be.revertedWithCustomError(w.dao, 'ZeroSize')
        .withArgs()
    })

    it('refuses a description that names another proposer', async () => {
      const w = await loadFixture(badgeDao)
      const description = `Keep it #proposer=${w.members[1].address}`
      await expect(proposeCid(w, { description }))
        .to.be.revertedWithCustomError(w.dao, 'GovernorRestrictedProposer')
        .withArgs(w.members[0].address)
    })

    it('takes a description that names its proposer', async () => {
      const w = await loadFixture(badgeDao)
      const description = `Keep it #proposer=${w.members[0].address}`
      expect((await proposeCid(w, { description })).description).to.equal(description)
    })

    it('takes a budget that the treasury has not got: it is asked for when it is queued', async () => {
      const w = await loadFixture(badgeDao)
      const terms = requestTerms({ budget: 1_000n * 10n ** 18n })
      expect((await proposeCid(w, { terms })).values).to.deep.equal([terms.budget])
    })
  })

  context('terms of a request', () => {
    const refused = async (terms: Partial<StorageTerms>, error: string, args: unknown[]) => {
      const w = await loadFixture(badgeDao)
      await expect(proposeCid(w, { terms: requestTerms(terms) }))
        .to.be.revertedWithCustomError(w.pinning, error)
        .withArgs(...args)
    }

    for (const replicas of [0n, 17n]) {
      it(`refuses ${replicas} replicas`, () => refused({ replicas }, 'BadReplicas', [16n, replicas]))
    }

    for (const termEpochs of [0n, MAX_TERM + 1n]) {
      it(`refuses a term of ${termEpochs} epochs`, () => refused({ termEpochs }, 'BadTerm', [1n, MAX_TERM, termEpochs]))
    }

    it('refuses a fetch link of 1,025 bytes', () =>
      refused({ seed: '0x' + '61'.repeat(1_025) }, 'FetchLinkTooLong', [1_024n, 1_025n]))

    it('refuses a piece of a size that no piece has', () =>
      refused({ pieceCid: orderTerms().pieceCid, pieceSize: 2_000n }, 'BadPieceSize', [2_000n]))

    it('refuses a size without a piece', () => refused({ pieceSize: 2_048n }, 'BadPieceSize', [2_048n]))

    it('refuses a piece CID that is none', async () => {
      const w = await loadFixture(badgeDao)
      await expect(
        proposeCid(w, { terms: requestTerms({ pieceCid: CID, pieceSize: 2_048n }) }),
      ).to.be.revertedWithCustomError(pieceCids, 'NotAPieceCid')
    })

    for (const deadlineEpochs of [0n, MAX_TERM + 1n]) {
      it(`refuses a deadline ${deadlineEpochs} epochs after the execution`, async () => {
        const w = await loadFixture(badgeDao)
        await expect(proposeCid(w, { terms: requestTerms({ deadlineEpochs }) }))
          .to.be.revertedWithCustomError(...OUT_OF_BOUNDS)
          .withArgs('deadlineEpochs', 1n, MAX_TERM, deadlineEpochs)
      })
    }

    it('refuses a reward that the operators’ quorum does not divide', () =>
      refused({ price: REWARD + 1n }, 'RewardNotDivisible', [2n, REWARD + 1n]))

    it('refuses a deadline that is sooner than the operators take', async () => {
      const w = await loadFixture(badgeDao)
      const least = BigInt(w.rules.jobs[0].minDeadlineEpochs)
      const next = (await now()) + 1n
      await expect(proposeCid(w, { terms: requestTerms({ deadlineEpochs: least - 1n }) }))
        .to.be.revertedWithCustomError(w.registry, 'DeadlineTooSoon')
        .withArgs(next + least, next + least - 1n)
      expect((await proposeCid(w, { terms: requestTerms({ deadlineEpochs: least }) })).id).not.to.equal(0n)
    })

    for (const [what, terms] of [
      ['16 replicas', { replicas: 16n, budget: FEE + 16n * REWARD }],
      ['a term of one epoch', { termEpochs: 1n }],
      ['the longest term', { termEpochs: MAX_TERM }],
      ['the longest deadline', { deadlineEpochs: MAX_TERM }],
      ['a fetch link of 1,024 bytes', { seed: '0x' + '61'.repeat(1_024) }],
      ['no fetch link', { seed: '0x' }],
      ['no reward', { price: 0n, budget: FEE }],
      ['a named piece', { pieceCid: orderTerms().pieceCid, pieceSize: orderTerms().pieceSize }],
      ['a budget that is what it costs', { budget: REQUEST_COST }],
    ] as [string, Partial<StorageTerms>][]) {
      it(`takes ${what}`, async () => {
        const w = await loadFixture(badgeDao)
        expect((await proposeCid(w, { terms: requestTerms(terms) })).id).not.to.equal(0n)
      })
    }

    it('refuses a budget below what it costs now', async () => {
      const w = await loadFixture(badgeDao)
      await expect(proposeCid(w, { terms: requestTerms({ budget: REQUEST_COST - 1n }) }))
        .to.be.revertedWithCustomError(w.treasury, 'BudgetTooLow')
        .withArgs(REQUEST_COST, REQUEST_COST - 1n)
    })
  })

  context('terms of an order', () => {
    const refused = async (terms: Partial<StorageTerms>, error: string, args: unknown[]) => {
      const w = await loadFixture(badgeDao)
      await expect(proposeCid(w, { terms: orderTerms(terms) }))
        .to.be.revertedWithCustomError(w.perpetual, error)
        .withArgs(...args)
    }

    for (const replicas of [0n, 17n]) {
      it(`refuses ${replicas} replicas`, () => refused({ replicas }, 'OutOfBounds', ['replicas', 1n, 16n, replicas]))
    }

    it('refuses a piece of a size that no piece has', () => refused({ pieceSize: 2_000n }, 'BadPieceSize', [2_000n]))

    it('refuses a seed of 1,025 bytes', () =>
      refused({ seed: '0x' + '61'.repeat(1_025) }, 'TextTooLong', [1_024n, 1_025n]))

    it('refuses price 0', async () => {
      const w = await loadFixture(badgeDao)
      await expect(proposeCid(w, { terms: orderTerms({ price: 0n }) })).to.be.revertedWithCustomError(
        w.perpetual,
        'OutOfBounds',
      )
    })

    it('refuses a price whose double is none', async () => {
      const w = await loadFixture(badgeDao)
      const price = 2n ** 127n
      await expect(proposeCid(w, { terms: orderTerms({ price }) })).to.be.revertedWithCustomError(
        w.perpetual,
        'OutOfBounds',
      )
    })

    it('refuses no piece', async () => {
      const w = await loadFixture(badgeDao)
      await expect(proposeCid(w, { terms: orderTerms({ pieceCid: '0x' }) })).to.be.revertedWithCustomError(
        pieceCids,
        'NotAPieceCid',
      )
    })

    it('refuses a deadline: an order has none', async () => {
      const w = await loadFixture(badgeDao)
      await expect(proposeCid(w, { terms: orderTerms({ deadlineEpochs: 1n }) }))
        .to.be.revertedWithCustomError(...OUT_OF_BOUNDS)
        .withArgs('deadlineEpochs', 0n, 0n, 1n)
    })

    it('refuses a term that ends no epoch of 32 bits', async () => {
      const w = await loadFixture(badgeDao)
      await expect(proposeCid(w, { terms: orderTerms({ termEpochs: MAX_UINT32 + 1n }) }))
        .to.be.revertedWithCustomError(...OUT_OF_BOUNDS)
        .withArgs('termEpochs', 0n, MAX_UINT32, MAX_UINT32 + 1n)
    })

    it('refuses a budget below one claim of the shortest term', async () => {
      const w = await loadFixture(badgeDao)
      const { minTermEpochs } = await w.perpetual.defaultTerms(ORDER_PRICE)
      const least = ORDER_PRICE * minTermEpochs
      await expect(proposeCid(w, { terms: orderTerms({ budget: least - 1n }) }))
        .to.be.revertedWithCustomError(w.treasury, 'BudgetTooLow')
        .withArgs(least, least - 1n)
      expect((await proposeCid(w, { terms: orderTerms({ budget: least }) })).values).to.deep.equal([least])
    })

    it('takes all of the budget', async () => {
      const w = await loadFixture(badgeDao)
      expect(await w.treasury.quote(CID, MAX_BYTES, orderTerms())).to.equal(ORDER_BUDGET)
      expect((await proposeCid(w, { terms: orderTerms() })).values).to.deep.equal([ORDER_BUDGET])
    })
  })

  context('after it', () => {
    it('the proposer’s weight stays where it is up to the snapshot', async () => {
      const w = await loadFixture(badgeDao)
      const { snapshot } = await proposeCid(w)
      expect(await w.membership.lockedUntil(w.members[0])).to.equal(snapshot)
      await expect(w.membership.connect(w.members[0]).delegate(w.members[1]))
        .to.be.revertedWithCustomError(w.membership, 'WeightIsLocked')
        .withArgs(w.members[0].address, snapshot)
    })

    it('another proposal of the same member is about another CID', async () => {
      const w = await loadFixture(badgeDao)
      const first = await proposeCid(w)
      const second = await proposeCid(w, { cid: '0x01551220' + 'ee'.repeat(32) })
      const keep = kept(w, second)
      expect(keep.serial).to.equal(SERIAL + 1n)
      expect(second.id).not.to.equal(first.id)
    })
  })
})

/** The terms as events show them. */
function termsInOrder({
  kind,
  replicas,
  pieceSize,
  termEpochs,
  deadlineEpochs,
  price,
  budget,
  pieceCid,
  seed,
}: StorageTerms) {
  return { kind, replicas, pieceSize, termEpochs, deadlineEpochs, price, budget, pieceCid, seed }
}
