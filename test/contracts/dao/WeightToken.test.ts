import { expect } from 'chai'
import { Signature, ZeroAddress } from 'ethers'
import {
  domainOf,
  ethers,
  execute,
  loadFixture,
  maskedOf,
  mine,
  networkHelpers,
  now,
  OUT_OF_BOUNDS,
  passToVote,
  propose,
  proposeCid,
  ripen,
  tokenDao,
  WEIGHTS,
  type DaoWorld,
} from './world.ts'

const SUPPLY = WEIGHTS.reduce((sum, weight) => sum + weight)
const MAX = 100
const LOOKUP_DELEGATED_ADDRESS = '0xfE00000000000000000000000000000000000002'
/** PUSH22 the f410 address of 0x0, MSTORE at 0, RETURN 22 bytes from 10. */
const ANSWERS_THE_ZERO_ADDRESS = `0x75040a${'00'.repeat(20)}6000526016600af3`
const NEVER = 2n ** 48n - 1n
const PERMIT = [
  { name: 'owner', type: 'address' },
  { name: 'spender', type: 'address' },
  { name: 'value', type: 'uint256' },
  { name: 'nonce', type: 'uint256' },
  { name: 'deadline', type: 'uint256' },
]
const DELEGATION = [
  { name: 'delegatee', type: 'address' },
  { name: 'nonce', type: 'uint256' },
  { name: 'expiry', type: 'uint256' },
]

const addresses = (count: number) =>
  Array.from({ length: count }, (_, at) => ethers.getAddress('0x' + (4096 + at).toString(16).padStart(40, '0')))

const mint = async (w: DaoWorld, accounts: string[], weights: bigint[]) => {
  const data = w.token.interface.encodeFunctionData('mint', [accounts, weights])
  const proposal = await propose(w, [{ target: w.token, data }])
  await ripen(w, proposal)
  return proposal
}

const signDelegation = async ({ token }: DaoWorld, from: DaoWorld['stranger'], delegatee: string, nonce = 0n) => {
  const message = { delegatee, nonce, expiry: NEVER }
  return Signature.from(await from.signTypedData(await domainOf(token), { Delegation: DELEGATION }, message))
}

describe('WeightToken', () => {
  it('is each member’s weight, delegated to itself from the first moment', async () => {
    const { token, members } = await loadFixture(tokenDao)
    expect([await token.name(), await token.symbol(), await token.decimals()]).to.deep.equal(['Curators', 'CUR', 18n])
    expect(await token.totalSupply()).to.equal(SUPPLY)
    for (const [at, { address }] of members.entries()) {
      expect([await token.balanceOf(address), await token.getVotes(address)]).to.deep.equal([WEIGHTS[at], WEIGHTS[at]])
      expect(await token.delegates(address)).to.equal(address)
    }
  })

  it('belongs to the DAO, and counts blocks', async () => {
    const { token, dao, treasury } = await loadFixture(tokenDao)
    expect([await token.dao(), await token.treasury()]).to.deep.equal([
      await dao.getAddress(),
      await treasury.getAddress(),
    ])
    expect([await token.clock(), await token.CLOCK_MODE()]).to.deep.equal([
      await now(),
      'mode=blocknumber&from=default',
    ])
  })

  describe('mint', () => {
    it('gives weight, which counts from then on', async () => {
      const w = await loadFixture(tokenDao)
      const proposal = await mint(w, [w.stranger.address, w.members[0].address], [7n, 9n])
      await expect(execute(w, proposal))
        .to.emit(w.token, 'Transfer')
        .withArgs(ZeroAddress, w.stranger.address, 7n)
        .to.emit(w.token, 'DelegateVotesChanged')
        .withArgs(w.members[0].address, WEIGHTS[0], WEIGHTS[0] + 9n)
      expect([await w.token.getVotes(w.stranger), await w.token.totalSupply()]).to.deep.equal([7n, SUPPLY + 16n])
      await mine()
      const minted = (await now()) - 1n
      expect(await w.token.getPastTotalSupply(minted - 1n)).to.equal(SUPPLY)
      expect(await w.token.getPastTotalSupply(minted)).to.equal(SUPPLY + 16n)
    })

    it('leaves a delegation that the account had made before', async () => {
      const w = await loadFixture(tokenDao)
      await w.token.connect(w.stranger).delegate(w.members[1])
      await execute(w, await mint(w, [w.stranger.address], [7n]))
      expect(await w.token.getVotes(w.members[1])).to.equal(WEIGHTS[1] + 7n)
    })

    it('gives to the account itself when it is named by its masked id', async () => {
      const w = await loadFixture(tokenDao)
      const masked = await maskedOf(w.stranger)
      await execute(w, await mint(w, [masked], [7n]))
      expect([await w.token.balanceOf(w.stranger), await w.token.balanceOf(masked)]).to.deep.equal([7n, 0n])
    })

    it('refuses the zero address, no weight, and other than one weight for each', async () => {
      const w = await loadFixture(tokenDao)
      const refusals = [
        [[ZeroAddress], [7n], 'NoAccount', []],
        [[w.stranger.address], [0n], 'ZeroWeight', [w.stranger.address]],
        [[w.stranger.address], [], 'WrongWeights', [1n, 0n]],
        [[w.stranger.address], [7n, 7n], 'WrongWeights', [1n, 2n]],
      ] as [string[], bigint[], string, unknown[]][]
      for (const [accounts, weights, error, args] of refusals) {
        await expect(execute(w, await mint(w, accounts, weights)))
          .to.be.revertedWithCustomError(w.token, error)
          .withArgs(...args)
      }
    })

    it('takes 100 at once, and refuses none and 101', async () => {
      const w = await loadFixture(tokenDao)
      for (const count of [0, MAX + 1]) {
        await expect(
          execute(
            w,
            await mint(
              w,
              addresses(count),
              addresses(count).map(() => 1n),
            ),
          ),
        )
          .to.be.revertedWithCustomError(...OUT_OF_BOUNDS)
          .withArgs('accounts', 1n, MAX, count)
      }
      await execute(
        w,
        await mint(
          w,
          addresses(MAX),
          addresses(MAX).map(() => 1n),
        ),
      )
      expect(await w.token.totalSupply()).to.equal(SUPPLY + 100n)
    })

    it('is for executed proposals alone', async () => {
      const w = await loadFixture(tokenDao)
      await expect(w.token.connect(w.members[0]).mint([w.members[0]], [1n]))
        .to.be.revertedWithCustomError(w.token, 'NotTreasury')
        .withArgs(await w.treasury.getAddress(), w.members[0].address)
    })
  })

  describe('a transfer', () => {
    it('moves weight to whom the receiver has delegated to, nobody at first', async () => {
      const { token, members, stranger } = await loadFixture(tokenDao)
      await token.connect(members[0]).transfer(stranger, 7n)
      expect([await token.balanceOf(stranger), await token.getVotes(stranger)]).to.deep.equal([7n, 0n])
      await token.connect(stranger).delegate(stranger)
      expect([await token.getVotes(stranger), await token.getVotes(members[0])]).to.deep.equal([7n, WEIGHTS[0] - 7n])
    })

    it('to a masked id goes to the account itself', async () => {
      const { token, members, stranger } = await loadFixture(tokenDao)
      const masked = await maskedOf(stranger)
      await expect(token.connect(members[0]).transfer(masked, 7n))
        .to.emit(token, 'Transfer')
        .withArgs(members[0].address, stranger.address, 7n)
      expect([await token.balanceOf(stranger), await token.balanceOf(masked)]).to.deep.equal([7n, 0n])
    })

    it('to the masked id of the zero address is refused: nobody could ever vote with it', async () => {
      const { token, members, stranger } = await loadFixture(tokenDao)
      const masked = await maskedOf(stranger)
      await networkHelpers.setCode(LOOKUP_DELEGATED_ADDRESS, ANSWERS_THE_ZERO_ADDRESS)
      await expect(token.connect(members[0]).transfer(masked, 7n)).to.be.revertedWithCustomError(token, 'NoAccount')
    })

    it('is made by one who was permitted to by signature, once', async () => {
      const { token, members, stranger } = await loadFixture(tokenDao)
      const [owner] = members
      const deadline = BigInt(await networkHelpers.time.latest()) + 1_000n
      const message = { owner: owner.address, spender: stranger.address, value: 7n, nonce: 0n, deadline }
      const { v, r, s } = Signature.from(await owner.signTypedData(await domainOf(token), { Permit: PERMIT }, message))
      await token.permit(owner, stranger, 7n, deadline, v, r, s)
      expect([await token.allowance(owner, stranger), await token.nonces(owner)]).to.deep.equal([7n, 1n])
      await token.connect(stranger).transferFrom(owner, stranger, 7n)
      expect(await token.balanceOf(stranger)).to.equal(7n)
      await expect(token.permit(owner, stranger, 7n, deadline, v, r, s)).to.be.revertedWithCustomError(
        token,
        'ERC2612InvalidSigner',
      )
    })
  })

  describe('delegation', () => {
    it('by signature moves the weight', async () => {
      const w = await loadFixture(tokenDao)
      const { v, r, s } = await signDelegation(w, w.members[1], w.stranger.address)
      await expect(w.token.delegateBySig(w.stranger, 0n, NEVER, v, r, s))
        .to.emit(w.token, 'DelegateChanged')
        .withArgs(w.members[1].address, w.members[1].address, w.stranger.address)
      expect(await w.token.getVotes(w.stranger)).to.equal(WEIGHTS[1])
      await expect(w.token.delegateBySig(w.stranger, 0n, NEVER, v, r, s))
        .to.be.revertedWithCustomError(w.token, 'InvalidAccountNonce')
        .withArgs(w.members[1].address, 1n)
    })

    it('to a masked id is to the account itself', async () => {
      const { token, members, stranger } = await loadFixture(tokenDao)
      await token.connect(members[1]).delegate(await maskedOf(stranger))
      expect(await token.delegates(members[1])).to.equal(stranger.address)
      expect(await token.getVotes(stranger)).to.equal(WEIGHTS[1])
    })
  })

  describe('weight that is locked', () => {
    const locked = async () => {
      const w = await tokenDao()
      return { ...w, proposal: await proposeCid(w) }
    }

    it('is told of', async () => {
      const w = await loadFixture(tokenDao)
      const proposal = await proposeCid(w)
      const [event] = await w.token.queryFilter(w.token.filters.WeightLocked())
      expect([...event.args]).to.deep.equal([w.members[0].address, proposal.snapshot])
    })

    it('does not move up to the snapshot, inclusive', async () => {
      const w = await loadFixture(locked)
      const [proposer, other] = w.members
      await w.token.connect(proposer).approve(other, 1n)
      await networkHelpers.mineUpTo(w.proposal.snapshot - 1n)
      const { v, r, s } = await signDelegation(w, proposer, other.address)
      const moves = [
        () => w.token.connect(proposer).transfer(other, 1n),
        () => w.token.connect(other).transferFrom(proposer, other, 1n),
        () => w.token.connect(proposer).delegate(other),
        () => w.token.delegateBySig(other, 0n, NEVER, v, r, s),
      ]
      for (const move of moves) {
        await expect(move())
          .to.be.revertedWithCustomError(w.token, 'WeightIsLocked')
          .withArgs(proposer.address, w.proposal.snapshot)
      }
    })

    it('moves in the epoch after it, which changes nothing for the proposal', async () => {
      const w = await loadFixture(locked)
      const [proposer, other] = w.members
      await passToVote(w.proposal)
      await w.token.connect(proposer).transfer(other, WEIGHTS[0] - 1n)
      await w.token.connect(proposer).delegate(other)
      await w.dao.connect(other).castVote(w.proposal.id, 1n)
      expect(await w.dao.proposalVotes(w.proposal.id)).to.deep.equal([0n, WEIGHTS[1], 0n])
    })

    it('can grow: others send and delegate to it', async () => {
      const w = await loadFixture(locked)
      const [proposer, other] = w.members
      await w.token.connect(other).transfer(proposer, 1n)
      await w.token.connect(other).delegate(proposer)
      expect(await w.token.getVotes(proposer)).to.equal(WEIGHTS[0] + WEIGHTS[1])
    })

    it('is locked by the DAO alone', async () => {
      const w = await loadFixture(tokenDao)
      await expect(w.token.connect(w.members[0]).lock(w.members[1], 1_000n))
        .to.be.revertedWithCustomError(w.token, 'NotDAO')
        .withArgs(await w.dao.getAddress(), w.members[0].address)
    })
  })
})
