import { expect } from 'chai'
import { getBytes, hexlify, toUtf8String } from 'ethers'
import { afterEach, describe, it } from 'mocha'
import type { ChainLog } from '../../../oracle/chain/answers.ts'
import { createContracts } from '../../../oracle/chain/contracts.ts'
import {
  JOB,
  answerHash,
  encodeFailure,
  encodePinPayload,
  encodePinnedAnswer,
  encodeStatusAnswer,
  encodeStatusPayload,
  type StatusAnswer,
} from '../../../oracle/chain/jobs.ts'
import { CallReverted } from '../../../oracle/chain/rpc.ts'
import { transact } from '../../../oracle/db/open.ts'
import { createChallenger } from '../../../oracle/disputes/challenger.ts'
import { createIntake } from '../../../oracle/steps/intake.ts'
import { createWorld, type World } from '../../helpers/executor.ts'
import { connect } from '../../helpers/network.ts'
import { ONE, PROVIDER, RULING, feeOf, serve } from '../../helpers/registry.ts'

const { ethers, networkHelpers } = await connect()

const MIB = 1n << 20n
const CID = getBytes('0x01551220' + 'c1'.repeat(32))
const PIN = encodePinPayload({ cid: CID, fetchLink: new Uint8Array() })
const WINDOW = 1_440

/** Three operators, two of which make a quorum; an answer can be challenged for 1,440 epochs. Operator 3 is the executor's. */
async function deploy() {
  const [deployer, requester, ...keys] = await ethers.getSigners()
  const seats = [0, 2, 4].map((i) => ({ owner: keys[i], reporter: keys[i + 1] }))
  const service = await serve({
    rules: { quorum: 2, windowEpochs: WINDOW, rulingEpochs: 2_000 },
    owner: deployer,
    seats,
  })
  return { ...service, requester: requester }
}

describe('OracleRegistry and the executor', () => {
  let world: World | undefined
  afterEach(() => world?.[Symbol.asyncDispose]())

  /** The executor's challenger on the real registry; its intake reads the real events, its sender signs as operator 3. */
  async function challenging(env: Record<string, string> = {}, { job = ONE, payload = PIN } = {}) {
    const service = await networkHelpers.loadFixture(deploy)
    const { registry, reporters, requester, rules } = service
    const reporter = reporters[2]
    const provider = ethers.provider
    const chain = {
      blockNumber: async () => BigInt(await provider.getBlockNumber()),
      getBlock: () => Promise.reject(new Error('not asked for')),
      getBalance: (address: string) => provider.getBalance(address),
      call: async (call: { to: string; data: string; from?: string }) => {
        try {
          return await provider.call(call)
        } catch (error) {
          throw new CallReverted('execution reverted', (error as { data?: string }).data ?? '0x')
        }
      },
    }
    const address = await registry.getAddress()
    const contracts = createContracts(chain, { registry: address, pinning: address, edgeProvider: address })
    world = await createWorld({ MOORING_CHALLENGE: 'auto', ...env }, { chain, contracts, operatorId: 3n })
    const { ctx, intents, db } = world
    ctx.sender = {
      ...ctx.sender,
      address: reporter.address,
      async submit({ key, to, data, value = 0n, expectEvent }) {
        if ((await intents.get(key)) !== undefined) return
        await intents.put({ key, from: reporter.address, to, data, value, expect: expectEvent })
        const sent = await reporter.sendTransaction({ to, data, value })
        const receipt = (await sent.wait())!
        const done = receipt.logs.some((log) =>
          expectEvent.topics.every((topic, i) => topic === null || topic.toLowerCase() === log.topics[i]),
        )
        const state = done ? 'confirmed' : 'failed'
        await db.updateTable('intent').set({ state }).where('key', '=', key).execute()
      },
    }
    const intake = createIntake(ctx)
    const challenger = createChallenger(ctx, { everyMs: 60_000 })
    let read = 0
    async function listen() {
      const to = await provider.getBlockNumber()
      const logs = (await provider.getLogs({ address, fromBlock: read, toBlock: to })).map((log): ChainLog => {
        const { topics, data, blockHash, transactionHash, index } = log
        return {
          address,
          topics: [...topics],
          data,
          blockHash,
          transactionHash,
          logIndex: index,
          blockNumber: BigInt(log.blockNumber),
        }
      })
      read = to + 1
      await transact(db, (tx) => intake.onLogs(logs, tx))
    }

    const deadline = BigInt(await provider.getBlockNumber()) + 1_000n
    await registry.connect(requester).request(PROVIDER, job, payload, MIB, deadline, { value: feeOf(rules, job) })
    await listen()
    // This operator has found that the CAR has 1,700 bytes.
    await ctx.requests.claim('1', ['requested'], { owner: 'test', ms: 1_000 }, 9)
    await ctx.requests.move('1', 'requested', 'test', {
      to: 'reported',
      dueInMs: 60_000,
      findings: { carBytes: 1_700n },
    })

    /** The two others answer so, and the executor hears of it and does what it does. */
    async function answered(data: Uint8Array, ok = true) {
      for (const other of reporters.slice(0, 2)) {
        if (ok) await registry.connect(other).report(1, 0, data)
        else await registry.connect(other).reportFailure(1, 0, BigInt(hexlify(data)))
      }
      await work()
    }
    async function work() {
      await listen()
      await challenger.processAll()
      await challenger.processAll() // what was sent is mined by now
    }
    return { ...service, reporter, answered, work, ctx, dispute: () => ctx.disputes.get('1', 0) }
  }

  it('hash answers alike', async () => {
    const { registry, answered } = await challenging()
    const data = encodePinnedAnswer(1_700n)
    await answered(data)

    expect((await registry.getAnswer(1, 0)).answerHash).to.equal(answerHash(true, data))
  })

  it('leave a true answer alone', async () => {
    const { registry, answered, dispute } = await challenging()
    await answered(encodePinnedAnswer(1_700n))

    expect(await dispute()).to.equal(undefined)
    expect((await registry.getChallenge(1)).open).to.equal(false)
  })

  it('challenge a false one with the bond, and have it closed when the arbiter ruled: bond and half of each slash come back', async () => {
    const { registry, reporter, arbiter, rules, answered, work, dispute } = await challenging()
    const bond = BigInt(rules.minBond)
    await answered(encodePinnedAnswer(1_701n))

    const view = await registry.getChallenge(1)
    expect([view.challenger, view.stage, view.open, view.bond]).to.deep.equal([
      reporter.address,
      0n,
      true,
      await bondOf(),
    ])
    const [event] = await registry.queryFilter(registry.filters.Challenged())
    expect(toUtf8String(event.args.evidence)).to.equal(
      'Request 1, stage 0. Answered: a CAR of 1701 bytes. Operator 3 found: a CAR of 1700 bytes.',
    )
    expect(await dispute()).to.include({ state: 'challenged', bond: view.bond })
    await work()
    expect((await registry.getChallenge(1)).open).to.equal(true) // nobody ruled yet

    await arbiter.rule(ethers.ZeroAddress, 1, 0, RULING.Upheld)
    await work()
    await work()

    expect(await dispute()).to.include({ state: 'closed', outcome: 'upheld' })
    expect(await registry.creditOf(reporter)).to.equal(view.bond + 2n * (BigInt(rules.slash) / 2n))

    async function bondOf() {
      const fees = feeOf(rules, ONE)
      return fees > bond ? fees : bond
    }
  })

  it('lose the bond where the arbiter finds the answer true, and do not challenge it again', async () => {
    const { registry, reporter, arbiter, answered, work, dispute, ctx } = await challenging()
    await answered(encodePinnedAnswer(1_701n))
    await arbiter.rule(ethers.ZeroAddress, 1, 0, RULING.Rejected)
    await work()
    await work()

    expect(await dispute()).to.include({ state: 'closed', outcome: 'rejected' })
    expect(await registry.creditOf(reporter)).to.equal(0n)
    expect(await ctx.disputes.bondsOut()).to.equal(0n)
  })

  it('close the challenge themselves when the arbiter was silent', async () => {
    const { registry, answered, work, rules, dispute } = await challenging()
    await answered(encodePinnedAnswer(1_701n))
    await networkHelpers.mine(rules.rulingEpochs + 1)
    await work()
    await work()

    expect((await registry.getChallenge(1)).ruling).to.equal(RULING.Silent)
    expect(await dispute()).to.include({ state: 'closed', outcome: 'silent' })
  })

  it('challenge a failure that is false', async () => {
    const { registry, answered, dispute } = await challenging()
    await answered(encodeFailure('TooLarge'), false)

    expect((await registry.getChallenge(1)).open).to.equal(true)
    expect(await dispute()).to.include({ answered: 'TooLarge', state: 'challenged' })
  })

  it('have the chain refute a status that is 900 epochs old: the bond of their challenge comes back at once', async () => {
    const deal: StatusAnswer = {
      ...{ dealId: 9n, state: 'Active', providerId: 1000n, pieceDigest: new Uint8Array(32), pieceSize: 2048n },
      ...{ activatedEpoch: 1n, startEpoch: 2n, endEpoch: 600_000n },
    }
    const status = { job: JOB.STATUS, payload: encodeStatusPayload({ dealId: 9n }) }
    const { registry, reporter, evidence, rules, ctx, answered, work, dispute } = await challenging({}, status)
    ctx.contracts.dealStatus = () => Promise.resolve(deal)
    const data = encodeStatusAnswer({ ...deal, providerId: 1001n })
    await answered(data)
    const { bond, open } = await registry.getChallenge(1)
    expect(open).to.equal(true)
    await evidence.setRefuted(data, true)
    const { answeredEpoch } = await registry.getAnswer(1, 0)

    await networkHelpers.mineUpTo(answeredEpoch + 899n)
    await work()
    expect((await registry.getChallenge(1)).open).to.equal(true)
    await networkHelpers.mine(1)
    await work()
    await work()

    const [refuted] = await registry.queryFilter(registry.filters.Refuted())
    expect(refuted.args.by).to.equal(reporter.address)
    expect(await registry.creditOf(reporter)).to.equal(bond + 2n * (BigInt(rules.slash) / 2n))
    expect(await dispute()).to.include({ state: 'closed', outcome: 'upheld' })
  })

  it('do not challenge beyond the cap', async () => {
    const { registry, answered, dispute } = await challenging({ MOORING_CHALLENGE_CAP: '1' })
    await answered(encodePinnedAnswer(1_701n))

    expect((await registry.getChallenge(1)).open).to.equal(false)
    expect((await dispute())!.told).to.contain('exceed MOORING_CHALLENGE_CAP')
  })
})
