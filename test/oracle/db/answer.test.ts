import { expect } from 'chai'
import { afterEach, beforeEach, describe, it } from 'mocha'
import { createAnswerStore, type AnswerStore, type NewAnswer } from '../../../oracle/db/answer.ts'
import { openDatabase, transact, type Database } from '../../../oracle/db/open.ts'
import { createRequestStore } from '../../../oracle/db/request.ts'
import { newRequest } from '../../helpers/executor.ts'

const HASH = '0x' + '1f'.repeat(32)

describe('db/answer', () => {
  let db: Database
  let answers: AnswerStore

  beforeEach(async () => {
    db = await openDatabase(':memory:')
    answers = createAnswerStore(db)
    for (const id of ['12', '13']) await createRequestStore(db).insert(newRequest({ id }))
  })
  afterEach(() => db.destroy())

  const answer = (over: Partial<NewAnswer> = {}): NewAnswer => ({
    ...{ requestId: '12', stage: 0, ok: true, data: new Uint8Array([1, 2]), answerHash: HASH },
    ...{ answeredBlock: 100n, matureEpoch: 103n },
    ...over,
  })
  const untold = {
    settledBlock: null,
    deliveredBlock: null,
    undoneBlock: null,
    deliveryFailures: 0,
    deliveryFailedBlock: null,
  }
  const rollBack = (to: bigint) => transact(db, (tx) => answers.rollBack(to, tx))
  const due = async (head: bigint) =>
    (await answers.due(head, 9)).map(({ requestId, stage }) => `${requestId}:${stage}`)

  it('keeps answers by stage, to the last bit', async () => {
    await answers.put(answer({ stage: 1, ok: false, data: new Uint8Array() }))
    await answers.put(answer())

    expect(await answers.of('12')).to.deep.equal([
      { ...answer(), ...untold },
      { ...answer({ stage: 1, ok: false, data: new Uint8Array() }), ...untold },
    ])
    expect(await answers.get('12', 0)).to.deep.equal({ ...answer(), ...untold })
    expect(await answers.get('13', 0)).to.equal(undefined)
  })

  it('keeps what was heard of an answer when it is told again, not when another takes its place', async () => {
    await answers.put(answer())
    await answers.settled('12', 0, 105n)
    await answers.put(answer())
    expect(await answers.get('12', 0)).to.include({ settledBlock: 105n })

    await answers.put(answer({ answeredBlock: 101n, ok: false }))
    expect(await answers.get('12', 0)).to.deep.equal({ ...answer({ answeredBlock: 101n, ok: false }), ...untold })
  })

  it('keeps an epoch beyond every clock as the last one', async () => {
    await answers.put(answer({ matureEpoch: 2n ** 64n - 1n }))

    expect((await answers.get('12', 0))!.matureEpoch).to.equal(BigInt(Number.MAX_SAFE_INTEGER))
  })

  it('undoes a stage and all after it, once', async () => {
    for (const stage of [0, 1, 2]) await answers.put(answer({ stage }))
    await answers.undone('12', 1, 107n)
    await answers.undone('12', 0, 108n)

    expect((await answers.of('12')).map(({ undoneBlock }) => undoneBlock)).to.deep.equal([108n, 107n, 107n])
  })

  it('counts failed callbacks, each block’s once', async () => {
    await answers.put(answer())
    for (const block of [105n, 105n, 300n]) await answers.deliveryFailed('12', 0, block)

    expect(await answers.get('12', 0)).to.include({ deliveryFailures: 2, deliveryFailedBlock: 300n })
  })

  it('forgets answers of blocks that a reorg removed, and takes back what was heard in them', async () => {
    await answers.put(answer())
    await answers.put(answer({ stage: 1, answeredBlock: 106n }))
    await answers.settled('12', 0, 104n)
    await answers.delivered('12', 0, 105n)
    await answers.deliveryFailed('12', 0, 105n)
    await answers.undone('12', 0, 107n)

    await rollBack(104n)

    expect(await answers.of('12')).to.deep.equal([{ ...answer(), ...untold, settledBlock: 104n }])
  })

  it('goes with its request', async () => {
    await answers.put(answer())
    await db.deleteFrom('request').where('id', '=', '12').execute()

    expect(await answers.of('12')).to.be.empty
  })

  describe('due', () => {
    it('gives answers from the epoch after the last at which they can be challenged', async () => {
      await answers.put(answer())
      await answers.put(answer({ requestId: '13', matureEpoch: 104n }))

      expect(await due(103n)).to.deep.equal([])
      expect(await due(104n)).to.deep.equal(['12:0'])
      expect(await due(105n)).to.deep.equal(['12:0', '13:0'])
    })

    it('leaves out what is undone, and what is delivered and settled', async () => {
      for (const stage of [0, 1, 2]) await answers.put(answer({ stage }))
      await answers.undone('12', 2, 104n)
      await answers.delivered('12', 0, 104n)
      await answers.settled('12', 1, 104n)
      expect(await due(200n)).to.deep.equal(['12:0', '12:1'])

      await answers.settled('12', 0, 104n)
      await answers.delivered('12', 1, 104n)
      expect(await due(200n)).to.deep.equal([])
    })

    it('gives an answer again when it was asked to, or never', async () => {
      await answers.put(answer())
      await answers.lookAgain('12', 0, 120n)
      expect([await due(119n), await due(120n)]).to.deep.equal([[], ['12:0']])

      await answers.lookAgain('12', 0, null)
      expect(await due(10_000n)).to.deep.equal([])
    })

    it('gives an answer again whose delivery a reorg removed', async () => {
      await answers.put(answer())
      await answers.delivered('12', 0, 105n)
      await answers.settled('12', 0, 105n)
      await answers.lookAgain('12', 0, null)

      await rollBack(104n)

      expect(await due(104n)).to.deep.equal(['12:0'])
    })
  })
})
