import { otherSlot, slotLabel } from '../../../oracle/chain/slot-id.ts'
import { parsePieceCid } from '../../../oracle/proofs/piece-cid.ts'
import type { Piece } from '../../../oracle/proofs/piece.ts'
import type { FoundDeal } from './find-deal.ts'
import type { OrderFacts } from './order.ts'
import type { FiledProof } from './proof-file.ts'
import type { ProofWay } from './prove.ts'
import type { SlotFacts } from './slot.ts'

/** What is known of a claimed slot, and what the person says. */
export interface WayFacts {
  slot: SlotFacts
  order: OrderFacts
  /** The slot beside it in its pair; undefined if that was never claimed. */
  before?: SlotFacts
  deal?: bigint
  sector?: bigint
  proof?: FiledProof
  /** Asked for a provider's deals only where nothing else leads to a proof. */
  findDeals: (provider: bigint, piece: Piece) => Promise<FoundDeal[]>
}

/**
 * How a claimed slot is to be proven: by what the person names, else by what is bound to it, else by a deal that is found.
 * @throws Error that says what to pass, or what is to happen first
 */
export async function findWay(facts: WayFacts): Promise<ProofWay> {
  const { slot, proof } = facts
  if (slot.state !== 'Claimed') throw notClaimed(slot)
  if (facts.deal !== undefined && facts.sector !== undefined) throw new Error('name a deal or a sector, not both')
  if (facts.sector !== undefined) return bySector(facts, facts.sector)

  const named = facts.deal ?? proof?.dealId
  if (named !== undefined) return byDeal(named, proof)
  if (slot.kind === 'Sector') return { by: 'sector' }
  if (slot.kind === 'Deal') return byDeal(slot.dealId, proof)
  return byDeal(await foundDeal(facts), proof)
}

const byDeal = (dealId: bigint, proof: FiledProof | undefined): ProofWay => ({
  ...{ by: 'deal', dealId },
  ...(proof && { inclusion: proof.inclusion }),
})

/** A sector that the miner's notification bound, or the one of the same provider's replica before. */
function bySector({ slot, before }: WayFacts, sector: bigint): ProofWay {
  if (slot.kind === 'Sector' && slot.sector === sector) return { by: 'sector' }
  const own = before?.state === 'Active' && before.provider === slot.provider && before.sector === sector
  if (own) return { by: 'extension', sector }
  throw Object.assign(new Error(`sector ${sector} of f0${slot.provider} is not bound to slot ${slot.slot}`), {
    hint: `Commit the piece with PerpetualStorage as the receiver of its notification and ${slotLabel(slot.slot, slot.nonce)} as the payload; an extended sector must be that of the replica before (slot ${otherSlot(slot.slot)}).`,
  })
}

async function foundDeal({ slot, order, proof, findDeals }: WayFacts): Promise<bigint> {
  const piece = proof?.aggregate ?? { digest: parsePieceCid(order.pieceCid).digest, size: order.pieceSize }
  const deals = await findDeals(slot.provider, piece)
  const active = deals.find(({ state }) => state === 'Active')
  if (active) return active.dealId
  const waiting = deals[0]
  if (waiting) {
    throw Object.assign(
      new Error(`deal ${waiting.dealId} of f0${slot.provider} is published, its sector is not proven yet`),
      {
        hint: `Try again once it is active, by epoch ${slot.claimBy}.`,
      },
    )
  }
  throw Object.assign(
    new Error(`no deal or sector of f0${slot.provider} with the piece of slot ${slot.slot} is known here`),
    {
      hint: `Name it: --deal ID, --sector N, or --proof FILE (an Edge node's answer) for a deal that stores an aggregate.`,
    },
  )
}

function notClaimed({ slot, state }: SlotFacts): Error {
  const hint =
    state === 'Active'
      ? `It is proven: npm run mooring -- slots settle ${slot}.`
      : `Claim it first: npm run mooring -- slots list.`
  return Object.assign(new Error(`slot ${slot} is ${state}: only a claimed slot is to be proven`), { hint })
}
