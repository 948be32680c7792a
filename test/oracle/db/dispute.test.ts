import { expect } from 'chai'
import { afterEach, beforeEach, describe, it } from 'mocha'
import { createAnswerStore, type AnswerStore } from '../../../oracle/db/answer.ts'
import { createDisputeStore, type DisputeStore, type NewDispute } from '../../../oracle/db/dispute.ts'
import { type Database, openDatabase, transact } from '../../../oracle/db/open.ts'
import { createRequestStore } from '../../../oracle/db/request.ts'
import { newRequest } from '../../helpers/executor.ts'

describe('db/dispute', () => {
  let db: Database
  let disputes: DisputeStore
  let answers: AnswerStore
  let now = 0

  beforeEach(async () => {
    now = 1_000
    db = await openDatabase(':memory:')
    disputes = createDisputeStore(db, () => now++)
    answers = createAnswerStore(db)
    for (const id of ['12', '13']) await createRequestStore(db).insert(newRequest({ id }))
  })
  afterEach(() => db.destroy())

  const answer = (requestId: string, stage: number, over: { answerHash?: string; matureEpoch?: bigint } = {}) => ({
    ...{ requestId, stage, ok: true, data: new Uint8Array(32), answerHash: '0xa1' },
    ...{ answeredBlock: 100n, matureEpoch: 200n, ...over },
  })
  const dispute = (requestId = '12', stage = 0, over: Partial<NewDispute> = {}): NewDispute => ({
    ...{ requestId, stage, answerHash: '0xa1', answered: 'one', found: 'two', sure: true },
    ...over,
  })
  async function found(requestId = '12', stage = 0) {
    await answers.put(answer(requestId, stage))
    await disputes.judged(answer(requestId, stage), dispute(requestId, stage))
  }
  const row = (requestId = '12', stage = 0) => disputes.get(requestId, stage)

  describe('unjudged', () => {
    it('lists answers until they are compared, those that become final first at the front', async () => {
      await answers.put(answer('12', 0))
      await answers.put(answer('13', 0, { matureEpoch: 150n }))
      expect(await disputes.unjudged()).to.deep.equal([
        { requestId: '13', stage: 0 },
        { requestId: '12', stage: 0 },
      ])

      await disputes.judged(answer('13', 0))

      expect(await disputes.unjudged()).to.deep.equal([{ requestId: '12', stage: 0 }])
    })

    it('lists one again that was replaced by another answer, also while it was compared', async () => {
      await answers.put(answer('12', 0))
      await disputes.judged(answer('12', 0))
      await answers.put({ ...answer('12', 0, { answerHash: '0xa2' }), answeredBlock: 101n })
      expect(await disputes.unjudged()).to.have.lengthOf(1)

      await disputes.judged(answer('12', 0))

      expect(await disputes.unjudged()).to.have.lengthOf(1)
    })

    it('leaves out what was undone', async () => {
      await answers.put(answer('12', 0))
      await answers.undone('12', 0, 120n)

      expect(await disputes.unjudged()).to.deep.equal([])
    })
  })

  describe('judged', () => {
    it('keeps both sides of a dispute', async () => {
      await found()

      expect(await row()).to.deep.equal({
        ...dispute(),
        ...{ state: 'found', outcome: null, bond: null, attempts: 0, told: null },
      })
      expect(await disputes.count()).to.deep.equal({ found: 1 })
    })

    it('leaves a known dispute about the same answer as it is', async () => {
      await found()
      await disputes.set('12', 0, { state: 'challenging', bond: 2n })

      await disputes.judged(answer('12', 0), dispute('12', 0, { found: 'three' }))

      expect(await row()).to.include({ state: 'challenging', bond: 2n, found: 'two' })
    })

    it('begins anew about another answer', async () => {
      await found()
      await disputes.close('12', 0, 'late', 120n)

      await disputes.judged(answer('12', 0, { answerHash: '0xa2' }), dispute('12', 0, { answerHash: '0xa2' }))

      expect(await row()).to.include({ state: 'found', outcome: null, answerHash: '0xa2' })
    })
  })

  it('counts the bonds of challenges that are on their way or open, to the attoFIL', async () => {
    for (const [id, stage] of [
      ['12', 0],
      ['12', 1],
      ['13', 0],
    ] as const) {
      await found(id, stage)
    }
    expect(await disputes.bondsOut()).to.equal(0n)

    await disputes.set('12', 0, { state: 'challenging', bond: 2n ** 90n })
    await disputes.set('12', 1, { state: 'challenged', bond: 5n })
    await disputes.set('13', 0, { state: 'challenged', bond: 7n })
    await disputes.close('13', 0, 'upheld', 130n)

    expect(await disputes.bondsOut()).to.equal(2n ** 90n + 5n)
  })

  describe('close', () => {
    it('keeps the first outcome, and leaves the row closed whatever comes later', async () => {
      await found()
      await disputes.close('12', 0, 'rejected', 120n)
      await disputes.close('12', 0, 'late', 121n)
      await disputes.undone('12', 0, 122n)
      await disputes.set('12', 0, { state: 'challenged', told: 'x' })

      expect(await row()).to.include({ state: 'closed', outcome: 'rejected', told: null })
      expect(await disputes.open()).to.deep.equal([])
    })

    it('closes the disputes of every stage that fell', async () => {
      for (const stage of [0, 1, 2]) await found('12', stage)

      await disputes.undone('12', 1, 120n)

      expect((await disputes.open()).map(({ stage }) => stage)).to.deep.equal([0])
      expect(await row('12', 2)).to.include({ state: 'closed', outcome: 'undone' })
    })
  })

  describe('rollBack', () => {
    it('opens again what was closed in a block that is gone, with its challenge if it had one', async () => {
      for (const stage of [0, 1, 2]) await found('12', stage)
      await disputes.set('12', 1, { state: 'challenged', bond: 5n })
      await disputes.close('12', 0, 'late', 121n)
      await disputes.close('12', 1, 'upheld', 121n)
      await disputes.close('12', 2, 'late', 120n)

      await transact(db, (tx) => disputes.rollBack(120n, tx))

      expect(await row('12', 0)).to.include({ state: 'found', outcome: null, bond: null })
      expect(await row('12', 1)).to.include({ state: 'challenged', outcome: null, bond: 5n })
      expect(await row('12', 2)).to.include({ state: 'closed', outcome: 'late' })
    })

    it('forgets disputes with the request that they are about', async () => {
      await found()

      await transact(db, (tx) => createRequestStore(db).rollBack(99n, tx))

      expect(await row()).to.equal(undefined)
    })
  })
})
