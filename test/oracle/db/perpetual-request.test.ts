import { expect } from 'chai'
import { afterEach, beforeEach, describe, it } from 'mocha'
import { STAGE } from '../../../oracle/chain/jobs.ts'
import { createAnswerStore, type AnswerStore } from '../../../oracle/db/answer.ts'
import { openDatabase, transact, type Database } from '../../../oracle/db/open.ts'
import { createRequestStore } from '../../../oracle/db/request.ts'
import { createPerpetualRequestStore, type PerpetualRequestStore } from '../../../oracle/db/perpetual-request.ts'
import { newRequest } from '../../helpers/executor.ts'

describe('db/perpetual-request', () => {
  let db: Database
  let answers: AnswerStore
  let requests: PerpetualRequestStore
  beforeEach(async () => {
    db = await openDatabase(':memory:')
    answers = createAnswerStore(db)
    requests = createPerpetualRequestStore(db)
    for (let id = 1; id <= 12; id++) await createRequestStore(db).insert(newRequest({ id: `${id}`, blockNumber: 10n }))
  })
  afterEach(() => db.destroy())

  const answered = (requestId: string, stage: number, ok = true) =>
    answers.put({
      ...{ requestId, stage, ok, data: new Uint8Array(), answerHash: '0x' },
      ...{ answeredBlock: 20n, matureEpoch: 30n },
    })
  /** Asked in block 10, *Packed* delivered in block `at`. */
  async function packed(id: string, at = 40n): Promise<void> {
    await requests.put(id, 10n)
    await answered(id, STAGE.PACKED)
    await answers.delivered(id, STAGE.PACKED, at)
  }
  const rollBack = (block: bigint) => transact(db, (tx) => requests.rollBack(block, tx))

  it('has orders opened once Packed is delivered, the longest waiting first', async () => {
    await packed('7', 41n)
    await packed('12', 40n)
    await requests.put('8', 10n)
    await answered('8', STAGE.PINNED)
    await answers.delivered('8', STAGE.PINNED, 40n)
    await requests.put('9', 10n)
    await answered('9', STAGE.PACKED)

    expect(await requests.orderable()).to.deep.equal(['12', '7'])
  })

  it('leaves out what could not be packed, was undone, is an order or over, and requests of another kind', async () => {
    for (const id of ['1', '2', '3', '4']) await packed(id)
    await answered('5', STAGE.PACKED)
    await answers.delivered('5', STAGE.PACKED, 40n)
    await requests.put('6', 10n)
    await answered('6', STAGE.PACKED, false)
    await answers.delivered('6', STAGE.PACKED, 40n)
    await answers.undone('1', STAGE.PINNED, 50n)
    await requests.ordered('2', 9n, 50n)
    await requests.over('3', 50n)

    expect(await requests.orderable()).to.deep.equal(['4'])
    expect(await requests.get('2')).to.deep.equal({ requestId: '2', askedBlock: 10n, orderId: 9n, endedBlock: 50n })
    expect(await requests.get('3')).to.deep.equal({ requestId: '3', askedBlock: 10n, orderId: null, endedBlock: 50n })
    expect(await requests.get('5')).to.equal(undefined)
  })

  it('keeps what ended it first, and what was heard before', async () => {
    await packed('1')
    await requests.ordered('1', 9n, 50n)
    await requests.over('1', 60n)
    await requests.put('1', 61n)

    expect(await requests.get('1')).to.include({ askedBlock: 10n, orderId: 9n, endedBlock: 50n })
  })

  it('forgets what a reorg removed, block by block', async () => {
    await packed('1')
    await requests.ordered('1', 9n, 50n)
    await rollBack(50n)
    expect(await requests.get('1')).to.include({ orderId: 9n, endedBlock: 50n })

    await rollBack(49n)
    expect(await requests.get('1')).to.include({ orderId: null, endedBlock: null })
    expect(await requests.orderable()).to.deep.equal(['1'])

    await rollBack(9n)
    expect(await requests.get('1')).to.equal(undefined)
  })
})
