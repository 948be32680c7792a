import { relative } from 'node:path'
import type { EventSource } from '../events.ts'
import { servePath } from '../keep.ts'
import { createNarrator } from '../narrator.ts'
import type { Progress } from '../progress.ts'
import { startGround } from '../ground.ts'
import { factoryOf } from '../../lib/dao/contracts.ts'
import { repoRoot } from '../../lib/paths.ts'
import { SETTINGS } from './acts/found.ts'
import { castParts, nameIn } from './cast.ts'
import { daoEventsBetween } from './events.ts'
import type { Stage } from './stage.ts'
import { tell, type Scene } from './tell.ts'

/** A folder of the play's own, so that the chain of `npm start` goes on from where it was. */
const FOLDER = 'dao'

export interface PlayWorld {
  stage: Stage
  stop: () => Promise<void>
}

/** Sets the stage: what `npm start` runs but for the executors, on a chain that begins anew, and a storage provider that offers PATH. */
export async function startPlayWorld(progress: Progress, path: string, signal: AbortSignal): Promise<PlayWorld> {
  const ground = await startGround({ progress, folder: FOLDER })
  const { connection, deployment, dir, stop } = ground
  try {
    const { DataDAOFactory, PinningRequests } = deployment.contracts
    const served = await servePath(path, dir, () => {})
    ground.atStop(() => served.stop())
    progress.done('added', `${relative(repoRoot, path)} is ${served.root.toString()}`)

    const cast = await castParts(connection)
    const factory = await factoryOf(connection, deployment)
    const pinning = await connection.ethers.getContractAt('PinningRequests', PinningRequests.address)
    const sources: EventSource[] = [
      { address: DataDAOFactory.address, abi: factory.interface },
      { address: PinningRequests.address, abi: pinning.interface },
    ]
    const scene: Scene = {
      nameOf: (account) => nameIn(cast, account),
      quorumPercent: Number(SETTINGS.quorumPercent),
      supply: BigInt(cast.members.length),
    }
    const narrator = await createNarrator(connection, progress, {
      read: (from, to) => daoEventsBetween(connection, sources, from, to),
      tell: (event, fresh) => tell(event, fresh, scene),
    })
    return {
      stage: { ground, connection, progress, narrator, sources, cast, scene, served, signal },
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}
