import { expect } from 'chai'
import { afterEach, beforeEach, describe, it } from 'mocha'
import { openDatabase, transact, type Database } from '../../../oracle/db/open.ts'
import { createReplicaStore, minerId, type ReplicaStore } from '../../../oracle/db/replica.ts'
import { createRequestStore } from '../../../oracle/db/request.ts'
import { newRequest } from '../../helpers/executor.ts'

const EDGE = 'http://edge'

describe('db/replica', () => {
  let db: Database
  let replicas: ReplicaStore

  beforeEach(async () => {
    db = await openDatabase(':memory:')
    replicas = createReplicaStore(db)
    for (const id of ['12', '13']) await createRequestStore(db).insert(newRequest({ id }))
  })
  afterEach(() => db.destroy())

  it('keeps the intention in the order of the miners, once', async () => {
    await replicas.ask('12', ['t01001', 't01000'], EDGE)
    await replicas.set('12', 't01001', { state: 'dealing', contentId: '5' })
    await replicas.ask('12', ['t01001', 't01002'], 'http://other')
    await replicas.ask('12', [], EDGE)

    const rows = (await replicas.of('12')).map(({ miner, state, edgeUrl, providerId }) => [
      miner,
      state,
      edgeUrl,
      providerId,
    ])
    expect(rows).to.deep.equal([
      ['t01001', 'dealing', EDGE, 1001n],
      ['t01000', 'asked', EDGE, 1000n],
      ['t01002', 'asked', 'http://other', 1002n],
    ])
  })

  it('keeps a deal and its proof to the last bit', async () => {
    await replicas.ask('12', ['t01000'], EDGE)
    const node = (byte: number) => new Uint8Array(32).fill(byte)
    const proof = {
      state: 'proving' as const,
      dealId: 2n ** 64n - 1n,
      aggregate: { digest: node(1), size: 2n ** 36n },
      inclusion: {
        subtree: { index: 2n ** 60n, path: [node(2), node(3)] },
        entry: { index: 7n, path: [] },
      },
      statusText: 'StorageDealActive',
      error: null,
    }

    await replicas.set('12', 't01000', proof)

    const [row] = await replicas.of('12')
    expect(row).to.deep.include(proof)
  })

  it('marks the replica of a provider as proven, whichever deal it was', async () => {
    await replicas.ask('12', ['t01000', 't01001'], EDGE)

    await replicas.proven('12', 1001n, 9n, 120n)

    expect((await replicas.of('12')).map(({ state, dealId }) => [state, dealId])).to.deep.equal([
      ['asked', null],
      ['proven', 9n],
    ])
  })

  it('doubts what was proven in the blocks that a reorg took, not what was proven before, which is never heard again', async () => {
    await replicas.ask('12', ['t01000', 't01001', 't01002'], EDGE)
    await replicas.proven('12', 1001n, 9n, 121n)
    await replicas.proven('12', 1002n, 10n, 120n)

    await transact(db, (tx) => replicas.rollBack(120n, tx))

    expect((await replicas.of('12')).map(({ state }) => state)).to.deep.equal(['asked', 'proving', 'proven'])
  })

  it('tells which contents of an Edge node belong to other requests', async () => {
    await replicas.ask('12', ['t01000'], EDGE)
    await replicas.ask('13', ['t01000', 't01001'], EDGE)
    await replicas.set('12', 't01000', { contentId: '1' })
    await replicas.set('13', 't01000', { contentId: '2' })

    expect([...(await replicas.contentsOfOthers('12', EDGE))]).to.deep.equal(['2'])
    expect([...(await replicas.contentsOfOthers('12', 'http://other'))]).to.be.empty
  })

  it('reads a miner’s actor id out of its address', () => {
    expect([minerId('f01234'), minerId('t01000')]).to.deep.equal([1234n, 1000n])
  })
})
