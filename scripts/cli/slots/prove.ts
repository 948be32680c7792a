import { otherSlot } from '../../../oracle/chain/slot-id.ts'
import { parsePieceCid } from '../../../oracle/proofs/piece-cid.ts'
import { fil } from '../../lib/amounts.ts'
import { parseWhole } from '../../lib/numbers.ts'
import { fromCaller } from '../../lib/paths.ts'
import { whenWords } from '../../lib/perpetual/clock.ts'
import { findDeals } from '../../lib/perpetual/find-deal.ts'
import { findWay } from '../../lib/perpetual/find-way.ts'
import { readOrder } from '../../lib/perpetual/order.ts'
import { readProofFile } from '../../lib/perpetual/proof-file.ts'
import { proveSlot, type ProofWay } from '../../lib/perpetual/prove.ts'
import { readSlot, readSlotsOf } from '../../lib/perpetual/slot.ts'
import { parseSlot } from '../../lib/perpetual/slot-id.ts'
import type { CliContext } from '../context.ts'
import { clockOf, locatorOf, perpetualOf } from '../perpetual.ts'

export interface ProveOptions {
  deal?: string
  sector?: string
  proof?: string
}

/** `slots prove SLOT`: shows the replica to the chain, by a deal or a sector; found by itself where it can be. */
export async function prove(context: CliContext, slotText: string, options: ProveOptions): Promise<void> {
  const { connection, deployment } = context
  const perpetual = await perpetualOf(context)
  const slot = await readSlot(perpetual, parseSlot(slotText))
  const order = await readOrder(perpetual, slot.orderId)
  const piece = { digest: parsePieceCid(order.pieceCid).digest, size: order.pieceSize }
  const way = await findWay({
    ...{ slot, order },
    before: (await readSlotsOf(perpetual, slot.orderId)).find((each) => each.slot === otherSlot(slot.slot)),
    ...(options.deal !== undefined && { deal: parseWhole('--deal', options.deal, 0n) }),
    ...(options.sector !== undefined && { sector: parseWhole('--sector', options.sector, 0n) }),
    ...(options.proof !== undefined && { proof: readProofFile(fromCaller(options.proof), piece) }),
    findDeals: (provider, stored) => findDeals(connection, deployment, provider, stored),
  })
  context.note(`slot ${slot.slot} by ${wayWords(way)}`)
  const proven = await proveSlot(perpetual, await locatorOf(context), slot, way)
  const clock = await clockOf(context)
  context.say(
    [
      `slot ${slot.slot} is active: paid from ${whenWords(clock, proven.start)} to ${whenWords(clock, proven.end)}`,
      `  at most     ${fil(slot.price * (proven.end - proven.start))}, as it is shown alive: npm run mooring -- slots settle ${slot.slot}`,
    ].join('\n'),
    { ...proven, by: way.by },
  )
}

function wayWords(way: ProofWay): string {
  if (way.by === 'sector') return 'the sector that its miner told of'
  if (way.by === 'extension') return `sector ${way.sector}, whose expiration was moved out`
  return `deal ${way.dealId}${way.inclusion ? ', which stores an aggregate' : ''}`
}
