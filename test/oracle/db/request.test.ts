import { expect } from 'chai'
import { afterEach, beforeEach, describe, it } from 'mocha'
import { openDatabase, transact, type Database } from '../../../oracle/db/open.ts'
import { createIntentStore } from '../../../oracle/db/intent.ts'
import { createReplicaStore } from '../../../oracle/db/replica.ts'
import { createRequestStore, type ActiveState, type Findings, type RequestStore } from '../../../oracle/db/request.ts'
import { newRequest, USER, PINNING } from '../../helpers/executor.ts'

const LEASE = { owner: 'a', ms: 1_000 }
const OTHER = { owner: 'b', ms: 1_000 }

describe('db/request', () => {
  let db: Database
  let requests: RequestStore
  let now = 0

  beforeEach(async () => {
    now = 50_000
    db = await openDatabase(':memory:')
    requests = createRequestStore(db, () => now)
  })
  afterEach(() => db.destroy())

  const claim = (id: string, lease = LEASE, perRequester = 9) => requests.claim(id, ['requested'], lease, perRequester)

  it('keeps a new request to the last bit, requested and due at once', async () => {
    const asked = newRequest({ maxBytes: 2n ** 64n - 1n, deadlineEpoch: 123n })
    await requests.insert(asked)

    expect(await requests.get('12')).to.deep.include({ ...asked, state: 'requested', attempts: 0, piece: null })
    expect(await requests.due(9)).to.deep.equal([{ id: '12', state: 'requested' }])
  })

  it('leaves a request that is known as it is', async () => {
    await requests.insert(newRequest())
    await claim('12')
    await requests.move('12', 'requested', 'a', { to: 'pinned', dueInMs: 0, findings: { cid: 'bafy' } })

    await requests.insert(newRequest({ maxBytes: 1n }))

    expect(await requests.get('12')).to.deep.include({ state: 'pinned', cid: 'bafy', maxBytes: 1n << 20n })
  })

  describe('claim', () => {
    beforeEach(() => requests.insert(newRequest()))

    it('gives a due row to one claimer only', async () => {
      const [first, second] = await Promise.all([claim('12'), claim('12', OTHER)])

      expect(first).to.deep.include({ id: '12', state: 'requested' })
      expect(second).to.equal(undefined)
    })

    it('gives it to another when the lease has run out, which the first one cannot prolong then', async () => {
      await claim('12')
      now += LEASE.ms

      expect(await claim('12', OTHER)).to.deep.include({ id: '12' })
      expect(await requests.renew('12', 'requested', LEASE)).to.equal(false)
    })

    it('keeps others off while the lease is prolonged', async () => {
      await claim('12')
      now += LEASE.ms - 1
      expect(await requests.renew('12', 'requested', LEASE)).to.equal(true)
      now += LEASE.ms - 1

      expect(await claim('12', OTHER)).to.equal(undefined)
    })

    it('refuses a row in another state, and one that is not due', async () => {
      expect(await requests.claim('12', ['pinned'], LEASE, 9)).to.equal(undefined)

      await claim('12')
      await requests.move('12', 'requested', 'a', { to: 'requested', dueInMs: 500 })
      now += 499
      expect(await claim('12')).to.equal(undefined)
      now += 1
      expect(await claim('12')).to.deep.include({ id: '12' })
    })

    it('lets one requester hold no more than its share', async () => {
      await requests.insert(newRequest({ id: '13' }))
      await requests.insert(newRequest({ id: '14', requester: PINNING }))
      await claim('12', LEASE, 1)

      expect(await claim('13', LEASE, 1)).to.equal(undefined)
      expect(await claim('14', LEASE, 1)).to.deep.include({ id: '14' })

      now += LEASE.ms
      expect(await claim('13', LEASE, 1)).to.deep.include({ id: '13' })
    })
  })

  describe('move', () => {
    beforeEach(async () => {
      await requests.insert(newRequest())
      await claim('12')
    })

    it('changes state and findings and gives the lease back', async () => {
      const piece = { digest: new Uint8Array(32).fill(9), size: 2n ** 36n }
      const findings = { cid: 'bafy', carPath: '/cars/12.car', carBytes: 2n ** 60n, piece, replicas: 3, error: null }

      expect(await requests.move('12', 'requested', 'a', { to: 'pinned', dueInMs: 0, findings })).to.equal(true)

      expect(await requests.get('12')).to.deep.include({ state: 'pinned', attempts: 0, ...findings })
      expect(await requests.claim('12', ['pinned'], OTHER, 9)).to.deep.include({ id: '12' })
    })

    it('changes nothing from another state or without the lease', async () => {
      expect(await requests.move('12', 'pinned', 'a', { to: 'packed', dueInMs: 0 })).to.equal(false)
      expect(await requests.move('12', 'requested', 'b', { to: 'pinned', dueInMs: 0 })).to.equal(false)
      expect(await requests.get('12')).to.deep.include({ state: 'requested' })
    })

    it('changes nothing once the contract has ended the request', async () => {
      expect(await requests.end('12', 'cancelled', 120n)).to.equal(true)

      expect(await requests.move('12', 'requested', 'a', { to: 'pinned', dueInMs: 0 })).to.equal(false)
      expect(await requests.renew('12', 'requested', LEASE)).to.equal(false)
      expect(await requests.get('12')).to.deep.include({ state: 'cancelled' })
      expect(await requests.due(9)).to.be.empty
    })
  })

  it('ends a request once', async () => {
    await requests.insert(newRequest())

    expect(await requests.end('12', 'stored', 120n)).to.equal(true)
    expect(await requests.end('12', 'stored', 120n)).to.equal(false)
    expect(await requests.end('99', 'stored', 120n)).to.equal(false)
  })

  describe('end, after this operator’s own answer', () => {
    const PIECE = { digest: new Uint8Array(32), size: 128n }
    const end = (to: 'stored' | 'answered' | 'failed') => requests.end('12', to, 120n, { afterOwnAnswer: true })
    const move = async (from: ActiveState, to: ActiveState, findings: Findings = {}) => {
      await requests.claim('12', [from], LEASE, 9)
      return requests.move('12', from, 'a', { to, dueInMs: 60_000, findings })
    }

    it('waits until its blocks and its piece are known, which a pin request has none of', async () => {
      await requests.insert(newRequest())
      expect(await end('stored')).to.equal(true)
      expect(await end('stored')).to.equal(false)
      expect(await requests.get('12')).to.include({ state: 'requested', endedAs: 'stored' })

      await move('requested', 'pinned', { carBytes: 9n })
      expect(await requests.get('12')).to.include({ state: 'pinned', endedAs: 'stored' })

      now += 60_000
      await move('pinned', 'pinned', { piece: PIECE })
      expect(await requests.get('12')).to.include({ state: 'stored', endedAs: null, carBytes: 9n })
      now += 60_000
      expect(await requests.due(9)).to.be.empty
      expect(await requests.uncleaned(9)).to.have.lengthOf(1)
    })

    it('ends at once what has its answer, and what cannot be had', async () => {
      for (const to of ['reported', 'failing', 'packed'] as const) {
        await requests.insert(newRequest())
        await move('requested', to)
        expect(await end('answered'), to).to.equal(true)
        expect(await requests.get('12')).to.include({ state: 'answered', endedAs: null })
        await db.deleteFrom('request').execute()
      }

      await requests.insert(newRequest())
      await end('failed')
      await move('requested', 'failing')
      expect(await requests.get('12')).to.include({ state: 'failed' })
    })

    it('is over at once when the contract undoes it all, also after it had ended', async () => {
      await requests.insert(newRequest())
      await end('answered')
      expect(await requests.end('12', 'refuted', 130n)).to.equal(true)
      expect(await requests.get('12')).to.include({ state: 'refuted', endedAs: null })

      await requests.insert(newRequest({ id: '13' }))
      await requests.end('13', 'failed', 120n)
      await requests.markCleaned('13', 'failed')
      expect(await requests.end('13', 'undecided', 130n)).to.equal(true)
      expect(await requests.end('13', 'cancelled', 131n)).to.equal(false)
      expect((await requests.uncleaned(9)).map(({ id }) => id)).to.include('13')
    })

    it('stays expired when the contract had said so before an answer was undone, not where only the clock had', async () => {
      for (const id of ['12', '13']) {
        await requests.insert(newRequest({ id }))
        await claim(id)
        await requests.move(id, 'requested', 'a', { to: 'expired', dueInMs: 0 })
      }
      expect(await requests.end('12', 'expired', 120n)).to.equal(false)

      expect(await requests.end('12', 'refuted', 130n)).to.equal(false)
      expect(await requests.end('13', 'refuted', 130n)).to.equal(true)
      expect(await requests.count()).to.deep.equal({ expired: 1, refuted: 1 })
    })

    it('is taken up again from the beginning when a reorg took the end', async () => {
      await requests.insert(newRequest())
      await end('answered')
      await transact(db, (tx) => requests.rollBack(119n, tx))

      expect(await requests.get('12')).to.include({ state: 'requested', endedAs: null })
      await move('requested', 'reported')
      expect(await requests.get('12')).to.include({ state: 'reported' })
    })
  })

  it('wakes a waiting row, never one that is over', async () => {
    await requests.insert(newRequest())
    await requests.insert(newRequest({ id: '13' }))
    await claim('12')
    await requests.move('12', 'requested', 'a', { to: 'dealing', dueInMs: 60_000 })
    await requests.end('13', 'expired', 120n)
    expect(await requests.due(9)).to.be.empty

    await requests.wake('12')
    await requests.wake('13')

    expect(await requests.due(9)).to.deep.equal([{ id: '12', state: 'dealing' }])
  })

  it('takes requesters in turn, and fresh requests before failed attempts', async () => {
    for (const id of ['1', '2', '3']) await requests.insert(newRequest({ id, logIndex: Number(id) }))
    await requests.insert(newRequest({ id: '4', requester: PINNING }))
    await claim('1')
    await requests.move('1', 'requested', 'a', { to: 'requested', dueInMs: 0, attempts: 2 })
    now += 1

    const order = (await requests.due(9)).map(({ id }) => id)

    expect(order).to.have.members(['1', '2', '3', '4'])
    expect(order.slice(0, 2)).to.have.members(['2', '4'])
    expect(order.slice(2)).to.deep.equal(['3', '1'])
    expect(await requests.due(2)).to.have.lengthOf(2)
  })

  it('counts fairness by who asked the asking contract', async () => {
    await requests.insert(newRequest({ requester: PINNING }))
    await requests.setRequester('12', USER)

    expect((await requests.get('12'))!.requester).to.equal(USER)
  })

  it('gives back every lease when the process that held them is gone', async () => {
    await requests.insert(newRequest())
    await claim('12')

    await requests.releaseLeases()

    expect(await claim('12', OTHER)).to.deep.include({ id: '12' })
  })

  describe('rollBack', () => {
    beforeEach(async () => {
      await requests.insert(newRequest({ id: '1', blockNumber: 99n }))
      await requests.insert(newRequest({ id: '2', blockNumber: 100n }))
      await requests.insert(newRequest({ id: '22', blockNumber: 100n }))
      await createReplicaStore(db).ask('2', ['t01000'], 'http://edge')
      const call = { from: USER, to: PINNING, data: '0x', value: 0n, expect: null }
      await createIntentStore(db).put({ ...call, key: 'report:22:0' })
    })

    it('forgets requests whose block is gone, with their replicas, and orphans those that a vote was handed over for', async () => {
      await transact(db, (tx) => requests.rollBack(99n, tx))

      expect(await requests.get('1')).to.deep.include({ state: 'requested' })
      expect(await requests.get('2')).to.equal(undefined)
      expect(await createReplicaStore(db).of('2')).to.be.empty
      expect(await requests.get('22')).to.deep.include({ state: 'orphaned' })
      expect((await requests.due(9)).map(({ id }) => id)).to.deep.equal(['1'])
    })

    it('takes up again what ended in a block that is gone, not what ended before', async () => {
      await requests.end('1', 'stored', 99n)
      await requests.insert(newRequest({ id: '3', blockNumber: 98n }))
      await requests.end('3', 'failed', 100n)

      await transact(db, (tx) => requests.rollBack(99n, tx))

      expect(await requests.get('1')).to.deep.include({ state: 'stored' })
      expect(await requests.get('3')).to.deep.include({ state: 'requested', failReason: null })
      expect((await requests.due(9)).map(({ id }) => id)).to.deep.equal(['3'])
    })

    it('starts an orphaned request anew when its log comes again in another block', async () => {
      await transact(db, (tx) => requests.rollBack(99n, tx))

      await requests.insert(newRequest({ id: '22', blockNumber: 101n, blockHash: '0xnew' }))

      expect(await requests.get('22')).to.deep.include({ state: 'requested', blockNumber: 101n, blockHash: '0xnew' })
      expect((await requests.due(9)).map(({ id }) => id)).to.have.members(['1', '22'])
    })
  })

  describe('what is over', () => {
    const uncleaned = async () => (await requests.uncleaned(9)).map(({ id }) => id)
    const read = (upTo: number) =>
      db
        .insertInto('cursor')
        .values({ name: 'watcher', block_number: upTo, block_hash: null })
        .onConflict((on) => on.column('name').doUpdateSet({ block_number: upTo }))
        .execute()

    it('is to be cleaned up once, and not while a step is at work on it', async () => {
      await requests.insert(newRequest({ cid: 'bafy' }))
      await claim('12')
      await requests.end('12', 'cancelled', 120n)
      expect(await uncleaned()).to.be.empty

      now += LEASE.ms
      expect(await requests.uncleaned(9)).to.deep.equal([
        { id: '12', state: 'cancelled', cid: 'bafy', isComplete: false },
      ])
      expect(await requests.markCleaned('12', 'failed')).to.equal(false)
      expect(await requests.markCleaned('12', 'cancelled')).to.equal(true)
      expect(await uncleaned()).to.be.empty
    })

    it('is not cleaned up before the logs are read to its deadline, if no event ended it: Stored may still be heard', async () => {
      await requests.insert(newRequest({ deadlineEpoch: 500n }))
      await claim('12')
      await requests.move('12', 'requested', 'a', { to: 'expired', dueInMs: 0 })
      expect(await uncleaned()).to.be.empty
      await read(500)
      expect(await uncleaned()).to.be.empty

      await read(501)
      expect(await uncleaned()).to.deep.equal(['12'])
    })

    it('is cleaned up again when a reorg took its end and it ends anew', async () => {
      await requests.insert(newRequest())
      await requests.end('12', 'failed', 120n)
      await requests.markCleaned('12', 'failed')

      await transact(db, (tx) => requests.rollBack(119n, tx))
      await requests.end('12', 'failed', 121n)

      expect(await uncleaned()).to.deep.equal(['12'])
    })

    it('has no claim on its content once it is cleaned up, unless it was stored and the content was here', async () => {
      for (const id of ['12', '13']) await requests.insert(newRequest({ id, cid: 'bafy' }))
      expect(await requests.wants('bafy', '12')).to.equal(true)
      expect(await requests.wants('bafk', '12')).to.equal(false)

      await requests.end('13', 'failed', 120n)
      expect(await requests.wants('bafy', '12')).to.equal(true)
      await requests.markCleaned('13', 'failed')
      expect(await requests.wants('bafy', '12')).to.equal(false)

      await requests.end('12', 'stored', 120n)
      await requests.markCleaned('12', 'stored')
      expect(await requests.wants('bafy', '13')).to.equal(false)
      await db.updateTable('request').set({ car_bytes: '9' }).where('id', '=', '12').execute()
      expect(await requests.wants('bafy', '13')).to.equal(true)
    })
  })

  it('counts requests by state', async () => {
    for (const id of ['1', '2', '3']) await requests.insert(newRequest({ id }))
    await requests.end('3', 'stored', 120n)

    expect(await requests.count()).to.deep.equal({ requested: 2, stored: 1 })
  })
})
