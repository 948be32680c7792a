import { expect } from 'chai'
import { badgeDao, FAULT, loadFixture, maskedOf, passToVote, proposeCid, signBallot, SUPPORT, vote } from './world.ts'

describe('DataDAO: nonces of ballots', () => {
  async function voting() {
    const w = await badgeDao()
    const proposal = await proposeCid(w)
    await passToVote(proposal)
    const key = BigInt.asUintN(192, proposal.id)
    const nonceOf = (voter: string) => w.dao['nonces(address,uint192)'](voter, key)
    return { ...w, proposal, key, nonceOf, fresh: key << 64n, used: (key << 64n) + 1n }
  }

  it('begin with the key, which is of the proposal', async () => {
    const { members, nonceOf, fresh } = await loadFixture(voting)
    expect(await nonceOf(members[1].address)).to.equal(fresh)
  })

  it('are used up by a ballot that counts', async () => {
    const w = await loadFixture(voting)
    const { dao, members, proposal, nonceOf, fresh, used } = w
    await dao.castVotesBySig(proposal.id, [await signBallot(w, members[1], proposal.id)])
    expect(await nonceOf(members[1].address)).to.equal(used)
    expect(await nonceOf(members[2].address)).to.equal(fresh)
  })

  it('are used up by a vote of any kind, and the ballot that was signed before is refused', async () => {
    const w = await loadFixture(voting)
    const { dao, members, proposal, nonceOf, used } = w
    const late = await signBallot(w, members[1], proposal.id, { support: SUPPORT.Against })
    await vote(w, proposal, [members[1]])
    expect(await nonceOf(members[1].address)).to.equal(used)

    await expect(dao.castVotesBySig(proposal.id, [late, await signBallot(w, members[2], proposal.id)]))
      .to.emit(dao, 'BallotRefused')
      .withArgs(proposal.id, members[1].address, FAULT.AlreadyVoted)
  })

  it('are not used up by a ballot that is refused', async () => {
    const w = await loadFixture(voting)
    const { dao, members, proposal, nonceOf, fresh } = w
    const forged = await signBallot(w, members[3], proposal.id, { voter: members[1].address })
    await expect(dao.castVotesBySig(proposal.id, [forged, await signBallot(w, members[2], proposal.id)]))
      .to.emit(dao, 'BallotRefused')
      .withArgs(proposal.id, members[1].address, FAULT.BadSignature)
    expect(await nonceOf(members[1].address)).to.equal(fresh)
  })

  it('a ballot that is signed with the next one does not count', async () => {
    const w = await loadFixture(voting)
    const { dao, members, proposal, used } = w
    const ballot = await signBallot(w, members[1], proposal.id, { nonce: used })
    await expect(dao.castVotesBySig(proposal.id, [ballot, await signBallot(w, members[2], proposal.id)]))
      .to.emit(dao, 'BallotRefused')
      .withArgs(proposal.id, members[1].address, FAULT.BadSignature)
  })

  it('of a masked address are those of the account it means', async () => {
    const w = await loadFixture(voting)
    const { members, proposal, nonceOf, used } = w
    await vote(w, proposal, [members[1]])
    expect(await nonceOf(await maskedOf(members[1]))).to.equal(used)
  })

  it('of key 0 are those of castVoteBySig', async () => {
    const { dao, members, proposal, fresh, nonceOf } = await loadFixture(voting)
    const [, voter] = members
    const [, name, version, chainId, verifyingContract] = await dao.eip712Domain()
    const types = {
      Ballot: ['uint256 proposalId', 'uint8 support', 'address voter', 'uint256 nonce'].map((field) => {
        const [type, name] = field.split(' ')
        return { name, type }
      }),
    }
    const ballot = { proposalId: proposal.id, support: SUPPORT.For, voter: voter.address, nonce: 0n }
    expect(await nonceOf(voter.address)).to.equal(fresh)
    const signature = await voter.signTypedData({ name, version, chainId, verifyingContract }, types, ballot)
    await dao.castVoteBySig(proposal.id, SUPPORT.For, voter, signature)
    expect(await dao['nonces(address,uint192)'](voter, 0n)).to.equal(1n)
    expect(await dao['nonces(address)'](voter)).to.equal(1n)
  })
})
