import type { Connection } from '../../lib/hardhat.ts'
import type { Perpetual, SectorLocator } from '../../lib/perpetual/contract.ts'
import type { ContractEvent } from '../events.ts'
import type { Narrator } from '../narrator.ts'
import type { Progress } from '../progress.ts'
import type { Cast, Provider } from './cast.ts'
import type { Clock } from './clock.ts'
import type { PackedPiece, Seed } from './piece.ts'

/** What every act has at hand. */
export interface Stage {
  /** Where files and logs are kept. */
  dir: string
  connection: Connection
  clock: Clock
  progress: Progress
  narrator: Narrator<ContractEvent>
  cast: Cast
  piece: PackedPiece
  seed: Seed
  /** PerpetualStorage; signs as the client. */
  perpetual: Perpetual
  locator: SectorLocator
  /** Looks like {@link Clock.until}, and tells what happens meanwhile; ends at once when the executor has ended. */
  until<T>(what: string, look: () => Promise<T | undefined>): Promise<T>
}

/** PerpetualStorage, signing as a provider's worker. */
export const as = ({ perpetual }: Pick<Stage, 'perpetual'>, { worker }: Provider): Perpetual =>
  perpetual.connect(worker)
