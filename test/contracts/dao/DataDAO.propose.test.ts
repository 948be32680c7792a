import { expect } from 'chai'
import {
  badgeDao,
  callTo,
  carry,
  CID,
  daoWorld,
  ethers,
  loadFixture,
  maskedOf,
  MAX_BYTES,
  now,
  payloadOf,
  passToVote,
  propose,
  requestTerms,
  SETTINGS,
  stateOf,
  SUBJECT,
  tokenDao,
  WEIGHTS,
  PROPOSAL_STATE,
  type DaoWorld,
} from './world.ts'

const withThreshold = () => daoWorld({ kind: 'token', settings: { proposalThreshold: WEIGHTS[1] } })

const keepCall = (w: DaoWorld) => {
  const keep = { serial: 1n, proposer: w.stranger.address, providerId: 0n, size: MAX_BYTES, cid: CID }
  return w.treasury.interface.encodeFunctionData('keep', [{ ...keep, terms: requestTerms() }])
}

describe('DataDAO.propose', () => {
  it('puts calls to the vote, as the Governor does', async () => {
    const w = await loadFixture(badgeDao)
    const data = w.badge.interface.encodeFunctionData('admit', [[w.stranger.address]])
    const proposal = await propose(w, [
      { target: w.badge, data },
      { target: w.stranger, value: 7n },
    ])
    expect(proposal).to.deep.include({
      proposer: w.members[0].address,
      targets: [await w.badge.getAddress(), w.stranger.address],
      values: [0n, 7n],
      calldatas: [data, '0x'],
      description: 'Do it',
      snapshot: (await now()) + BigInt(SETTINGS.votingDelay),
      deadline: (await now()) + BigInt(SETTINGS.votingDelay) + BigInt(SETTINGS.votingPeriod),
    })
    expect(proposal.id).to.equal(await w.dao.getProposalId(...payloadOf(proposal)))
    expect(await w.dao.subjectOf(proposal.id)).to.deep.equal([SUBJECT.General, 0n])
    expect(await w.membership.lockedUntil(w.members[0])).to.equal(proposal.snapshot)
  })

  it('binds the chain and the DAO into the id', async () => {
    const w = await loadFixture(badgeDao)
    const proposal = await propose(w, [{ target: w.stranger, value: 7n }])
    const coder = ethers.AbiCoder.defaultAbiCoder()
    const types = ['address[]', 'uint256[]', 'bytes[]', 'bytes32']
    const content = ethers.keccak256(coder.encode(types, payloadOf(proposal)))
    const { chainId } = await ethers.provider.getNetwork()
    const bound = coder.encode(['uint256', 'address', 'uint256'], [chainId, await w.dao.getAddress(), content])
    expect(proposal.id).to.equal(BigInt(ethers.keccak256(bound)))
  })

  it('lets the members admit one by it', async () => {
    const w = await loadFixture(badgeDao)
    const data = w.badge.interface.encodeFunctionData('admit', [[w.stranger.address]])
    await carry(w, await propose(w, [{ target: w.badge, data }]))
    expect(await w.badge.balanceOf(w.stranger)).to.equal(1n)
  })

  it('lets the members pay by it', async () => {
    const w = await loadFixture(badgeDao)
    const proposal = await propose(w, [{ target: w.stranger, value: 7n }])
    await expect(carry(w, proposal)).to.changeEtherBalances(ethers, await balances(w), [7n, -7n])
    expect((await w.treasury.ledger()).paid).to.equal(7n)
  })

  context('by a member', () => {
    it('with the threshold’s weight is taken, with less is refused', async () => {
      const w = await loadFixture(withThreshold)
      await propose(w, [{ target: w.stranger }], { from: w.members[1] })
      await expect(propose(w, [{ target: w.stranger }], { from: w.members[2] }))
        .to.be.revertedWithCustomError(w.dao, 'GovernorInsufficientProposerVotes')
        .withArgs(w.members[2].address, WEIGHTS[2], WEIGHTS[1])
    })

    it('counts its weight in the block before', async () => {
      const w = await loadFixture(withThreshold)
      await w.token.connect(w.members[1]).transfer(w.members[2], WEIGHTS[1])
      await propose(w, [{ target: w.stranger }], { from: w.members[2] })
      await expect(propose(w, [{ target: w.guardian }], { from: w.members[1] }))
        .to.be.revertedWithCustomError(w.dao, 'GovernorInsufficientProposerVotes')
        .withArgs(w.members[1].address, 0n, WEIGHTS[1])
    })

    it('refuses who has no weight', async () => {
      const w = await loadFixture(badgeDao)
      await expect(propose(w, [{ target: w.stranger }], { from: w.sp.worker }))
        .to.be.revertedWithCustomError(w.dao, 'GovernorInsufficientProposerVotes')
        .withArgs(w.sp.worker.address, 0n, SETTINGS.proposalThreshold)
    })

    it('refuses who has delegated its weight to another', async () => {
      const w = await loadFixture(tokenDao)
      await w.token.connect(w.members[1]).delegate(w.members[0])
      await w.token.connect(w.members[0]).delegate(w.members[1])
      await expect(propose(w, [{ target: w.stranger }]))
        .to.be.revertedWithCustomError(w.membership, 'NotSelfDelegated')
        .withArgs(w.members[0].address, w.members[1].address)
    })

    it('refuses a description that names another proposer', async () => {
      const w = await loadFixture(badgeDao)
      const description = `Do it #proposer=${w.members[1].address}`
      await expect(propose(w, [{ target: w.stranger }], { description }))
        .to.be.revertedWithCustomError(w.dao, 'GovernorRestrictedProposer')
        .withArgs(w.members[0].address)
      expect((await propose(w, [{ target: w.stranger }], { description, from: w.members[1] })).id).not.to.equal(0n)
    })
  })

  context('what is proposed', () => {
    for (const [what, lists] of [
      ['nothing', [0, 0, 0]],
      ['more targets than values', [2, 1, 2]],
      ['more targets than calls', [2, 2, 1]],
      ['fewer targets than values and calls', [1, 2, 2]],
    ] as const) {
      it(`refuses ${what}`, async () => {
        const w = await loadFixture(badgeDao)
        const [targets, values, calldatas] = [
          Array.from({ length: lists[0] }, () => w.stranger.address),
          Array.from({ length: lists[1] }, () => 0n),
          Array.from({ length: lists[2] }, () => '0x'),
        ]
        await expect(w.dao.connect(w.members[0]).propose(targets, values, calldatas, ''))
          .to.be.revertedWithCustomError(w.dao, 'GovernorInvalidProposalLength')
          .withArgs(lists[0], lists[2], lists[1])
      })
    }

    for (const at of [0, 1]) {
      it(`refuses the treasury’s calls about CIDs, at place ${at}`, async () => {
        const w = await loadFixture(badgeDao)
        const treasury = await w.treasury.getAddress()
        for (const data of [keepCall(w), w.treasury.interface.encodeFunctionData('drop', [1n, CID, ''])]) {
          const calls = [{ target: w.stranger }, { target: treasury, data }]
          await expect(propose(w, at === 1 ? calls : calls.reverse()))
            .to.be.revertedWithCustomError(w.dao, 'ReservedCall')
            .withArgs(treasury, data.slice(0, 10))
        }
      })
    }

    it('refuses any call to the collection', async () => {
      const w = await loadFixture(badgeDao)
      const collection = await w.collection.getAddress()
      for (const target of [collection, await maskedOf(collection)]) {
        await expect(propose(w, [{ target: w.stranger }, { target, data: '0x12345678' }]))
          .to.be.revertedWithCustomError(w.dao, 'ReservedCall')
          .withArgs(target, '0x12345678')
      }
    })

    it('refuses the treasury’s calls about CIDs when it is named by its masked id', async () => {
      const w = await loadFixture(badgeDao)
      const target = await maskedOf(w.treasury)
      await expect(propose(w, [{ target, data: keepCall(w) }]))
        .to.be.revertedWithCustomError(w.dao, 'ReservedCall')
        .withArgs(target, keepCall(w).slice(0, 10))
    })

    it('takes a call of the same name to another', async () => {
      const w = await loadFixture(badgeDao)
      const proposal = await propose(w, [{ target: w.stranger, data: keepCall(w) }])
      expect(await stateOf(w, proposal)).to.equal(PROPOSAL_STATE.Pending)
    })

    it('takes the treasury’s other calls', async () => {
      const w = await loadFixture(badgeDao)
      const proposal = await propose(w, [
        await callTo(w.treasury, w.treasury.interface.encodeFunctionData('updateDelay', [0n])),
      ])
      expect(await stateOf(w, proposal)).to.equal(PROPOSAL_STATE.Pending)
    })
  })

  it('keeps the later of two proposals’ locks', async () => {
    const w = await loadFixture(badgeDao)
    await propose(w, [{ target: w.stranger }])
    const later = await propose(w, [{ target: w.guardian }])
    expect(await w.membership.lockedUntil(w.members[0])).to.equal(later.snapshot)
    await passToVote(later)
    await w.membership.connect(w.members[0]).delegate(w.members[1])
    expect(await w.membership.delegates(w.members[0])).to.equal(w.members[1].address)
  })
})

const balances = async (w: DaoWorld) => [w.stranger.address, await w.treasury.getAddress()]
