import { expect } from 'chai'
import { afterEach, beforeEach, describe, it } from 'mocha'
import { createIntentStore, type IntentState, type IntentStore } from '../../../oracle/db/intent.ts'
import { type Database, openDatabase } from '../../../oracle/db/open.ts'

describe('db/intent', () => {
  let db: Database
  let intents: IntentStore
  let now = 0
  const expect_ = { address: '0xE', topics: ['0x1', null] }
  const intent = (key: string, over = {}) => ({
    key,
    from: '0xA',
    to: '0xB',
    data: '0x0102ff',
    value: 2n ** 200n,
    expect: expect_,
    ...over,
  })
  const signed = (nonce: number, name: string) => ({ nonce, raw: `raw-${name}`, hash: `hash-${name}`, head: 50n })
  const error = { message: 'no', data: '0x01' }

  beforeEach(async () => {
    now = 1_000
    db = await openDatabase(':memory:')
    intents = createIntentStore(db, () => now++)
  })
  afterEach(() => db.destroy())

  it('keeps a new one queued, to the last bit', async () => {
    await intents.put(intent('a'))
    expect(await intents.get('a')).to.deep.equal({
      ...intent('a'),
      maxCost: null,
      state: 'queued',
      nonce: null,
      hashes: [],
      raw: [],
      firstBlock: null,
      sentBlock: null,
      error: null,
      blockNumber: null,
    })
    expect(await intents.get('b')).to.equal(undefined)
  })

  it('lists queued ones in the order of submission, for one account', async () => {
    now = 1
    intents = createIntentStore(db, () => 1)
    for (const key of ['z', 'y', 'x']) await intents.put(intent(key))
    await intents.put(intent('w', { from: '0xC' }))
    expect((await intents.queued('0xA', 2)).map(({ key }) => key)).to.deep.equal(['z', 'y'])
    expect((await intents.queued('0xC', 9)).map(({ key }) => key)).to.deep.equal(['w'])
  })

  it('collects signed transactions, oldest first', async () => {
    await intents.put(intent('a'))
    expect(await intents.addSigned('a', signed(3, 'one'))).to.equal(true)
    expect(await intents.addSigned('a', { ...signed(3, 'two'), head: 60n })).to.equal(true)
    expect(await intents.get('a')).to.deep.include({
      state: 'sent',
      nonce: 3,
      raw: ['raw-one', 'raw-two'],
      hashes: ['hash-one', 'hash-two'],
      firstBlock: 50n,
      sentBlock: 60n,
    })
  })

  it('lists sent ones by nonce', async () => {
    for (const [key, nonce] of [
      ['a', 9],
      ['b', 7],
      ['c', 8],
    ] as const) {
      await intents.put(intent(key))
      await intents.addSigned(key, signed(nonce, key))
    }
    expect((await intents.sent('0xA')).map(({ key }) => key)).to.deep.equal(['b', 'c', 'a'])
  })

  it('never has two in flight with one nonce', async () => {
    await intents.put(intent('a'))
    await intents.put(intent('b'))
    await intents.addSigned('a', signed(3, 'one'))
    const second = await intents.addSigned('b', signed(3, 'two')).catch((e: Error) => e.message)
    expect(second).to.match(/UNIQUE constraint failed/)
    expect((await intents.get('b'))!.state).to.equal('queued')
  })

  it('starts a new list of transactions with a new nonce, and remembers the hashes', async () => {
    await intents.put(intent('a'))
    await intents.addSigned('a', signed(3, 'one'))
    expect(await intents.requeue('a')).to.equal(true)
    expect(await intents.get('a')).to.deep.include({ state: 'queued', nonce: null, raw: [], hashes: ['hash-one'] })
    await intents.addSigned('a', { ...signed(4, 'two'), head: 99n })
    expect(await intents.get('a')).to.deep.include({
      nonce: 4,
      raw: ['raw-two'],
      hashes: ['hash-one', 'hash-two'],
      firstBlock: 50n,
      sentBlock: 99n,
    })
  })

  const ways: Record<IntentState, (key: string) => Promise<unknown>> = {
    queued: async () => undefined,
    sent: (key) => intents.addSigned(key, signed(3, 'one')),
    confirmed: async (key) => {
      await intents.addSigned(key, signed(3, 'one'))
      await intents.confirm(key, 70n)
    },
    refused: (key) => intents.refuse(key, error),
    failed: async (key) => {
      await intents.addSigned(key, signed(3, 'one'))
      await intents.fail(key, error, 70n)
    },
  }
  const changes: [string, (key: string) => Promise<boolean>, Partial<Record<IntentState, IntentState>>][] = [
    ['addSigned', (key) => intents.addSigned(key, signed(3, 'x')), { queued: 'sent', sent: 'sent' }],
    ['confirm', (key) => intents.confirm(key, 70n), { sent: 'confirmed' }],
    ['refuse', (key) => intents.refuse(key, error), { queued: 'refused' }],
    ['fail', (key) => intents.fail(key, error, 70n), { sent: 'failed' }],
    ['requeue', (key) => intents.requeue(key), { sent: 'queued' }],
    ['reopen', (key) => intents.reopen(key), { confirmed: 'sent', failed: 'sent' }],
  ]
  for (const [name, change, moves] of changes) {
    describe(name, () => {
      for (const from of Object.keys(ways) as IntentState[]) {
        const to = moves[from]
        it(to ? `moves ${from} to ${to}` : `leaves ${from} alone`, async () => {
          await intents.put(intent('a'))
          await ways[from]('a')
          expect(await change('a')).to.equal(to !== undefined)
          expect((await intents.get('a'))!.state).to.equal(to ?? from)
        })
      }
    })
  }

  describe('put under a known key', () => {
    const other = intent('a', { data: '0x99', value: 1n })
    for (const state of ['queued', 'sent', 'confirmed'] as const) {
      it(`changes nothing when it is ${state}`, async () => {
        await intents.put(intent('a'))
        await ways[state]('a')
        const before = await intents.get('a')
        await intents.put(other)
        expect(await intents.get('a')).to.deep.equal(before)
      })
    }
    for (const state of ['refused', 'failed'] as const) {
      it(`queues it again with the new call when it is ${state}`, async () => {
        await intents.put(intent('a'))
        await ways[state]('a')
        await intents.put(other)
        const cleared = { state: 'queued', nonce: null, raw: [], error: null, blockNumber: null }
        expect(await intents.get('a')).to.deep.include({ ...other, ...cleared })
      })
    }
  })

  it('reopens what was mined above a block', async () => {
    for (const [key, nonce, block] of [
      ['a', 1, 70n],
      ['b', 2, 71n],
    ] as const) {
      await intents.put(intent(key))
      await intents.addSigned(key, signed(nonce, key))
      await intents.confirm(key, block)
    }
    await intents.reopenAbove(70n)
    expect(await intents.get('a')).to.deep.include({ state: 'confirmed', blockNumber: 70n })
    expect(await intents.get('b')).to.deep.include({ state: 'sent', blockNumber: null, nonce: 2 })
  })

  it('finds settled ones from a nonce on', async () => {
    for (const [key, nonce] of [
      ['a', 1],
      ['b', 2],
      ['c', 3],
    ] as const) {
      await intents.put(intent(key))
      await intents.addSigned(key, signed(nonce, key))
      if (key !== 'c') await intents.confirm(key, 70n)
    }
    expect((await intents.settledFrom('0xA', 2)).map(({ key }) => key)).to.deep.equal(['b'])
  })
})
