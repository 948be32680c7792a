import { expect } from 'chai'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'mocha'
import { JOB } from '../../../oracle/chain/jobs.ts'
import { type Database, DatabaseUnusable, openDatabase, transact } from '../../../oracle/db/open.ts'
import { createPerpetualRequestStore } from '../../../oracle/db/perpetual-request.ts'
import { createRequestStore } from '../../../oracle/db/request.ts'
import { storedEpoch } from '../../../oracle/db/schema.ts'
import { newRequest } from '../../helpers/executor.ts'

describe('db/open', () => {
  let dir: string
  let file: string
  const open: Database[] = []
  const openIt = async () => {
    const db = await openDatabase(file)
    open.push(db)
    return db
  }
  const cursor = (name: string, block: number) => ({ name, block_number: block, block_hash: null })
  const positions = async (db: Database) =>
    (await db.selectFrom('cursor').select(['name', 'block_number']).orderBy('name').execute()).map((row) => ({
      ...row,
    }))

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'mooring-db-'))
    file = join(dir, 'data', 'executor.db')
  })
  afterEach(async () => {
    await Promise.all(open.splice(0).map((db) => db.destroy()))
    rmSync(dir, { recursive: true })
  })

  it('makes the folder, the file and the tables, and finds the rows again', async () => {
    const db = await openIt()
    await db.insertInto('cursor').values(cursor('a', 7)).execute()
    await open.pop()!.destroy()

    const again = await openIt()
    expect(await positions(again)).to.deep.equal([{ name: 'a', block_number: 7 }])
    const tables = (await again.introspection.getTables()).map((table) => table.name)
    expect(tables).to.include.members(['answer', 'block', 'cursor', 'deployment', 'intent', 'replica', 'request'])
  })

  it('takes requests to be packed, asked before the table of those that become orders, into it', async () => {
    const db = await openIt()
    const requests = createRequestStore(db)
    await requests.insert(newRequest({ id: '7', job: JOB.PACK, blockNumber: 90n }))
    await requests.insert(newRequest({ id: '8', job: JOB.STORE }))
    await db.schema.dropTable('perpetual_request').execute()
    await db
      .deleteFrom('kysely_migration' as 'cursor')
      .where('name', '=', '0010-perpetual-request')
      .execute()
    await open.pop()!.destroy()

    const again = createPerpetualRequestStore(await openIt())
    expect(await again.get('7')).to.include({ askedBlock: 90n, orderId: null, endedBlock: null })
    expect(await again.get('8')).to.equal(undefined)
  })

  it('refuses a file that a newer version wrote', async () => {
    const db = await openIt()
    await db
      .insertInto('kysely_migration' as 'cursor')
      .values({ name: '9999-later', timestamp: '' } as never)
      .execute()
    await open.pop()!.destroy()

    const error = await openIt().catch((e: unknown) => e)
    expect(error).to.be.instanceOf(DatabaseUnusable)
    expect((error as DatabaseUnusable).message)
      .to.contain(file)
      .and.contain('9999-later')
    expect((error as DatabaseUnusable).hint).to.match(/version of the program/)
  })

  it('refuses a file that is no database, with its name', async () => {
    const error = await openDatabase(import.meta.filename).catch((e: unknown) => e)
    expect(error).to.be.instanceOf(DatabaseUnusable)
    expect((error as Error).message).to.contain('open.test.ts')
  })

  describe('transact', () => {
    it('keeps everything or nothing', async () => {
      const db = await openIt()
      const failed = transact(db, async (tx) => {
        await tx.insertInto('cursor').values(cursor('a', 1)).execute()
        throw new Error('half way')
      })
      expect(await failed.catch((e: Error) => e.message)).to.equal('half way')
      expect(await positions(db)).to.deep.equal([])

      const kept = await transact(db, async (tx) => {
        await tx.insertInto('cursor').values(cursor('a', 1)).execute()
        return 'done'
      })
      expect(kept).to.equal('done')
      expect(await positions(db)).to.deep.equal([{ name: 'a', block_number: 1 }])
    })

    it('joins the transaction that it is given', async () => {
      const db = await openIt()
      const failed = transact(db, async (outer) => {
        await transact(outer, (tx) => tx.insertInto('cursor').values(cursor('a', 1)).execute())
        throw new Error('outer')
      })
      expect(await failed.catch((e: Error) => e.message)).to.equal('outer')
      expect(await positions(db)).to.deep.equal([])
    })

    it('never lets two writers on one file lose an update', async () => {
      const [one, two] = [await openIt(), await openIt()]
      await one.insertInto('cursor').values(cursor('a', 0)).execute()
      const increment = (db: Database) =>
        transact(db, async (tx) => {
          const { block_number } = await tx.selectFrom('cursor').select('block_number').executeTakeFirstOrThrow()
          await tx
            .updateTable('cursor')
            .set({ block_number: block_number + 1 })
            .execute()
        })
      for (let i = 0; i < 20; i++) {
        await increment(one)
        await increment(two)
      }
      await Promise.all(Array.from({ length: 20 }, () => increment(one)))
      expect(await positions(two)).to.deep.equal([{ name: 'a', block_number: 60 }])
    })
  })

  it('forgets the replicas of a request that is deleted', async () => {
    const db = await openIt()
    const request = { id: '1', provider_id: '1', requester: '0x', job: 2, payload: new Uint8Array([1]), max_bytes: '9' }
    const log = { block_number: 1n, block_hash: '0x', tx_hash: '0x', log_index: 0 }
    const rest = { deadline_epoch: 5n, state: 'new', created_at: 1, updated_at: 1 }
    await db
      .insertInto('request')
      .values({ ...request, ...log, ...rest })
      .execute()
    await db.insertInto('replica').values({ request_id: '1', miner: 't01000', state: 'new', updated_at: 1 }).execute()

    const orphan = db.insertInto('replica').values({ request_id: '2', miner: 't01000', state: 'new', updated_at: 1 })
    expect(await orphan.execute().catch((e: Error) => e.message)).to.match(/FOREIGN KEY/)
    await db.deleteFrom('request').execute()
    expect(await db.selectFrom('replica').selectAll().execute()).to.deep.equal([])
  })

  it('keeps an epoch that no integer column holds as the last one that it does', () => {
    expect(storedEpoch(5n)).to.equal(5)
    expect(storedEpoch(2n ** 53n - 1n)).to.equal(Number.MAX_SAFE_INTEGER)
    expect(storedEpoch(2n ** 64n - 1n)).to.equal(Number.MAX_SAFE_INTEGER)
  })
})
