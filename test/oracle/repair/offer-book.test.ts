import { getBytes } from 'ethers'
import { expect } from 'chai'
import { afterEach, beforeEach, describe, it } from 'mocha'
import type { OpenSlot } from '../../../oracle/chain/perpetual.ts'
import { pieceToCid } from '../../../oracle/proofs/piece-cid.ts'
import { createOfferBook, type OfferBook } from '../../../oracle/repair/offer-book.ts'
import { createWorld, type World } from '../../helpers/executor.ts'

const DIGESTS = ['0x' + 'd1'.repeat(31) + '01', '0x' + 'd2'.repeat(31) + '01']
const [FIRST, SECOND] = DIGESTS.map((digest) => pieceToCid(getBytes(digest))) as [string, string]

const open = (slot: bigint, digest: string, over: Partial<OpenSlot> = {}): OpenSlot => ({
  ...{ slot, nonce: 1n, orderVersion: 2n, incumbent: 0n, incumbentOnlyUntil: 0n, claimBy: 900n, pieceSize: 2048n },
  ...{ minTermEpochs: 518_400n, maxTermEpochs: 1_036_800n, price: 10n, collateral: 5n, pieceDigest: digest },
  ...over,
})

describe('repair/offer-book', () => {
  let world: World
  let book: OfferBook
  /** What the contract shows, by cursor. */
  let pages: Map<bigint, { slots: OpenSlot[]; next: bigint }>

  beforeEach(async () => {
    world = await createWorld()
    pages = new Map([[0n, { slots: [], next: 0n }]])
    const perpetual = { openSlots: (cursor: bigint) => Promise.resolve(pages.get(cursor)!) }
    book = createOfferBook({ ...world.ctx, perpetual, publicUrl: 'https://pieces.example' }, { everyMs: 1_000 })
    const { pieces } = world.ctx
    const wanted = DIGESTS.map((digest) => ({
      piece: { digest: getBytes(digest), size: 2048n },
      payloadCid: null,
      seed: new Uint8Array(),
    }))
    await pieces.want(wanted)
    await pieces.claim(2, { owner: 'keeper', ms: 1_000 })
    await pieces.move(FIRST, 'keeper', { state: 'kept', dueInMs: null, carPath: '/x', carBytes: 1n })
  })
  afterEach(() => world[Symbol.asyncDispose]())

  const slots = () => book.offers().map(({ slot }) => slot)

  it('offers the open slots whose piece is here, with all that a claim needs and where to fetch', async () => {
    pages.set(0n, { slots: [open(256n, DIGESTS[0]), open(512n, DIGESTS[1])], next: 0n })
    await book.processAll()
    expect(book.offers()).to.deep.equal([
      {
        ...{ slot: '256', nonce: '1', orderVersion: '2', price: '10', collateral: '5', claimBy: '900' },
        ...{ minTermEpochs: '518400', maxTermEpochs: '1036800', pieceCid: FIRST, pieceSize: '2048', label: '256/1' },
        url: `https://pieces.example/piece/${FIRST}`,
      },
    ])
    expect(SECOND).to.not.equal(FIRST)
  })

  it('says whom a slot succeeds, and until when nobody else may claim it', async () => {
    pages.set(0n, { slots: [open(272n, DIGESTS[0], { incumbent: 1000n, incumbentOnlyUntil: 700n })], next: 0n })
    await book.processAll()
    expect(book.offers()[0]).to.include({ incumbent: 'f01000', incumbentOnlyUntil: '700' })
  })

  it('reads all pages, and forgets what is taken', async () => {
    pages.set(0n, { slots: [open(256n, DIGESTS[0])], next: 3n })
    pages.set(3n, { slots: [open(768n, DIGESTS[0])], next: 0n })
    await book.processAll()
    expect(slots()).to.deep.equal(['256', '768'])
    pages.set(0n, { slots: [], next: 3n })
    await book.processAll()
    expect(slots()).to.deep.equal(['768'])
  })

  it('tells each opening once', async () => {
    pages.set(0n, { slots: [open(256n, DIGESTS[0])], next: 0n })
    await book.processAll()
    await book.processAll()
    pages.set(0n, { slots: [open(256n, DIGESTS[0], { nonce: 2n })], next: 0n })
    await book.processAll()
    const told = world.told.filter((line) => line.event === 'slot-offered')
    expect(told.map(({ slot, nonce }) => [slot, nonce])).to.deep.equal([
      ['256', '1'],
      ['256', '2'],
    ])
  })
})
