import { expect } from 'chai'
import { after, afterEach, before, beforeEach, describe, it } from 'mocha'
import { createSender, type Sender } from '../../../oracle/chain/sender.ts'
import { CONTRACT_ERRORS } from '../../../oracle/chain/contract-errors.ts'
import { EXECUTION_WINDOW_SECONDS } from '../../../oracle/chain/dao-rules.ts'
import { createDaoKeeper, SHORT_EPOCHS } from '../../../oracle/dao/keeper.ts'
import { createIntentStore } from '../../../oracle/db/intent.ts'
import { createKeepingStore } from '../../../oracle/db/keeping.ts'
import type { Keeper } from '../../../oracle/keeper/keeper.ts'
import { LOCAL_KEYS } from '../../../scripts/local/keys.ts'
import { OTHER_CID } from '../../contracts/pinning/world.ts'
import { silent } from '../../helpers/chain.ts'
import { daoWorld, passVote, propose, PROPOSAL_STATE, proposeCid, queue } from '../../helpers/dao.ts'
import { execute, passDelay, REQUEST_COST, SPARE, succeed, vote } from '../../helpers/dao.ts'
import type { DaoWorld, Proposal } from '../../helpers/dao.ts'
import { followDao, type DaoFollower } from '../../helpers/dao-follower.ts'
import { connect } from '../../helpers/network.ts'
import { serveNetwork, type ServedNetwork } from '../../helpers/served-network.ts'

const { networkHelpers } = await connect()
const { loadFixture, time, mine, setBalance } = networkHelpers

const REPORTER = LOCAL_KEYS.operators[0].reporter
const BUDGET = REQUEST_COST + SPARE
/** Of one request and half of another: enough for one at a time. */
const DEPOSIT = (BUDGET * 3n) / 2n

const shortDao = () => daoWorld({ deposit: DEPOSIT })

describe('dao/keeper', function () {
  this.timeout(60_000)
  let served: ServedNetwork
  let w: DaoWorld
  let follower: DaoFollower
  let keeper: Keeper
  let sender: Sender
  before(async () => void (served = await serveNetwork()))
  after(() => served.stop())
  beforeEach(async () => {
    w = await loadFixture(shortDao)
    await setBalance(REPORTER.address, 100n * 10n ** 18n)
    await begin()
  })
  afterEach(() => follower.world[Symbol.asyncDispose]())

  async function begin(env: Record<string, string> = {}): Promise<void> {
    follower = await followDao(served.url, w, env)
    createExecutor()
  }

  /** A new process's keeper and sender, on the database as it is. */
  function createExecutor(): void {
    const { world, client, parts, book } = follower
    const intents = createIntentStore(world.db)
    const { gasCap } = world.ctx.config
    const key = REPORTER.privateKey
    sender = createSender({ client, key, intents, confirmations: 1, gasCap, abi: CONTRACT_ERRORS, log: silent })
    keeper = createDaoKeeper(
      {
        ...world.ctx,
        ...{ chain: client, sender, daos: [parts], proposals: book.proposals, keepings: createKeepingStore(world.db) },
      },
      { everyMs: 1_000 },
    )
  }

  /** One look of everything, and an epoch. */
  async function look(): Promise<void> {
    await follower.watcher.processAll()
    await keeper.processAll()
    await sender.processAll()
    await mine()
  }
  /** Long enough for this operator's turn, and until what it handed over is believed. */
  async function looks(times = 20): Promise<void> {
    for (let i = 0; i < times; i++) await look()
  }
  const told = (event: string) => follower.world.told.filter((entry) => entry.event === event)
  const acted = () => told('dao-acting').map(({ action, proposalId }) => [action, proposalId])
  const state = ({ id }: Proposal) => w.dao.state(id)
  const spent = async () =>
    createKeepingStore(follower.world.db).spentSince(BigInt(await time.latestBlock()) - 2_880n, 'dao')
  const calls = async (event: string) => (await w.dao.queryFilter(w.dao.getEvent(event as 'ProposalQueued'))).length

  it('queues what passed, executes it when its time has come, each once', async () => {
    const proposal = await proposeCid(w)
    await vote(w, proposal, w.members.slice(1))
    await looks()
    expect(acted(), 'while votes are taken').to.deep.equal([])
    await passVote(w, proposal)
    await looks()
    expect(await state(proposal)).to.equal(PROPOSAL_STATE.Queued)
    expect(acted(), 'before its time').to.deep.equal([['queue', `${proposal.id}`]])

    await passDelay(w, proposal)
    await looks(40)

    expect(await state(proposal)).to.equal(PROPOSAL_STATE.Executed)
    expect(acted()).to.deep.equal([
      ['queue', `${proposal.id}`],
      ['execute', `${proposal.id}`],
    ])
    expect([await calls('ProposalQueued'), await calls('ProposalExecuted')]).to.deep.equal([1, 1])
    expect(told('dao-acted').map(({ done }) => done)).to.deep.equal([
      ...[[`queue ${proposal.id}`], [`execute ${proposal.id}`]],
    ])
    const costs = told('dao-acted').map(({ cost }) => BigInt(cost as string))
    expect(await spent()).to.equal(costs[0] + costs[1])
    const [entry] = await follower.book.entries.of(await w.dao.getAddress())
    expect(entry).to.deep.include({ proposalId: proposal.id, kind: 'Request', removedEpoch: null })
    expect((await w.pinning.getRequest(entry.storageId)).requester).to.equal(await w.treasury.getAddress())
  })

  it('leaves alone what was defeated, and what others queued or executed', async () => {
    const defeated = await propose(w, [{ target: w.stranger }], { description: 'defeated' })
    const quicker = await propose(w, [{ target: w.stranger }], { description: 'quicker' })
    await vote(w, defeated, [w.members[1], w.members[2]], 0n)
    await vote(w, quicker, w.members.slice(1))
    await passVote(w, quicker)
    await follower.watcher.processAll()
    await queue(w, quicker) // the keeper's rows do not know yet
    await keeper.processAll()
    await mine(30)
    await keeper.processAll()
    expect(acted()).to.deep.equal([])
    expect(told('dao-waits')).to.deep.equal([])

    await passDelay(w, quicker)
    await execute(w, quicker)
    await looks()
    expect(acted()).to.deep.equal([])
  })

  it('waits for a treasury that is too short, says so once, and queues when money has come', async () => {
    const proposals = [await proposeCid(w), await proposeCid(w, { cid: OTHER_CID, description: 'Other' })]
    for (const proposal of proposals) await vote(w, proposal, w.members.slice(1))
    await passVote(w, proposals[1])
    await looks(Number(SHORT_EPOCHS))
    await time.increase(400n)
    await looks(Number(SHORT_EPOCHS))

    const states = await Promise.all(proposals.map(state))
    expect([...states].sort()).to.deep.equal([PROPOSAL_STATE.Succeeded, PROPOSAL_STATE.Executed])
    const waiting = proposals[states.indexOf(PROPOSAL_STATE.Succeeded)]
    const free = await w.treasury.free()
    const waits = told('dao-waits').filter(({ proposalId }) => proposalId === `${waiting.id}`)
    expect(waits.at(-1)).to.include({ action: 'queue', need: `${BUDGET}`, free: `${free}` })
    expect(new Set(waits.map(({ free }) => free)).size).to.equal(waits.length)

    await w.stranger.sendTransaction({ to: w.treasury, value: BUDGET - free })
    await looks(Number(SHORT_EPOCHS) + 20)
    expect(await state(waiting)).to.equal(PROPOSAL_STATE.Queued)
    await time.increase(400n)
    await looks(40)
    expect(await state(waiting)).to.equal(PROPOSAL_STATE.Executed)
  })

  it('is not held up by one whose execution reverts, which it looks at ever more seldom', async () => {
    const dead = await propose(w, [{ target: w.dao, data: w.dao.interface.encodeFunctionData('setVotingDelay', [0n]) }])
    const good = await proposeCid(w)
    for (const proposal of [dead, good]) await vote(w, proposal, w.members.slice(1))
    await passVote(w, good)
    let asked = 0
    const { client } = follower
    const call = client.call
    client.call = (given, at) => {
      if (given.data.startsWith(w.dao.interface.getFunction('execute').selector)) asked++
      return call(given, at)
    }
    createExecutor()
    await looks(30)
    await passDelay(w, good)
    await passDelay(w, dead)
    await looks(40)
    expect(await state(good)).to.equal(PROPOSAL_STATE.Executed)
    expect(await state(dead)).to.equal(PROPOSAL_STATE.Queued)
    const [waits] = told('dao-waits')
    expect(waits).to.include({ action: 'execute', proposalId: `${dead.id}` })
    expect(waits.error).to.match(/^OutOfBounds\(votingDelay, 1, 40320, 0\)$/)

    asked = 0
    await looks(150)
    expect(asked).to.be.within(1, 4)
    expect(told('dao-waits')).to.have.lengthOf(1)
    expect(acted().filter(([action]) => action === 'execute')).to.deep.equal([['execute', `${good.id}`]])
  })

  it('releases what was earmarked for what nobody executed in time', async () => {
    const proposal = await proposeCid(w)
    await succeed(w, proposal)
    await queue(w, proposal)
    await time.increase(EXECUTION_WINDOW_SECONDS + 400n)
    expect(await state(proposal)).to.equal(PROPOSAL_STATE.Expired)
    expect(await w.treasury.free()).to.equal(DEPOSIT - BUDGET)
    await looks(40)

    expect(acted()).to.deep.equal([['release', `${proposal.id}`]])
    expect(await w.treasury.free()).to.equal(DEPOSIT)
  })

  describe('the daily cap', () => {
    it('is not exceeded: half of it at most is for DataDAOs', async () => {
      const proposal = await proposeCid(w)
      await succeed(w, proposal)
      await looks(30)
      const [{ most }] = told('dao-acting') as { most: string }[]
      await follower.world[Symbol.asyncDispose]()

      w = await loadFixture(shortDao)
      await setBalance(REPORTER.address, 100n * 10n ** 18n)
      await begin({ MOORING_KEEPER_CAP: `${BigInt(most)}` })
      const again = await proposeCid(w)
      await succeed(w, again)
      await looks(30)
      expect(acted()).to.deep.equal([])
      expect(await state(again)).to.equal(PROPOSAL_STATE.Succeeded)
      const words = follower.world.lines.map(({ msg }) => String(msg))
      expect(words).to.include('not queued: MOORING_KEEPER_CAP is used up, or the half of it that is not for slots')
    })
  })

  describe('killed', () => {
    it('between its decision and the chain, goes on with what it had handed over', async () => {
      const proposal = await proposeCid(w)
      await succeed(w, proposal)
      for (let i = 0; i < 20 && acted().length === 0; i++) {
        await follower.watcher.processAll()
        await keeper.processAll()
        await mine()
      }
      createExecutor()
      await looks()

      expect(acted()).to.deep.equal([['queue', `${proposal.id}`]])
      expect(await calls('ProposalQueued')).to.equal(1)
      expect(told('dao-acted')).to.have.lengthOf(1)
    })

    it('before it handed anything over, decides anew and spends nothing on what was not sent', async () => {
      const proposal = await proposeCid(w)
      await succeed(w, proposal)
      const keepings = createKeepingStore(follower.world.db)
      const most = 10n ** 17n
      const key = `dao:queue:${proposal.id}:0`
      await keepings.put({ key, epoch: proposal.deadline, slots: [proposal.id], calls: [`queue ${proposal.id}`], most })
      await looks()

      expect(await state(proposal)).to.equal(PROPOSAL_STATE.Queued)
      expect((await spent()) < most).to.equal(true)
    })
  })

  it('queues anew what a reorg took back', async () => {
    const proposal = await proposeCid(w)
    await succeed(w, proposal)
    await looks(5)
    const before = await networkHelpers.takeSnapshot()
    for (let i = 0; i < 20 && (await state(proposal)) !== PROPOSAL_STATE.Queued; i++) await look()
    await looks(3)
    expect((await follower.book.proposals.get(proposal.id))!.standing).to.equal('queued')

    await before.restore()
    await mine(40)
    await follower.watcher.processAll()
    expect((await follower.book.proposals.get(proposal.id))!.standing).to.equal('open')
    for (let i = 0; i < 20; i++) {
      await keeper.processAll() // the sender has not looked yet
      await mine()
    }
    await looks(30)

    expect(await state(proposal)).to.equal(PROPOSAL_STATE.Queued)
    expect((await follower.book.proposals.get(proposal.id))!.standing).to.equal('queued')
    expect(acted(), 'by the same transaction').to.deep.equal([['queue', `${proposal.id}`]])
  })
})
