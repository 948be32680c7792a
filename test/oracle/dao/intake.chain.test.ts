import { hexlify, id as keccakOf, ZeroAddress, type Result } from 'ethers'
import { expect } from 'chai'
import { after, afterEach, before, beforeEach, describe, it } from 'mocha'
import { adoptContracts } from '../../../oracle/chain/adopt.ts'
import { daoAbi, readStorageTerms, SUBJECTS, SUPPORTS } from '../../../oracle/chain/dao.ts'
import { readContractEvent } from '../../../oracle/chain/contracts.ts'
import { decodeStorePayload } from '../../../oracle/chain/jobs.ts'
import { createDaoIntake } from '../../../oracle/dao/intake.ts'
import { createCursorStore } from '../../../oracle/db/cursor.ts'
import { createIntake } from '../../../oracle/steps/intake.ts'
import { transact } from '../../../oracle/db/open.ts'
import { CID, LINK, MAX_BYTES, OTHER_CID, PROVIDER } from '../../contracts/pinning/world.ts'
import { badgeDao, carry, execute, orderTerms, ORDER_BUDGET, passDelay, payloadOf, propose } from '../../helpers/dao.ts'
import { proposeCid, proposeCidAsProvider, proposeRemoval, queue, requestTerms, signBallot } from '../../helpers/dao.ts'
import {
  daoWorld,
  operationOf,
  passTo,
  passToVote,
  passVote,
  ripen,
  STORAGE_KIND,
  SUPPORT,
  vote,
} from '../../helpers/dao.ts'
import type { DaoWorld, Proposal } from '../../helpers/dao.ts'
import { followDao, type DaoFollower } from '../../helpers/dao-follower.ts'
import { connect } from '../../helpers/network.ts'
import { serveNetwork, type ServedNetwork } from '../../helpers/served-network.ts'

const { networkHelpers } = await connect()
const { loadFixture } = networkHelpers

const tokenDao = () => daoWorld({ kind: 'token', deposit: 2n * ORDER_BUDGET })

describe('dao/intake on a chain', function () {
  this.timeout(60_000)
  let served: ServedNetwork
  let w: DaoWorld
  let follower: DaoFollower
  before(async () => void (served = await serveNetwork()))
  after(() => served.stop())
  beforeEach(async () => {
    w = await loadFixture(tokenDao)
    follower = await followDao(served.url, w)
  })
  afterEach(() => follower.world[Symbol.asyncDispose]())

  /** A DAO's life: what is kept and dropped, votes of every kind, settings, what is canceled. Gives the proposals. */
  async function live(): Promise<Proposal[]> {
    const [m0, m1, m2, m3] = w.members
    const made: Proposal[] = []
    const add = async (proposal: Promise<Proposal>) => {
      made.push(await proposal)
      return made.at(-1)!
    }

    const byProvider = await add(proposeCidAsProvider(w))
    await passToVote(byProvider)
    await w.dao.connect(m0).castVoteWithReason(byProvider.id, SUPPORT.For, 'rare data')
    await w.dao.connect(m1).castVoteWithReasonAndParams(byProvider.id, SUPPORT.Abstain, 'no idea', '0x01')
    const ballots = [await signBallot(w, m2, byProvider.id, { support: SUPPORT.Against, reason: 'too large' })]
    ballots.push(await signBallot(w, m3, byProvider.id), await signBallot(w, m0, byProvider.id))
    await w.dao.connect(w.stranger).castVotesBySig(byProvider.id, ballots)
    await passVote(w, byProvider)
    await queue(w, byProvider)
    await passDelay(w, byProvider)
    await execute(w, byProvider)

    await carry(w, await add(proposeCid(w, { cid: OTHER_CID, terms: orderTerms(), description: 'Order it' })))
    await carry(w, await add(proposeRemoval(w, { cid: OTHER_CID, reason: 'No use' })))
    const call = (name: 'setVotingDelay' | 'setVotingPeriod', value: bigint) => ({
      target: w.dao,
      data: w.dao.interface.encodeFunctionData(name as 'setVotingDelay', [value]),
    })
    await carry(w, await add(propose(w, [call('setVotingDelay', 5n), call('setVotingPeriod', 60n)])))
    const treasury = { target: w.treasury, data: w.treasury.interface.encodeFunctionData('updateDelay', [60n]) }
    const late = { target: w.dao, data: w.dao.interface.encodeFunctionData('setLateQuorumVoteExtension', [30n]) }
    await carry(w, await add(propose(w, [treasury, late], { description: 'slower' })))
    const noGuardian = w.dao.interface.encodeFunctionData('setGuardian', [ZeroAddress, 0n])
    await add(propose(w, [{ target: w.dao, data: noGuardian }], { description: 'no guardian' }))

    const lateQuorum = await add(propose(w, [{ target: w.stranger }], { description: 'late' }))
    await passTo(lateQuorum.deadline - 2n)
    await vote(w, lateQuorum, [m1, m2])
    const canceled = await add(propose(w, [{ target: w.stranger, value: 7n }], { description: 'canceled' }))
    await ripen(w, canceled)
    await w.dao.connect(w.guardian).cancel(...payloadOf(canceled))
    const queued = await add(propose(w, [{ target: w.stranger, value: 9n }], { description: 'queued' }))
    await ripen(w, queued)
    return made
  }

  /** Every row against what the contracts show, field by field. */
  async function compare({ book, parts }: DaoFollower, made: Proposal[]): Promise<void> {
    const rows = await book.proposals.of(parts.address)
    expect(rows.map(({ id }) => id).sort()).to.deep.equal(made.map(({ id }) => id).sort())
    for (const proposal of made) {
      const { id, targets, values, calldatas, description, snapshot } = proposal
      const row = rows.find((each) => each.id === id)!
      const [subject, providerId] = await w.dao.subjectOf(id)
      const [againstVotes, forVotes, abstainVotes] = await w.dao.proposalVotes(id)
      const [earmarked] = await w.treasury.earmarkOf(row.operation)
      expect(row).to.deep.include({
        ...{ targets, values, calldatas, description, snapshot, descriptionHash: keccakOf(description) },
        ...{ proposer: await w.dao.proposalProposer(id), deadline: await w.dao.proposalDeadline(id) },
        ...{ subject: SUBJECTS[Number(subject)], providerId, againstVotes, forVotes, abstainVotes },
        ...{ earmarked, eta: await w.dao.proposalEta(id), operation: await operationOf(w, proposal) },
      })

      const ballots = await book.ballots.of(id)
      const sums = SUPPORTS.map((support) =>
        ballots.filter((each) => each.support === support).reduce((sum, { weight }) => sum + weight, 0n),
      )
      expect(sums).to.deep.equal([againstVotes, forVotes, abstainVotes])
      for (const { voter, weight } of ballots) {
        expect(await w.dao.hasVoted(id, voter)).to.equal(true)
        expect(weight).to.equal(await w.dao.getVotes(voter, snapshot))
      }
    }

    const { fromBlock: _, logIndex: __, defaultTerms, ...dao } = (await book.daos.get(parts.address))!
    const [guardian, guardianUntil] = await w.dao.guardian()
    expect(dao).to.deep.equal({
      ...{ address: await w.dao.getAddress(), name: await w.dao.name(), treasury: await w.dao.timelock() },
      ...{ collection: await w.dao.collection(), membership: await w.dao.token(), guardian, guardianUntil },
      ...{ votingDelay: await w.dao.votingDelay(), votingPeriod: await w.dao.votingPeriod() },
      ...{ proposalThreshold: await w.dao.proposalThreshold(), lateExtension: await w.dao.lateQuorumVoteExtension() },
      quorumPercent: Number(await w.dao['quorumNumerator()']()),
      timelockDelaySeconds: await w.treasury.getMinDelay(),
    })
    const given = await follower.client.call({ to: dao.address, data: daoAbi.encodeFunctionData('defaultTerms') })
    const [terms] = daoAbi.decodeFunctionResult('defaultTerms', given) as unknown as [Result]
    expect(defaultTerms).to.deep.equal(readStorageTerms(terms))

    const [entries] = await w.collection.entries(0n, 200n)
    const shown = entries.map(({ addedEpoch, removedEpoch, kind, proposalId, storageId, cid }, i) => ({
      ...{ index: BigInt(i), addedEpoch, removedEpoch: removedEpoch || null, proposalId, storageId, cid },
      kind: kind === STORAGE_KIND.Request ? 'Request' : 'Order',
    }))
    const kept = (await book.entries.of(parts.address)).map(
      ({ dao: _dao, fromBlock: _from, logIndex: _log, reason: _reason, cid, ...entry }) => ({
        ...entry,
        cid: hexlify(cid),
      }),
    )
    expect(kept).to.deep.equal(shown)
  }

  const rowsOf = async ({ book, parts }: DaoFollower) => {
    const proposals = await book.proposals.of(parts.address)
    return {
      ...{ daos: await book.daos.all(), proposals, entries: await book.entries.of(parts.address) },
      ballots: await Promise.all(proposals.map(({ id }) => book.ballots.of(id))),
    }
  }

  it('knows from events alone all that the contracts show', async () => {
    const made = await live()
    await follower.watcher.processAll()

    await compare(follower, made)
    const standings = (await follower.book.proposals.of(follower.parts.address)).map(({ standing }) => standing)
    expect(new Set(standings)).to.deep.equal(new Set(['open', 'queued', 'executed', 'canceled']))
    const told = new Set(follower.world.told.map(({ event }) => event))
    expect([...told]).to.have.members([
      ...['dao-changed', 'proposal-made', 'proposal-subject', 'proposal-vote', 'proposal-extended'],
      ...['proposal-queued', 'proposal-executed', 'proposal-canceled', 'cid-added', 'cid-removed'],
    ])
  })

  it('is adopted by a database whose watcher has passed it by, also after a crash half way, and once more later', async () => {
    await live()
    await follower.watcher.processAll()
    const late = await followDao(served.url, w)
    try {
      const { world, client, parts, book } = late
      const { log } = world.ctx
      const watched = createCursorStore(world.db)
      const last = (await follower.watcher.position())!
      await watched.transact((tx) => watched.advance(tx, { blockNumber: last, blockHash: null }, [], 0n))
      let questions = 0
      const adopting = (broken: boolean, progress: string) =>
        adoptContracts({
          ...{ watched, progress: createCursorStore(world.db, progress), log, startBlock: 0n, maxRange: last / 6n },
          addresses: [parts.address, parts.treasury, parts.collection],
          onLogs: createDaoIntake({ daos: [parts], book, log }).onLogs.bind(undefined),
          client: {
            getLogs: (filter) =>
              broken && ++questions === 4 ? Promise.reject(new Error('away')) : client.getLogs(filter),
          },
        })
      await adopting(true, 'adopt').catch(() => undefined)
      expect(await rowsOf(late)).not.to.deep.equal(await rowsOf(follower))

      await adopting(false, 'adopt')
      expect(await rowsOf(late)).to.deep.equal(await rowsOf(follower))
      await adopting(false, 'again, from the start')
      expect(await rowsOf(late)).to.deep.equal(await rowsOf(follower))
    } finally {
      await late.world[Symbol.asyncDispose]()
    }
  })

  it('is as it was before a reorg, and comes to the chain’s rows after it', async () => {
    const proposal = await proposeCid(w)
    await vote(w, proposal, [w.members[1]])
    await follower.watcher.processAll()
    const before = await networkHelpers.takeSnapshot()
    await w.dao.connect(w.members[2]).castVote(proposal.id, SUPPORT.Against)
    await passVote(w, proposal)
    await follower.watcher.processAll()
    expect(await follower.book.ballots.of(proposal.id)).to.have.lengthOf(2)

    await before.restore()
    await w.dao.connect(w.members[3]).castVote(proposal.id, SUPPORT.For)
    await networkHelpers.mine(200)
    await follower.watcher.processAll()

    const voters = (await follower.book.ballots.of(proposal.id)).map(({ voter }) => voter)
    expect(voters).to.deep.equal([w.members[1].address, w.members[3].address])
    await compare(follower, [proposal])
  })

  it('opens a request that is like any other to this operator, the treasury asking', async () => {
    w = await loadFixture(badgeDao)
    const tx = await carry(w, await proposeCid(w, { terms: requestTerms({ replicas: 2n, budget: 10n ** 9n }) }))
    const { ctx, db } = follower.world
    const [registry, pinning] = await Promise.all([w.registry.getAddress(), w.pinning.getAddress()])
    const contracts = { ...ctx.contracts, registry, pinning }
    const intake = createIntake({ ...ctx, contracts, config: { ...ctx.config, providerId: PROVIDER } })
    const { blockNumber } = (await tx.wait())!
    const at = BigInt(blockNumber)
    const logs = await follower.client.getLogs({ address: [registry, pinning], fromBlock: at, toBlock: at })
    await transact(db, (given) => intake.onLogs(logs, given))

    const id = logs.map((log) => readContractEvent(contracts, log)?.args.id).find((found) => typeof found === 'bigint')
    const request = (await ctx.requests.get(String(id)))!
    expect(request).to.include({ state: 'requested', requester: await w.treasury.getAddress(), maxBytes: MAX_BYTES })
    const { cid, fetchLink, replicas } = decodeStorePayload(request.payload)
    expect([hexlify(cid), hexlify(fetchLink), replicas]).to.deep.equal([CID, LINK, 2])
  })
})
