import { expect } from 'chai'
import { afterEach, beforeEach, describe, it } from 'mocha'
import { createKeptPieceStore, type KeptPieceStore, type WantedPiece } from '../../../oracle/db/kept-piece.ts'
import { openDatabase, type Database } from '../../../oracle/db/open.ts'
import { pieceToCid } from '../../../oracle/proofs/piece-cid.ts'

describe('db/kept-piece', () => {
  let db: Database
  let pieces: KeptPieceStore
  const clock = { now: 1_000 }
  const lease = { owner: 'me', ms: 100 }

  beforeEach(async () => {
    clock.now = 1_000
    db = await openDatabase(':memory:')
    pieces = createKeptPieceStore(db, () => clock.now)
  })
  afterEach(() => db.destroy())

  const wanted = (seed: number, over: Partial<WantedPiece> = {}): WantedPiece => ({
    piece: { digest: new Uint8Array(32).fill(seed, 0, 31), size: 2048n },
    payloadCid: `payload-${seed}`,
    seed: Buffer.from('http://seed.example/'),
    ...over,
  })
  const cidOf = ({ piece }: WantedPiece) => pieceToCid(piece.digest)
  const kept = { state: 'kept', dueInMs: null, carPath: '/cars/1', carBytes: 1_000n } as const
  const state = async (one: WantedPiece) => (await pieces.get(cidOf(one)))?.state

  it('has what is wanted due at once, the longest wanted first, and each to one holder', async () => {
    await pieces.want([wanted(1)])
    clock.now += 1
    await pieces.want([wanted(2), wanted(1)])

    expect((await pieces.claim(1, lease)).map(({ pieceCid }) => pieceCid)).to.deep.equal([cidOf(wanted(1))])
    expect((await pieces.claim(5, lease)).map(({ pieceCid }) => pieceCid)).to.deep.equal([cidOf(wanted(2))])
    expect(await pieces.claim(5, lease)).to.deep.equal([])
    expect((await pieces.get(cidOf(wanted(1))))!).to.deep.include({ ...wanted(1), state: 'wanted', attempts: 0 })
  })

  it('gives a row to another when its lease ran out, and the first can move it no more', async () => {
    await pieces.want([wanted(1)])
    await pieces.claim(1, lease)
    clock.now += 101

    expect(await pieces.claim(1, { owner: 'other', ms: 100 })).to.have.lengthOf(1)
    expect(await pieces.renew(cidOf(wanted(1)), lease)).to.equal(false)
    expect(await pieces.move(cidOf(wanted(1)), 'me', kept)).to.equal(false)
    expect(await state(wanted(1))).to.equal('wanted')
  })

  it('counts the bytes that are kept', async () => {
    await pieces.want([wanted(1), wanted(2)])
    for (const { pieceCid } of await pieces.claim(2, lease))
      expect(await pieces.move(pieceCid, 'me', kept)).to.equal(true)

    expect(await pieces.keptBytes()).to.equal(2_000n)
    expect(await pieces.count()).to.deep.equal({ kept: 2 })
    expect(await pieces.claim(2, lease)).to.deep.equal([])
  })

  it('has a refused piece tried anew when its seed changes, not before', async () => {
    await pieces.want([wanted(1)])
    await pieces.claim(1, lease)
    await pieces.move(cidOf(wanted(1)), 'me', { state: 'refused', dueInMs: null, error: 'no such block', attempts: 3 })

    await pieces.want([wanted(1)])
    expect(await state(wanted(1))).to.equal('refused')
    await pieces.want([wanted(1, { seed: Buffer.from('http://other.example/') })])
    expect(await pieces.get(cidOf(wanted(1)))).to.deep.include({ state: 'wanted', error: null, attempts: 0 })
    expect(await pieces.claim(1, lease)).to.have.lengthOf(1)
  })

  it('leaves a kept piece alone when its seed changes', async () => {
    await pieces.want([wanted(1)])
    await pieces.claim(1, lease)
    await pieces.move(cidOf(wanted(1)), 'me', kept)
    await pieces.want([wanted(1, { seed: new Uint8Array() })])
    expect(await state(wanted(1))).to.equal('kept')
  })

  describe('a piece that no order wants any more', () => {
    beforeEach(async () => {
      await pieces.want([wanted(1)])
      await pieces.claim(1, lease)
      await pieces.move(cidOf(wanted(1)), 'me', kept)
      await pieces.want([])
    })

    it('is due to be removed, and gone once it was', async () => {
      expect(await state(wanted(1))).to.equal('unwanted')
      expect(await pieces.remove(cidOf(wanted(1)), 'me')).to.equal(false)
      await pieces.claim(1, lease)
      expect(await pieces.remove(cidOf(wanted(1)), 'me')).to.equal(true)
      expect(await pieces.get(cidOf(wanted(1)))).to.equal(undefined)
    })

    it('is kept after all when an order wants it before', async () => {
      await pieces.want([wanted(1)])
      expect(await pieces.get(cidOf(wanted(1)))).to.deep.include({ state: 'kept', carPath: '/cars/1' })
      expect(await pieces.claim(1, lease)).to.deep.equal([])
    })
  })

  it('wants a piece again whose file was lost', async () => {
    await pieces.want([wanted(1)])
    await pieces.claim(1, lease)
    await pieces.move(cidOf(wanted(1)), 'me', kept)
    await pieces.lost(cidOf(wanted(1)))
    expect(await pieces.get(cidOf(wanted(1)))).to.deep.include({ state: 'wanted', carPath: null, carBytes: null })
    expect(await pieces.keptBytes()).to.equal(0n)
    expect(await pieces.claim(1, lease)).to.have.lengthOf(1)
  })

  it('says whether another piece has the same payload', async () => {
    const twin = { ...wanted(2), payloadCid: 'payload-1' }
    await pieces.want([wanted(1), twin])
    expect(await pieces.wants('payload-1', cidOf(wanted(1)))).to.equal(true)
    await pieces.want([wanted(1)])
    expect(await pieces.wants('payload-1', cidOf(wanted(1)))).to.equal(false)
    expect(await pieces.wants('payload-1')).to.equal(true)
  })
})
