import { AbiCoder, hexlify, keccak256, ZeroAddress } from 'ethers'
import { expect } from 'chai'
import { afterEach, beforeEach, describe, it } from 'mocha'
import type { ChainLog } from '../../../oracle/chain/answers.ts'
import { daoAbi } from '../../../oracle/chain/dao.ts'
import { createDaoIntake, type DaoIntake } from '../../../oracle/dao/intake.ts'
import { createDaoBook, type DaoBook } from '../../../oracle/db/dao-book.ts'
import { transact } from '../../../oracle/db/open.ts'
import { createWorld, USER, type World } from '../../helpers/executor.ts'
import { cast, CID, CID_KEY, cidProposed, created, DEADLINE, DESCRIPTION, ofCollection, ofDao } from './events.ts'
import { ofTreasury, OPERATION, PARTS, PAYLOAD, PROPOSAL, PROPOSER, READ_TERMS, SNAPSHOT, TERMS } from './events.ts'
import { VOTERS, VOTES } from './events.ts'

const DAO = PARTS.address

describe('dao/intake', () => {
  let world: World
  let book: DaoBook
  let intake: DaoIntake

  beforeEach(async () => {
    world = await createWorld()
    book = createDaoBook(world.db)
    intake = createDaoIntake({ daos: [PARTS], book, log: world.ctx.log })
  })
  afterEach(() => world[Symbol.asyncDispose]())

  const happens = (...logs: ChainLog[]) => transact(world.db, (tx) => intake.onLogs(logs, tx))
  const rollsBack = (to: bigint) => transact(world.db, (tx) => intake.onRollback(to, tx))
  const proposal = async () => (await book.proposals.get(PROPOSAL))!
  const votes = async () => {
    const { againstVotes, forVotes, abstainVotes } = await proposal()
    return [againstVotes, forVotes, abstainVotes]
  }

  describe('a DAO', () => {
    const made = [
      ofTreasury('MinDelayChange', [0n, 300n], 90n, 0),
      ofDao('QuorumNumeratorUpdated', [0n, 40n], 90n, 1),
      ofDao('VotingDelaySet', [0n, 10n], 90n, 2),
      ofDao('VotingPeriodSet', [0n, 100n], 90n, 3),
      ofDao('ProposalThresholdSet', [0n, 1n], 90n, 4),
      ofDao('TimelockChange', [ZeroAddress, PARTS.treasury], 90n, 5),
      ofDao('LateQuorumVoteExtensionSet', [0n, 20n], 90n, 6),
      ofDao('GuardianSet', [USER, 10_090n], 90n, 7),
      ofDao('DefaultTermsSet', [TERMS], 90n, 8),
    ]

    it('is known with its parts and all its settings from the events of its making', async () => {
      await happens(...made)

      expect(await book.daos.all()).to.deep.equal([
        {
          ...PARTS,
          ...{ fromBlock: 90n, logIndex: 8, votingDelay: 10n, votingPeriod: 100n, proposalThreshold: 1n },
          ...{ quorumPercent: 40, lateExtension: 20n, timelockDelaySeconds: 300n },
          ...{ guardian: USER, guardianUntil: 10_090n, defaultTerms: READ_TERMS },
        },
      ])
      expect(world.told.at(0)).to.include({
        event: 'dao-changed',
        dao: DAO,
        what: 'MinDelayChange',
        newDuration: '300',
      })
    })

    it('follows what its votes change, and is as it was after a reorg', async () => {
      await happens(...made)
      const before = await book.daos.get(DAO)
      await happens(ofDao('VotingPeriodSet', [100n, 200n], 500n), ofTreasury('MinDelayChange', [300n, 600n], 501n))
      expect(await book.daos.get(DAO)).to.deep.include({ votingPeriod: 200n, timelockDelaySeconds: 600n })

      await rollsBack(499n)

      expect(await book.daos.get(DAO)).to.deep.equal(before)
      await rollsBack(89n)
      expect(await book.daos.all()).to.deep.equal([])
    })
  })

  describe('a proposal', () => {
    it('is known with its payload from the event that makes it', async () => {
      await happens(created())

      expect(await proposal()).to.deep.equal({
        ...PAYLOAD,
        ...{ id: PROPOSAL, dao: DAO, fromBlock: 100n, logIndex: 0, subject: 'General', proposer: PROPOSER },
        ...{ providerId: 0n, cid: null, size: null, terms: null, description: DESCRIPTION },
        ...{ snapshot: SNAPSHOT, deadline: DEADLINE, operation: OPERATION },
        ...{ againstVotes: 0n, forVotes: 0n, abstainVotes: 0n, standing: 'open', eta: 0n, earmarked: 0n },
      })
    })

    it('to keep a CID has who proposed it, its size and its terms', async () => {
      await happens(created(), cidProposed())

      const { cid, ...row } = await proposal()
      expect(hexlify(cid!)).to.equal(CID)
      expect(row).to.deep.include({ subject: 'Keep', providerId: 1_003n, size: 9_999n, terms: READ_TERMS })
      expect(world.told.at(-1)).to.include({ event: 'proposal-subject', subject: 'Keep', providerId: '1003' })
      expect(world.told.at(-1)!.cid).to.match(/^bafybei/)
    })

    it('to drop a CID names it', async () => {
      await happens(created(), ofDao('RemovalProposed', [PROPOSAL, CID_KEY, PROPOSER, CID, 'No use'], 100n, 2))

      const { cid, subject } = await proposal()
      expect([subject, hexlify(cid!)]).to.deep.equal(['Drop', CID])
    })

    it('about the guardian and nothing else is told from the calls', async () => {
      const setGuardian = daoAbi.encodeFunctionData('setGuardian', [USER, 9n])
      const calls = (targets: string[], calldatas: string[]) => ({ targets, calldatas, values: targets.map(() => 0n) })
      await happens(created(100n, calls([DAO, DAO], [setGuardian, setGuardian]), 1n))
      await happens(created(101n, calls([DAO, DAO], [setGuardian, '0x']), 2n))
      await happens(created(102n, calls([PARTS.treasury], [setGuardian]), 3n))

      const subjects = (await book.proposals.of(DAO)).map(({ subject }) => subject)
      expect(subjects).to.deep.equal(['GuardianChange', 'General', 'General'])
    })

    it('is extended by a late quorum, never shortened', async () => {
      await happens(created(), ofDao('ProposalExtended', [PROPOSAL, DEADLINE + 19n], 209n))
      expect((await proposal()).deadline).to.equal(DEADLINE + 19n)
      await happens(ofDao('ProposalExtended', [PROPOSAL, DEADLINE - 1n], 210n))
      expect((await proposal()).deadline).to.equal(DEADLINE + 19n)
    })

    it('that is queued has its time and what is earmarked for it, until it is executed', async () => {
      await happens(
        created(),
        ofTreasury('Earmarked', [OPERATION, 5_000n, 99n], 220n, 0),
        ofDao('ProposalQueued', [PROPOSAL, 1_700_000_300n], 220n, 1),
      )
      expect(await proposal()).to.deep.include({ standing: 'queued', eta: 1_700_000_300n, earmarked: 5_000n })

      await happens(
        ofTreasury('EarmarkEnded', [OPERATION, 5_000n], 240n, 0),
        ofDao('ProposalExecuted', [PROPOSAL], 240n, 1),
      )
      expect(await proposal()).to.deep.include({ standing: 'executed', eta: 1_700_000_300n, earmarked: 0n })
      expect(world.told.map(({ event }) => event)).to.deep.equal([
        ...['proposal-made', 'proposal-queued', 'proposal-executed'],
      ])
    })

    it('that is canceled stays so', async () => {
      await happens(created(), ofDao('ProposalCanceled', [PROPOSAL], 150n))
      expect((await proposal()).standing).to.equal('canceled')
    })

    it('has the earmark of its own operation alone', async () => {
      await happens(created(), ofTreasury('Earmarked', ['0x' + '99'.repeat(32), 7n, 99n], 220n))
      expect((await proposal()).earmarked).to.equal(0n)
    })
  })

  describe('a ballot', () => {
    it('counts with its weight on its side, and is kept with its reason', async () => {
      await happens(
        created(),
        cast(VOTERS[0], VOTES.for, 5n, 111n, 'good'),
        cast(VOTERS[1], VOTES.against, 3n, 111n),
        cast(VOTERS[2], VOTES.abstain, 2n, 112n),
      )

      expect(await votes()).to.deep.equal([3n, 5n, 2n])
      expect(await book.ballots.of(PROPOSAL)).to.deep.equal([
        {
          ...{ proposalId: PROPOSAL, voter: VOTERS[0], support: 'For', weight: 5n, reason: 'good' },
          ...{ blockNumber: 111n, logIndex: 0 },
        },
        {
          ...{ proposalId: PROPOSAL, voter: VOTERS[1], support: 'Against', weight: 3n, reason: '' },
          ...{ blockNumber: 111n, logIndex: 1 },
        },
        {
          ...{ proposalId: PROPOSAL, voter: VOTERS[2], support: 'Abstain', weight: 2n, reason: '' },
          ...{ blockNumber: 112n, logIndex: 2 },
        },
      ])
    })

    it('with parameters is one like any other', async () => {
      await happens(created(), ofDao('VoteCastWithParams', [VOTERS[0], PROPOSAL, VOTES.for, 5n, 'r', '0x01'], 111n))

      expect(await votes()).to.deep.equal([0n, 5n, 0n])
      expect(await book.ballots.of(PROPOSAL)).to.have.lengthOf(1)
    })
  })

  describe('a collection', () => {
    const added = ofCollection('CidAdded', [3n, CID_KEY, PROPOSAL, CID, 1n, 12n], 240n)

    it('has what was added, and keeps the history of what was removed', async () => {
      await happens(added)
      const [{ cid, ...entry }] = await book.entries.of(DAO)
      expect(hexlify(cid)).to.equal(CID)
      expect(entry).to.deep.equal({
        ...{ dao: DAO, index: 3n, proposalId: PROPOSAL, kind: 'Order', storageId: 12n },
        ...{ addedEpoch: 240n, removedEpoch: null, reason: null, fromBlock: 240n, logIndex: 0 },
      })

      await happens(ofCollection('CidRemoved', [3n, CID_KEY, CID, 'No use'], 300n))
      expect((await book.entries.of(DAO))[0]).to.deep.include({ removedEpoch: 300n, reason: 'No use' })
      expect(world.told.at(-1)).to.include({ event: 'cid-removed', index: '3', reason: 'No use' })
    })

    it('has back after a reorg what was removed, and not what was added', async () => {
      await happens(added, ofCollection('CidRemoved', [3n, CID_KEY, CID, 'No use'], 300n))

      await rollsBack(299n)
      expect((await book.entries.of(DAO))[0]).to.deep.include({ removedEpoch: null, reason: null })
      await rollsBack(239n)
      expect(await book.entries.of(DAO)).to.deep.equal([])
    })
  })

  it('takes no log twice', async () => {
    const logs = [
      ...[created(), cidProposed(), cast(VOTERS[0], VOTES.for, 5n, 111n), cast(VOTERS[1], VOTES.for, 3n, 111n)],
      ...[ofTreasury('Earmarked', [OPERATION, 5_000n, 99n], 220n), ofDao('ProposalQueued', [PROPOSAL, 9n], 220n, 1)],
      ...[ofTreasury('EarmarkEnded', [OPERATION, 5_000n], 240n), ofDao('ProposalExecuted', [PROPOSAL], 240n, 1)],
      ofCollection('CidAdded', [0n, CID_KEY, PROPOSAL, CID, 0n, 12n], 240n, 2),
      ofCollection('CidRemoved', [0n, CID_KEY, CID, 'No use'], 300n),
    ]
    await happens(...logs)
    const before = await proposal()
    const toldBefore = world.told.length

    await happens(...logs)

    expect(await proposal()).to.deep.equal(before)
    expect(await votes()).to.deep.equal([0n, 8n, 0n])
    expect(await book.ballots.of(PROPOSAL)).to.have.lengthOf(2)
    expect(world.told).to.have.lengthOf(toldBefore)
  })

  it('undoes a reorg: votes, times and ballots are as they were at the last block that stays', async () => {
    await happens(created(), cidProposed(), cast(VOTERS[0], VOTES.for, 5n, 111n))
    const before = [await proposal(), await book.ballots.of(PROPOSAL)]
    await happens(
      cast(VOTERS[1], VOTES.against, 3n, 112n),
      ofDao('ProposalExtended', [PROPOSAL, 999n], 112n, 5),
      ofDao('ProposalCanceled', [PROPOSAL], 113n),
    )

    await rollsBack(111n)

    expect([await proposal(), await book.ballots.of(PROPOSAL)]).to.deep.equal(before)
    await happens(cast(VOTERS[1], VOTES.for, 3n, 113n))
    expect(await votes()).to.deep.equal([0n, 8n, 0n])
    await rollsBack(99n)
    expect([await book.proposals.get(PROPOSAL), await book.ballots.of(PROPOSAL)]).to.deep.equal([undefined, []])
  })

  it('leaves other contracts’ logs alone, and what changes no row', async () => {
    const signer = { ...created(), address: USER }
    await happens(signer, ofDao('ProviderRegistered', [USER, 5n], 100n), ofTreasury('Deposited', [USER, 5n], 100n))

    expect(await book.proposals.get(PROPOSAL)).to.equal(undefined)
    expect(await book.daos.all()).to.deep.equal([])
  })

  describe('texts that are no UTF-8', () => {
    /** "a", a byte that begins nothing, the character 0. */
    const BYTES = '0x61ff00'
    const SHOWN = 'a\uFFFD\uFFFD'
    const bytesAsString = (types: string[], args: unknown[]) => AbiCoder.defaultAbiCoder().encode(types, args)

    it('do not hold up a proposal, whose description’s hash is of the bytes', async () => {
      const { targets, values, calldatas } = PAYLOAD
      const types = ['uint256', 'address', 'address[]', 'uint256[]', 'bytes[]', 'bytes[]']
      const data = bytesAsString(
        [...types, 'uint256', 'uint256', 'bytes'],
        [PROPOSAL, PROPOSER, targets, values, ['0x'], calldatas, SNAPSHOT, DEADLINE, BYTES],
      )
      await happens({ ...created(), data })

      expect(await proposal()).to.deep.include({ description: SHOWN, descriptionHash: keccak256(BYTES) })
    })

    it('do not hold up a ballot', async () => {
      const data = bytesAsString(['uint256', 'uint8', 'uint256', 'bytes'], [PROPOSAL, VOTES.for, 5n, BYTES])
      await happens(created(), { ...cast(VOTERS[0], VOTES.for, 5n, 111n), data })

      expect((await book.ballots.of(PROPOSAL))[0]).to.include({ reason: SHOWN, weight: 5n })
    })
  })

  it('is not held up by a log that no DataDAO can emit', async () => {
    await happens({ ...created(), data: '0x1234' }, created(101n))

    expect((await proposal()).fromBlock).to.equal(101n)
    expect(world.lines.some(({ msg }) => String(msg).includes('no event that a DataDAO emits'))).to.equal(true)
  })

  it('forgets old versions once no reorg can bring them back', async () => {
    await happens(created())
    for (let block = 200n; block <= 2_000n; block += 100n) {
      await happens(ofDao('ProposalExtended', [PROPOSAL, block + 500n], block))
    }

    const kept = await world.db.selectFrom('proposal').select('from_block').orderBy('from_block').execute()
    expect(kept.at(0)!.from_block).to.equal(900)
    expect(kept).to.have.lengthOf(12)
  })
})
