import type { Signer } from 'ethers'
import type { Dao } from '../../lib/dao/contracts.ts'
import type { Connection } from '../../lib/hardhat.ts'
import type { EventSource } from '../events.ts'
import type { Served } from '../keep.ts'
import type { Narrator } from '../narrator.ts'
import type { Progress } from '../progress.ts'
import type { World } from '../world.ts'
import type { Cast } from './cast.ts'
import type { DaoEvent } from './events.ts'
import type { Scene } from './tell.ts'

/** What every act has at hand. */
export interface Stage {
  world: World
  connection: Connection
  progress: Progress
  narrator: Narrator<DaoEvent>
  /** Whose events are told; the DAO's contracts are among them once it is founded. */
  sources: EventSource[]
  cast: Cast
  scene: Scene
  /** The directory that is proposed; the storage provider offers its blocks. */
  served: Served
  /** Waits until the executors have told their side of a request that is over. */
  lastWords(requestId: bigint): Promise<void>
  /** Ends when the play is to end. */
  signal: AbortSignal
}

/** The DAO, with `signer` signing what is sent to it. */
export const as = (dao: Dao, signer: Signer): Dao => ({ ...dao, governor: dao.governor.connect(signer) })
