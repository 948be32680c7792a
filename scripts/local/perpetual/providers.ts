import { join } from 'node:path'
import { parsePieceCid } from '../../../oracle/proofs/piece-cid.ts'
import { claimSlot, type Claimed } from '../../lib/perpetual/claim.ts'
import { readOpenSlotsOf } from '../../lib/perpetual/open-slots.ts'
import { proveSlot, type ProofWay } from '../../lib/perpetual/prove.ts'
import { readSlot } from '../../lib/perpetual/slot.ts'
import { fetchPiece } from '../../lib/perpetual/fetch-piece.ts'
import type { Provider } from './cast.ts'
import { as, type Stage } from './stage.ts'

const FETCH_WITHIN_MS = 60_000

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
export async function fetchFromSeed(
  { dir, progress }: Stage,
  provider: Provider,
  { label, seed, pieceCid, pieceSize }: Claimed,
): Promise<void> {
  const piece = { digest: parsePieceCid(pieceCid).digest, size: pieceSize }
  const failures: string[] = []
  const { bytes } = await fetchPiece(piece, {
    sources: [new URL(seed)],
    file: join(dir, 'serve', `${label.replace('/', '-')}.car`),
    allowPrivate: true,
    onProgress: () => {},
    onFailure: (_, why) => failures.push(why),
    signal: AbortSignal.timeout(FETCH_WITHIN_MS),
  }).catch((cause: Error) => {
    throw new Error(`${provider.name}: ${[cause.message, ...failures].join('; ')}`, { cause })
  })
  progress.done(
    'fetched',
    `${bytes.toLocaleString('en-US')} B by ${provider.name}: their piece is ${pieceCid}, as ordered`,
  )
}

/** The provider proves its slot. */
export async function prove(stage: Stage, provider: Provider, slot: bigint, way: ProofWay): Promise<void> {
  const own = as(stage, provider)
  await proveSlot(own, stage.locator, await readSlot(own, slot), way)
  await stage.narrator.catchUp()
}
