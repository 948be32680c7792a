import type { Dispute } from '../db/dispute.ts'

/** The most that the registry takes, bytes. */
const MAX_EVIDENCE_BYTES = 1024

/** What goes with a challenge, for the arbiter and for people: UTF-8 text of both sides, cut to what the registry takes. */
export function evidenceOf({ requestId, stage, answered, found }: Dispute, operatorId: bigint): Uint8Array {
  const text = `Request ${requestId}, stage ${stage}. Answered: ${answered}. Operator ${operatorId} found: ${found}.`
  const bytes = new Uint8Array(MAX_EVIDENCE_BYTES)
  const { written } = new TextEncoder().encodeInto(text, bytes) // whole characters alone
  return bytes.slice(0, written)
}

const NETWORKS: Record<number, string> = { 314: 'mainnet', 314159: 'calibration' }

/** What people type to act on a dispute themselves. */
export function commandFor(verb: 'challenge' | 'refute', { requestId, stage }: Dispute, chainId: number): string {
  const network = NETWORKS[chainId]
  return `npm run mooring -- ${verb} ${requestId} ${stage}${network ? ` --network ${network}` : ''}`
}
