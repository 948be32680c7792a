import { expect } from 'chai'
import { describe, it } from 'mocha'
import { pieceToCid } from '../../../../oracle/proofs/piece-cid.ts'
import { samePiece, type Piece } from '../../../../oracle/proofs/piece.ts'
import type { FoundDeal } from '../../../../scripts/lib/perpetual/find-deal.ts'
import { findWay, type WayFacts } from '../../../../scripts/lib/perpetual/find-way.ts'
import type { OrderFacts } from '../../../../scripts/lib/perpetual/order.ts'
import type { SlotFacts } from '../../../../scripts/lib/perpetual/slot.ts'
import { namedPiece } from '../../../helpers/podsi.ts'

const PIECE = namedPiece('piece')
const AGGREGATE = namedPiece('aggregate', 8_192n)
const INCLUSION = { subtree: { index: 0n, path: [] }, entry: { index: 0n, path: [] } }

const slot = (change: Partial<SlotFacts> = {}) =>
  ({ slot: 256n, nonce: 2n, state: 'Claimed', kind: 'None', provider: 1000n, claimBy: 9n, ...change }) as SlotFacts

const facts = (change: Partial<WayFacts> = {}): WayFacts => ({
  slot: slot(),
  order: { pieceCid: pieceToCid(PIECE.digest), pieceSize: PIECE.size } as OrderFacts,
  findDeals: async () => [],
  ...change,
})

/** The deals that a network lists for one piece. */
const listing = (of: Piece, deals: FoundDeal[]) => async (provider: bigint, piece: Piece) =>
  provider === 1000n && samePiece(of, piece) ? deals : []

describe('findWay', () => {
  it('takes the deal that is named, whatever is bound', async () => {
    expect(await findWay(facts({ deal: 7n, slot: slot({ kind: 'Deal', dealId: 5n }) }))).to.deep.equal({
      ...{ by: 'deal', dealId: 7n },
    })
  })

  it('takes the deal that a proof names, with its inclusion', async () => {
    const proof = { inclusion: INCLUSION, aggregate: AGGREGATE, dealId: 8n }

    expect(await findWay(facts({ proof }))).to.deep.equal({ by: 'deal', dealId: 8n, inclusion: INCLUSION })
  })

  it('takes what is bound to the slot: the deal that the market told of, the sector that the miner told of', async () => {
    expect(await findWay(facts({ slot: slot({ kind: 'Deal', dealId: 5n }) }))).to.deep.equal({ by: 'deal', dealId: 5n })
    expect(await findWay(facts({ slot: slot({ kind: 'Sector', sector: 3n }) }))).to.deep.equal({ by: 'sector' })
  })

  it('takes the named sector where it is the bound one, or the extended one of the same provider before', async () => {
    const bound = slot({ kind: 'Sector', sector: 3n })
    const before = slot({ slot: 272n, state: 'Active', sector: 4n })

    expect(await findWay(facts({ sector: 3n, slot: bound }))).to.deep.equal({ by: 'sector' })
    expect(await findWay(facts({ sector: 4n, before }))).to.deep.equal({ by: 'extension', sector: 4n })
  })

  for (const [what, before] of [
    ['of another provider', slot({ state: 'Active', sector: 4n, provider: 1001n })],
    ['that has ended', slot({ state: 'Ended', sector: 4n })],
    ['of another number', slot({ state: 'Active', sector: 5n })],
    ['that never was', undefined],
  ] as const) {
    it(`says how to bind a sector, where the replica before is one ${what}`, async () => {
      const error = await refusal(findWay(facts({ sector: 4n, before })))

      expect(error.message).to.equal('sector 4 of f01000 is not bound to slot 256')
      expect(error.hint).to.include('256/2 as the payload').and.include('slot 272')
    })
  }

  it('finds an active deal for the piece, and for the aggregate of a proof that names none', async () => {
    const deals: FoundDeal[] = [
      { dealId: 9n, state: 'Published' },
      { dealId: 8n, state: 'Active' },
    ]
    const proof = { inclusion: INCLUSION, aggregate: AGGREGATE }

    expect(await findWay(facts({ findDeals: listing(PIECE, deals) }))).to.deep.equal({ by: 'deal', dealId: 8n })
    expect(await findWay(facts({ proof, findDeals: listing(AGGREGATE, deals) }))).to.deep.equal({
      ...{ by: 'deal', dealId: 8n, inclusion: INCLUSION },
    })
  })

  it('says what is missing: a proven sector, or all of it', async () => {
    const published = listing(PIECE, [{ dealId: 9n, state: 'Published' }])

    expect((await refusal(findWay(facts({ findDeals: published })))).message).to.equal(
      'deal 9 of f01000 is published, its sector is not proven yet',
    )
    expect((await refusal(findWay(facts()))).hint).to.include('--deal ID, --sector N, or --proof FILE')
  })

  it('refuses a slot that is not claimed, and a deal and a sector at once', async () => {
    expect((await refusal(findWay(facts({ slot: slot({ state: 'Active' }) })))).hint).to.include('slots settle 256')
    expect((await refusal(findWay(facts({ slot: slot({ state: 'Lapsed' }) })))).hint).to.include('slots list')
    expect((await refusal(findWay(facts({ deal: 1n, sector: 1n })))).message).to.equal(
      'name a deal or a sector, not both',
    )
  })
})

async function refusal(promise: Promise<unknown>): Promise<Error & { hint?: string }> {
  try {
    await promise
  } catch (error) {
    return error as Error
  }
  throw new Error('expected a refusal')
}
