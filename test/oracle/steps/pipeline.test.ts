import { AbiCoder } from 'ethers'
import { expect } from 'chai'
import { afterEach, beforeEach, describe, it } from 'mocha'
import { NoEndpoint } from '../../../oracle/chain/endpoints.ts'
import { JOB, encodeStatusPayload } from '../../../oracle/chain/jobs.ts'
import type { Context } from '../../../oracle/context.ts'
import { transact } from '../../../oracle/db/open.ts'
import { PermanentError, RetryableError } from '../../../oracle/errors.ts'
import { createWorker } from '../../../oracle/steps/pipeline.ts'
import { BLOCK, createWorld, newRequest, pinPayload, type World } from '../../helpers/executor.ts'

const STATS = { blocks: 1, bytes: 5n, carBytes: 99n }
/** Deal, state and provider of a status answer. */
const decodeStatus = (data: string) =>
  [...AbiCoder.defaultAbiCoder().decode(['uint64', 'uint8', 'uint64'], data)] as bigint[]
const running = new AbortController().signal

describe('steps/pipeline', () => {
  let world: World
  let fetchDag: () => Promise<typeof STATS>
  let fetches = 0

  beforeEach(async () => {
    fetches = 0
    fetchDag = () => Promise.resolve(STATS)
    const ipfs = {
      fetchDag: () => {
        fetches++
        return fetchDag()
      },
      fetchUrl: () => Promise.reject(new Error('not reached')),
      exportCar: () => Promise.reject(new Error('not reached')),
    }
    world = await createWorld({}, { ipfs })
    await world.ctx.requests.insert(newRequest())
  })
  afterEach(() => world[Symbol.asyncDispose]())

  const pinning = (signal = running) => createWorker(world.ctx, 'mooring.pin')('12', signal)
  const row = () => world.ctx.requests.get('12')
  const later = () => (world.clock.now += 700_000)

  it('claims, works, moves the row and nudges the next step', async () => {
    await pinning()

    expect(await row()).to.deep.include({ state: 'pinned', carBytes: 99n, attempts: 0 })
    expect(world.nudges).to.deep.equal([['mooring.pack', '12']])
    expect(await world.intents.get('report:12:0')).to.include({ state: 'queued' })
  })

  it('does nothing for a nudge of another topic, a second nudge, or an unknown id', async () => {
    await createWorker(world.ctx, 'mooring.track')('12', running)
    await createWorker(world.ctx, 'mooring.pin')('99', running)
    expect(fetches).to.equal(0)

    await Promise.all([pinning(), pinning()])
    expect(fetches).to.equal(1)
  })

  it('tries again after an error that may pass, later each time, and keeps its words', async () => {
    fetchDag = () => Promise.reject(new RetryableError('nobody has it'))
    await pinning()

    expect(await row()).to.deep.include({ state: 'requested', attempts: 1, error: 'nobody has it' })
    expect(world.told.at(-1)).to.include({ event: 'retry', attempts: 1, error: 'nobody has it' })

    later()
    fetchDag = () => Promise.resolve(STATS)
    await pinning()
    expect(await row()).to.deep.include({ state: 'pinned', attempts: 0, error: null })
  })

  it('gives up at the limit of attempts with the reason that fits the step', async () => {
    fetchDag = () => Promise.reject(new RetryableError('nobody has it'))
    for (let attempt = 1; attempt <= 3; attempt++) {
      later()
      await pinning()
    }

    expect(await row()).to.deep.include({ state: 'failing', failReason: 'NotFound', error: 'nobody has it' })
    expect(world.told.at(-1)).to.include({ event: 'failed', reason: 'NotFound' })
    expect(world.nudges.at(-1)).to.deep.equal(['mooring.report', '12'])
  })

  it('gives up at once with its reason after an error that no attempt can mend', async () => {
    fetchDag = () => Promise.reject(new PermanentError('301 bytes, at most 300', { reason: 'TooLarge' }))

    await pinning()

    expect(await row()).to.deep.include({ state: 'failing', failReason: 'TooLarge', error: '301 bytes, at most 300' })
  })

  it('tells the contract of a failure that it gave up for', async () => {
    fetchDag = () => Promise.reject(new PermanentError('too large', { reason: 'TooLarge' }))
    await pinning()

    await createWorker(world.ctx, 'mooring.report')('12', running)

    expect(await world.wanted('fail:12:0')).to.deep.include({ name: 'reportFailure', args: [12n, 0n, 1n] })
  })

  it('does not count attempts against the request while the chain cannot be reached', async () => {
    world.chain.broken = new NoEndpoint([new Error('down')])
    for (let attempt = 1; attempt <= 5; attempt++) {
      later()
      await pinning()
    }

    expect(await row()).to.deep.include({ state: 'requested', attempts: 0 })
    expect(fetches).to.equal(0)
  })

  it('gives the row back untouched when the process stops', async () => {
    const stop = new AbortController()
    fetchDag = () => {
      stop.abort()
      return Promise.reject(new Error('aborted'))
    }

    await pinning(stop.signal)

    expect(await row()).to.deep.include({ state: 'requested', attempts: 0, error: null })
    expect((await world.ctx.requests.due(9)).map(({ id }) => id)).to.deep.equal(['12'])
  })

  it('leaves the row to whoever took it when its lease was lost', async () => {
    fetchDag = async () => {
      world.clock.now += 20_000
      await world.ctx.requests.claim('12', ['requested'], { owner: 'another', ms: 60_000 }, 9)
      return STATS
    }

    await pinning()

    expect(await row()).to.deep.include({ state: 'requested' })
    expect(world.nudges).to.be.empty
  })

  it('aborts the step when the contract ends the request meanwhile', async () => {
    const world2 = await createWorld({}, {
      ipfs: {
        fetchDag: async (...[, , , , signal]: [unknown, unknown, unknown, unknown, AbortSignal]) => {
          await world2.ctx.requests.end('12', 'cancelled', 120n)
          await new Promise((resolve) => signal.addEventListener('abort', resolve))
          throw new Error('aborted')
        },
      },
    } as unknown as Partial<Context>)
    await world2.ctx.requests.insert(newRequest())

    await createWorker(world2.ctx, 'mooring.pin', 30)('12', running)

    expect(await world2.ctx.requests.get('12')).to.deep.include({ state: 'cancelled', attempts: 0 })
    await world2[Symbol.asyncDispose]()
  })

  context('before spending anything', () => {
    it('waits when the request’s block is not in the chain now', async () => {
      for (const block of [{ ...BLOCK, hash: '0x' + 'ff'.repeat(32) }, null]) {
        world.chain.block = block
        later()
        await pinning()
        expect(await row()).to.deep.include({ state: 'requested', attempts: 0 })
      }
      expect(fetches).to.equal(0)
    })

    it('does not ask for a block that is final and that providers have forgotten', async () => {
      world.chain.block = null
      world.chain.head = BLOCK.number + 901n

      await pinning()

      expect(fetches).to.equal(1)
    })

    it('waits for the event when the registry says that the request is over', async () => {
      world.chain.view.state = 'Cancelled'

      await pinning()

      expect(fetches).to.equal(0)
      expect(await row()).to.deep.include({ state: 'requested' })
      expect(await world.ctx.requests.due(9)).to.be.empty
    })

    it('waits for the deadline that a challenge may move', async () => {
      world.chain.view.challenged = true
      world.chain.head = 5_001n
      await pinning()
      expect(await row()).to.deep.include({ state: 'pinned' })
    })

    it('goes by the deadline as the registry has it now', async () => {
      world.chain.view.deadlineEpoch = 6_000n
      world.chain.head = 5_500n
      await pinning()
      expect(await row()).to.deep.include({ state: 'pinned' })
    })

    it('leaves it to deals what a near deadline means for them', async () => {
      await world.ctx.requests.insert(newRequest({ id: '13' }))
      const found = { car_bytes: '9', piece_digest: new Uint8Array(32), piece_size: '128' }
      await world.db
        .updateTable('request')
        .set({ state: 'packed', ...found })
        .where('id', '=', '13')
        .execute()
      world.chain.view.stage = 1
      world.chain.assignee = 99n
      world.chain.head = 4_999n

      await createWorker(world.ctx, 'mooring.deal')('13', running)

      expect(await world.ctx.requests.get('13')).to.include({ state: 'packed' })
      expect(await world.intents.get('report:13:1')).to.include({ state: 'queued' })
    })

    it('answers by a failure when the deadline is near, the last epoch with room being just before', async () => {
      world.chain.head = 5_000n - 6n
      await pinning()
      expect(fetches).to.equal(1)

      await world.ctx.requests.insert(newRequest({ id: '13' }))
      world.chain.head = 5_000n - 5n
      await createWorker(world.ctx, 'mooring.pin')('13', running)
      expect(fetches).to.equal(1)
      expect(await world.ctx.requests.get('13')).to.deep.include({ state: 'failing', failReason: 'NotFound' })
    })

    it('plans no retry later than the deadline’s nearness, so that a failure can still be answered', async () => {
      fetchDag = () => Promise.reject(new RetryableError('nobody has it'))
      world.ctx.config.retryBaseMs = 600_000
      world.chain.head = 5_000n - 5n - 3n
      await pinning()

      const { dueInMs } = world.told.at(-1)!
      expect(world.told.at(-1)).to.include({ event: 'retry' })
      expect(dueInMs).to.be.at.most(3_000)
    })

    it('still answers by a failure at the deadline’s own epoch, the last at which a vote is taken', async () => {
      world.chain.head = 5_000n

      await pinning()

      expect(await row()).to.deep.include({ state: 'failing', failReason: 'NotFound' })
    })

    it('ends the row when the deadline has passed: no vote is taken any more', async () => {
      world.chain.head = 5_001n

      await pinning()

      expect(await row()).to.deep.include({ state: 'expired' })
      expect(await world.intents.get('fail:12:0')).to.equal(undefined)
    })
  })

  context('when the request is over on-chain', () => {
    const nothing = { answerHash: '0x', answeredEpoch: 104n }

    it('finds its own answer where the others were quicker, and ends then as the chain said', async () => {
      world.chain.view = { ...world.chain.view, state: 'Answered', stage: 1 }
      await world.ctx.requests.insert(newRequest({ id: '13', job: JOB.PIN, payload: pinPayload() }))
      await world.ctx.requests.end('13', 'answered', 104n, { afterOwnAnswer: true })

      await createWorker(world.ctx, 'mooring.pin')('13', running)

      expect(fetches).to.equal(1)
      expect(await world.ctx.requests.get('13')).to.include({ state: 'answered', carBytes: 99n, endedAs: null })
      expect(await world.intents.get('report:13:0')).to.equal(undefined)
    })

    for (const joined of [0n, BLOCK.number]) {
      it(`fetches nothing of what was asked before it took part (from epoch ${joined} on)`, async () => {
        world.chain.view = { ...world.chain.view, state: 'Answered', stage: 1 }
        world.chain.joinedEpoch = joined
        await world.ctx.requests.end('12', 'stored', 104n, { afterOwnAnswer: true })

        await pinning()

        expect(fetches).to.equal(0)
        expect(await row()).to.include({ state: 'stored', endedAs: null, carBytes: null })
      })
    }

    it('looks into a failure for as long as it can be challenged', async () => {
      world.chain.view = { ...world.chain.view, state: 'Failed' }
      world.chain.answers.set(0, { ...nothing, matureEpoch: world.chain.head })
      await pinning()
      expect(await row()).to.include({ state: 'pinned', carBytes: 99n })

      await world.ctx.requests.insert(newRequest({ id: '13' }))
      await world.ctx.requests.end('13', 'failed', 104n, { afterOwnAnswer: true })
      world.chain.head += 1n
      await createWorker(world.ctx, 'mooring.pin')('13', running)
      expect(fetches).to.equal(1)
      expect(await world.ctx.requests.get('13')).to.include({ state: 'failed' })
    })

    it('waits for the event of a failure that came after an answer', async () => {
      const heard = { requestId: '12', stage: 0, ok: true, data: new Uint8Array(), answerHash: '0x' }
      await world.ctx.answers.put({ ...heard, answeredBlock: 104n, matureEpoch: 107n })
      await world.db.updateTable('request').set({ state: 'failing' }).execute()
      world.chain.view = { ...world.chain.view, state: 'Failed', stage: 1 }

      await createWorker(world.ctx, 'mooring.report')('12', running)

      expect(await row()).to.include({ state: 'failing' })
    })

    it('waits for the event of a pack request’s last answer', async () => {
      const heard = { requestId: '13', stage: 0, ok: true, data: new Uint8Array(), answerHash: '0x' }
      await world.ctx.requests.insert(newRequest({ id: '13', job: JOB.PACK, payload: pinPayload() }))
      await world.ctx.answers.put({ ...heard, answeredBlock: 104n, matureEpoch: 107n })
      await world.db.updateTable('request').set({ state: 'reported' }).where('id', '=', '13').execute()
      world.chain.view = { ...world.chain.view, state: 'Answered', stage: 2 }

      await createWorker(world.ctx, 'mooring.report')('13', running)
      expect(await world.ctx.requests.get('13')).to.include({ state: 'reported' })

      await world.ctx.answers.put({ ...heard, stage: 1, answeredBlock: 105n, matureEpoch: 108n })
      world.clock.now += 60_000
      await createWorker(world.ctx, 'mooring.report')('13', running)
      expect(await world.ctx.requests.get('13')).to.include({ state: 'answered' })
    })

    it('ends as it had ended before a reorg took away that its answer was undone', async () => {
      const data = new Uint8Array()
      const heard = {
        requestId: '13',
        stage: 0,
        ok: true,
        data,
        answerHash: '0x',
        answeredBlock: 104n,
        matureEpoch: 107n,
      }
      await world.ctx.requests.insert(newRequest({ id: '13', job: JOB.PIN, payload: pinPayload() }))
      await world.ctx.answers.put(heard)
      await world.ctx.requests.end('13', 'refuted', 120n)
      await transact(world.db, (tx) => world.ctx.requests.rollBack(119n, tx))
      world.chain.view = { ...world.chain.view, state: 'Answered', stage: 1 }

      await createWorker(world.ctx, 'mooring.pin')('13', running)
      await createWorker(world.ctx, 'mooring.report')('13', running)

      expect(await world.ctx.requests.get('13')).to.include({ state: 'answered' })
      expect(await world.db.selectFrom('request').select('ended_block').where('id', '=', '13').execute()).to.deep.equal(
        [{ ended_block: 104 }],
      )
    })
  })

  it('answers an unknown job by BadContent', async () => {
    await world.ctx.requests.insert(newRequest({ id: '13', job: 9 }))

    await createWorker(world.ctx, 'mooring.pin')('13', running)

    expect(await world.ctx.requests.get('13')).to.deep.include({ state: 'failing', failReason: 'BadContent' })
  })

  it('answers a status request with what the market says', async () => {
    await world.ctx.requests.insert(newRequest({ id: '13', job: JOB.STATUS, payload: new Uint8Array() }))
    await createWorker(world.ctx, 'mooring.pin')('13', running)
    expect(await world.ctx.requests.get('13')).to.deep.include({ state: 'failing', failReason: 'BadContent' })

    await world.ctx.requests.insert(
      newRequest({ id: '14', job: JOB.STATUS, payload: encodeStatusPayload({ dealId: 42n }) }),
    )
    await createWorker(world.ctx, 'mooring.pin')('14', running)
    expect(await world.ctx.requests.get('14')).to.deep.include({ state: 'reported' })
    const { args } = (await world.wanted('report:14:0'))!
    expect(decodeStatus(args[2] as string)).to.deep.equal([42n, 2n, 1000n])
  })

  it('serves others while one requester’s requests hang', async () => {
    const hang = Promise.withResolvers<typeof STATS>()
    fetchDag = () => hang.promise
    for (const id of ['13', '14', '15']) await world.ctx.requests.insert(newRequest({ id }))
    const hanging = ['12', '13', '14', '15'].map((id) => createWorker(world.ctx, 'mooring.pin')(id, running))
    await world.ctx.requests.insert(
      newRequest({ id: '16', requester: BLOCK.hash, job: JOB.PIN, payload: pinPayload() }),
    )
    await Promise.all(hanging.slice(2)) // beyond half of the concurrency: not begun
    expect(fetches).to.equal(2)

    fetchDag = () => Promise.resolve(STATS)
    await createWorker(world.ctx, 'mooring.pin')('16', running)
    expect(await world.ctx.requests.get('16')).to.deep.include({ state: 'reported' })

    hang.resolve(STATS)
    await Promise.all(hanging)
  })
})
