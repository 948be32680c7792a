import { expect } from 'chai'
import { ZeroAddress } from 'ethers'
import {
  badgeDao,
  CID,
  daoWorld,
  ethers,
  loadFixture,
  mine,
  MAX_BYTES,
  payloadOf,
  propose,
  requestTerms,
  ripen,
  SETTINGS,
} from './world.ts'

const parts = async () => {
  const w = await badgeDao()
  const code = await ethers.getContractAt('DataDAO', await w.factory.daoCode())
  const extension = await ethers.getContractAt('GovernorExtension', await code.extension())
  const desk = await ethers.getContractAt('ProposalDesk', await extension.desk())
  return { ...w, code, extension, desk }
}

describe('ProposalDesk', () => {
  it('is not to be called by itself', async () => {
    const { desk, stranger } = await loadFixture(parts)
    const calls = [
      () => desk.proposeCID(0n, CID, MAX_BYTES, requestTerms(), ''),
      () => desk.createCIDProposal(CID, MAX_BYTES),
      () => desk.proposeRemoval(CID, ''),
      () => desk.registerProvider(0n),
      () => desk.setDefaultTerms(requestTerms()),
      () => desk.defaultTerms(),
    ]
    for (const call of calls) {
      await expect(call()).to.be.revertedWithCustomError(desk, 'OnlyByDelegation').withArgs()
    }
    expect(await ethers.provider.getStorage(desk, 0n)).to.equal('0x' + '00'.repeat(32))
    expect(stranger.address).not.to.equal(ZeroAddress)
  })
})

describe('GovernorExtension', () => {
  it('is a Governor that was never set up, and never can be', async () => {
    const { extension, badge, treasury } = await loadFixture(parts)
    await expect(
      extension.initialize('x', SETTINGS, badge, treasury, ZeroAddress, 0n, '0x'),
    ).to.be.revertedWithCustomError(extension, 'InvalidInitialization')
    expect([await extension.name(), await extension.timelock()]).to.deep.equal(['', ZeroAddress])
  })

  it('puts nothing to the vote for itself', async () => {
    const { extension, members } = await loadFixture(parts)
    const self = await ethers.getContractAt('IDaoSelf', extension)
    await expect(self.connect(members[0]).submit(0n, '0x', '', members[0]))
      .to.be.revertedWithCustomError(self, 'NotMyself')
      .withArgs(members[0].address)
  })
})

describe('DataDAO', () => {
  it('is a Governor (ERC-165) whose code is shared and whose state is its own', async () => {
    const w = await loadFixture(parts)
    for (const id of ['0x01ffc9a7', '0x4e2312e0']) expect(await w.dao.supportsInterface(id)).to.equal(true)
    expect(await w.dao.supportsInterface('0xffffffff')).to.equal(false)
    expect(await w.dao.extension()).to.equal(await w.extension.getAddress())
    expect([await w.code.name(), await w.code.timelock()]).to.deep.equal(['', ZeroAddress])
  })

  it('takes no money and no tokens: the treasury does', async () => {
    const { dao, stranger } = await loadFixture(parts)
    await expect(stranger.sendTransaction({ to: dao, value: 1n })).to.be.revertedWithCustomError(
      dao,
      'GovernorDisabledDeposit',
    )
    const received = [
      () => dao.onERC721Received(stranger, stranger, 1n, '0x'),
      () => dao.onERC1155Received(stranger, stranger, 1n, 1n, '0x'),
      () => dao.onERC1155BatchReceived(stranger, stranger, [1n], [1n], '0x'),
    ]
    for (const call of received) {
      await expect(call()).to.be.revertedWithCustomError(dao, 'GovernorDisabledDeposit')
    }
  })

  it('shows a member’s votes as its membership does', async () => {
    const { dao, members, stranger } = await loadFixture(parts)
    await mine()
    const before = BigInt(await ethers.provider.getBlockNumber()) - 1n
    expect(await dao.getVotes(members[0], before)).to.equal(1n)
    expect(await dao.getVotesWithParams(stranger, before, '0x')).to.equal(0n)
  })

  it('runs no call of its settings that the executed proposal does not name', async () => {
    const w = await loadFixture(unguarded)
    const data = w.dao.interface.encodeFunctionData('setVotingDelay', [20])
    const inner = w.dao.interface.encodeFunctionData('relay', [await w.dao.getAddress(), 0n, data])
    const proposal = await propose(w, [{ target: w.dao, data: inner }])
    await ripen(w, proposal)
    await expect(w.dao.execute(...payloadOf(proposal))).to.be.revertedWithCustomError(w.dao, 'ReservedCall')
    expect(await w.dao.votingDelay()).to.equal(SETTINGS.votingDelay)
  })

  it('has nobody cancel for it where there is no guardian', async () => {
    const w = await loadFixture(unguarded)
    const proposal = await propose(w, [{ target: w.stranger }])
    await expect(w.dao.connect(w.guardian).cancel(...payloadOf(proposal)))
      .to.be.revertedWithCustomError(w.dao, 'GovernorUnableToCancel')
      .withArgs(proposal.id, w.guardian.address)
  })
})

async function unguarded() {
  return daoWorld({ setup: { guardian: ZeroAddress, guardianUntil: 0n } })
}
