import { claimSlot, type Claimed } from '../../lib/perpetual/claim.ts'
import { readOpenSlotsOf } from '../../lib/perpetual/open-slots.ts'
import { proveSlot, type ProofWay } from '../../lib/perpetual/prove.ts'
import { readSlot } from '../../lib/perpetual/slot.ts'
import { computePiece } from '../../../oracle/proofs/commP.ts'
import { pieceToCid } from '../../../oracle/proofs/piece-cid.ts'
import type { Provider } from './cast.ts'
import { as, type Stage } from './stage.ts'

/** The provider looks for an open slot of the order, as any stranger would, and claims the first one. */
export async function claimOpenSlot(stage: Stage, orderId: bigint, provider: Provider): Promise<Claimed> {
  const own = as(stage, provider)
  const { slots, nextEpoch } = await readOpenSlotsOf(own, orderId)
  const [open] = slots
  if (!open) throw new Error(`order ${orderId} has no open slot; the next opens at epoch ${nextEpoch}`)

  const claimed = await claimSlot(own, open, provider.id)
  await stage.narrator.catchUp()
  return claimed
}

/** Fetches the piece from the order's seed, and believes it only when its CommP is the order's. */
export async function fetchPiece(
  { progress }: Stage,
  provider: Provider,
  { seed, pieceCid, pieceSize }: Claimed,
): Promise<void> {
  const response = await fetch(seed)
  if (!response.ok || !response.body) throw new Error(`${seed} answered ${response.status}, expected the piece`)
  const { digest, size, payloadBytes } = await computePiece(response.body)
  const cid = pieceToCid(digest)
  if (cid !== pieceCid || size !== pieceSize) {
    throw new Error(`${seed} served the piece ${cid} of ${size} B, expected ${pieceCid} of ${pieceSize} B`)
  }
  progress.done(
    'fetched',
    `${payloadBytes.toLocaleString('en-US')} B by ${provider.name}: their piece is ${pieceCid}, as ordered`,
  )
}

/** The provider proves its slot. */
export async function prove(stage: Stage, provider: Provider, slot: bigint, way: ProofWay): Promise<void> {
  const own = as(stage, provider)
  await proveSlot(own, stage.locator, await readSlot(own, slot), way)
  await stage.narrator.catchUp()
}
