import { MooringError } from '../../errors.ts'
import type { Piece } from '../../proofs/piece.ts'

/** What a bucket asks for: one deal over its aggregate. */
export interface DealOrder {
  /** Names the order for good: asking twice under one key makes one deal. */
  key: string
  piece: Piece
  providerId: bigint
  /** At most 256 bytes; tells deals over the same data apart. */
  label: string
  /** How long the deal is to run; what the node offers unless given. */
  durationEpochs?: bigint
}

/** Makes deals in a market actor. Both calls are safe to repeat after a crash. */
export interface DealMaker {
  /** Publishes the deal and returns its id. @throws {DealMissed} @throws {DealRefused} Anything else may be tried again. */
  publish(order: DealOrder): Promise<bigint>
  /** Puts the deal into a sector. @throws {DealMissed} @throws {DealRefused} */
  activate(key: string, dealId: bigint): Promise<void>
}

/** The deal came too late (its start passed) and will not be; another one may be proposed. */
export class DealMissed extends MooringError {}

/** The market refuses: no repetition helps. */
export class DealRefused extends MooringError {}
