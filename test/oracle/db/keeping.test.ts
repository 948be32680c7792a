import { expect } from 'chai'
import { afterEach, beforeEach, describe, it } from 'mocha'
import { createKeepingStore, type KeepingStore } from '../../../oracle/db/keeping.ts'
import { openDatabase, type Database } from '../../../oracle/db/open.ts'

describe('db/keeping', () => {
  let db: Database
  let keepings: KeepingStore
  beforeEach(async () => {
    db = await openDatabase(':memory:')
    keepings = createKeepingStore(db)
  })
  afterEach(() => db.destroy())

  const keeping = (key: string, epoch: bigint, most: bigint) => ({
    ...{ key, epoch, most },
    ...{ slots: [768n, 2n ** 200n], calls: ['paid 768/1'] },
  })

  it('keeps what was decided, until its cost is known', async () => {
    expect(await keepings.put(keeping('a', 100n, 9n))).to.equal(true)
    expect(await keepings.open()).to.deep.equal([{ ...keeping('a', 100n, 9n), raisedEpoch: 100n, cost: null }])

    await keepings.raise('a', 12n, 140n)
    expect((await keepings.open())[0]).to.deep.include({ most: 12n, raisedEpoch: 140n })
    await keepings.close('a', 4n)
    expect(await keepings.open()).to.deep.equal([])
  })

  it('takes a key once', async () => {
    await keepings.put(keeping('a', 100n, 9n))
    expect(await keepings.put(keeping('a', 101n, 5n))).to.equal(false)
    expect((await keepings.open())[0]).to.deep.include({ epoch: 100n, most: 9n })
  })

  it('counts the cost of what is known and the most of what is not, and whatever is open however old', async () => {
    await keepings.put(keeping('old', 99n, 1_000n))
    await keepings.put(keeping('open', 99n, 300n))
    await keepings.put(keeping('new', 101n, 20n))
    await keepings.put(keeping('done', 102n, 50n))
    await keepings.close('old', 1_000n)
    await keepings.close('done', 7n)

    expect(await keepings.spentSince(100n)).to.equal(300n + 20n + 7n)
    expect(await keepings.spentSince(98n)).to.equal(1_327n)
    expect(await keepings.spentSince(5_000n)).to.equal(320n)
  })

  it('tells apart what is spent for slots and for DataDAOs', async () => {
    await keepings.put(keeping('keep:101:paid', 101n, 20n))
    await keepings.put(keeping('dao:queue:7:0', 101n, 300n))

    expect((await keepings.open('keep')).map(({ key }) => key)).to.deep.equal(['keep:101:paid'])
    expect((await keepings.open('dao')).map(({ key }) => key)).to.deep.equal(['dao:queue:7:0'])
    expect(await keepings.spentSince(100n, 'dao')).to.equal(300n)
    expect(await keepings.spentSince(100n)).to.equal(320n)
  })

  it('forgets after a month what does not count any more', async () => {
    await keepings.put(keeping('old', 100n, 9n))
    await keepings.put(keeping('open', 101n, 9n))
    await keepings.close('old', 9n)
    await keepings.put(keeping('new', 90_000n, 9n))

    const rows = await db.selectFrom('keeping').select('key').orderBy('key').execute()
    expect(rows.map(({ key }) => key)).to.deep.equal(['new', 'open'])
  })
})
