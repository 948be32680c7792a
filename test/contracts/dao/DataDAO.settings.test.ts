import { expect } from 'chai'
import {
  badgeDao,
  callTo,
  carry,
  daoWorld,
  ethers,
  execute,
  loadFixture,
  maskedOf,
  mineUpTo,
  now,
  OUT_OF_BOUNDS,
  plain,
  propose,
  proposeCid,
  queue,
  passDelay,
  passVote,
  requestTerms,
  ripen,
  SETTINGS,
  tokenDao,
  vote,
  WEIGHTS,
  type DaoWorld,
} from './world.ts'

const DAY = 2_880n
const LATE = BigInt(SETTINGS.lateExtension)
const MAX_DELAY_SECONDS = 30n * DAY * 30n

type Name =
  | 'relay'
  | 'setDefaultTerms'
  | 'setGuardian'
  | 'setLateQuorumVoteExtension'
  | 'setProposalThreshold'
  | 'setVotingDelay'
  | 'setVotingPeriod'
  | 'updateQuorumNumerator'
  | 'updateTimelock'

const set = async (w: DaoWorld, name: Name, args: unknown[]) =>
  propose(w, [await callTo(w.dao, w.dao.interface.encodeFunctionData(name as 'setVotingDelay', args as never))])

interface Setting {
  name: Name
  /** What {DaoRules-OutOfBounds} calls it. */
  what: string
  minimum: bigint
  maximum: bigint
  read(w: DaoWorld): Promise<bigint>
  event: string
  before: bigint
  fixture?: () => Promise<DaoWorld>
}

const ALL_SETTINGS: Setting[] = [
  {
    ...{ name: 'setVotingDelay', what: 'votingDelay', minimum: 1n, maximum: 14n * DAY, event: 'VotingDelaySet' },
    ...{ read: ({ dao }) => dao.votingDelay(), before: BigInt(SETTINGS.votingDelay) },
  },
  {
    ...{ name: 'setVotingPeriod', what: 'votingPeriod', minimum: LATE, maximum: 42n * DAY, event: 'VotingPeriodSet' },
    ...{ read: ({ dao }) => dao.votingPeriod(), before: BigInt(SETTINGS.votingPeriod) },
  },
  {
    ...{ name: 'updateQuorumNumerator', what: 'quorumPercent', minimum: 1n, maximum: 50n },
    ...{ read: ({ dao }) => dao['quorumNumerator()'](), before: BigInt(SETTINGS.quorumPercent) },
    event: 'QuorumNumeratorUpdated',
  },
  {
    ...{ name: 'setProposalThreshold', what: 'proposalThreshold', minimum: 1n, maximum: 2n },
    ...{ read: ({ dao }) => dao.proposalThreshold(), before: 1n, event: 'ProposalThresholdSet' },
  },
  {
    ...{ name: 'setProposalThreshold', what: 'proposalThreshold', minimum: 1n, before: 1n, fixture: tokenDao },
    ...{ maximum: WEIGHTS.reduce((sum, weight) => sum + weight) / 2n, read: ({ dao }) => dao.proposalThreshold() },
    event: 'ProposalThresholdSet',
  },
  {
    ...{ name: 'setLateQuorumVoteExtension', what: 'lateExtension', minimum: 0n, before: LATE },
    ...{ maximum: BigInt(SETTINGS.votingPeriod), read: ({ dao }) => dao.lateQuorumVoteExtension() },
    event: 'LateQuorumVoteExtensionSet',
  },
]

describe('DataDAO: settings', () => {
  for (const { name, what, minimum, maximum, read, event, before, fixture = badgeDao } of ALL_SETTINGS) {
    describe(`${name}${fixture === badgeDao ? '' : ', where votes are by weight'}`, () => {
      for (const value of new Set([minimum, maximum])) {
        it(`takes ${value} from an executed proposal, and tells of it`, async () => {
          const w = await loadFixture(fixture)
          const proposal = await set(w, name, [value])
          await ripen(w, proposal)
          await expect(execute(w, proposal)).to.emit(w.dao, event).withArgs(before, value)
          expect(await read(w)).to.equal(value)
        })
      }

      for (const value of [minimum - 1n, maximum + 1n].filter((one) => one >= 0n)) {
        it(`refuses ${value}`, async () => {
          const w = await loadFixture(fixture)
          const proposal = await set(w, name, [value])
          await ripen(w, proposal)
          await expect(execute(w, proposal))
            .to.be.revertedWithCustomError(...OUT_OF_BOUNDS)
            .withArgs(what, minimum, maximum, value)
          expect(await read(w)).to.equal(before)
        })
      }

      it('is refused to everybody else', async () => {
        const w = await loadFixture(fixture)
        const data = w.dao.interface.encodeFunctionData(name as 'setVotingDelay', [minimum])
        for (const from of [w.members[0], w.guardian, w.stranger]) {
          await expect(from.sendTransaction({ to: w.dao, data }))
            .to.be.revertedWithCustomError(w.dao, 'GovernorOnlyExecutor')
            .withArgs(from.address)
        }
      })
    })
  }

  it('setVotingPeriod takes 20 epochs and no fewer where quorum extends nothing', async () => {
    const w = await loadFixture(withoutExtension)
    await carry(w, await set(w, 'setVotingPeriod', [20]))
    expect(await w.dao.votingPeriod()).to.equal(20n)
    const proposal = await set(w, 'setVotingPeriod', [19])
    await ripen(w, proposal)
    await expect(execute(w, proposal))
      .to.be.revertedWithCustomError(...OUT_OF_BOUNDS)
      .withArgs('votingPeriod', 20n, 42n * DAY, 19n)
  })

  it('of the DAO are changed several in one proposal, in its order', async () => {
    const w = await loadFixture(badgeDao)
    const encode = (name: Name, value: bigint) =>
      callTo(w.dao, w.dao.interface.encodeFunctionData(name as 'setVotingDelay', [value]))
    const calls = [
      await encode('setVotingDelay', 20n),
      await encode('setLateQuorumVoteExtension', 0n),
      await encode('setVotingPeriod', 20n),
    ]
    await carry(w, await propose(w, calls))
    expect([await w.dao.votingDelay(), await w.dao.votingPeriod()]).to.deep.equal([20n, 20n])
  })

  it('leave the times of a proposal that was made before', async () => {
    const w = await loadFixture(badgeDao)
    const change = await set(w, 'setVotingPeriod', [1_000n])
    await vote(w, change, w.members.slice(1))
    const proposal = await proposeCid(w)
    await passVote(w, change)
    await queue(w, change)
    await passDelay(w, change)
    await execute(w, change)
    expect(await w.dao.proposalDeadline(proposal.id)).to.equal(proposal.deadline)
  })

  describe('setDefaultTerms', () => {
    it('takes terms from an executed proposal, and tells of them', async () => {
      const w = await loadFixture(badgeDao)
      const terms = requestTerms({ replicas: 3n, seed: '0x' })
      const proposal = await set(w, 'setDefaultTerms', [terms])
      await ripen(w, proposal)
      const { kind, replicas, pieceSize, termEpochs, deadlineEpochs, price, budget, pieceCid, seed } = terms
      await expect(execute(w, proposal))
        .to.emit(w.dao, 'DefaultTermsSet')
        .withArgs([kind, replicas, pieceSize, termEpochs, deadlineEpochs, price, budget, pieceCid, seed])
      expect(plain(await w.dao.defaultTerms())).to.deep.equal(terms)
    })

    it('is refused to everybody else', async () => {
      const w = await loadFixture(badgeDao)
      for (const from of [w.members[0], w.guardian, w.stranger]) {
        await expect(w.dao.connect(from).setDefaultTerms(requestTerms()))
          .to.be.revertedWithCustomError(w.dao, 'GovernorOnlyExecutor')
          .withArgs(from.address)
      }
    })
  })

  describe('updateDelay of the treasury, the timelock', () => {
    const change = async (w: DaoWorld, seconds: bigint) =>
      propose(w, [await callTo(w.treasury, w.treasury.interface.encodeFunctionData('updateDelay', [seconds]))])

    for (const seconds of [0n, MAX_DELAY_SECONDS]) {
      it(`takes ${seconds} s from an executed proposal, and tells of it`, async () => {
        const w = await loadFixture(badgeDao)
        const proposal = await change(w, seconds)
        await ripen(w, proposal)
        await expect(execute(w, proposal))
          .to.emit(w.treasury, 'MinDelayChange')
          .withArgs(BigInt(SETTINGS.timelockDelay) * 30n, seconds)
        expect(await w.treasury.getMinDelay()).to.equal(seconds)
      })
    }

    it('refuses more than 30 days', async () => {
      const w = await loadFixture(badgeDao)
      const proposal = await change(w, MAX_DELAY_SECONDS + 1n)
      await ripen(w, proposal)
      await expect(execute(w, proposal))
        .to.be.revertedWithCustomError(...OUT_OF_BOUNDS)
        .withArgs('timelockDelaySeconds', 0n, MAX_DELAY_SECONDS, MAX_DELAY_SECONDS + 1n)
    })

    it('is refused to everybody else', async () => {
      const w = await loadFixture(badgeDao)
      await expect(w.treasury.connect(w.members[0]).updateDelay(0n))
        .to.be.revertedWithCustomError(w.treasury, 'TimelockUnauthorizedCaller')
        .withArgs(w.members[0].address)
    })
  })

  it('never change the treasury', async () => {
    const w = await loadFixture(badgeDao)
    const proposal = await set(w, 'updateTimelock', [w.stranger.address])
    await ripen(w, proposal)
    await expect(execute(w, proposal)).to.be.revertedWithCustomError(w.dao, 'TreasuryIsFixed').withArgs()
    await expect(w.dao.updateTimelock(w.stranger)).to.be.revertedWithCustomError(w.dao, 'TreasuryIsFixed').withArgs()
    expect(await w.dao.timelock()).to.equal(await w.treasury.getAddress())
  })

  describe('relay', () => {
    it('calls another in the DAO’s own name, by proposal', async () => {
      const w = await loadFixture(badgeDao)
      const wallet = await ethers.deployContract('AddressBook')
      const data = wallet.interface.encodeFunctionData('register', [await w.dao.getAddress()])
      await carry(w, await set(w, 'relay', [await wallet.getAddress(), 0n, data]))
      expect((await wallet.idOf(w.dao)).known).to.equal(true)
    })

    for (const part of ['dao', 'treasury', 'membership'] as const) {
      it(`does not call the DAO’s own ${part}`, async () => {
        const w = await loadFixture(badgeDao)
        for (const target of [await w[part].getAddress(), await maskedOf(w[part])]) {
          const proposal = await set(w, 'relay', [target, 0n, '0x12345678'])
          await ripen(w, proposal)
          await expect(execute(w, proposal))
            .to.be.revertedWithCustomError(w.dao, 'ReservedCall')
            .withArgs(target, '0x12345678')
        }
      })
    }

    it('is refused to everybody else', async () => {
      const w = await loadFixture(badgeDao)
      await expect(w.dao.connect(w.members[0]).relay(w.stranger, 0n, '0x'))
        .to.be.revertedWithCustomError(w.dao, 'GovernorOnlyExecutor')
        .withArgs(w.members[0].address)
    })
  })
})

describe('DataDAO: the guardian’s term', () => {
  const YEAR = 365n * DAY

  const appoint = async (w: DaoWorld, account: string, until: bigint) => {
    const proposal = await set(w, 'setGuardian', [account, until])
    await ripen(w, proposal)
    return proposal
  }

  it('is renewed by proposal, and told', async () => {
    const w = await loadFixture(badgeDao)
    const until = (await now()) + 20_000n
    const proposal = await appoint(w, w.stranger.address, until)
    await expect(execute(w, proposal)).to.emit(w.dao, 'GuardianSet').withArgs(w.stranger.address, until)
    expect(await w.dao.guardian()).to.deep.equal([w.stranger.address, until])
  })

  it('may end in the epoch of the execution', async () => {
    const w = await loadFixture(badgeDao)
    const until = (await now()) + 1_000n
    const proposal = await appoint(w, w.stranger.address, until)
    await mineUpTo(until - 1n)
    await execute(w, proposal)
    expect(await w.dao.guardian()).to.deep.equal([w.stranger.address, until])
  })

  it('cannot end before the execution', async () => {
    const w = await loadFixture(badgeDao)
    const until = await now()
    const proposal = await appoint(w, w.stranger.address, until)
    const next = (await now()) + 1n
    await expect(execute(w, proposal))
      .to.be.revertedWithCustomError(...OUT_OF_BOUNDS)
      .withArgs('guardianUntil', next, next + YEAR, until)
  })

  it('is a year at most', async () => {
    const w = await loadFixture(badgeDao)
    const far = (await now()) + YEAR + 1_000n
    const proposal = await appoint(w, w.stranger.address, far)
    const next = (await now()) + 1n
    await expect(execute(w, proposal))
      .to.be.revertedWithCustomError(...OUT_OF_BOUNDS)
      .withArgs('guardianUntil', next, next + YEAR, far)
  })

  it('is none for the zero address, which has no epoch', async () => {
    const w = await loadFixture(badgeDao)
    const zero = '0x' + '00'.repeat(20)
    const bad = await appoint(w, zero, 5n)
    await expect(execute(w, bad))
      .to.be.revertedWithCustomError(...OUT_OF_BOUNDS)
      .withArgs('guardianUntil', 0n, 0n, 5n)
    await execute(w, await appoint(w, zero, 0n))
    expect(await w.dao.guardian()).to.deep.equal([zero, 0n])
  })

  it('is the account’s own when it is named by its masked id', async () => {
    const w = await loadFixture(badgeDao)
    const until = (await now()) + 20_000n
    const proposal = await appoint(w, await maskedOf(w.stranger), until)
    await expect(execute(w, proposal)).to.emit(w.dao, 'GuardianSet').withArgs(w.stranger.address, until)
  })

  it('is set by nobody else', async () => {
    const w = await loadFixture(badgeDao)
    for (const from of [w.guardian, w.members[0]]) {
      await expect(w.dao.connect(from).setGuardian(from, 20_000n))
        .to.be.revertedWithCustomError(w.dao, 'GovernorOnlyExecutor')
        .withArgs(from.address)
    }
  })
})

async function withoutExtension() {
  return daoWorld({ settings: { lateExtension: 0n } })
}
