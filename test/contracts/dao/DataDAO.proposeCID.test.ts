import { expect } from 'chai'
import { id as keccakOf, keccak256 } from 'ethers'
import { scriptActor } from '../../helpers/actors.ts'
import {
  actorCalls,
  badgeDao,
  CID,
  cids,
  ethers,
  kept,
  loadFixture,
  MAX_BYTES,
  now,
  payloadOf,
  proposeCid,
  proposeCidAsProvider,
  readProposal,
  requestTerms,
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
