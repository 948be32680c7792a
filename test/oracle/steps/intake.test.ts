import { hexlify } from 'ethers'
import { expect } from 'chai'
import { CID } from 'multiformats/cid'
import { afterEach, beforeEach, describe, it } from 'mocha'
import type { ChainLog } from '../../../oracle/chain/answers.ts'
import { pinningAbi, registryAbi } from '../../../oracle/chain/contracts.ts'
import { JOB, answerHash, encodeFailure, encodePinnedAnswer } from '../../../oracle/chain/jobs.ts'
import { transact } from '../../../oracle/db/open.ts'
import type { ActiveState } from '../../../oracle/db/request.ts'
import { createIntake, type Intake } from '../../../oracle/steps/intake.ts'
import {
  CID_BYTES,
  EDGE_URL,
  OPERATOR_ID,
  PINNING,
  REGISTRY,
  USER,
  createWorld,
  newRequest,
  storePayload,
  type World,
} from '../../helpers/executor.ts'

const TX = '0x' + '77'.repeat(32)
const TERMS = [2n, 518_400n, 5_000n, 1n << 20n, 0n, false, '0x', 0n]

function event(
  contract: 'registry' | 'pinning',
  name: string,
  args: unknown[],
  over: Partial<ChainLog> = {},
): ChainLog {
  const { data, topics } = (contract === 'registry' ? registryAbi : pinningAbi).encodeEventLog(name, args)
  return {
    address: (contract === 'registry' ? REGISTRY : PINNING).toLowerCase(),
    ...{ data, topics, blockNumber: 100n, blockHash: '0x' + 'b1'.repeat(32), transactionHash: TX, logIndex: 3 },
    ...over,
  }
}

describe('steps/intake', () => {
  let world: World
  let intake: Intake

  beforeEach(async () => {
    world = await createWorld()
    intake = createIntake(world.ctx)
  })
  afterEach(() => world[Symbol.asyncDispose]())

  const happens = (...logs: ChainLog[]) => transact(world.db, (tx) => intake.onLogs(logs, tx))
  const row = (id = '12') => world.ctx.requests.get(id)
  const requested = (providerId = 1n, job: number = JOB.STORE) =>
    event('registry', 'Requested', [12n, providerId, PINNING, 1n, job, storePayload(), 1n << 20n, 5_000n, 50n])
  const told = () => world.told.map(({ event, key, state }) => [event, key, state].filter(Boolean).join(' '))

  it('writes a request for perpetual storage on behalf of whoever asked PinningRequests', async () => {
    const terms = [40_320n, 86_400n, 7n, 0n, '0x']
    await happens(requested(1n, JOB.PACK), event('pinning', 'PerpetualRequested', [12n, USER, 2n, terms, 90n, 50n]))

    expect(await row()).to.include({ requester: USER, job: JOB.PACK, state: 'requested' })
  })

  it('writes a request of its provider, on behalf of whoever asked PinningRequests', async () => {
    await happens(requested(), event('pinning', 'PinningRequested', [12n, USER, '0x', TERMS, 50n]))

    expect(await row()).to.deep.include({
      ...newRequest({ requester: USER, txHash: TX, logIndex: 3 }),
      state: 'requested',
    })
    expect(hexlify((await row())!.payload)).to.equal(hexlify(storePayload()))
    expect(world.told).to.have.lengthOf(1)
    expect(world.told[0]).to.include({
      event: 'requested',
      requestId: '12',
      job: 2,
      transaction: TX,
      blockNumber: '100',
    })
  })

  it('knows the content from the beginning, and nothing where the payload cannot be read', async () => {
    const asks = (id: bigint, payload: Uint8Array | string) =>
      event('registry', 'Requested', [id, 1n, PINNING, 1n, JOB.STORE, payload, 1n << 20n, 5_000n, 50n])
    await happens(asks(12n, storePayload()), asks(13n, storePayload({ cid: new Uint8Array(3) })), asks(14n, '0x00'))

    const cids = await Promise.all(['12', '13', '14'].map(async (id) => (await row(id))!.cid))
    expect(cids).to.deep.equal([CID.decode(CID_BYTES).toString(), null, null])
  })

  it('leaves other providers’ requests alone, and logs of other contracts', async () => {
    await happens(requested(2n), { ...requested(), address: '0x' + '11'.repeat(20) })

    expect(await row()).to.equal(undefined)
  })

  it('reads the same log twice without harm', async () => {
    await happens(requested())
    await happens(requested())

    expect(await world.ctx.requests.count()).to.deep.equal({ requested: 1 })
  })

  it('nudges the step of every request that committed logs are about', async () => {
    await happens(requested())

    intake.onCommitted([requested(), requested(), event('registry', 'Withdrawn', [USER, 5n])])
    await row() // one connection: the look-up before it is over

    expect(world.nudges).to.deep.equal([['mooring.pin', '12']])
  })

  /** This operator has found its own answer. */
  async function found(state: ActiveState, id = '12') {
    await world.ctx.requests.claim(id, ['requested'], { owner: 'test', ms: 9 }, 9)
    const findings = { carBytes: 9n, piece: { digest: new Uint8Array(32), size: 128n } }
    await world.ctx.requests.move(id, 'requested', 'test', { to: state, dueInMs: 60_000, findings })
  }
  const answers = async () =>
    (await world.ctx.answers.of('12')).map(({ stage, ok, settledBlock, deliveredBlock, undoneBlock }) => [
      ...[stage, ok, settledBlock, deliveredBlock, undoneBlock],
    ])

  const ENDS: [string, unknown[], string, string][] = [
    ['RequestFailed', [12n, 1n, 0n, 50n, 103n], 'failed', 'ended failed'],
    ['RequestCancelled', [12n, 0n, 50n], 'cancelled', 'ended cancelled'],
    ['RequestExpired', [12n, 0n, 50n], 'expired', 'ended expired'],
    ['RequestConcluded', [12n, 2n], 'stored', 'stored'],
  ]
  for (const [name, args, state, words] of ENDS) {
    it(`ends the row as ${state} on ${name}, once`, async () => {
      await happens(requested())
      await found('packed')
      await happens(event('registry', name, args), event('registry', name, args))

      expect(await row()).to.include({ state })
      expect(told()).to.deep.equal(['requested', words])
      expect(await world.ctx.requests.due(9)).to.be.empty
    })
  }

  for (const [name, args, state, words] of [ENDS[0], ENDS[3]]) {
    it(`has this operator find its own answer first where the others were quicker: ${name}`, async () => {
      await happens(requested())
      await happens(event('registry', name, args), event('registry', name, args))

      expect(await row()).to.include({ state: 'requested', endedAs: state })
      expect(told()).to.deep.equal(['requested', words])
      await found('packed')
      expect(await row()).to.include({ state, endedAs: null })
      expect(await world.ctx.requests.due(9)).to.be.empty
    })
  }

  it('ends a pin request when its only stage is answered; a store request goes on', async () => {
    await happens(requested(1n, JOB.PIN))
    await found('reported')
    await happens(event('registry', 'StageAnswered', [12n, 0n, '0x', 0n]))
    expect(await row()).to.include({ state: 'answered' })

    const other = event('registry', 'Requested', [13n, 1n, PINNING, 1n, JOB.STORE, storePayload(), 1n, 5_000n, 50n])
    await happens(other)
    await found('pinned', '13')
    await happens(event('registry', 'StageAnswered', [13n, 0n, '0x', 0n]))
    expect(await row('13')).to.include({ state: 'pinned' })
  })

  it('ends a pack request when its second stage is answered, not before', async () => {
    await happens(requested(1n, JOB.PACK))
    await found('reported')
    await happens(event('registry', 'StageAnswered', [12n, 0n, '0x', 0n]))
    expect(await row()).to.include({ state: 'reported' })

    await happens(event('registry', 'StageAnswered', [12n, 1n, '0x', 0n]))
    expect(await row()).to.include({ state: 'answered' })
  })

  it('keeps what was answered, as it was hashed on-chain', async () => {
    const data = encodePinnedAnswer(1_700n)
    await happens(requested(), event('registry', 'StageAnswered', [12n, 0n, data, 103n]))
    await happens(event('registry', 'RequestFailed', [12n, 1n, 4n, 50n, 110n], { blockNumber: 105n }))

    expect(await world.ctx.answers.of('12')).to.deep.equal(
      [
        { stage: 0, ok: true, data: Buffer.from(data), answeredBlock: 100n, matureEpoch: 103n },
        { stage: 1, ok: false, data: Buffer.from(encodeFailure('DealFailed')), answeredBlock: 105n, matureEpoch: 110n },
      ].map((answer) => ({
        ...{
          requestId: '12',
          answerHash: answerHash(answer.ok, answer.data),
          deliveryFailures: 0,
          deliveryFailedBlock: null,
        },
        ...{ settledBlock: null, deliveredBlock: null, undoneBlock: null },
        ...answer,
        data: Uint8Array.from(answer.data),
      })),
    )
  })

  it('keeps what became of an answer, and tells of it', async () => {
    const at = (blockNumber: bigint) => ({ blockNumber })
    await happens(requested(), event('registry', 'StageAnswered', [12n, 0n, '0x', 103n]))
    await happens(
      event('registry', 'DeliveryFailed', [12n, 0n], at(104n)),
      event('registry', 'StageSettled', [12n, 0n, 30n], at(104n)),
      event('registry', 'Delivered', [12n, 0n], at(105n)),
    )

    expect(await answers()).to.deep.equal([[0, true, 104n, 105n, null]])
    expect(told()).to.deep.equal(['requested', 'delivery-failed', 'answered-final', 'delivered'])
    expect(world.told[2]).to.include({ stage: 0, fee: '30', transaction: TX })
  })

  for (const [ruling, state] of [
    [1n, 'refuted'],
    [3n, 'undecided'],
  ] as const) {
    it(`ends the row as ${state} when its answer is undone, answered or not`, async () => {
      await happens(requested(), event('registry', 'StageAnswered', [12n, 0n, '0x', 103n]))
      await found('packed')
      await happens(event('registry', 'RequestFailed', [12n, 1n, 4n, 50n, 110n]))
      expect(await row()).to.include({ state: 'failed' })
      await happens(event('registry', 'AnswerUndone', [12n, 0n, ruling, 70n], { blockNumber: 107n }))

      expect(await row()).to.include({ state })
      expect(await answers()).to.deep.equal([
        [0, true, null, null, 107n],
        [1, false, null, null, 107n],
      ])
      expect(told().at(-1)).to.equal(`ended ${state}`)
    })
  }

  it('leaves a cancelled request cancelled when an answer of it is undone', async () => {
    await happens(requested(), event('registry', 'StageAnswered', [12n, 0n, '0x', 103n]))
    await happens(event('registry', 'RequestCancelled', [12n, 1n, 50n]))
    await happens(event('registry', 'AnswerUndone', [12n, 0n, 1n, 70n]))

    expect(await row()).to.include({ state: 'cancelled' })
    expect((await answers())[0][4]).to.equal(100n)
  })

  it('wakes a request that is challenged and one whose challenge is closed', async () => {
    const bytes = '0x'
    for (const [name, args] of [
      ['Challenged', [12n, 0n, USER, 5n, 200n, bytes]],
      ['ChallengeClosed', [12n, 0n, 2n, 0n, 5n]],
    ] as const) {
      await happens(requested())
      await world.db
        .updateTable('request')
        .set({ due_at: world.clock.now + 60_000 })
        .execute()
      await happens(event('registry', name, [...args]))
      expect(await world.ctx.requests.due(9), name).to.have.lengthOf(1)
    }
    expect(world.told.filter(({ event }) => event !== 'requested')).to.have.deep.nested.property(
      '[1].ruling',
      'Rejected',
    )
  })

  describe('of a dispute', () => {
    const dispute = (stage = 0) => world.ctx.disputes.get('12', stage)
    beforeEach(async () => {
      await happens(requested())
      for (const stage of [0, 1]) {
        await happens(event('registry', 'StageAnswered', [12n, stage, '0x', 103n]))
        const { answerHash } = (await world.ctx.answers.get('12', stage))!
        const words = { answerHash, answered: 'one', found: 'two', sure: true }
        await world.ctx.disputes.judged({ requestId: '12', stage, answerHash }, { requestId: '12', stage, ...words })
      }
    })

    for (const [ruling, outcome] of [
      [1n, 'upheld'],
      [2n, 'rejected'],
      [3n, 'silent'],
    ] as const) {
      it(`closes it as ${outcome} when the challenge of its stage is, whoever challenged`, async () => {
        await happens(event('registry', 'ChallengeClosed', [12n, 0n, ruling, 0n, 5n]))

        expect(await dispute(0)).to.include({ state: 'closed', outcome })
        expect(await dispute(1)).to.include({ state: 'found' })
      })
    }

    it('closes it when its answer fell, by the chain or with an earlier one; how its own challenge ended stands', async () => {
      await happens(
        event('registry', 'ChallengeClosed', [12n, 0n, 1n, 5n, 0n]),
        event('registry', 'AnswerUndone', [12n, 0n, 1n, 70n]),
      )

      expect(await dispute(0)).to.include({ state: 'closed', outcome: 'upheld' })
      expect(await dispute(1)).to.include({ state: 'closed', outcome: 'undone' })
    })

    it('closes it as late when its answer became final', async () => {
      await happens(event('registry', 'StageSettled', [12n, 0n, 30n]))

      expect(await dispute(0)).to.include({ state: 'closed', outcome: 'late' })
      expect(await dispute(1)).to.include({ state: 'found' })
    })

    it('opens it again when a reorg takes the event back', async () => {
      await happens(event('registry', 'StageSettled', [12n, 0n, 30n], { blockNumber: 105n }))
      await transact(world.db, (tx) => intake.onRollback(104n, tx))

      expect(await dispute(0)).to.include({ state: 'found', outcome: null })
    })
  })

  it('wakes a request that waits for the answer to a stage', async () => {
    await happens(requested())
    await world.ctx.requests.claim('12', ['requested'], { owner: 'test', ms: 9 }, 9)
    await world.ctx.requests.move('12', 'requested', 'test', { to: 'pinned', dueInMs: 60_000 })
    expect(await world.ctx.requests.due(9)).to.be.empty

    await happens(event('registry', 'StageAnswered', [12n, 0n, '0x', 0n]))

    expect(await world.ctx.requests.due(9)).to.deep.equal([{ id: '12', state: 'pinned' }])
  })

  it('tells of its own votes and of every deal that counts', async () => {
    await happens(requested())
    await world.ctx.replicas.ask('12', ['t01000', 't01001'], EDGE_URL)
    const hash = '0x' + '00'.repeat(32)

    await happens(
      event('registry', 'Voted', [12n, 0n, OPERATOR_ID, hash]),
      event('registry', 'Voted', [12n, 0n, OPERATOR_ID + 1n, hash]),
      event('pinning', 'ReplicaProven', [12n, 33n, 1001n, 600_000n, hash, 4096n]),
    )

    expect(told()).to.deep.equal(['requested', 'reported report:12:0', 'reported complete:12:f01001'])
    const states = (await world.ctx.replicas.of('12')).map(({ state, dealId }) => [state, dealId])
    expect(states).to.deep.equal([
      ['asked', null],
      ['proven', 33n],
    ])
  })

  it('keeps the deals that other operators made, until a reorg takes them back', async () => {
    const hash = '0x' + '00'.repeat(32)
    const proven = (id: bigint, deal: bigint, provider: bigint, blockNumber: bigint) =>
      event('pinning', 'ReplicaProven', [id, deal, provider, 600_000n, hash, 4096n], { blockNumber })
    await happens(requested())
    await world.ctx.replicas.ask('12', ['t01000'], EDGE_URL)
    await happens(proven(12n, 33n, 1000n, 110n), proven(12n, 34n, 1005n, 110n), proven(99n, 35n, 1006n, 110n))
    const rows = async () =>
      (await world.ctx.replicas.of('12')).map(({ miner, edgeUrl, state, dealId }) => [miner, edgeUrl, state, dealId])

    expect(await rows()).to.deep.equal([
      ['t01000', EDGE_URL, 'proven', 33n],
      ['f01005', '', 'proven', 34n],
    ])

    await transact(world.db, (tx) => intake.onRollback(109n, tx))
    expect(await rows()).to.deep.equal([['t01000', EDGE_URL, 'proving', 33n]])
  })

  it('takes back what a reorg took back', async () => {
    await happens(requested())
    await world.ctx.replicas.ask('12', ['t01000'], EDGE_URL)

    await transact(world.db, (tx) => intake.onRollback(99n, tx))

    expect(await row()).to.equal(undefined)
    expect(await world.ctx.replicas.of('12')).to.be.empty
  })

  it('has intents above a reorg looked at again', async () => {
    await world.ctx.sender.submit({
      key: 'report:12:0',
      to: REGISTRY,
      data: '0x',
      expectEvent: { address: REGISTRY, topics: [] },
    })
    await world.db.updateTable('intent').set({ state: 'confirmed', block_number: 105 }).execute()

    await transact(world.db, (tx) => intake.onRollback(104n, tx))

    expect(await world.intents.get('report:12:0')).to.include({ state: 'sent', blockNumber: null })
  })
})
