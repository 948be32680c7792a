import type { Signer } from 'ethers'
import type { Dao } from '../../lib/dao/contracts.ts'
import type { Connection } from '../../lib/hardhat.ts'
import type { EventSource } from '../events.ts'
import type { Ground } from '../ground.ts'
import type { Served } from '../keep.ts'
import type { Narrator } from '../narrator.ts'
import type { Progress } from '../progress.ts'
import type { Cast } from './cast.ts'
import type { DaoEvent } from './events.ts'
import type { Scene } from './tell.ts'

/** What every act has at hand. */
export interface Stage {
  ground: Ground
  connection: Connection
  progress: Progress
  narrator: Narrator<DaoEvent>
  /** Whose events are told; the DAO's contracts are among them once it is founded. */
  sources: EventSource[]
  cast: Cast
  scene: Scene
  /** The directory that is proposed; the storage provider offers its blocks. */
  served: Served
  /** Ends when the play is to end. */
  signal: AbortSignal
}

/** The DAO, with `signer` signing what is sent to it. */
export const as = (dao: Dao, signer: Signer): Dao => ({ ...dao, governor: dao.governor.connect(signer) })
