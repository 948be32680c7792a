import { expect } from 'chai'
import { afterEach, beforeEach, describe, it } from 'mocha'
import { createCursorStore, type CursorStore } from '../../../oracle/db/cursor.ts'
import { type Database, openDatabase } from '../../../oracle/db/open.ts'

describe('db/cursor', () => {
  let db: Database
  let cursors: CursorStore
  const block = (number: number, fork = 'a') => ({
    number: BigInt(number),
    hash: `0x${fork}${number}`,
    parentHash: `0x${fork}${number - 1}`,
  })
  const at = (number: number) => ({ blockNumber: BigInt(number), blockHash: block(number).hash })
  const advance = (to: number, blocks: ReturnType<typeof block>[], keepFrom = 0n) =>
    cursors.transact((tx) => cursors.advance(tx, at(to), blocks, keepFrom))

  beforeEach(async () => {
    db = await openDatabase(':memory:')
    cursors = createCursorStore(db)
  })
  afterEach(() => db.destroy())

  it('begins with nothing', async () => {
    expect(await cursors.read()).to.equal(undefined)
    expect(await cursors.newestBlock()).to.equal(undefined)
  })

  it('moves forward and keeps the blocks', async () => {
    await advance(1, [block(1)])
    await advance(5, [block(2), block(5)])
    expect(await cursors.read()).to.deep.equal(at(5))
    expect(await cursors.newestBlock()).to.deep.equal(block(5))
    expect(await cursors.newestBlock(4n)).to.deep.equal(block(2))
    expect(await cursors.newestBlock(0n)).to.equal(undefined)
  })

  it('forgets blocks below the given one', async () => {
    await advance(3, [block(1), block(2), block(3)], 2n)
    expect(await cursors.newestBlock(1n)).to.equal(undefined)
    expect(await cursors.newestBlock(2n)).to.deep.equal(block(2))
  })

  it('moves back and forgets the blocks above, and takes other blocks at their height', async () => {
    await advance(3, [block(1), block(2), block(3)])
    await cursors.transact((tx) => cursors.rollBack(tx, at(1)))
    expect(await cursors.read()).to.deep.equal(at(1))
    expect(await cursors.newestBlock()).to.deep.equal(block(1))
    await advance(3, [block(2, 'b'), block(3, 'b')])
    expect(await cursors.newestBlock()).to.deep.equal(block(3, 'b'))
  })

  it('moves with its transaction or not at all', async () => {
    await advance(1, [block(1)])
    const failed = cursors.transact(async (tx) => {
      await cursors.advance(tx, at(2), [block(2)], 0n)
      throw new Error('undo')
    })
    expect(await failed.catch((e: Error) => e.message)).to.equal('undo')
    expect(await cursors.read()).to.deep.equal(at(1))
    expect(await cursors.newestBlock()).to.deep.equal(block(1))
  })

  it('keeps readers apart by name', async () => {
    await advance(1, [])
    expect(await createCursorStore(db, 'other').read()).to.equal(undefined)
  })
})
